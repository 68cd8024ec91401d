import { displayWidth, pad } from '../../reports/display-width.ts';
import type { CommandLineDeps } from './deps.ts';
import { ExitStatus } from './exit-status.ts';

/** `zabsim list`: the library's scenarios, one a line. */
export async function listScenarios(deps: CommandLineDeps): Promise<ExitStatus> {
  const { listLibrary } = await deps.scenarios();
  const scenarios = listLibrary();
  const width = Math.max(0, ...scenarios.map(({ name }) => displayWidth(name)));
  for (const { name, title } of scenarios) deps.stdout.write(`${pad(name, width)}  ${title}\n`);
  return ExitStatus.GREEN;
}
