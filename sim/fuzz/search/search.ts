import type { Draft } from '../arbitrary/draft.ts';
import type { FuzzOutcome } from '../outcome.ts';

/** One run of a campaign, before it is made. */
export interface Lot {
  /** Its place in the campaign, from 0. */
  readonly index: number;
  /** What the run's own draws come from. */
  readonly seed: string;
  readonly draft: Draft;
}

/**
 * Which runs a campaign makes. The runs are a function of the search's own seed: not of how many are made at a time, nor of the order in
 * which they end.
 */
export interface Search {
  /** There is no run left that was not given out. */
  readonly isOver: boolean;
  /** Undefined where there is none left, or all that are left wait for runs that have not ended. */
  next(): Lot | undefined;
  /** What became of a run: each is told once, in any order. */
  ended(outcome: FuzzOutcome): void;
}
