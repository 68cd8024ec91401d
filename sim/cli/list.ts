import { displayWidth, pad, truncate } from '../../reports/display-width.ts';
import { counted } from '../../reports/numbers.ts';
import type { CommandLineDeps } from './deps.ts';
import { ExitStatus } from './exit-status.ts';

/** `zabsim list`: the library's scenarios, one a line, and the museum as a whole. */
export async function listScenarios(deps: CommandLineDeps): Promise<ExitStatus> {
  const { listLibrary, listMuseum } = await deps.scenarios();
  const scenarios = [...listLibrary(), ...museumLine(listMuseum().length)];
  const width = Math.max(0, ...scenarios.map(({ name }) => displayWidth(name)));
  // Piped, a title is never cut: whoever reads it there has no width.
  const room = Math.max(20, (deps.stdout.columns ?? Infinity) - width - 2);
  for (const { name, title } of scenarios)
    deps.stdout.write(`${pad(name, width)}  ${truncate(title, room)}\n`);
  return ExitStatus.GREEN;
}

const museumLine = (defects: number): readonly { readonly name: string; readonly title: string }[] =>
  defects === 0
    ? []
    : [{ name: 'history/…', title: `${counted(defects, 'defect')} of older releases: \`zabsim history\`.` }];
