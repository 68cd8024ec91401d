import { ZooKeeperClient } from '../../protocol/client/zookeeper-client.ts';
import type { ClientProcess } from '../../protocol/host.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import { clientParty } from '../party.ts';
import type { ClientPlan } from '../plan.ts';
import type { Random } from '../random.ts';
import { fromMs, type Micros } from '../time.ts';
import type { TraceEvent } from '../trace-events.ts';
import { Workload } from '../workload/workload.ts';
import { SimulatedProcess, type World } from './simulated-process.ts';

/** A client's process: ZooKeeper's client library, and the application that the scenario gave it. */
export class SimulatedClient extends SimulatedProcess {
  readonly name: string;
  readonly client: ZooKeeperClient;
  readonly #workload: Workload;

  constructor(init: {
    world: World;
    random: Random;
    index: number;
    plan: ClientPlan;
    servers: readonly string[];
  }) {
    const { world, random, index, plan } = init;
    const uptime = random.key('uptime').draw(clientParty(index), 0, 0, 0);
    super({
      world,
      party: clientParty(index),
      host: plan.name,
      uptimeOffset: fromMs(Math.floor(uptime * 1e9)),
    });
    this.name = plan.name;
    this.client = new ZooKeeperClient({
      host: this.recorder,
      servers: init.servers,
      sessionTimeoutMs: plan.sessionTimeoutMs,
      random: random.stream(`client/${plan.name}`),
      reads: plan.reads,
      autoWatchReset: plan.autoWatchReset ?? true,
    });
    this.#workload = new Workload({
      plan,
      client: this.client,
      random,
      host: {
        get now() {
          return world.queue.now;
        },
        schedule: (at, step) => this.#schedule(at, step),
      },
    });
  }

  protected override get process(): ClientProcess {
    return this.client;
  }

  start(): void {
    this.#workload.start();
  }

  /** The story is over: it asks nothing more, but keeps its session. */
  stop(): void {
    this.#workload.stop();
  }

  /** Runs application code in a step of this process. */
  run(step: () => void): void {
    this.step(step);
  }

  protected override record(event: TraceEvent): void {
    super.record(event);
    if (event.type === 'answered') this.#workload.onEvent(event);
  }

  onAccept(connection: ConnectionId): void {
    this.world.network.close(this, connection);
  }

  onWritable(): void {
    // The client library never asks when its socket is writable.
  }

  #schedule(at: Micros, step: () => void): void {
    this.world.queue.schedule(at, () => this.step(step));
  }
}
