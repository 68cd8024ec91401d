/**
 * ZooKeeper (the handle) and ClientCnxn: one session, and the requests of the application in order. The send thread keeps it
 * a connection; here is what travels on it. Answers, watch events and session states reach the application through host.emit.
 * Left out: read-only mode, SASL and auth, chroot, request timeouts, a changing server list.
 */
import { assert } from '../assert.ts';
import {
  AUTH_XID,
  NO_PASSWORD,
  NOTIFICATION_XID,
  PING_XID,
  type Password,
  type ReadRequest,
  type ReplyBody,
  type RequestBody,
  type ServerPacket,
} from '../client-packets.ts';
import type { KeeperState } from '../client-events.ts';
import { ErrorCode } from '../errors.ts';
import type { ClientHost, ClientProcess, RandomSource } from '../host.ts';
import { type ConnectionId, NO_SESSION, type SessionId } from '../ids.ts';
import type { Packet } from '../packets.ts';
import { DEFAULT_RELEASE, type Release } from '../release/release.ts';
import { NO_TXNS, type Zxid } from '../zxid.ts';
import { NO_OPERATION, type QueuedRequest, RequestQueues } from './request-queues.ts';
import { SendThread, type SendThreadUser } from './send-thread.ts';
import { setWatchesBatches } from './set-watches.ts';
import { WatchRegistrations } from './watch-registrations.ts';

export interface ZooKeeperClientInit {
  readonly host: ClientHost;
  /** Client addresses of the connect string. */
  readonly servers: readonly string[];
  /** What is asked for; the server clamps it, ms. */
  readonly sessionTimeoutMs: number;
  /** Shuffles the servers and spreads the attempts to reconnect. */
  readonly random: RandomSource;
  /**
   * `synced`: a sync of its path goes out ahead of every read. The server answers the sync only when it has applied what
   * the leader had committed by then, and answers the read after it: the read is as new as the moment it was asked.
   */
  readonly reads: 'local' | 'synced';
  /** Off: `zookeeper.disableAutoWatchReset`, so watches are gone with the connection that set them. On unless given. */
  readonly autoWatchReset?: boolean;
  /** Which request of this session's the first one is, 1 unless given: to begin near the end of the xids. */
  readonly firstXid?: number;
  /** The number of the first operation, 1 unless given: an application that starts again goes on counting. */
  readonly firstOperation?: number;
  readonly release?: Release;
}

export type ClientState = 'CONNECTING' | 'CONNECTED' | 'CLOSED';

type PacketOf<Type extends ServerPacket['type']> = Extract<ServerPacket, { type: Type }>;

export class ZooKeeperClient implements ClientProcess {
  readonly #host: ClientHost;
  readonly #sessionTimeoutMs: number;
  readonly #syncsReads: boolean;
  readonly #autoWatchReset: boolean;
  readonly #sendThread: SendThread;
  readonly #queues: RequestQueues;
  readonly #watches = new WatchRegistrations();
  /** A closeSession is on its way: nothing is accepted after it. */
  #isClosing = false;
  #lastOperation: number;
  #sessionId: SessionId = NO_SESSION;
  #passwd: Password = NO_PASSWORD;
  /** From the last reply with a zxid. A server that has not got there refuses us. */
  #lastZxid: Zxid = NO_TXNS;

  constructor(init: ZooKeeperClientInit) {
    this.#host = init.host;
    this.#sessionTimeoutMs = init.sessionTimeoutMs;
    this.#syncsReads = init.reads === 'synced';
    this.#autoWatchReset = init.autoWatchReset ?? true;
    this.#queues = new RequestQueues(init.firstXid ?? 1, init.release ?? DEFAULT_RELEASE);
    this.#lastOperation = (init.firstOperation ?? 1) - 1;
    this.#sendThread = new SendThread(init, this.#sendThreadUser());
  }

