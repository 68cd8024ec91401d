/**
 * NIOServerCnxnFactory, NIOServerCnxn and the connection half of ZooKeeperServer: clients' connections to this server. The port is open
 * as long as the process lives, but only a server that is part of an established ensemble talks on it. Left out: throttling, the limit of
 * all connections together (maxCnxns), four letter words.
 */
import { NO_PASSWORD, type ClientPacket, type ServerPacket } from '../client-packets.ts';
import type { Connections } from '../connections.ts';
import type { ServerHost } from '../host.ts';
import { NO_SESSION, type ConnectionId, type SessionId } from '../ids.ts';
import type { Packet } from '../packets.ts';
import type { Timers } from '../timers.ts';
import { frameLength, MAX_FRAME_LENGTH } from '../wire/frame-length.ts';
import { passwordOf } from './session-id.ts';
import type { ZooKeeperServer } from './zookeeper-server.ts';

/** NIOServerCnxn: one client connection. */
export interface ServerCnxn {
  readonly connection: ConnectionId;
  readonly remoteHost: string;
  sessionId: SessionId;
  /** Negotiated session timeout, ms; 0 before the connect request. */
  timeOut: number;
  /** The connect response has been sent; until then nothing else is read (NIOServerCnxn.disableRecv). */
  isEstablished: boolean;
  readonly unread: ClientPacket[];
  /** When the connection is closed unless something is heard, ms. */
  deadlineMs: number;
}

/** zookeeper.nio.sessionlessCnxnTimeout: also the length of the buckets in which connections expire. */
const CNXN_EXPIRY_MS = 10_000;
const EXPIRER_TIMER = 'clients/expirer';

export class ServerCnxnFactory {
  readonly #host: ServerHost;
  readonly #connections: Connections;
  readonly #timers: Timers;
  readonly #maxClientCnxns: number;
  readonly #cnxns = new Map<ConnectionId, ServerCnxn>();
  #zks: ZooKeeperServer | undefined;

  constructor(init: { host: ServerHost; connections: Connections; timers: Timers; maxClientCnxns: number }) {
    this.#host = init.host;
    this.#connections = init.connections;
    this.#timers = init.timers;
    this.#maxClientCnxns = init.maxClientCnxns;
  }

  /** The server that answers from now on. */
  setZooKeeperServer(zks: ZooKeeperServer): void {
    this.#zks = zks;
  }

  /** Leaving an ensemble ends every client connection, and its watches; sessions live on (closeAllConnections). */
  closeAll(): void {
    for (const cnxn of this.#cnxns.values()) this.#close(cnxn);
    this.#zks = undefined;
  }

  onAccept(connection: ConnectionId, remoteAddress: string): void {
    const remoteHost = hostOf(remoteAddress);
    if (this.#isFullFor(remoteHost)) {
      this.#host.close(connection);
      return;
    }
    if (this.#cnxns.size === 0) this.#armExpirer();
    const cnxn: ServerCnxn = {
      connection,
      remoteHost,
      sessionId: NO_SESSION,
      timeOut: 0,
      isEstablished: false,
      unread: [],
      deadlineMs: this.#deadlineAfter(CNXN_EXPIRY_MS),
    };
    this.#cnxns.set(connection, cnxn);
    this.#connections.adopt(connection, {
      onPacket: (packet) => this.#onPacket(cnxn, packet),
      onClosed: () => this.#forget(cnxn),
    });
  }

