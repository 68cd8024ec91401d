import { planOf } from '../../fuzz/arbitrary/plan.ts';
import type { Profile } from '../../fuzz/arbitrary/profiles.ts';
import { runOne } from '../../fuzz/run-one.ts';
import { createSearch, type StrategyName } from '../../fuzz/search/strategies.ts';
import { indexesOf, WHOLE } from '../../fuzz/shard.ts';
import type { RunPlan } from '../../plan.ts';

/** Where a failure of one defect is looked for. */
export interface Quest {
  readonly strategy: StrategyName;
  readonly profile: Profile;
  /** Of the campaign. */
  readonly seed: string;
  readonly runs: number;
  /** What makes the defect of a drawn plan, and the promise that it breaks. */
  readonly release: string;
  readonly promise: string;
}

export interface Found {
  readonly plan: RunPlan;
  /** Of the run. */
  readonly seed: string;
  /** Runs that it took, this one included. */
  readonly runs: number;
}

/** The first run of a campaign that breaks the promise. */
export function firstFailure(quest: Quest): Found | undefined {
  const { release, promise } = quest;
  const search = createSearch({ ...quest, indexes: () => indexesOf(WHOLE, quest.runs) });
  for (let runs = 1; !search.isOver; runs++) {
    const lot = search.next();
    if (lot === undefined) return undefined;
    const plan: RunPlan = { ...planOf(lot.draft, lot.seed), release, gaps: 'broken' };
    const outcome = runOne(lot.index, lot.seed, plan, quest.strategy === 'guided');
    if (outcome.broken.some((broken) => broken.promise === promise)) return { plan, seed: lot.seed, runs };
    search.ended({ ...outcome, wallMs: 0 });
  }
  return undefined;
}
