/**
 * quorum/QuorumCnxManager: election connections. Between two servers one connection survives, the one that the larger
 * sid dialled. Each peer has a send queue of one: a newer notification replaces an unsent one. A broken connection is dialled
 * again only when there is something to send. Left out: SASL, several addresses a server, the anonymous observer.
 */
import { electionAddress, type ServerSpec } from '../config.ts';
import type { Connections } from '../connections.ts';
import type { ServerHost } from '../host.ts';
import type { ConnectionId, Sid } from '../ids.ts';
import type { Notification, Packet } from '../packets.ts';
import type { Timers } from '../timers.ts';

export interface QuorumCnxManagerInit {
  readonly host: ServerHost;
  readonly connections: Connections;
  readonly timers: Timers;
  readonly self: ServerSpec;
  readonly servers: readonly ServerSpec[];
  readonly cnxTimeoutMs: number;
  /** How long an accepted socket may keep its initial message back, ms (T × S). */
  readonly handshakeTimeoutMs: number;
  /** RecvWorker and the loopback: a notification arrived from `from`. */
  readonly onNotification: (from: Sid, notification: Notification) => void;
}

export class QuorumCnxManager {
  readonly #init: QuorumCnxManagerInit;
  readonly #peers = new Map<Sid, ElectionPeer>();

  constructor(init: QuorumCnxManagerInit) {
    this.#init = init;
  }

  /** QuorumCnxManager.Listener. */
  listen(): void {
    this.#init.host.listen(electionAddress(this.#init.self), 'election');
  }

  /** toSend: to oneself through the same receive queue as everyone else's, so one's own vote counts no earlier. */
  toSend(to: Sid, notification: Notification): void {
    if (to === this.#init.self.sid) {
      this.#init.onNotification(to, notification);
      return;
    }
    const peer = this.#peer(to);
    peer.queued = notification;
    this.connectOne(to);
    this.#sendQueued(peer);
  }

  /** True when some peer's queue is empty: at least that one was sent its notification. */
  haveDelivered(): boolean {
    for (const peer of this.#peers.values()) if (peer.queued === undefined) return true;
    return false;
  }

  connectAll(): void {
    for (const sid of this.#peers.keys()) this.connectOne(sid);
  }

  /** Dials unless there is a connection or a dial under way. */
  connectOne(to: Sid): void {
    const peer = this.#peer(to);
    const spec = this.#init.servers.find((server) => server.sid === to);
    if (peer.worker !== undefined || peer.dialling !== undefined || spec === undefined) return;
    const connection = this.#init.connections.dial(
      electionAddress(spec),
      'election',
      this.#init.cnxTimeoutMs,
      {
        onConnected: () => this.#startConnection(peer),
        onConnectFailed: () => {
          peer.dialling = undefined;
        },
        onPacket: (packet) => this.#onPacket(peer, packet),
        onWritable: () => this.#onWritable(peer),
        onClosed: () => this.#onWorkerClosed(peer, connection),
      },
    );
    peer.dialling = connection;
  }

  /** Listener: the dialling side says who it is before anything else. */
  onAccept(connection: ConnectionId): void {
    const timer = `election/handshake/${String(connection)}`;
    this.#init.timers.set(timer, this.#init.handshakeTimeoutMs, () =>
      this.#init.connections.close(connection),
    );
    this.#init.connections.adopt(connection, {
      onPacket: (packet) => {
        this.#init.timers.cancel(timer);
        if (packet.type === 'initialMessage') this.#receiveConnection(connection, packet.sid);
        else this.#init.connections.close(connection);
      },
      onClosed: () => this.#init.timers.cancel(timer),
    });
  }

  /** initiateConnection: introduce yourself; if the peer is larger, its dial back is the connection that stays. */
  #startConnection(peer: ElectionPeer): void {
    const connection = peer.dialling;
    if (connection === undefined) return;
    peer.dialling = undefined;
    const { self, host, connections } = this.#init;
    host.send(connection, { type: 'initialMessage', sid: self.sid, address: electionAddress(self) });
    if (peer.sid > self.sid) connections.close(connection);
    else this.#installWorkers(peer, connection);
  }

  /** handleConnection: the acceptor's half of the same rule. */
  #receiveConnection(connection: ConnectionId, from: Sid): void {
    const { self, connections } = this.#init;
    if (from === self.sid) return;
    const peer = this.#peer(from);
    if (from < self.sid) {
      this.#finishWorker(peer);
      connections.close(connection);
      this.connectOne(from);
      return;
    }
    connections.adopt(connection, {
      onPacket: (packet) => this.#onPacket(peer, packet),
      onWritable: () => this.#onWritable(peer),
      onClosed: () => this.#onWorkerClosed(peer, connection),
    });
    this.#installWorkers(peer, connection);
  }

  #installWorkers(peer: ElectionPeer, connection: ConnectionId): void {
    this.#finishWorker(peer);
    peer.worker = connection;
    peer.isWriting = false;
    // SendWorker.run: what was last sent may have been lost with the old connection.
    peer.queued ??= peer.lastMessageSent;
    this.#sendQueued(peer);
  }

  #finishWorker(peer: ElectionPeer): void {
    if (peer.worker !== undefined) this.#init.connections.close(peer.worker);
    peer.worker = undefined;
  }

  #sendQueued(peer: ElectionPeer): void {
    if (peer.worker === undefined || peer.queued === undefined || peer.isWriting) return;
    peer.lastMessageSent = peer.queued;
    peer.queued = undefined;
    peer.isWriting = true;
    this.#init.host.send(peer.worker, peer.lastMessageSent);
    this.#init.host.flush(peer.worker);
  }

  #onWritable(peer: ElectionPeer): void {
    peer.isWriting = false;
    this.#sendQueued(peer);
  }

  #onPacket(peer: ElectionPeer, packet: Packet): void {
    if (packet.type === 'notification') this.#init.onNotification(peer.sid, packet);
  }

  #onWorkerClosed(peer: ElectionPeer, connection: ConnectionId): void {
    if (peer.worker === connection) peer.worker = undefined;
  }

  #peer(sid: Sid): ElectionPeer {
    let peer = this.#peers.get(sid);
    if (peer === undefined) {
      peer = {
        sid,
        queued: undefined,
        lastMessageSent: undefined,
        worker: undefined,
        dialling: undefined,
        isWriting: false,
      };
      this.#peers.set(sid, peer);
    }
    return peer;
  }
}

/** What queueSendMap, lastMessageSent and senderWorkerMap hold for one sid. */
interface ElectionPeer {
  readonly sid: Sid;
  /** The send queue of one. */
  queued: Notification | undefined;
  lastMessageSent: Notification | undefined;
  worker: ConnectionId | undefined;
  dialling: ConnectionId | undefined;
  isWriting: boolean;
}
