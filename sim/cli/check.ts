import { counted } from '../../reports/numbers.ts';
import type { RunPlan } from '../plan.ts';
import type { CommandLineDeps } from './deps.ts';
import { problemText } from './errors.ts';
import { ExitStatus } from './exit-status.ts';

/** `zabsim check`: reads scenarios and says what is wrong with them; runs nothing. */
export async function checkScenarios(deps: CommandLineDeps, names: readonly string[]): Promise<ExitStatus> {
  const { loadScenario } = await deps.scenarios();
  let status: ExitStatus = ExitStatus.GREEN;
  for (const name of names) {
    const loaded = loadScenario(name);
    if (loaded.ok) {
      for (const warning of loaded.warnings) deps.stderr.write(problemText(warning, 'warning'));
      deps.stdout.write(`${name}: valid, ${contents(loaded.plan)}\n`);
    } else {
      for (const problem of loaded.problems) deps.stderr.write(problemText(problem, 'error'));
      status = ExitStatus.USAGE;
    }
  }
  return status;
}

function contents({ ensemble, clients, timeline, expectations }: RunPlan): string {
  return [
    counted(ensemble.servers.length, 'server'),
    counted(clients.length, 'client'),
    counted(timeline.length, 'fault'),
    counted(expectations.length, 'expectation'),
  ].join(', ');
}