  get state(): ClientState {
    if (this.#sendThread.phase === 'connected') return 'CONNECTED';
    return this.#sendThread.phase === 'closed' ? 'CLOSED' : 'CONNECTING';
  }

  /** False from close() on and once the session has expired: whatever is submitted then is refused at once. */
  get isOpen(): boolean {
    return !this.#isClosing && this.#sendThread.phase !== 'closed';
  }

  /** How many operations were submitted, those of earlier handles included. */
  get operations(): number {
    return this.#lastOperation;
  }

  /** ZooKeeper.getSessionId and getSessionPasswd: what it takes to take the session up elsewhere. Undefined before there is one. */
  get session(): { readonly sessionId: SessionId; readonly passwd: Password } | undefined {
    if (this.#sessionId === NO_SESSION) return undefined;
    return { sessionId: this.#sessionId, passwd: this.#passwd };
  }

  start(): void {
    this.#sendThread.start();
  }

  /**
   * ClientCnxn.queuePacket. Returns the operation's number, from 1 in the order of the calls; it is answered by exactly one
   * `answered` event. Without a connection it waits for the next one, and fails with the next attempt that fails.
   */
  submit(body: RequestBody): number {
    const op = ++this.#lastOperation;
    this.#host.emit({ type: 'invoked', op, body });
    if (this.isOpen) this.#enqueue(op, body);
    else this.#emitAnswer(op, 0, this.#lossError(), NO_TXNS, undefined);
    return op;
  }

  #enqueue(op: number, body: RequestBody): void {
    if (body.op === 'closeSession') this.#isClosing = true;
    if (this.#syncsReads && isRead(body)) this.#queues.addSynced(op, body, { op: 'sync', path: body.path });
    else this.#queues.add(op, body);
    this.#sendThread.turn();
  }

  /** ZooKeeper.close: the session ends with the reply; without a connection only the client does. */
  close(): void {
    if (this.isOpen) this.submit({ op: 'closeSession' });
  }

  onTimer(timer: string): void {
    this.#sendThread.onTimer(timer);
  }

  onConnected(connection: ConnectionId): void {
    this.#sendThread.onConnected(connection);
  }

  onConnectFailed(connection: ConnectionId): void {
    this.#sendThread.onConnectFailed(connection);
  }

  onClosed(connection: ConnectionId): void {
    this.#sendThread.onClosed(connection);
  }

  onPacket(connection: ConnectionId, packet: Packet): void {
    if (!this.#sendThread.heard(connection)) return;
    switch (packet.type) {
      case 'reply':
        this.#onReply(packet);
        break;
      case 'watcherEvent':
        this.#onWatcherEvent(packet);
        break;
      case 'connectResponse':
        this.#onConnectResponse(packet);
        break;
      default:
        assert(false, `a server sent its client ${packet.type}`);
    }
    this.#sendThread.turn();
  }

  /** SendThread.onConnected. */
  #onConnectResponse(response: PacketOf<'connectResponse'>): void {
    if (this.#sendThread.phase !== 'priming') return this.#sendThread.lose('a second connect response');
    if (response.timeOut <= 0) return this.#end('Expired', 'the servers do not know the session any more');
    this.#sessionId = response.sessionId;
    this.#passwd = response.passwd;
    this.#sendThread.established(response.timeOut);
    this.#emitState('SyncConnected', 'session established');
    if (this.#autoWatchReset) this.#rearmWatches();
  }

  #rearmWatches(): void {
    for (const batch of setWatchesBatches(this.#watches, this.#lastZxid)) this.#queues.addFirst(batch);
  }

  /** SendThread.readResponse, NOTIFICATION_XID. Its zxid is not taken for something that was read. */
  #onWatcherEvent({ eventType, path, zxid }: PacketOf<'watcherEvent'>): void {
    const watches = this.#watches.materialize(eventType, path);
    this.#host.emit({ type: 'watchEvent', eventType, path, zxid, watches });
  }

  /** SendThread.readResponse. Replies come in the order of the requests; one that does not ends the connection. */
  #onReply(reply: PacketOf<'reply'>): void {
    if (reply.xid === PING_XID || reply.xid === AUTH_XID) return;
    if (reply.xid === NOTIFICATION_XID) return this.#sendThread.lose('a notification that is none');
    const request = this.#queues.takePending();
    if (request === undefined) return this.#sendThread.lose('a reply to nothing');
    if (request.xid !== reply.xid) {
      this.#answerLost(request);
      return this.#sendThread.lose('xid out of order');
    }
    if (reply.zxid > 0) this.#lastZxid = reply.zxid;
    request.err = reply.err;
    if (isRead(request.body)) this.#watches.register(request.body, reply.err);
    this.#answer(request, reply.zxid, reply.body);
    if (request.body.op === 'closeSession') this.#end('Closed', 'closed by the application');
  }

  #sendThreadUser(): SendThreadUser {
    return {
      hasSession: () => this.#sessionId !== NO_SESSION,
      onReached: (connection) => this.#sendConnectRequest(connection),
      writeOutgoing: (connection) => this.#queues.write(this.#host, connection),
      onDisconnected: (reason) => this.#onDisconnected(reason),
      onExpired: (reason) => this.#end('Expired', reason),
    };
  }

  /** SendThread.primeConnection. Nothing else is sent before the answer: a refusal must not meet requests on their way. */
  #sendConnectRequest(connection: ConnectionId): void {
    this.#host.send(connection, {
      type: 'connectRequest',
      lastZxidSeen: this.#lastZxid,
      timeOut: this.#sessionTimeoutMs,
      sessionId: this.#sessionId,
      passwd: this.#passwd,
    });
  }

