import type { Party } from '../sim/party.ts';
import type { FaultKind } from '../sim/fault-plan.ts';
import type { WorldEvent } from '../sim/trace-events.ts';

/**
 * The faults that last and strike links, disks or clocks: while one of them stands the timeline is shaded. Crashes and pauses are not among
 * them, as they show in the column of the server they hit; nor are faults that last for ever or are over at once.
 */
const LASTING: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'slowCpu',
  'partition',
  'bridge',
  'ring',
  'isolate',
  'flap',
  'hold',
  'clog',
  'swizzle',
  'link',
  'refuse',
  'fullBacklog',
  'slowDisk',
  'stallDisk',
  'fullDisk',
  'failWrites',
  'flood',
]);

type FaultEvent = Extract<WorldEvent, { type: 'fault' | 'faultEnded' }>;
type ClockChanged = Extract<WorldEvent, { type: 'clockChanged' }>;

export class StandingFaults {
  /** How many of each text. */
  readonly #standing = new Map<string, number>();
  /** How fast a server's clocks run where no fault has touched them; not listed: as fast as time. */
  readonly #usualRates = new Map<Party, string>();
  readonly #wrongClocks = new Set<Party>();
  #isBeforeClockFaults = true;

  get any(): boolean {
    return this.#standing.size > 0 || this.#wrongClocks.size > 0;
  }

  onFault({ type, kind, text }: FaultEvent): void {
    if (kind === 'heal') return this.clear();
    if (kind === 'clock') this.#isBeforeClockFaults = false;
    if (!LASTING.has(kind)) return;
    const count = (this.#standing.get(text) ?? 0) + (type === 'fault' ? 1 : -1);
    if (count > 0) this.#standing.set(text, count);
    else this.#standing.delete(text);
  }

  /** A clock that was set runs on as before; one that is too fast, or stands still, has a fault that lasts. */
  onClock(party: Party, { elapsedRate, wallRate }: ClockChanged): void {
    const rates = `${String(elapsedRate)}/${String(wallRate)}`;
    if (this.#isBeforeClockFaults) this.#usualRates.set(party, rates);
    else if (rates === (this.#usualRates.get(party) ?? '1/1')) this.#wrongClocks.delete(party);
    else this.#wrongClocks.add(party);
  }

  /** The story is over: nothing stands any more. */
  clear(): void {
    this.#standing.clear();
    this.#wrongClocks.clear();
  }
}