  /** NIOServerCnxnFactory.getClientCnxnCount: whether this host has as many connections here as one may have. */
  #isFullFor(remoteHost: string): boolean {
    if (this.#maxClientCnxns <= 0) return false;
    let count = 0;
    for (const cnxn of this.#cnxns.values()) if (cnxn.remoteHost === remoteHost) count++;
    return count >= this.#maxClientCnxns;
  }

  send(connection: ConnectionId, packet: ServerPacket): void {
    if (this.#cnxns.has(connection)) this.#host.send(connection, packet);
  }

  close(connection: ConnectionId): void {
    const cnxn = this.#cnxns.get(connection);
    if (cnxn !== undefined) this.#close(cnxn);
  }

  /** closeSession(sessionId, reason): cuts off whoever still uses that session here. */
  closeSession(sessionId: SessionId): void {
    for (const cnxn of this.#cnxns.values()) if (cnxn.sessionId === sessionId) this.#close(cnxn);
  }

  get(connection: ConnectionId): ServerCnxn | undefined {
    return this.#cnxns.get(connection);
  }

  /** ZooKeeperServer.finishSessionInit: the answer to a connect request, and what the client sent meanwhile. */
  finishSessionInit(connection: ConnectionId, valid: boolean): void {
    const cnxn = this.#cnxns.get(connection);
    if (cnxn === undefined) return;
    if (!valid) {
      this.#host.send(connection, {
        type: 'connectResponse',
        timeOut: 0,
        sessionId: NO_SESSION,
        passwd: NO_PASSWORD,
      });
      this.#close(cnxn);
      return;
    }
    const { sessionId, timeOut } = cnxn;
    this.#host.send(connection, {
      type: 'connectResponse',
      timeOut,
      sessionId,
      passwd: passwordOf(sessionId),
    });
    cnxn.isEstablished = true;
    for (const packet of cnxn.unread.splice(0)) this.#onPacket(cnxn, packet);
  }

  #onPacket(cnxn: ServerCnxn, packet: Packet): void {
    const zks = this.#zks;
    if (zks === undefined) {
      this.#close(cnxn);
      return;
    }
    cnxn.deadlineMs = this.#deadlineAfter(cnxn.timeOut || CNXN_EXPIRY_MS);
    if (packet.type === 'connectRequest') this.#onConnectRequest(zks, cnxn, packet);
    else if (packet.type !== 'request') this.#close(cnxn);
    else if (frameLength(packet) > MAX_FRAME_LENGTH) this.#close(cnxn);
    else if (!cnxn.isEstablished) cnxn.unread.push(packet);
    else zks.submitClientRequest(cnxn, packet.xid, packet.body);
  }

  /** ZooKeeperServer.processConnectRequest. */
  #onConnectRequest(
    zks: ZooKeeperServer,
    cnxn: ServerCnxn,
    request: ClientPacket & { readonly type: 'connectRequest' },
  ): void {
    if (request.lastZxidSeen > zks.database.lastProcessedZxid) {
      // This server is behind what the client has seen: it may only try another one.
      this.#host.emit({ type: 'sessionRefused', sessionId: request.sessionId, reason: 'behind the client' });
      this.#close(cnxn);
      return;
    }
    cnxn.timeOut = zks.negotiate(request.timeOut);
    cnxn.deadlineMs = this.#deadlineAfter(cnxn.timeOut);
    if (request.sessionId === NO_SESSION) {
      zks.createSession(cnxn);
      return;
    }
    // Whoever knows the id may cut the old connection off, even with a wrong password.
    this.closeSession(request.sessionId);
    cnxn.sessionId = request.sessionId;
    if (request.passwd !== passwordOf(request.sessionId)) this.finishSessionInit(cnxn.connection, false);
    else zks.reopenSession(cnxn);
  }

  #close(cnxn: ServerCnxn): void {
    this.#connections.close(cnxn.connection);
    this.#forget(cnxn);
  }

  #forget(cnxn: ServerCnxn): void {
    this.#cnxns.delete(cnxn.connection);
    this.#zks?.database.tree.watches.removeConnection(cnxn.connection);
  }

  // ------------------------------------------------------------------------------------- expirer

  #deadlineAfter(timeoutMs: number): number {
    return (Math.floor((this.#host.elapsedMs + timeoutMs) / CNXN_EXPIRY_MS) + 1) * CNXN_EXPIRY_MS;
  }

  #armExpirer(): void {
    const untilNextMs = CNXN_EXPIRY_MS - (this.#host.elapsedMs % CNXN_EXPIRY_MS);
    this.#timers.set(EXPIRER_TIMER, untilNextMs, () => this.#expire());
  }

  /** NIOServerCnxnFactory.ConnectionExpirerThread: connections that went silent, whatever becomes of their sessions. */
  #expire(): void {
    for (const cnxn of this.#cnxns.values()) if (cnxn.deadlineMs <= this.#host.elapsedMs) this.#close(cnxn);
    if (this.#cnxns.size > 0) this.#armExpirer();
  }
}

const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(':'));
