import { fuzzPlan } from '../../fuzz/fuzz-plan.ts';
import type { FuzzOutcome } from '../../fuzz/outcome.ts';
import { runOne } from '../../fuzz/run-one.ts';
import { shrinkPlan } from '../../fuzz/shrink/shrink.ts';
import type { RunPlan } from '../../plan.ts';
import type { RunJob, ShrinkJob, ShrunkFailure } from './worker-jobs.ts';

/** The jobs of a worker, done on whatever thread calls. */
export function doRun(job: RunJob, nowMs: () => number): FuzzOutcome {
  const startedMs = nowMs();
  return { ...runOne(job.index, job.seed, planOf(job)), wallMs: nowMs() - startedMs };
}

export function doShrink(job: ShrinkJob, nowMs: () => number): ShrunkFailure {
  const untilMs = nowMs() + job.timeMs;
  const evidenceOf = (plan: RunPlan): readonly string[] | undefined =>
    runOne(job.index, job.seed, plan).broken.find(({ promise }) => promise === job.promise)?.evidence;
  const { plan, attempts, isMinimal } = shrinkPlan({
    plan: planOf(job),
    fails: (smaller) => evidenceOf(smaller) !== undefined,
    hasTime: () => nowMs() < untilMs,
  });
  return { plan, evidence: evidenceOf(plan) ?? [], attempts, isMinimal };
}

/** What the seed draws, on the release that was asked for. */
export function planOf({ profile, seed, release }: Pick<RunJob, 'profile' | 'seed' | 'release'>): RunPlan {
  const plan = fuzzPlan(profile, seed);
  return release === undefined ? plan : { ...plan, release };
}
