import { ZooKeeperClient } from '../../protocol/client/zookeeper-client.ts';
import type { ClientProcess } from '../../protocol/host.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import type { Release } from '../../protocol/release/release.ts';
import { NO_TXNS } from '../../protocol/zxid.ts';
import type { Scheduled } from '../event-queue.ts';
import { clientParty } from '../party.ts';
import type { ClientPlan } from '../client-plan.ts';
import type { Loss } from '../fault-plan.ts';
import type { Random } from '../random.ts';
import { fromMs, type Micros } from '../time.ts';
import type { TraceEvent } from '../trace-events.ts';
import { Workload } from '../workload/workload.ts';
import { Clock } from './clock.ts';
import { SimulatedProcess, type World } from './simulated-process.ts';

export interface SimulatedClientInit {
  readonly world: World;
  readonly random: Random;
  readonly index: number;
  readonly plan: ClientPlan;
  /** Client addresses of its connect string. */
  readonly servers: readonly string[];
  readonly release: Release;
}

/**
 * A client's process: ZooKeeper's client library, and the application that the scenario gave it. It runs from the beginning; when it is
 * started again after a crash it knows nothing of its session and opens another.
 */
export class SimulatedClient extends SimulatedProcess {
  readonly name: string;
  readonly servers: readonly string[];
  readonly #init: SimulatedClientInit;
  readonly #workload: Workload;
  #client: ZooKeeperClient;
  /** Starts of the process so far. */
  #incarnation = 1;
  #isRunning = true;
  #booting: Scheduled | undefined = undefined;

  constructor(init: SimulatedClientInit) {
    const { world, random, index, plan } = init;
    const uptime = random.key('uptime').draw(clientParty(index), 0, 0, 0);
    super({
      world,
      party: clientParty(index),
      host: plan.name,
      clock: new Clock({ elapsed: fromMs(Math.floor(uptime * 1e9)) }),
    });
    this.name = plan.name;
    this.servers = init.servers;
    this.#init = init;
    this.#client = this.#newHandle(`client/${plan.name}`, 1);
    this.#workload = new Workload({
      plan,
      client: this.#client,
      random,
      host: {
        get now() {
          return world.queue.now;
        },
        schedule: (at, step) => this.#schedule(at, step),
      },
    });
  }

  /** The handle; after a crash that of the process that died, until there is another. */
  get client(): ZooKeeperClient {
    return this.#client;
  }

  /** The session timeout it asks for. */
  get sessionTimeoutMs(): number {
    return this.#init.plan.sessionTimeoutMs;
  }

  protected override get process(): ClientProcess | undefined {
    return this.#isRunning ? this.#client : undefined;
  }

  start(): void {
    this.#workload.start();
  }

  /** The story is over: it asks nothing more, but keeps its session. Who is dead stays so. */
  stop(): void {
    this.#workload.stop();
    if (this.#booting !== undefined) this.world.queue.cancel(this.#booting);
    this.#booting = undefined;
  }

  /** Runs application code in a step of this process. */
  run(step: () => void): void {
    this.step(step);
  }

  // -------------------------------------------------------------------------------------------- life

  /** It has nothing on a disk to lose. Its session stays until a leader misses it. */
  crash(_lose: Loss, silent: boolean): void {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.die(silent);
    this.record({ type: 'crashed', lost: 0, durableZxid: NO_TXNS });
  }

  /** Not if it runs, is about to, or is lost. */
  boot(delayMs = 0): void {
    if (this.isLost || this.#isRunning || this.#booting !== undefined) return;
    const { queue } = this.world;
    this.#booting = queue.schedule(queue.now + fromMs(delayMs), () => this.#restart());
  }

  #restart(): void {
    this.#booting = undefined;
    this.#incarnation++;
    this.#isRunning = true;
    this.world.network.up(this);
    this.record({ type: 'started', incarnation: this.#incarnation });
    const stream = `client/${this.name}/${this.#incarnation}`;
    this.#client = this.#newHandle(stream, this.#client.operations + 1);
    this.#workload.restart(this.#client);
  }

  #newHandle(stream: string, firstOperation: number): ZooKeeperClient {
    const { plan, random, servers, release } = this.#init;
    return new ZooKeeperClient({
      host: this.recorder,
      servers,
      sessionTimeoutMs: plan.sessionTimeoutMs,
      random: random.stream(stream),
      reads: plan.reads,
      autoWatchReset: plan.autoWatchReset ?? true,
      firstXid: plan.firstXid ?? 1,
      firstOperation,
      release,
    });
  }

  // -------------------------------------------------------------------------------------------- from below

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

  /** What one life of the process has planned, the next one does not do. */
  #schedule(at: Micros, step: () => void): void {
    const life = this.#incarnation;
    this.world.queue.schedule(at, () => {
      if (this.#incarnation === life) this.step(step);
    });
  }
}
