import { AssertionFailure, defined } from '../protocol/assert.ts';
import { Calm } from './calm/calm.ts';
import type { Checker } from './checkers/checker.ts';
import { createCheckers, type CheckerSuite } from './checkers/index.ts';
import { Cluster } from './cluster.ts';
import { ExpectationWatcher } from './expectations/expectation-watcher.ts';
import { FaultModel } from './faults/fault-model.ts';
import type { RunPlan } from './plan.ts';
import { expectedState, finalServer, serverResult } from './endings.ts';
import type { PromiseResult, RunResult } from './result.ts';
import { RunSummary } from './run-summary.ts';
import { fromMs, toMs } from './time.ts';
import { formatTraceEvent } from './trace-format.ts';
import type { TraceSink } from './trace-events.ts';
import { VERSION } from './version.ts';

export interface SimulationOptions {
  /** They see every trace event, in order. */
  readonly sinks?: readonly TraceSink[];
  /** Off only to measure what they cost. */
  readonly checkers?: boolean;
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

/** A run that is taken in slices, for whoever wants to look up between them. */
export class Simulation {
  readonly #plan: RunPlan;
  readonly #seed: string;
  readonly #cluster: Cluster;
  readonly #checkers: CheckerSuite | undefined;
  readonly #expectations: ExpectationWatcher;
  readonly #summary: RunSummary;
  readonly #model: FaultModel;
  readonly #calm: Calm;

  constructor(plan: RunPlan, seed: string, options: SimulationOptions = {}) {
    this.#plan = plan;
    this.#seed = seed;
    this.#cluster = new Cluster(plan, seed);
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
    suite.onFinalState({
      servers: servers.map((server) => finalServer(server, this.#calm.absenceOf(server))),
      excuse: this.#calm.excuse,
    });
    suite.finish();
    return suite.checkers.map((checker) => this.#promiseResult(checker));
  }

  #promiseResult({ name, checked, violations: [evidence] }: Checker): PromiseResult {
    if (evidence === undefined) return { name, kept: true, checked };
    const voidedBy = this.#model.voiderOf(name);
    return { name, kept: false, checked, evidence, ...(voidedBy !== undefined && { voidedBy }) };
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
    const isKept = promises.every(({ kept, voidedBy }) => kept || voidedBy !== undefined);
    const isMet = expectations.every((expectation) => expectation.met);
    return {
      scenario: this.#plan.name,
      seed: this.#seed,
      version: VERSION,
      verdict: isKept ? (isMet ? 'kept' : 'failed') : 'broken',
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
