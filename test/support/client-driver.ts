import { defined } from '../../protocol/assert.ts';
import type { ClientEvent, KeeperState } from '../../protocol/client-events.ts';
import type { EventType, ReplyBody, RequestBody } from '../../protocol/client-packets.ts';
import { ZooKeeperClient } from '../../protocol/client/zookeeper-client.ts';
import type { RandomSource } from '../../protocol/host.ts';
import { type ConnectionId, sessionId } from '../../protocol/ids.ts';
import { DEFAULT_RELEASE, type Release } from '../../protocol/release/release.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import { recordingClientHost } from './recording-host.ts';

/** Leaves the order of servers alone and rests as long as it can (999 ms). */
export const LARGEST_DRAWS: RandomSource = { int: (bound) => bound - 1 };
/** Leaves the order of servers alone and never rests but where the round is over. */
export const SMALLEST_DRAWS: RandomSource = { int: (bound) => (bound === 1000 ? 0 : bound - 1) };

export const SESSION = sessionId('0x1000a');
export const PASSWORD = 'c'.repeat(32);

export interface DriverOptions {
  readonly servers?: readonly string[];
  readonly sessionTimeoutMs?: number;
  readonly random?: RandomSource;
  readonly reads?: 'local' | 'synced';
  readonly firstXid?: number;
  readonly release?: Release;
}

/** A client on a recording host, and the server's side of its connections played by hand. */
export class ClientDriver {
  readonly host = recordingClientHost();
  readonly client: ZooKeeperClient;
  /** Every event since the beginning. */
  readonly history: ClientEvent[] = [];

  constructor(options: DriverOptions = {}) {
    this.client = new ZooKeeperClient({
      host: this.host,
      servers: options.servers ?? ['s1:2181', 's2:2181', 's3:2181'],
      sessionTimeoutMs: options.sessionTimeoutMs ?? 9000,
      random: options.random ?? LARGEST_DRAWS,
      reads: options.reads ?? 'local',
      firstXid: options.firstXid ?? 1,
      release: options.release ?? DEFAULT_RELEASE,
    });
  }

  /** The connection dialled last, to which server. */
  #dialled: readonly [ConnectionId, string] | undefined;

  get connection(): ConnectionId {
    this.#look();
    return defined(this.#dialled, 'a dialled connection')[0];
  }

  get server(): string {
    this.#look();
    return defined(this.#dialled, 'a dialled connection')[1];
  }

  /** Keeps what has to be known of effects that a test may take away. */
  #look(): void {
    for (const effect of this.host.effects) {
      if (effect[0] === 'connect') this.#dialled = [effect[1], effect[2]];
    }
  }

  take(): ReturnType<typeof this.host.take> {
    this.#look();
    this.history.push(...this.host.events);
    return this.host.take();
  }

  start(): this {
    this.client.start();
    return this;
  }

  /** The TCP connection is there. */
  reach(): this {
    this.client.onConnected(this.connection);
    return this;
  }

  grant(timeOut = 9000): this {
    this.client.onPacket(this.connection, {
      type: 'connectResponse',
      timeOut,
      sessionId: timeOut > 0 ? SESSION : sessionId('0x0'),
      passwd: PASSWORD,
    });
    return this;
  }

  /** Started and in session; the effects so far are taken. */
  establish(timeOut = 9000): this {
    this.start().reach().grant(timeOut).take();
    return this;
  }

  submit(...bodies: RequestBody[]): this {
    for (const body of bodies) this.client.submit(body);
    return this;
  }

  reply(xid: number, zxid: number, err = 0, body?: ReplyBody): this {
    const reply = { type: 'reply', xid, zxid: zxid as Zxid, err } as const;
    this.client.onPacket(this.connection, body === undefined ? reply : { ...reply, body });
    return this;
  }

  event(eventType: EventType, path: string, zxid: number): this {
    this.client.onPacket(this.connection, { type: 'watcherEvent', eventType, path, zxid: zxid as Zxid });
    return this;
  }

  /** The connection breaks at the other end. */
  drop(): this {
    this.client.onClosed(this.connection);
    return this;
  }

  refuse(): this {
    this.client.onConnectFailed(this.connection);
    return this;
  }

  advance(ms: number): this {
    this.host.advance(ms, this.client);
    return this;
  }

  /** Requests sent since the last take(): xid and operation. */
  get requests(): (readonly [number, RequestBody['op']])[] {
    return this.host.sent.flatMap((packet) =>
      packet.type === 'request' ? [[packet.xid, packet.body.op] as const] : [],
    );
  }

  /** Answers since the last take(): operation, error, and whether it was sent. */
  get answers(): (readonly [number, number, boolean])[] {
    return this.host.events.flatMap((event) =>
      event.type === 'answered' ? [[event.op, event.err, event.sent] as const] : [],
    );
  }

  /** States since the last take(). */
  get states(): KeeperState[] {
    return this.host.events.flatMap((event) => (event.type === 'keeperState' ? [event.state] : []));
  }
}
