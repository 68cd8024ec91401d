import type { RecordedPlan } from '../history-plan.ts';
import type { RunPlan } from '../plan.ts';
import type { CommandLineDeps } from './deps.ts';
import { BadInput, problemText } from './errors.ts';

/** Where runs come from: a scenario that was read, or the swarm. */
export interface PlanSource {
  /** As the user called it. */
  readonly argument: string;
  planOf(seed: string): DrawnPlan;
  /** Of a failure file: the run that it was written for. */
  readonly recorded?: RecordedPlan;
}

export interface DrawnPlan {
  readonly plan: RunPlan;
  /** What the seed has drawn of it, for people; nothing of a scenario. */
  readonly drawn?: readonly (readonly [name: string, text: string])[];
}

/** All of them, or BadInput with the problems of all that are bad: nothing runs before everything can be read. */
export async function loadScenarios(
  deps: CommandLineDeps,
  names: readonly string[],
): Promise<readonly PlanSource[]> {
  const { loadScenario } = await deps.scenarios();
  const results = names.map((argument) => ({ argument, result: loadScenario(argument) }));
  const problems = results.flatMap(({ result }) => (result.ok ? [] : result.problems));
  const warnings = results.flatMap(({ result }) => (result.ok ? result.warnings : []));
  for (const warning of warnings) deps.stderr.write(problemText(warning, 'warning'));
  if (problems.length > 0) throw new BadInput(problems);
  return results.flatMap(({ argument, result }) =>
    result.ok ? [scenarioSource(argument, result.plan)] : [],
  );
}

const scenarioSource = (argument: string, plan: RunPlan): PlanSource => ({
  argument,
  planOf: () => ({ plan }),
  ...(plan.recorded !== undefined && { recorded: plan.recorded }),
});
