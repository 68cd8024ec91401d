import { listLibrary } from '../../../scenarios/library.ts';
import { loadScenario } from '../../../scenarios/loader.ts';
import type { RunPlan } from '../../plan.ts';

/** The library's plans, or those of the named scenarios. */
export function libraryPlans(names: readonly string[]): readonly RunPlan[] {
  const wanted = names.length > 0 ? names : listLibrary().map((entry) => entry.name);
  return wanted.map((name) => {
    const loaded = loadScenario(name);
    if (!loaded.ok)
      throw new Error(`${name}: ${loaded.problems.map((problem) => problem.message).join('; ')}`);
    return loaded.plan;
  });
}
