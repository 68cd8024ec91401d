import { clientAddress } from '../../protocol/config.ts';
import { ZooKeeperClient } from '../../protocol/client/zookeeper-client.ts';
import { OPEN_ACL_UNSAFE } from '../../protocol/database/txn.ts';
import type { ClientProcess } from '../../protocol/host.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import type { ClientPlan } from '../client-plan.ts';
import type { RunPlan } from '../plan.ts';
import { Clock } from '../process/clock.ts';
import { SimulatedProcess, type World } from '../process/simulated-process.ts';
import type { Random } from '../random.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent } from '../trace-events.ts';
import { isWritten, PROBE_NAME, probeParty, probePlan } from './probe-plan.ts';

/** The znode that a calm leaves behind. */
const PROBE_PATH = '/zabsim-calm';

/**
 * The calm's own client. It exists from the calm on only, opens a session with whichever server takes it, and asks for one write again and
 * again until it is answered: that is what "writes complete" means to an application. A session that it loses is followed by another.
 */
export class CalmProbe extends SimulatedProcess {
  readonly #random: Random;
  readonly #plan: ClientPlan;
  readonly #servers: readonly string[];
  #client: ZooKeeperClient;
  #writtenAt: Micros | undefined;

  constructor(init: { world: World; random: Random; plan: RunPlan }) {
    const { world, random, plan } = init;
    super({ world, party: probeParty(plan), host: PROBE_NAME, clock: new Clock({ elapsed: 0 }) });
    this.#random = random;
    this.#plan = probePlan(plan);
    this.#servers = plan.ensemble.servers.map(clientAddress);
    this.#client = this.#createClient(1);
  }

  /** When the write was answered. */
  get writtenAt(): Micros | undefined {
    return this.#writtenAt;
  }

  protected override get process(): ClientProcess {
    return this.#client;
  }

  start(): void {
    this.step(() => {
      this.#client.start();
      this.#write();
    });
  }

  protected override record(event: TraceEvent): void {
    super.record(event);
    if (event.type === 'answered' && this.#writtenAt === undefined) this.#onAnswered(event);
  }

  #onAnswered(answer: Extract<TraceEvent, { type: 'answered' }>): void {
    const { queue } = this.world;
    if (isWritten(answer)) this.#writtenAt = queue.now;
    else queue.schedule(queue.now, () => this.#tryAgain());
  }

  #tryAgain(): void {
    if (this.#client.isOpen) return this.step(() => this.#write());
    this.#client = this.#createClient(this.#client.operations + 1);
    this.start();
  }

  #write(): void {
    this.#client.submit({ op: 'create2', path: PROBE_PATH, data: null, acl: OPEN_ACL_UNSAFE, flags: 0 });
  }

  #createClient(firstOperation: number): ZooKeeperClient {
    return new ZooKeeperClient({
      host: this.recorder,
      servers: this.#servers,
      sessionTimeoutMs: this.#plan.sessionTimeoutMs,
      random: this.#random.stream(`client/${PROBE_NAME}`),
      reads: this.#plan.reads,
      firstOperation,
    });
  }

  crash(): void {
    // Nothing strikes in the calm.
  }

  boot(): void {
    // It was never down.
  }

  onAccept(connection: ConnectionId): void {
    this.world.network.close(this, connection);
  }

  onWritable(): void {
    // The client library never asks when its socket is writable.
  }
}
