import type { FuzzOutcome } from '../../fuzz/outcome.ts';
import type { Lot } from '../../fuzz/search/search.ts';
import type { ShrunkFailure } from '../../fuzz/shrink/failure.ts';
import type { RunPlan } from '../../plan.ts';

/** What a campaign asks of its workers. Plain data: it crosses to another thread. */
export interface RunJob {
  readonly kind: 'run';
  readonly lot: Lot;
  readonly release?: string;
  /** Which situations the run comes into is of interest. */
  readonly learns: boolean;
}

/** Make the plan of that run smaller, for as long as it breaks this promise. */
export interface ShrinkJob {
  readonly kind: 'shrink';
  readonly lot: Lot;
  readonly release?: string;
  readonly promise: string;
  readonly timeMs: number;
}

/** A run that somebody has written down. */
export interface ReplayJob {
  readonly kind: 'replay';
  readonly plan: RunPlan;
  readonly seed: string;
}

export type Job = RunJob | ReplayJob | ShrinkJob;

export interface WorkerLimits {
  /** Of one run, by the clock on the wall. */
  readonly timeoutMs: number;
  readonly heapMb: number;
}

/** Runs one thing at a time, somewhere where it can do no harm. Nothing here rejects: what goes wrong is an outcome. */
export interface FuzzWorker {
  run(job: RunJob): Promise<FuzzOutcome>;
  replay(job: ReplayJob): Promise<FuzzOutcome>;
  /** Undefined: a smaller plan hung or took too much memory, and nothing is known of the others. */
  shrink(job: ShrinkJob): Promise<ShrunkFailure | undefined>;
  close(): Promise<void>;
}
