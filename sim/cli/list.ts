import { displayWidth, pad, truncate } from '../../reports/display-width.ts';
import type { CommandLineDeps } from './deps.ts';
import { ExitStatus } from './exit-status.ts';

/** `zabsim list`: the library's scenarios, one a line. */
export async function listScenarios(deps: CommandLineDeps): Promise<ExitStatus> {
  const { listLibrary } = await deps.scenarios();
  const scenarios = listLibrary();
  const width = Math.max(0, ...scenarios.map(({ name }) => displayWidth(name)));
  // Piped, a title is never cut: whoever reads it there has no width.
  const room = Math.max(20, (deps.stdout.columns ?? Infinity) - width - 2);
  for (const { name, title } of scenarios)
    deps.stdout.write(`${pad(name, width)}  ${truncate(title, room)}\n`);
  return ExitStatus.GREEN;
}
