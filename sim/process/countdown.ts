import type { Effect } from './effects.ts';

/** Effects that change what is on the disk, or will. */
const WRITES: ReadonlySet<Effect['kind']> = new Set<Effect['kind']>([
  'appendTxn',
  'rollLog',
  'flushLog',
  'deleteLogs',
  'truncateLog',
  'deleteSnapshot',
  'writeEpoch',
  'writeSnapshot',
]);

/** What happens to a process once it has carried out so many more effects, or so many that write to the disk. */
export class Countdown {
  readonly #unit: 'effects' | 'writes';
  readonly #happen: () => void;
  #left: number;

  constructor(after: { readonly unit: 'effects' | 'writes'; readonly count: number }, happen: () => void) {
    this.#unit = after.unit;
    this.#left = after.count;
    this.#happen = happen;
  }

  onCarriedOut(effect: Effect): void {
    if (this.#unit === 'writes' && !WRITES.has(effect.kind)) return;
    if (--this.#left === 0) this.#happen();
  }
}
