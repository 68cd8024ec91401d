import type { Micros } from './time.ts';

/** Counts what happens several times at one moment: the last part of a keyed draw's key (law 5). */
export class NthAtOnce {
  readonly #at: Micros[];
  readonly #nth: number[];

  /** `kinds`: kinds are the numbers below this, each counted by itself. */
  constructor(kinds: number) {
    this.#at = new Array<Micros>(kinds).fill(-1);
    this.#nth = new Array<number>(kinds).fill(0);
  }

  /** How many of this kind there were at `now` before this one. */
  next(kind: number, now: Micros): number {
    const nth = this.#at[kind] === now ? (this.#nth[kind] ?? 0) : 0;
    this.#at[kind] = now;
    this.#nth[kind] = nth + 1;
    return nth;
  }
}
