import fc from 'fast-check';
import type { RunPlan } from '../../plan.ts';
import { drafts } from './draft.ts';
import { planOf } from './plan.ts';
import { PROFILE, type ProfileName } from './profiles.ts';

/** A whole run: hand both to the simulation. */
export interface ScenarioRun {
  readonly plan: RunPlan;
  readonly seed: string;
}

/**
 * Runs that keep to the fault model (sim/README.md), so that every broken promise is a defect. They shrink: to fewer timed actions and
 * clients, to three servers, to a quiet world with ZooKeeper's own limits. The seed of a run never shrinks, as every draw has an address
 * and what is left stays as it was.
 */
export const scenarios = (profile: ProfileName = 'default'): fc.Arbitrary<ScenarioRun> =>
  drafts(PROFILE[profile]).map((draft) => {
    const seed = String(draft.seed);
    return described({ plan: planOf(draft, seed), seed });
  });

/** What fast-check prints of a counterexample: the faults, instead of all of the plan. */
const described = (run: ScenarioRun): ScenarioRun =>
  Object.defineProperty(run, fc.toStringMethod, { value: () => textOf(run) });

function textOf({ plan, seed }: ScenarioRun): string {
  const { ensemble, clients, timeline } = plan;
  const cast = `${ensemble.servers.length} servers, ${clients.length} clients`;
  return `seed ${seed}, ${cast}: ${timeline.map(({ text }) => text).join(' · ') || 'no faults'}`;
}
