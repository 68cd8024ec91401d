import { AssertionFailure, defined } from '../protocol/assert.ts';
import { formatZxid, NO_TXNS } from '../protocol/zxid.ts';
import { isCalm } from './calm.ts';
import { createCheckers, type CheckerSuite, type FinalServer } from './checkers/index.ts';
import { Cluster } from './cluster.ts';
import { ExpectationWatcher } from './expectations/expectation-watcher.ts';
import { WORLD } from './party.ts';
import type { RunPlan } from './plan.ts';
import type { SimulatedServer } from './process/simulated-server.ts';
import type { PromiseResult, RunResult, ServerResult } from './result.ts';
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

/** How often the end of the calm is looked for, virtual ms. */
const CALM_CHECK_MS = 50;

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
  readonly #summary = new RunSummary();
  #isOver = false;

  constructor(plan: RunPlan, seed: string, options: SimulationOptions = {}) {
    this.#plan = plan;
    this.#seed = seed;
    this.#cluster = new Cluster(plan, seed);
    this.#expectations = new ExpectationWatcher(plan);
    this.#checkers = options.checkers === false ? undefined : createCheckers(plan);
    const { trace } = this.#cluster;
    if (this.#checkers !== undefined) trace.addSink(this.#checkers);
    for (const sink of [this.#expectations, this.#summary, ...(options.sinks ?? [])]) trace.addSink(sink);
    this.#cluster.start();
    this.#cluster.queue.schedule(fromMs(plan.durationMs), () => this.#beginCalm());
  }

  /** Runs up to `events` events more. The result once the run is over, undefined before. */
  advance(events: number): RunResult | undefined {
    const { queue } = this.#cluster;
    try {
      const until = queue.processed + events;
      while (!this.#isOver && queue.processed < until && queue.runNext());
      return this.#isOver ? this.#result() : undefined;
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

  #beginCalm(): void {
    this.#record('calmBegan');
    this.#cluster.calm();
    this.#awaitCalm();
  }

  #awaitCalm(): void {
    const { queue, cast } = this.#cluster;
    if (isCalm(cast)) {
      this.#record('calmReached');
      this.#isOver = true;
    } else if (toMs(queue.now) >= this.#plan.durationMs + this.#plan.calmMs) {
      this.#isOver = true;
    } else {
      queue.schedule(queue.now + fromMs(CALM_CHECK_MS), () => this.#awaitCalm());
    }
  }

  #record(type: 'calmBegan' | 'calmReached'): void {
    this.#cluster.trace.record(this.#cluster.queue.now, WORLD, { type });
  }

  #judge(): readonly PromiseResult[] {
    const suite = this.#checkers;
    if (suite === undefined) return [];
    suite.onFinalState(this.#cluster.cast.servers.map(finalServer));
    suite.finish();
    return suite.checkers.map(({ name, checked, violations }) => ({
      name,
      kept: violations.length === 0,
      checked,
      ...(violations[0] !== undefined && { evidence: violations[0] }),
    }));
  }

  #result(): RunResult {
    const { queue, trace, network, cast } = this.#cluster;
    const promises = this.#judge();
    const expectations = this.#expectations.finish({ servers: cast.servers.map(finalState) });
    const isKept = promises.every((promise) => promise.kept);
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
    };
  }
}

function finalServer(server: SimulatedServer): FinalServer {
  const view = server.peer?.view;
  return {
    sid: server.sid,
    up: server.isUp,
    serving: view?.isServing ?? false,
    lastZxid: view?.lastProcessedZxid ?? NO_TXNS,
    digest: view?.digest ?? 0,
  };
}

function finalState(server: SimulatedServer): Parameters<ExpectationWatcher['finish']>[0]['servers'][number] {
  return {
    sid: server.sid,
    state: server.peer?.view.serverState ?? 'DOWN',
    znode: (path) => {
      const znode = server.peer?.znode(path);
      return (
        znode && { data: new TextDecoder().decode(znode.data ?? new Uint8Array()), children: znode.children }
      );
    },
  };
}

function serverResult(server: SimulatedServer): ServerResult {
  const view = server.peer?.view;
  return {
    sid: server.sid,
    name: server.name,
    state: view?.serverState ?? 'DOWN',
    zabState: view?.zabState ?? 'DOWN',
    lastZxid: view === undefined ? '0x0' : formatZxid(view.lastProcessedZxid),
    digest: view === undefined ? '' : view.digest.toString(16).padStart(16, '0'),
  };
}
