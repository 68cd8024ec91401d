import type { FuzzOutcome } from '../../fuzz/outcome.ts';
import type { ProfileName } from '../../fuzz/fuzz-plan.ts';
import type { RunPlan } from '../../plan.ts';

/** What a campaign asks of its workers. Plain data: it crosses to another thread. */
export interface RunJob {
  readonly kind: 'run';
  readonly index: number;
  readonly seed: string;
  readonly profile: ProfileName;
  readonly release?: string;
}

/** Make the plan of that run smaller, for as long as it breaks this promise. */
export interface ShrinkJob extends Omit<RunJob, 'kind'> {
  readonly kind: 'shrink';
  readonly promise: string;
  readonly timeMs: number;
}

export interface ShrunkFailure {
  readonly plan: RunPlan;
  /** Of the shrunk run. */
  readonly evidence: readonly string[];
  /** Runs that it took. */
  readonly attempts: number;
  /** False: time ran out before nothing could be left out any more. */
  readonly isMinimal: boolean;
}

export interface WorkerLimits {
  /** Of one run, by the clock on the wall. */
  readonly timeoutMs: number;
  readonly heapMb: number;
}

/** Runs one thing at a time, somewhere where it can do no harm. Nothing here rejects: what goes wrong is an outcome. */
export interface FuzzWorker {
  run(job: RunJob): Promise<FuzzOutcome>;
  /** Undefined: a smaller plan hung or took too much memory, and nothing is known of the others. */
  shrink(job: ShrinkJob): Promise<ShrunkFailure | undefined>;
  close(): Promise<void>;
}
