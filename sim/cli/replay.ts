import type { CommandLineDeps } from './deps.ts';
import { UsageError } from './errors.ts';
import type { ExitStatus } from './exit-status.ts';
import { runScenarios, type RunOptions } from './run.ts';
import { givenSeed } from './seeds.ts';

/** `zabsim replay SCENARIO --seed N`: a run that must not draw its seed. */
export async function replayScenario(
  deps: CommandLineDeps,
  scenario: string,
  options: RunOptions,
): Promise<ExitStatus> {
  if (scenario.endsWith('.json'))
    throw new UsageError(
      `${scenario}: this version of zabsim does not replay failure files; expected: replay SCENARIO --seed N`,
    );
  if (givenSeed(options, deps) === undefined)
    throw new UsageError('a replay needs the seed of the run; expected: replay SCENARIO --seed N');
  return runScenarios(deps, [scenario], options);
}
