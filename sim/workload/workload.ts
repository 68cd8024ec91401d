/**
 * The application behind one client: starts it and does what the scenario says it does, by virtual time and by the answers it
 * gets. Its activities run side by side, and none knows of another.
 */
import { unreachable } from '../../protocol/assert.ts';
import type { RequestBody } from '../../protocol/client-packets.ts';
import type { ClientEvent } from '../../protocol/client-events.ts';
import type { ZooKeeperClient } from '../../protocol/client/zookeeper-client.ts';
import { sample } from '../distributions.ts';
import type { Activity, ClientPlan } from '../client-plan.ts';
import type { Distribution } from '../world-plan.ts';
import type { Random } from '../random.ts';
import { type Micros, fromMs } from '../time.ts';
import { type ActivityHost, BackToBack, Every, Once, type RunningActivity } from './activities.ts';
import { compileOperation } from './operations.ts';

/** The event queue, as one client's application sees it. */
export interface WorkloadHost {
  readonly now: Micros;
  /**
   * Runs `step` at `at` as a step of the client's process: its effects are applied after it, and a paused process runs it
   * when it resumes. Steps of the same moment run in the order in which they were scheduled.
   */
  schedule(at: Micros, step: () => void): void;
}

export interface WorkloadInit {
  readonly plan: ClientPlan;
  readonly client: ZooKeeperClient;
  readonly host: WorkloadHost;
  /** Intervals are drawn from one stream an activity, `client/<name>/<operation> <path>`. */
  readonly random: Random;
}

export class Workload {
  readonly #init: WorkloadInit;
  #client: ZooKeeperClient;
  #activities: readonly { readonly startAt: Micros; readonly running: RunningActivity }[] = [];
  /** Operations whose activity waits for the answer. */
  readonly #waiting = new Map<number, RunningActivity>();
  #isStopped = false;

  constructor(init: WorkloadInit) {
    this.#init = init;
    this.#client = init.client;
  }

  /** Schedules everything. No activity begins before its client does; those that begin together begin in the plan's order. */
  start(): void {
    const { plan } = this.#init;
    this.#schedule(fromMs(plan.startMs), () => this.#client.start());
    const streams = new StreamNames(plan.name);
    this.#activities = plan.activities.map((activity) => ({
      startAt: fromMs(Math.max(plan.startMs, activity.startMs)),
      running: this.#running(activity, streams.of(activity)),
    }));
    for (const { startAt, running } of this.#activities) this.#schedule(startAt, () => running.begin());
  }

  /**
   * The client's process has died and comes back with a new handle. Nothing of what was scheduled happens any more; every activity goes on
   * where it was, or begins if its time came meanwhile. What was in flight stays unknown, and is not asked again.
   */
  restart(client: ZooKeeperClient): void {
    const { now } = this.#init.host;
    this.#client = client;
    this.#waiting.clear();
    this.#schedule(Math.max(now, fromMs(this.#init.plan.startMs)), () => client.start());
    for (const { startAt, running } of this.#activities) {
      if (startAt > now) this.#schedule(startAt, () => running.begin());
      else this.#schedule(now, () => running.goOn());
    }
  }

  /** The story is over: nothing more is asked. Sessions stay, and so do the answers that are still to come. */
  stop(): void {
    this.#isStopped = true;
  }

  /** What the client emitted, passed on after the step in which it did. */
  onEvent(event: ClientEvent): void {
    if (event.type !== 'answered') return;
    const activity = this.#waiting.get(event.op);
    if (activity === undefined) return;
    this.#waiting.delete(event.op);
    this.#schedule(this.#init.host.now, () => activity.onAnswered?.());
  }

  #running(activity: Activity, streamName: string): RunningActivity {
    const { repeat } = activity;
    const host = this.#activityHost();
    const operation = compileOperation(activity.operation, this.#init.plan.name);
    switch (repeat.kind) {
      case 'once':
        return new Once(host, operation);
      case 'every':
        return new Every(host, operation, repeat, this.#intervals(repeat.interval, streamName));
      case 'backToBack':
        return new BackToBack(host, operation, repeat, repeat.inFlight);
      default:
        return unreachable(repeat, 'Workload');
    }
  }

  #activityHost(): ActivityHost {
    const { host } = this.#init;
    const isOpen = (): boolean => this.#client.isOpen;
    return {
      get now() {
        return host.now;
      },
      get isOpen() {
        return isOpen();
      },
      submit: (body, activity) => this.#submit(body, activity),
      schedule: (at, step) => this.#schedule(at, step),
    };
  }

  #submit(body: RequestBody, activity: RunningActivity | undefined): void {
    const op = this.#client.submit(body);
    if (activity !== undefined) this.#waiting.set(op, activity);
  }

  #schedule(at: Micros, step: () => void): void {
    this.#init.host.schedule(at, () => {
      if (!this.#isStopped) step();
    });
  }

  #intervals(interval: Distribution, streamName: string): () => Micros {
    if (interval.kind === 'constant') return () => sample(interval, 0, 0);
    const stream = this.#init.random.stream(streamName);
    return () => sample(interval, stream.unit(), stream.unit());
  }
}

/**
 * A stream is named after what its activity does, not after where it stands, so that an activity added or removed moves no
 * other's draws. Of activities that do the same the second has `#2`, and so on.
 */
class StreamNames {
  readonly #client: string;
  readonly #uses = new Map<string, number>();

  constructor(client: string) {
    this.#client = client;
  }

  of({ operation }: Activity): string {
    const what = 'path' in operation ? `${operation.op} ${operation.path}` : operation.op;
    const uses = (this.#uses.get(what) ?? 0) + 1;
    this.#uses.set(what, uses);
    return `client/${this.#client}/${what}${uses === 1 ? '' : `#${uses}`}`;
  }
}
