import { AssertionFailure, defined } from '../protocol/assert.ts';
import { Calm } from './calm/calm.ts';
import type { About, Checker } from './checkers/checker.ts';
import { createCheckers, type CheckerSuite } from './checkers/index.ts';
import { Cluster } from './cluster.ts';
import { ExpectationWatcher } from './expectations/expectation-watcher.ts';
import { FaultModel } from './faults/fault-model.ts';
import type { RunPlan } from './plan.ts';
import { expectedState, finalServer, serverResult } from './endings.ts';
import type { PromiseResult, RunResult } from './result.ts';
import { Random } from './random.ts';
import { RunSummary } from './run-summary.ts';
import { Slice } from './slice/slice.ts';
import { fromMs, toMs, type Micros } from './time.ts';
import { formatTraceEvent } from './trace-format.ts';
import type { TraceSink } from './trace-events.ts';
import { VERSION } from './version.ts';
import { type Witness, WitnessedRandom } from './witnessed-random.ts';

export interface SimulationOptions {
  /** They see every trace event, in order. */
  readonly sinks?: readonly TraceSink[];
  /** Off only to measure what they cost. */
  readonly checkers?: boolean;
  /** Off: no slices of the trace with what is broken, each of which takes another run. */
  readonly slices?: boolean;
  /** From this moment on, before anything else happens at it, every draw is that of another seed. */
  readonly redraw?: Redraw;
  /** Sees every draw, those after a `redraw` excepted. */
  readonly witness?: Witness;
}

export interface Redraw {
  readonly at: Micros;
  readonly seed: string;
}

/** Our own bug, with all that is needed to see it again. */
export class SimulationFailure extends Error {
  override readonly name = 'SimulationFailure';
  readonly seed: string;
  readonly atMs: number;
  /** Oldest first, as text. */
  readonly lastEvents: readonly string[];

  constructor(init: { seed: string; atMs: number; lastEvents: readonly string[]; cause: Error }) {
    super(init.cause.message, { cause: init.cause });
    this.seed = init.seed;
    this.atMs = init.atMs;
    this.lastEvents = init.lastEvents;
  }
}

/**
 * Runs a plan from start to calm. A pure function of plan, seed and version, but for `wallMs`, which is 0 here: whoever has a
 * clock fills it in. Throws SimulationFailure for bugs of Zabsim's own, never for ZooKeeper's.
 */
export function runSimulation(plan: RunPlan, seed: string, options: SimulationOptions = {}): RunResult {
  return defined(new Simulation(plan, seed, options).advance(Infinity), 'the result of a whole run');
}

/** What of the trace a contradiction is about: the same run once more. */
function sliceOf(plan: RunPlan, seed: string, about: About): readonly string[] {
  const slice = new Slice(plan, about);
  runSimulation(plan, seed, { sinks: [slice], checkers: false });
  return slice.lines;
}

/** A run that is taken step by step, for whoever wants to look up between them. */
export class Simulation {
  readonly #plan: RunPlan;
  readonly #seed: string;
  readonly #hasSlices: boolean;
  readonly #cluster: Cluster;
  readonly #checkers: CheckerSuite | undefined;
  readonly #expectations: ExpectationWatcher;
  readonly #summary: RunSummary;
  readonly #model: FaultModel;
  readonly #calm: Calm;

