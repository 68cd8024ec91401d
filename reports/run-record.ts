import type { RunPlan } from '../sim/plan.ts';
import type { PromiseResult, RunResult } from '../sim/result.ts';
import type { Timeline } from './timeline-rows.ts';

/** All that a report may tell of one run. `result.scenario` is what the user called it, so that it can be run again. */
export interface RunRecord {
  readonly plan: RunPlan;
  readonly result: RunResult;
  readonly timeline: Timeline;
  /** What the seed has drawn of the plan; absent for a scenario that was read. */
  readonly drawn?: readonly (readonly [name: string, text: string])[];
}

/** What there is of a run that was interrupted. */
export interface UnfinishedRun {
  readonly plan: RunPlan;
  readonly scenario: string;
  readonly seed: string;
  readonly timeline: Timeline;
}

export const isGreen = (result: RunResult): boolean => result.verdict === 'kept';

/** Held against ZooKeeper: not void, and not undecided. */
export const isBroken = ({ kept, voidedBy, unknown }: PromiseResult): boolean =>
  !kept && voidedBy === undefined && unknown === undefined;
