import type { Draft } from '../arbitrary/draft.ts';
import type { Dice } from '../dice.ts';
import type { Lot } from './search.ts';

/** A run that came into a situation, and when. */
export interface Find {
  readonly seed: string;
  readonly draft: Draft;
  readonly atMs: number;
}

interface Situation {
  find: Find;
  /** Runs that came into it, and runs that went on from here. */
  visits: number;
}

/** How many situations are looked at before the rarest of them is chosen. */
const CANDIDATES = 8;

/** For each situation that was reached, the run that took the fewest actions to get there. */
export class Corpus {
  readonly #situations = new Map<number, Situation>();
  readonly #numbers: number[] = [];

  get size(): number {
    return this.#numbers.length;
  }

  /** `situations`: as in a FuzzOutcome. */
  add({ seed, draft }: Lot, situations: readonly number[]): void {
    for (let i = 0; i + 1 < situations.length; i += 2) {
      const [number = 0, atMs = 0] = [situations[i], situations[i + 1]];
      this.#reached(number, { seed, draft, atMs });
    }
  }

  /** One to go on from: rather one that few runs came to. Undefined where there is none. */
  choose(dice: Dice): Find | undefined {
    if (this.#numbers.length === 0) return undefined;
    let rarest: Situation | undefined;
    for (let i = 0; i < CANDIDATES; i++) {
      const candidate = this.#situations.get(dice.oneOf(this.#numbers));
      if (candidate !== undefined && candidate.visits < (rarest?.visits ?? Infinity)) rarest = candidate;
    }
    if (rarest !== undefined) rarest.visits++;
    return rarest?.find;
  }

  #reached(number: number, find: Find): void {
    const known = this.#situations.get(number);
    if (known === undefined) {
      this.#situations.set(number, { find, visits: 1 });
      this.#numbers.push(number);
      return;
    }
    known.visits++;
    if (find.draft.actions.length < known.find.draft.actions.length) known.find = find;
  }
}
