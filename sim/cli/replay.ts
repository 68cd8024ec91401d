import { isBroken, type RunRecord } from '../../reports/run-record.ts';
import type { RecordedPlan } from '../history-plan.ts';
import type { RunResult } from '../result.ts';
import type { CommandLineDeps } from './deps.ts';
import { UsageError } from './errors.ts';
import { ExitStatus } from './exit-status.ts';
import { runScenarios, type RunOptions } from './run.ts';
import { givenSeed } from './seeds.ts';

/**
 * `zabsim replay FILE`: runs a failure file again and holds the run against what the file recorded.
 * `zabsim replay SCENARIO --seed N`: a run that must not draw its seed.
 */
export async function replayScenario(
  deps: CommandLineDeps,
  scenario: string,
  options: RunOptions,
): Promise<ExitStatus> {
  const { loadScenario } = await deps.scenarios();
  const loaded = loadScenario(scenario);
  const recorded = loaded.ok ? loaded.plan.recorded : undefined;
  // What cannot be read is told by the run.
  if (loaded.ok && recorded === undefined && givenSeed(options, deps) === undefined)
    throw new UsageError(
      `${scenario} has not recorded the seed of a run; expected: replay FAILURE-FILE, or replay SCENARIO --seed N`,
    );
  const runs: RunRecord[] = [];
  const status = await runScenarios(deps, [scenario], options, (run) => runs.push(run));
  const [run] = runs;
  // With another seed it is another run: there is nothing to hold it against.
  if (recorded === undefined || run?.result.seed !== recorded.seed) return status;
  const says = options.json === true ? deps.stderr : deps.stdout;
  const verdict = compared(run.result, recorded, options.release);
  says.write(`\n${verdict.lines.join('\n')}\n`);
  return verdict.status;
}

interface Comparison {
  readonly lines: readonly string[];
  readonly status: ExitStatus;
}

/** Only the same version promises the same run. Another one, or another release, is asked whether the defect is still there. */
function compared(result: RunResult, recorded: RecordedPlan, release: string | undefined): Comparison {
  const isAgain = result.promises.some((promise) => promise.name === recorded.promise && isBroken(promise));
  const sameTrace = result.fingerprint === recorded.fingerprint;
  if (result.version === recorded.version && release === undefined)
    return isAgain && sameTrace ? reproduced(recorded) : notReproduced(result, recorded, isAgain);
  const ran = release === undefined ? `version ${result.version}` : `release ${release}`;
  const was = `recorded by version ${recorded.version}`;
  const lines = [
    isAgain
      ? `${recorded.promise} is still broken (${was}, run by ${ran})`
      : `${recorded.promise} is no longer broken (${was}, run by ${ran})`,
    ...tracesText(result, recorded),
  ];
  return { lines, status: isAgain || result.verdict !== 'kept' ? ExitStatus.RED : ExitStatus.GREEN };
}

const reproduced = ({ promise, fingerprint }: RecordedPlan): Comparison => ({
  lines: [`reproduced bit for bit: ${promise} is broken, fingerprint ${fingerprint}`],
  status: ExitStatus.RED,
});

const notReproduced = (result: RunResult, recorded: RecordedPlan, isAgain: boolean): Comparison => ({
  lines: [
    `NOT reproduced, although version ${recorded.version} recorded it: either the file was changed since, or this is a defect of Zabsim`,
    `${recorded.promise} is ${isAgain ? 'broken again' : 'not broken'}`,
    ...tracesText(result, recorded),
  ],
  status: ExitStatus.NOT_REPRODUCED,
});

/** Where they part, a fingerprint cannot tell: it covers a whole run. */
function tracesText(result: RunResult, recorded: RecordedPlan): readonly string[] {
  if (result.fingerprint === recorded.fingerprint)
    return [`the trace is the recorded one: fingerprint ${recorded.fingerprint}`];
  return [
    `the trace is another one: fingerprint ${result.fingerprint}, recorded was ${recorded.fingerprint}`,
    'where the two part cannot be told from fingerprints; what --trace prints of both shows it',
  ];
}
