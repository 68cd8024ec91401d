/**
 * ClientCnxn.SendThread: keeps a connection to some server, and knows nothing of what travels on it. Like the thread, it is
 * always at one place of one loop (see Phase), and its one timer says when it goes on. Its user decides what happens when a
 * connection was reached, was lost, or was missed for so long that the session must be gone.
 */
import { assert, unreachable } from '../assert.ts';
import { type ClientPacket, PING_XID } from '../client-packets.ts';
import type { ClientHost, RandomSource } from '../host.ts';
import { type ConnectionId, connectionId } from '../ids.ts';
import { ConnectionTiming } from './connection-timing.ts';
import { StaticHostProvider } from './host-provider.ts';
import { SEND_THREAD, WakeTimer } from './wake-timer.ts';

/** ClientCnxnSocketNIO.cleanup sleeps this long between closing the socket and failing the requests, ms. */
const CLEANUP_DELAY_MS = 100;
/** startConnect sleeps a random time below this, once any server has ever been reached, ms. */
const MAX_CONNECT_DELAY_MS = 1000;

const PING: ClientPacket = { type: 'request', xid: PING_XID, body: { op: 'ping' } };

export interface SendThreadUser {
  /** Without a session nothing can expire, and the thread tries for ever. */
  hasSession(): boolean;
  /** primeConnection: a server is reached; the user asks it for the session. */
  onReached(connection: ConnectionId): void;
  /** The user sends what waits; true if there was anything. Asked only in session. */
  writeOutgoing(connection: ConnectionId): boolean;
  /** cleanAndNotifyState: no connection any more. The user calls connect() again, or stop(). */
  onDisconnected(reason: string): void;
  /** Silence for 4/3 of the session timeout. The user calls stop(). */
  onExpired(reason: string): void;
}

/**
 * Not started; asleep before an attempt; waiting for the TCP connection; for the answer to the ConnectRequest; in session;
 * asleep after a connection was lost; gone for good.
 */
type Phase = 'idle' | 'resting' | 'dialling' | 'priming' | 'connected' | 'cleanup' | 'closed';

export class SendThread {
  readonly #host: ClientHost;
  readonly #random: RandomSource;
  readonly #user: SendThreadUser;
  readonly #hostProvider: StaticHostProvider;
  readonly #timing: ConnectionTiming;
  readonly #timer: WakeTimer;
  #phase: Phase = 'idle';
  /** Being dialled or in use. Undefined in every other phase. */
  #connection: ConnectionId | undefined;
  #lastDialled = 0;
  #server = '';
  #lossReason = '';
  /** No server was ever reached. */
  #isFirstConnect = true;

