import type { RunPlan } from '../plan.ts';
import type { CommandLineDeps } from './deps.ts';
import { BadInput, problemText } from './errors.ts';

/** A scenario as the user called it, and what became of it. */
export interface LoadedScenario {
  readonly argument: string;
  readonly plan: RunPlan;
}

/** All of them, or BadInput with the problems of all that are bad: nothing runs before everything can be read. */
export async function loadScenarios(
  deps: CommandLineDeps,
  names: readonly string[],
): Promise<readonly LoadedScenario[]> {
  const { loadScenario } = await deps.scenarios();
  const results = names.map((argument) => ({ argument, result: loadScenario(argument) }));
  const problems = results.flatMap(({ result }) => (result.ok ? [] : result.problems));
  const warnings = results.flatMap(({ result }) => (result.ok ? result.warnings : []));
  for (const warning of warnings) deps.stderr.write(problemText(warning, 'warning'));
  if (problems.length > 0) throw new BadInput(problems);
  return results.flatMap(({ argument, result }) => (result.ok ? [{ argument, plan: result.plan }] : []));
}
