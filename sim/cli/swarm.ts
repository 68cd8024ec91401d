import { reproduceCommand } from '../../reports/reproduce.ts';
import type { CommandLineDeps } from './deps.ts';
import { UsageError } from './errors.ts';
import type { PlanSource } from './load.ts';

/** What stands where a scenario's name would, so that the line that reproduces a run can be pasted. */
export const SWARM = '--swarm';

/** Every seed draws a plan of its own. */
export async function swarmSource(deps: CommandLineDeps): Promise<PlanSource> {
  const { drawSwarm } = await deps.simulator();
  return { argument: SWARM, planOf: drawSwarm };
}

/** Writes what this seed has drawn as a scenario file. Run with the same seed, it is the same run. */
export async function saveSwarm(
  deps: CommandLineDeps,
  source: PlanSource,
  seed: string,
  path: string,
): Promise<void> {
  const { writeScenario } = await deps.scenarios();
  const { plan } = source.planOf(seed);
  const header = `Drawn by the swarm. The same run: ${reproduceCommand({ scenario: path, seed })}`;
  try {
    const file = deps.openFile(path);
    file.write(writeScenario(plan, header));
    file.close();
  } catch (error) {
    throw new UsageError(
      `cannot save the scenario: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  deps.stderr.write(`saved as ${path}\n`);
}