  constructor(
    init: {
      readonly host: ClientHost;
      readonly servers: readonly string[];
      readonly sessionTimeoutMs: number;
      readonly random: RandomSource;
    },
    user: SendThreadUser,
  ) {
    this.#host = init.host;
    this.#random = init.random;
    this.#user = user;
    this.#hostProvider = new StaticHostProvider(init.servers, init.random);
    this.#timing = new ConnectionTiming(init.sessionTimeoutMs, this.#hostProvider.size);
    this.#timer = new WakeTimer(init.host);
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** The server that is being tried or used. */
  get server(): string {
    return this.#server;
  }

  start(): void {
    assert(this.#phase === 'idle', 'a client is started once');
    this.#timing.heard(this.#host.elapsedMs);
    this.connect();
  }

  /** HostProvider.next and startConnect: both sleeps in one. */
  connect(): void {
    const { address, spinDelayMs } = this.#hostProvider.next();
    this.#server = address;
    this.#phase = 'resting';
    const restMs = spinDelayMs + (this.#isFirstConnect ? 0 : this.#random.int(MAX_CONNECT_DELAY_MS));
    if (restMs === 0) this.#dial();
    else this.#timer.wakeAt(this.#host.elapsedMs + restMs);
  }

  #dial(): void {
    if (this.#hasExpired()) return this.#expire();
    this.#phase = 'dialling';
    this.#connection = connectionId(++this.#lastDialled);
    this.#host.connect(this.#connection, this.#server, 'client', this.#timing.connectTimeoutMs);
  }

  onConnected(connection: ConnectionId): void {
    if (connection !== this.#connection) return;
    assert(this.#phase === 'dialling', 'connected without dialling');
    this.#isFirstConnect = false;
    this.#phase = 'priming';
    this.#timing.heard(this.#host.elapsedMs);
    this.#timing.sent(this.#host.elapsedMs);
    this.#user.onReached(connection);
    this.turn();
  }

  /** SendThread.onConnected: a server granted the session with this timeout, ms. */
  established(negotiatedTimeoutMs: number): void {
    assert(this.#phase === 'priming', 'a session without a handshake');
    this.#timing.negotiated(negotiatedTimeoutMs);
    this.#hostProvider.onConnected();
    this.#phase = 'connected';
  }

  /** True if this came on the connection in use; the server lives then, whatever it says. */
  heard(connection: ConnectionId): boolean {
    if (connection !== this.#connection) return false;
    this.#timing.heard(this.#host.elapsedMs);
    return true;
  }

  /**
   * One turn of SendThread.run with a connection: has the server been silent for too long, is there something to send, is a
   * ping due? Then it sleeps until the first of these can happen by itself. To be called after whatever may change them.
   */
  turn(): void {
    const connection = this.#connection;
    if (connection === undefined || this.#phase === 'dialling') return;
    const now = this.#host.elapsedMs;
    if (this.#hasExpired()) return this.#expire();
    const isConnected = this.#phase === 'connected';
    const leftMs = isConnected ? this.#timing.readLeftMs(now) : this.#timing.connectLeftMs(now);
    if (leftMs <= 0) return this.lose('not heard from the server in time');
    if (isConnected) this.#write(connection, now);
    const wakeMs = isConnected ? Math.min(leftMs, this.#timing.pingLeftMs(now)) : leftMs;
    this.#timer.wakeAt(now + wakeMs);
  }

  #write(connection: ConnectionId, now: number): void {
    if (this.#user.writeOutgoing(connection)) this.#timing.sent(now);
    if (this.#timing.pingLeftMs(now) > 0) return;
    this.#host.send(connection, PING);
    this.#timing.sent(now);
  }

  onTimer(timer: string): void {
    assert(timer === SEND_THREAD, 'a client has one timer');
    if (!this.#timer.rang()) return;
    switch (this.#phase) {
      case 'resting':
        return this.#dial();
      case 'cleanup':
        return this.#user.onDisconnected(this.#lossReason);
      case 'priming':
      case 'connected':
        return this.turn();
      case 'idle':
      case 'dialling':
      case 'closed':
        return;
      default:
        return unreachable(this.#phase, 'SendThread.onTimer');
    }
  }

  onConnectFailed(connection: ConnectionId): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    if (this.#hasExpired()) this.#expire();
    else this.lose('could not connect');
  }

  /** The server closed the connection, or it broke. A server that refuses a client says so only by this. */
  onClosed(connection: ConnectionId): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    this.lose('the connection was closed');
  }

  /** SendThread.run's catch: the socket is closed, and the rest happens 100 ms later. */
  lose(reason: string): void {
    this.#closeConnection();
    this.#phase = 'cleanup';
    this.#lossReason = reason;
    this.#timer.wakeAt(this.#host.elapsedMs + CLEANUP_DELAY_MS);
  }

  /** The loop ends: the session is over. */
  stop(): void {
    this.#closeConnection();
    this.#phase = 'closed';
    this.#timer.cancel();
  }

  #closeConnection(): void {
    if (this.#connection !== undefined) this.#host.close(this.#connection);
    this.#connection = undefined;
  }

  /**
   * Looked at where the loop comes by: before an attempt, after one that timed out, and in session. That a server's port
   * was reached counts as heard, even if the server then refuses.
   */
  #hasExpired(): boolean {
    return this.#user.hasSession() && this.#timing.expirationLeftMs(this.#host.elapsedMs) <= 0;
  }

  #expire(): void {
    this.#user.onExpired('not heard from a server for longer than the session lives');
  }
}
