import { reproduceCommand } from '../../reports/reproduce.ts';
import type { Write } from '../../reports/reporter.ts';
import { isGreen, type RunRecord, type UnfinishedRun } from '../../reports/run-record.ts';
import { TimelineRecorder } from '../../reports/timeline-recorder.ts';
import { TraceText } from '../../reports/trace-text.ts';
import type { RunResult } from '../result.ts';
import { toMs } from '../time.ts';
import type { TraceSink } from '../trace-events.ts';
import type { CommandLineDeps, Simulator } from './deps.ts';
import { OwnBug } from './errors.ts';
import { ExitStatus } from './exit-status.ts';
import { loadScenarios, type LoadedScenario } from './load.ts';
import { Outputs, type OutputOptions } from './outputs.ts';
import { Progress } from './progress.ts';
import { chooseSeeds, type SeedOptions, type Seeds } from './seeds.ts';

/** `zabsim run` and `zabsim replay`: every scenario with every seed, one run after the other. */
export interface RunOptions extends SeedOptions, OutputOptions {
  readonly trace?: boolean;
}

interface Session {
  readonly deps: CommandLineDeps;
  readonly simulator: Simulator;
  readonly outputs: Outputs;
  readonly progress: Progress;
  /** Where `--trace` goes. */
  readonly trace: Write | undefined;
}

export async function runScenarios(
  deps: CommandLineDeps,
  names: readonly string[],
  options: RunOptions,
): Promise<ExitStatus> {
  const scenarios = await loadScenarios(deps, names);
  const seeds = chooseSeeds(options, deps);
  const progress = new Progress(deps);
  const write: Write = (text) => {
    progress.clear();
    deps.stdout.write(text);
  };
  const outputs = new Outputs(deps, options, write);
  // With --json standard output is for the results alone.
  const traceTo: Write = options.json === true ? (text) => deps.stderr.write(text) : write;
  const trace = options.trace === true ? traceTo : undefined;
  try {
    const simulator = await deps.simulator();
    return await runAll({ deps, simulator, outputs, progress, trace }, scenarios, seeds);
  } finally {
    progress.clear();
    outputs.end();
  }
}

async function runAll(
  session: Session,
  scenarios: readonly LoadedScenario[],
  seeds: Seeds,
): Promise<ExitStatus> {
  let status: ExitStatus = ExitStatus.GREEN;
  for (const scenario of scenarios) {
    const ended = await runSeeds(session, scenario, seeds);
    if (ended === ExitStatus.INTERRUPTED) return ended;
    if (ended === ExitStatus.RED) status = ended;
  }
  return status;
}

async function runSeeds(session: Session, scenario: LoadedScenario, seeds: Seeds): Promise<ExitStatus> {
  const { deps, outputs, progress } = session;
  let status: ExitStatus = ExitStatus.GREEN;
  outputs.beginScenario(scenario.argument, seeds.text, seeds.count);
  try {
    for (let index = 0; index < seeds.count; index++) {
      const run = await runOnce(session, scenario, seeds.at(index));
      if (!('result' in run)) {
        outputs.onInterrupted(run);
        return ExitStatus.INTERRUPTED;
      }
      outputs.onRun(run);
      if (!isGreen(run.result)) status = ExitStatus.RED;
      progress.update(scenario.argument, index + 1, seeds.count);
      await deps.breathe();
      if (deps.isInterrupted()) return ExitStatus.INTERRUPTED;
    }
  } finally {
    progress.clear();
    outputs.endScenario();
  }
  return status;
}

async function runOnce(
  { deps, simulator, trace }: Session,
  { argument, plan }: LoadedScenario,
  seed: string,
): Promise<RunRecord | UnfinishedRun> {
  const recorder = new TimelineRecorder(plan);
  const traceText = trace === undefined ? undefined : new TraceText(simulator.formatTraceEvent, trace);
  const sinks: TraceSink[] = traceText === undefined ? [recorder] : [recorder, traceText];
  const startedMs = deps.nowMs();
  try {
    const result = await advanceToTheEnd(deps, simulator, { plan, seed, sinks });
    if (result === undefined) return { plan, scenario: argument, seed, timeline: recorder.timeline() };
    return {
      plan,
      result: asCalled(result, argument, deps.nowMs() - startedMs),
      timeline: recorder.timeline(),
    };
  } catch (error) {
    const atMs = toMs(recorder.timeline().endedAt);
    throw new OwnBug(error, { reproduce: reproduceCommand({ scenario: argument, seed }), seed, atMs });
  } finally {
    traceText?.finish();
  }
}

/** Undefined when it was interrupted. */
async function advanceToTheEnd(
  deps: CommandLineDeps,
  simulator: Simulator,
  run: { readonly plan: LoadedScenario['plan']; readonly seed: string; readonly sinks: readonly TraceSink[] },
): Promise<RunResult | undefined> {
  const running = simulator.start(run.plan, run.seed, run.sinks);
  for (;;) {
    const result = running.advance();
    if (result !== undefined) return result;
    await deps.breathe();
    if (deps.isInterrupted()) return undefined;
  }
}

/** `scenario` is what has to be given to run it again; the simulation itself sees no clock. */
const asCalled = (result: RunResult, argument: string, wallMs: number): RunResult => ({
  ...result,
  scenario: argument,
  wallMs: Math.round(wallMs * 10) / 10,
});