  /** SendThread.cleanAndNotifyState. Java too says Disconnected after every attempt that failed. */
  #onDisconnected(reason: string): void {
    this.#loseRequests();
    this.#emitState('Disconnected', reason);
    if (this.#isClosing) this.#end('Closed', 'closed by the application, without a connection');
    else this.#sendThread.connect();
  }

  /**
   * No session any more, and never another. Differs: Java tells the state first if a server said so, but last if the clock
   * did or the application; here always first, so that who is told of a lost request knows why.
   */
  #end(state: 'Expired' | 'Closed', reason: string): void {
    this.#sendThread.stop();
    this.#emitState(state, reason);
    this.#loseRequests();
  }

  #loseRequests(): void {
    for (const request of this.#queues.drain()) this.#answerLost(request);
  }

  /** ClientCnxn.conLossPacket. */
  #answerLost(request: QueuedRequest): void {
    request.err = this.#lossError();
    this.#answer(request, NO_TXNS, undefined);
  }

  #lossError(): number {
    return this.state === 'CLOSED' ? ErrorCode.SESSIONEXPIRED : ErrorCode.CONNECTIONLOSS;
  }

  /** ClientCnxn.finishPacket. A synced read fails if its sync did, whatever it has read itself. */
  #answer(request: QueuedRequest, zxid: Zxid, body: ReplyBody | undefined): void {
    if (request.op === NO_OPERATION) return;
    const syncErr = request.sync?.err ?? ErrorCode.OK;
    if (syncErr === ErrorCode.OK) this.#emitAnswer(request.op, request.xid, request.err, zxid, body);
    else this.#emitAnswer(request.op, request.xid, syncErr, zxid, undefined);
  }

  #emitAnswer(op: number, xid: number, err: number, zxid: Zxid, body: ReplyBody | undefined): void {
    const sent = xid !== 0;
    this.#host.emit({ type: 'answered', op, xid, err, sent, zxid, sessionId: this.#sessionId, body });
  }

  #emitState(state: KeeperState, reason: string): void {
    const server = state === 'SyncConnected' ? this.#sendThread.server : '';
    this.#host.emit({ type: 'keeperState', state, sessionId: this.#sessionId, server, reason });
  }
}

function isRead(body: RequestBody): body is ReadRequest {
  return (
    body.op === 'getData' || body.op === 'exists' || body.op === 'getChildren' || body.op === 'getChildren2'
  );
}
