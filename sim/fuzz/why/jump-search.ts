import { defined } from '../../../protocol/assert.ts';
import { interval, probability, type Estimate } from './estimate.ts';

/** Two moments that were looked at, one right after the other, between which a failure became likely. */
export interface Jump {
  readonly before: Estimate;
  readonly after: Estimate;
}

/** What is smaller than this is not looked into further. */
const LEAST_JUMP = 0.15;

/**
 * Looks for the moment at which a failure becomes likely. Moments are whole numbers from 0; at the last the failure has
 * happened. First a grid, given by the caller; then the largest jump between two neighbours is halved, again and again, until
 * they are next to each other.
 */
export class JumpSearch {
  /** By moment. */
  readonly #known: Estimate[] = [];
  readonly #grid: number[];
  #refinements: number;

  /** `grid`: the moments to begin with, among them 0, but not the last. `refinements`: how many more there may be. */
  constructor(init: {
    readonly last: number;
    readonly grid: readonly number[];
    readonly futures: number;
    readonly refinements: number;
  }) {
    const { last, grid, futures, refinements } = init;
    this.#grid = [...grid];
    this.#refinements = refinements;
    this.add({ moment: last, failed: futures, futures });
  }

  /** The moment to look at now. Undefined: it is over. */
  next(): number | undefined {
    const moment = this.#grid.shift();
    if (moment !== undefined) return moment;
    const jump = this.#largest();
    if (this.#refinements === 0 || jump === undefined || size(jump) < LEAST_JUMP || isClose(jump))
      return undefined;
    this.#refinements--;
    return Math.floor((jump.before.moment + jump.after.moment) / 2);
  }

  add(estimate: Estimate): void {
    this.#known.push(estimate);
    this.#known.sort((a, b) => a.moment - b.moment);
  }

  get estimates(): readonly Estimate[] {
    return this.#known;
  }

  /** Undefined: it was never unlikely, or it became likely bit by bit. */
  get jump(): Jump | undefined {
    const jump = this.#largest();
    return jump !== undefined && isClear(jump) ? jump : undefined;
  }

  #largest(): Jump | undefined {
    const jumps = this.#known
      .slice(1)
      .map((after, index) => ({ before: defined(this.#known[index], 'the one before'), after }));
    return jumps.toSorted((a, b) => size(b) - size(a))[0];
  }
}

/** It is not luck: what the two probabilities may be does not overlap. */
export const isClear = ({ before, after }: Jump): boolean => interval(after)[0] > interval(before)[1];

/** Nothing is between them. */
export const isClose = ({ before, after }: Jump): boolean => after.moment - before.moment <= 1;

const size = ({ before, after }: Jump): number => probability(after) - probability(before);
