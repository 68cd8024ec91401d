import type { Expectation } from '../plan.ts';
import type { ExpectationResult } from '../result.ts';
import type { FinalExpectation } from './final-state.ts';

/** Counts what an expectation waits for: within its window, and how much of it came outside. Times in ms. */
export type CountedExpectation = Exclude<Expectation, FinalExpectation>;

export class Tally<E extends CountedExpectation = CountedExpectation> {
  readonly expectation: E;
  #count = 0;
  #outside = 0;
  #lastMs = 0;
  /** When the least number was reached. */
  #metMs: number | undefined;

  constructor(expectation: E) {
    this.expectation = expectation;
  }

  add(atMs: number): void {
    const { fromMs, untilMs, min } = this.expectation;
    if (atMs < fromMs || atMs >= untilMs) {
      this.#outside++;
      return;
    }
    this.#count++;
    this.#lastMs = atMs;
    if (this.#count === min) this.#metMs = atMs;
  }

  result(): ExpectationResult {
    const { text, min, max } = this.expectation;
    const met = this.#count >= min && this.#count <= max;
    if (!met) return { text, met, seen: this.#seen() };
    return this.#metMs === undefined ? { text, met } : { text, met, atMs: this.#metMs };
  }

  #seen(): string {
    const last = this.#count === 0 ? '' : `, the last at ${this.#lastMs.toFixed(3)} ms`;
    const outside = this.#outside === 0 ? '' : `; ${timesText(this.#outside)} outside that time`;
    return `${this.#count === 0 ? 'never' : timesText(this.#count)}${last}${outside}`;
  }
}

const timesText = (count: number): string => (count === 1 ? 'once' : `${String(count)} times`);
