import type { Channel } from '../../protocol/host.ts';
import { type ConnectionId, connectionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import { EventQueue } from '../../sim/event-queue.ts';
import type { Endpoint } from '../../sim/network/endpoint.ts';
import { Network } from '../../sim/network/network.ts';
import type { Party } from '../../sim/party.ts';
import { PERFECT_NETWORK } from '../../sim/plan-defaults.ts';
import type { NetworkPlan } from '../../sim/world-plan.ts';
import { Random } from '../../sim/random.ts';
import { fromMs, toMs } from '../../sim/time.ts';
import { Trace, TraceRecorder } from '../../sim/trace.ts';

/** An endpoint that notes what it is told as `<ms> <what>` and accepts everything. */
export class NotingEndpoint implements Endpoint {
  readonly party: Party;
  readonly host: string;
  notes: string[] = [];
  /** The connection accepted last. */
  accepted: ConnectionId = connectionId(0);
  readonly #queue: EventQueue;

  constructor(party: Party, queue: EventQueue) {
    this.party = party;
    this.host = `host${party}`;
    this.#queue = queue;
  }

  get address(): string {
    return `${this.host}:1`;
  }

  /** The counters of the packets it got, in order. */
  get got(): number[] {
    return this.notes.flatMap((note) => /packet (\d+)/.exec(note)?.[1] ?? []).map(Number);
  }

  onAccept(connection: ConnectionId, channel: Channel): void {
    this.accepted = connection;
    this.#note(`accept ${connection} ${channel}`);
  }
  onConnected(connection: ConnectionId): void {
    this.#note(`connected ${connection}`);
  }
  onConnectFailed(connection: ConnectionId): void {
    this.#note(`failed ${connection}`);
  }
  onPacket(_connection: ConnectionId, packet: Packet): void {
    this.#note(`packet ${packet.type === 'COMMIT' ? packet.zxid : packet.type}`);
  }
  onWritable(connection: ConnectionId): void {
    this.#note(`writable ${connection}`);
  }
  onClosed(connection: ConnectionId): void {
    this.#note(`closed ${connection}`);
  }

  #note(what: string): void {
    this.notes.push(`${toMs(this.#queue.now)} ${what}`);
  }
}

export const QUIET_NETWORK: NetworkPlan = {
  ...PERFECT_NETWORK,
  latency: { kind: 'constant', ms: 1 },
};

export const commit = (n: number): Packet => ({ type: 'COMMIT', zxid: n as Zxid });

/** A network of noting endpoints 1, 2, … on one queue. */
export class NetworkWorld {
  readonly queue = new EventQueue();
  readonly trace = new Trace();
  readonly recorder = new TraceRecorder();
  readonly network: Network;
  readonly endpoints: readonly NotingEndpoint[];

  constructor(servers = 2, plan: NetworkPlan = QUIET_NETWORK, seed = 'test') {
    const { queue, trace } = this;
    this.trace.addSink(this.recorder);
    this.network = new Network({ queue, random: new Random(seed), trace, plan });
    this.endpoints = Array.from({ length: servers }, (_, i) => new NotingEndpoint(i + 1, queue));
    for (const endpoint of this.endpoints) {
      this.network.attach(endpoint);
      this.network.listen(endpoint, endpoint.address, 'quorum');
    }
  }

  endpoint(party: Party): NotingEndpoint {
    const endpoint = this.endpoints[party - 1];
    if (endpoint === undefined) throw new Error(`no endpoint ${party}`);
    return endpoint;
  }

  dial(from: Party, to: Party, id = 1, timeoutMs = 5000): ConnectionId {
    return this.dialAddress(from, this.endpoint(to).address, id, 'quorum', timeoutMs);
  }

  dialAddress(from: Party, address: string, id: number, channel: Channel, timeoutMs = 5000): ConnectionId {
    const connection = connectionId(id);
    this.network.connect(this.endpoint(from), connection, address, channel, timeoutMs);
    return connection;
  }

  /** An open connection; clears the notes. */
  open(from: Party, to: Party, id = 1): ConnectionId {
    const connection = this.dial(from, to, id);
    this.run(this.nowMs + 100);
    for (const endpoint of this.endpoints) endpoint.notes = [];
    return connection;
  }

  send(from: Party, connection: ConnectionId, ...counters: number[]): void {
    for (const n of counters) this.network.send(this.endpoint(from), connection, commit(n));
  }

  get nowMs(): number {
    return toMs(this.queue.now);
  }

  /** Runs everything up to this virtual time. */
  run(untilMs: number): void {
    this.queue.schedule(fromMs(untilMs), () => undefined);
    while (this.queue.nextAt !== undefined && this.queue.nextAt <= fromMs(untilMs)) this.queue.runNext();
  }

  runAll(): void {
    while (this.queue.runNext());
  }
}
