/**
 * quorum/LearnerZooKeeperServer with Follower- and ObserverRequestProcessor: the pipeline of a server that asks its leader. Its own clients'
 * requests wait in the CommitProcessor while the leader decides on them; sessions are the leader's to judge.
 */
import type { ConnectionId, SessionId } from '../ids.ts';
import type { QuorumPacket } from '../packets.ts';
import { CommitProcessor, needsCommit } from '../processors/commit-processor.ts';
import { Request, type SessionOwner } from '../processors/request.ts';
import { SyncRequestProcessor } from '../processors/sync-request-processor.ts';
import { Queue } from '../queue.ts';
import type { ServerContext } from '../server-context.ts';
import type { ServerCnxn } from '../server/server-cnxn-factory.ts';
import { LearnerSessionTracker } from '../server/session-tracker.ts';
import { ZooKeeperServer } from '../server/zookeeper-server.ts';
import type { TouchedSession } from '../packets.ts';
import type { Txn } from '../database/txn.ts';

/** The learner's way to its leader. */
export interface LearnerConnection {
  writePacket(packet: QuorumPacket): void;
  /** A thread of the pipeline died: the learner cannot go on. */
  onCriticalError(reason: string): void;
  /** A thread that it needs has died; the learner's own finds that out by itself. */
  notifyStopping(reason: string): void;
}

export class LearnerZooKeeperServer extends ZooKeeperServer {
  protected readonly context: ServerContext;
  protected readonly sync: SyncRequestProcessor;
  readonly #leader: LearnerConnection;
  readonly #sessionTracker = new LearnerSessionTracker();
  readonly #commit: CommitProcessor;
  /** Follower- or ObserverRequestProcessor's queue. */
  readonly #submitted = new Queue<Request>();
  /** Syncs that were sent to the leader; it answers them in order. */
  readonly #pendingSyncs = new Queue<Request>();
  /** Clients whose session the leader is being asked about. */
  readonly #pendingRevalidations = new Map<SessionId, ConnectionId>();

  constructor(context: ServerContext, leader: LearnerConnection, onLogged: (request: Request) => void) {
    super({ ...context, sid: context.self.sid });
    this.context = context;
    this.#leader = leader;
    const { stages, storage, config, random, snapshots } = context;
    this.#commit = new CommitProcessor({ stages, next: (request) => this.finalRequest(request) });
    this.sync = new SyncRequestProcessor({
      stages,
      storage,
      config,
      random,
      takeSnapshot: () => snapshots.start(),
      next: onLogged,
      notifyStopping: (reason) => leader.notifyStopping(reason),
    });
    stages.register('LearnerRequestProcessor', () => this.#forward());
  }

  shutdown(): void {
    const { release, stages, self } = this.context;
    for (const stage of ['LearnerRequestProcessor', 'CommitProcessor'] as const) stages.unregister(stage);
    // An observer acknowledges nothing, so its thread survives.
    if (release.logDiesBeforeTheTree && self.learnerType === 'PARTICIPANT') this.sync.abandon();
    else if (release.logOutlivesItsRole) this.sync.outlive();
    else this.sync.shutdown();
  }

  // ------------------------------------------------------------------------------------- from the leader

  protected commitTxn(txn: Txn): void {
    this.#commit.commit(requestOf(txn));
  }

  /** SYNC: behind all COMMITs that this server needs to be as new as the leader was. */
  onSync(): void {
    const request = this.#pendingSyncs.shift();
    if (request === undefined)
      this.host.emit({ type: 'ignored', what: 'SYNC', reason: 'no sync is pending' });
    else this.#commit.commit(request);
  }

  /** Learner.revalidate. */
  onRevalidated(id: SessionId, valid: boolean): void {
    const connection = this.#pendingRevalidations.get(id);
    this.#pendingRevalidations.delete(id);
    if (connection !== undefined) this.finishRevalidation(connection, valid);
  }

  /** LearnerZooKeeperServer.getTouchSnapshot: the answer to a PING. */
  touchSnapshot(): readonly TouchedSession[] {
    return this.#sessionTracker.snapshot();
  }

  // ------------------------------------------------------------------------------------- to the leader

  protected override submitRequest(request: Request): void {
    this.#submitted.push(request);
    this.context.stages.wake('LearnerRequestProcessor');
  }

  /** FollowerRequestProcessor.run: first into the own CommitProcessor, so that the commit finds it waiting. */
  #forward(): void {
    for (let request = this.#submitted.shift(); request !== undefined; request = this.#submitted.shift()) {
      this.#commit.processRequest(request);
      if (!needsCommit(request.body)) continue;
      if (request.body.op === 'sync') this.#pendingSyncs.push(request);
      const { sessionId, cxid, body } = request;
      this.#leader.writePacket({ type: 'REQUEST', sessionId, cxid, body });
    }
  }

  // ------------------------------------------------------------------------------------- sessions

  protected override onCriticalError(reason: string): void {
    this.#leader.onCriticalError(reason);
  }

  /** Ownership is checked at the leader. */
  protected override ownerHere(): SessionOwner | undefined {
    return undefined;
  }

  protected override touchSession(id: SessionId, timeOut: number): boolean {
    return this.#sessionTracker.touchSession(id, timeOut);
  }

  protected override onSessionBegun(): void {
    // The leader tracks it once the txn is prepared.
  }

  protected override onSessionCommitted(id: SessionId, timeOut: number): void {
    this.#sessionTracker.touchSession(id, timeOut);
  }

  protected override onSessionClosed(id: SessionId): void {
    this.#sessionTracker.removeSession(id);
  }

  /** Learner.validateSession. */
  protected override revalidateSession(cnxn: ServerCnxn): void {
    this.#pendingRevalidations.set(cnxn.sessionId, cnxn.connection);
    this.#sessionTracker.touchSession(cnxn.sessionId, cnxn.timeOut);
    this.#leader.writePacket({ type: 'REVALIDATE', sessionId: cnxn.sessionId, timeOut: cnxn.timeOut });
  }
}

/** A proposal as a request of nobody here. */
export function requestOf(txn: Txn): Request {
  const { sessionId, cxid } = txn;
  const request = new Request({ sessionId, cxid, body: PROPOSED, connection: undefined, owner: undefined });
  request.txn = txn;
  request.zxid = txn.zxid;
  return request;
}

/** What a request was is known only where the client is; elsewhere the txn says it all. */
const PROPOSED = { op: 'closeSession' } as const;
