import { planOf } from '../../fuzz/arbitrary/plan.ts';
import type { FuzzOutcome } from '../../fuzz/outcome.ts';
import { runOne } from '../../fuzz/run-one.ts';
import type { Lot } from '../../fuzz/search/search.ts';
import { shrinkFailure, type ShrunkFailure } from '../../fuzz/shrink/failure.ts';
import type { RunPlan } from '../../plan.ts';
import type { ReplayJob, RunJob, ShrinkJob } from './worker-jobs.ts';

/** The jobs of a worker, done in whatever process calls. */
export function doRun(job: RunJob, nowMs: () => number): FuzzOutcome {
  const startedMs = nowMs();
  const { index, seed } = job.lot;
  return { ...runOne(index, seed, planOfLot(job.lot, job.release), job.learns), wallMs: nowMs() - startedMs };
}

export function doReplay({ plan, seed }: ReplayJob, nowMs: () => number): FuzzOutcome {
  const startedMs = nowMs();
  return { ...runOne(0, seed, plan), wallMs: nowMs() - startedMs };
}

export function doShrink({ lot, promise, release, timeMs }: ShrinkJob, nowMs: () => number): ShrunkFailure {
  const untilMs = nowMs() + timeMs;
  const hasTime = (): boolean => nowMs() < untilMs;
  return shrinkFailure({ plan: planOfLot(lot, release), seed: lot.seed, promise, hasTime });
}

/** What a lot stands for, on the release that was asked for. */
export function planOfLot({ draft, seed }: Lot, release: string | undefined): RunPlan {
  const plan = planOf(draft, seed);
  return release === undefined ? plan : { ...plan, release };
}