  constructor(plan: RunPlan, seed: string, options: SimulationOptions = {}) {
    this.#plan = plan;
    this.#seed = seed;
    this.#hasSlices = options.slices !== false;
    const { redraw, witness } = options;
    const random = witness === undefined ? new Random(seed) : new WitnessedRandom(seed, witness);
    this.#cluster = new Cluster(plan, random);
    if (random instanceof WitnessedRandom) random.clock = this.#cluster.queue;
    // The first that is scheduled at all, so the first of its moment.
    if (redraw !== undefined) this.#cluster.queue.schedule(redraw.at, () => random.redraw(redraw.seed));
    this.#expectations = new ExpectationWatcher(plan);
    this.#summary = new RunSummary(plan);
    this.#checkers = options.checkers === false ? undefined : createCheckers(plan);
    // Behind the checkers: what a fault finds broken was broken before it.
    this.#model = new FaultModel(plan, this.#checkers?.checkers ?? []);
    this.#calm = new Calm(this.#cluster);
    const { trace } = this.#cluster;
    if (this.#checkers !== undefined) trace.addSink(this.#checkers);
    if (FaultModel.concerns(plan)) trace.addSink(this.#model);
    for (const sink of [this.#expectations, this.#summary, ...(options.sinks ?? [])]) trace.addSink(sink);
    this.#cluster.start();
    this.#cluster.queue.schedule(fromMs(plan.durationMs), () => this.#calm.begin());
  }

  /** Runs up to `events` events more. The result once the run is over, undefined before. */
  advance(events: number): RunResult | undefined {
    const { queue } = this.#cluster;
    try {
      const until = queue.processed + events;
      while (!this.#calm.isOver && queue.processed < until && queue.runNext());
      return this.#calm.isOver ? this.#result() : undefined;
    } catch (error) {
      throw error instanceof Error ? this.#failure(error) : error;
    }
  }

  get cluster(): Cluster {
    return this.#cluster;
  }

  /** An assertion failed, or the code threw: either way it is Zabsim that is wrong. */
  #failure(cause: Error): SimulationFailure {
    const { queue, trace } = this.#cluster;
    const lastEvents = trace.recent.map(({ at, party, event }) => formatTraceEvent(at, party, event));
    const known = cause instanceof AssertionFailure ? cause : new AssertionFailure(cause.message, { cause });
    return new SimulationFailure({ seed: this.#seed, atMs: toMs(queue.now), lastEvents, cause: known });
  }

  #judge(): readonly PromiseResult[] {
    const suite = this.#checkers;
    if (suite === undefined) return [];
    const { servers } = this.#cluster.cast;
    const { gaveUpAfterMs } = this.#calm;
    suite.onFinalState({
      servers: servers.map((server) => finalServer(server, this.#calm.absenceOf(server))),
      excuse: this.#calm.excuse,
      ...(gaveUpAfterMs !== undefined && { gaveUpAfterMs }),
    });
    suite.finish();
    return suite.checkers.map((checker) => this.#promiseResult(checker));
  }

  #promiseResult({ name, checked, contradictions: [first], undecided, knownGap }: Checker): PromiseResult {
    if (first === undefined && undecided !== undefined)
      return { name, kept: false, checked, unknown: undecided };
    if (first === undefined)
      return { name, kept: true, checked, ...(knownGap !== undefined && { knownGap: knownGap.evidence }) };
    const { evidence, about } = first;
    const voidedBy = this.#model.voiderOf(name);
    const slice = this.#hasSlices ? sliceOf(this.#plan, this.#seed, about) : [];
    return {
      name,
      kept: false,
      checked,
      evidence,
      atMs: toMs(Math.min(about.until, this.#cluster.queue.now)),
      ...(slice.length > 0 && { slice }),
      ...(voidedBy !== undefined && { voidedBy }),
    };
  }

  #result(): RunResult {
    const { queue, trace, network, cast } = this.#cluster;
    const promises = this.#judge();
    const { liveness } = this.#calm;
    const expectations = this.#expectations.finish({
      servers: cast.servers.map(expectedState),
      promises,
      liveness,
    });
    const isBroken = promises.some(
      ({ kept, voidedBy, unknown }) => !kept && voidedBy === undefined && unknown === undefined,
    );
    const isMet =
      promises.every(({ unknown }) => unknown === undefined) && expectations.every(({ met }) => met);
    const { release } = this.#plan;
    return {
      scenario: this.#plan.name,
      seed: this.#seed,
      version: VERSION,
      ...(release !== undefined && { release }),
      verdict: isBroken ? 'broken' : isMet ? 'kept' : 'failed',
      fingerprint: trace.fingerprint(),
      virtualMs: toMs(queue.now),
      wallMs: 0,
      events: queue.processed,
      messages: network.delivered,
      operations: this.#summary.operations,
      leaders: this.#summary.leaders,
      servers: cast.servers.map(serverResult),
      promises,
      expectations,
      liveness,
      faults: this.#summary.faults,
      outsideModel: this.#model.outside,
    };
  }
}
