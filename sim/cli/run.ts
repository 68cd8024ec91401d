import { reproduceCommand } from '../../reports/reproduce.ts';
import type { Write } from '../../reports/reporter.ts';
import { isGreen, type RunRecord, type UnfinishedRun } from '../../reports/run-record.ts';
import { TimelineRecorder } from '../../reports/timeline-recorder.ts';
import { TraceText } from '../../reports/trace-text.ts';
import type { RunPlan } from '../plan.ts';
import type { RunResult } from '../result.ts';
import { toMs } from '../time.ts';
import type { TraceSink } from '../trace-events.ts';
import type { CommandLineDeps, Simulator } from './deps.ts';
import { OwnBug, UsageError } from './errors.ts';
import { ExitStatus } from './exit-status.ts';
import { loadScenarios, type DrawnPlan, type PlanSource } from './load.ts';
import { saveSwarm, swarmSource } from './swarm.ts';
import { Outputs, type OutputOptions } from './outputs.ts';
import { Progress } from './progress.ts';
import { runningRelease } from './release.ts';
import { seedsFor, type SeedOptions, type Seeds } from './seeds.ts';

/** `zabsim run` and `zabsim replay`: every scenario with every seed, one run after the other. */
export interface RunOptions extends SeedOptions, OutputOptions {
  readonly trace?: boolean;
  /** What servers and clients run; else what the scenario says. */
  readonly release?: string;
  /** The seed draws the plan too. */
  readonly swarm?: boolean;
  /** Where the drawn plan is written to, as a scenario file. */
  readonly save?: string;
}

interface Session {
  readonly deps: CommandLineDeps;
  readonly simulator: Simulator;
  readonly outputs: Outputs;
  readonly progress: Progress;
  /** Where `--trace` goes. */
  readonly trace: Write | undefined;
  /** Sees every run that came to its end. */
  readonly observe: ((run: RunRecord) => void) | undefined;
}

export async function runScenarios(
  deps: CommandLineDeps,
  names: readonly string[],
  options: RunOptions,
  observe?: (run: RunRecord) => void,
): Promise<ExitStatus> {
  checkSources(names, options);
  const found = options.swarm === true ? [await swarmSource(deps)] : await loadScenarios(deps, names);
  const sources = options.release === undefined ? found : found.map(runningRelease(options.release));
  const seedsOf = seedsFor(sources, options, deps);
  const [first] = sources;
  if (options.save !== undefined && first !== undefined)
    await saveSwarm(deps, first, seedsOf(first).at(0), options.save);
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
    return await runAll({ deps, simulator, outputs, progress, trace, observe }, sources, seedsOf);
  } finally {
    progress.clear();
    outputs.end();
  }
}

function checkSources(names: readonly string[], { swarm = false, save, seeds }: RunOptions): void {
  if (!swarm && names.length === 0)
    throw new UsageError('no scenario is named; try `zabsim run first`, or `zabsim run --swarm`');
  if (swarm && names.length > 0)
    throw new UsageError(`--swarm draws the scenario itself, and ${String(names[0])} is named`);
  if (save !== undefined && !swarm) throw new UsageError('--save goes with --swarm only');
  if (save !== undefined && seeds !== undefined)
    throw new UsageError('--save writes one scenario: give --seed, not --seeds');
}

async function runAll(
  session: Session,
  sources: readonly PlanSource[],
  seedsOf: (source: PlanSource) => Seeds,
): Promise<ExitStatus> {
  let status: ExitStatus = ExitStatus.GREEN;
  for (const source of sources) {
    const ended = await runSeeds(session, source, seedsOf(source));
    if (ended === ExitStatus.INTERRUPTED) return ended;
    if (ended === ExitStatus.RED) status = ended;
  }
  return status;
}

async function runSeeds(session: Session, source: PlanSource, seeds: Seeds): Promise<ExitStatus> {
  const { deps, outputs, progress } = session;
  let status: ExitStatus = ExitStatus.GREEN;
  outputs.beginScenario(source.argument, seeds.text, seeds.count);
  try {
    for (let index = 0; index < seeds.count; index++) {
      const seed = seeds.at(index);
      const run = await runOnce(session, source.argument, seed, source.planOf(seed));
      if (!('result' in run)) {
        outputs.onInterrupted(run);
        return ExitStatus.INTERRUPTED;
      }
      outputs.onRun(run);
      session.observe?.(run);
      if (!isGreen(run.result)) status = ExitStatus.RED;
      progress.update(source.argument, index + 1, seeds.count);
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
  argument: string,
  seed: string,
  { plan, drawn }: DrawnPlan,
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
      ...(drawn !== undefined && { drawn }),
    };
  } catch (error) {
    const atMs = toMs(recorder.timeline().endedAt);
    const reproduce = reproduceCommand({ scenario: argument, seed, release: plan.release });
    throw new OwnBug(error, { reproduce, seed, atMs });
  } finally {
    traceText?.finish();
  }
}

/** Undefined when it was interrupted. */
async function advanceToTheEnd(
  deps: CommandLineDeps,
  simulator: Simulator,
  run: { readonly plan: RunPlan; readonly seed: string; readonly sinks: readonly TraceSink[] },
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
