import { loadScenario } from '../../scenarios/loader.ts';
import type { RunPlan } from '../../sim/plan.ts';

/** The plan of a scenario of the library. */
export function libraryPlan(name: string): RunPlan {
  const loaded = loadScenario(name);
  if (!loaded.ok) throw new Error(`${name}: ${JSON.stringify(loaded.problems)}`);
  return loaded.plan;
}
