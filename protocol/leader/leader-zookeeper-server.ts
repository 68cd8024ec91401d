/**
 * quorum/LeaderZooKeeperServer: the leader's request pipeline.
 * Prep → Proposal → { Commit → ToBeApplied → Final; propose to the followers; Sync → the leader's own ACK }.
 */
import type { RequestBody } from '../client-packets.ts';
import { ErrorCode } from '../errors.ts';
import { connectionId, type SessionId } from '../ids.ts';
import { CommitProcessor } from '../processors/commit-processor.ts';
import { needsTxn, PrepRequestProcessor } from '../processors/prep-request-processor.ts';
import { Request, type SessionOwner } from '../processors/request.ts';
import { SyncRequestProcessor } from '../processors/sync-request-processor.ts';
import { Queue } from '../queue.ts';
import type { ServerContext } from '../server-context.ts';
import { LeaderSessionTracker } from '../server/session-tracker.ts';
import type { ServerCnxn } from '../server/server-cnxn-factory.ts';
import { ZooKeeperServer } from '../server/zookeeper-server.ts';
import { counterOf, MAX_COUNTER, nextZxid, type Zxid } from '../zxid.ts';
import type { Proposals } from './proposals.ts';

/** ServerCnxn.me: the owner of sessions whose client is connected to the leader itself. */
const OWNER_LEADER: SessionOwner = connectionId(0);

export interface LeaderServing {
  readonly proposals: Proposals;
  processSync(request: Request): void;
  /** It cannot go on: the counter has run out, so that a new epoch is needed, or a thread of the pipeline died. */
  onCriticalError(reason: string): void;
  /** A thread that it needs has died; the leader's own finds that out by itself. */
  notifyStopping(reason: string): void;
}

export class LeaderZooKeeperServer extends ZooKeeperServer {
  readonly #context: ServerContext;
  readonly #leader: LeaderServing;
  readonly #sessionTracker: LeaderSessionTracker;
  readonly #prep: PrepRequestProcessor;
  readonly #sync: SyncRequestProcessor;
  readonly #commit: CommitProcessor;
  /** PrepRequestProcessor's queue. */
  readonly #submitted = new Queue<Request>();
  /** The last zxid that was given to a request. */
  #hzxid: Zxid;

  constructor(context: ServerContext, leader: LeaderServing, firstZxid: Zxid) {
    super({ ...context, sid: context.self.sid });
    this.#context = context;
    this.#leader = leader;
    this.#hzxid = firstZxid;
    const { host, timers, stages, storage, config, random, database, snapshots } = context;
    this.#sessionTracker = new LeaderSessionTracker({
      host,
      timers,
      tickMs: config.tickTime,
      sessionsWithTimeouts: database.sessionsWithTimeouts,
      onExpired: (id, timeOut) => this.#expire(id, timeOut),
      release: context.release,
    });
    this.#prep = new PrepRequestProcessor({
      database,
      sessions: this.#sessionTracker,
      release: context.release,
    });
    this.#commit = new CommitProcessor({
      stages,
      release: context.release,
      next: (request) => this.#toBeApplied(request),
    });
    this.#sync = new SyncRequestProcessor({
      stages,
      storage,
      config,
      random,
      takeSnapshot: () => snapshots.start(),
      next: (request) => leader.proposals.processAck(context.self.sid, request.zxid),
      notifyStopping: (reason) => leader.notifyStopping(reason),
    });
    stages.register('PrepRequestProcessor', () => this.#prepare());
  }

  /**
   * A learner sent it on; its own checks were done there.
   * Differs (ZABSIM-5): ZooKeeper asks for the session's owner when prep takes the request up. 1. A client's request is stuck behind its server; 2. the
   * client moves to another one, goes on there, and comes back; 3. the stuck request and the REVALIDATE reach the leader together, and
   * the server owns the session again by the time prep looks. The request takes effect, after later ones of the same client.
   */
  submitLearnerRequest(request: Request): void {
    const { release } = this.#context;
    request.hasMoved = !release.ownersAreLookedUpLate && this.#hasMoved(request);
    this.#submitted.push(request);
    this.#context.stages.wake('PrepRequestProcessor');
  }

  /** closeSession may come from anywhere. */
  #hasMoved({ sessionId, owner, body }: Request): boolean {
    if (body.op === 'closeSession') return false;
    return this.#sessionTracker.checkSession(sessionId, owner) === ErrorCode.SESSIONMOVED;
  }

  touch(id: SessionId, timeOut: number): boolean {
    return this.#sessionTracker.touchSession(id, timeOut);
  }

  setOwner(id: SessionId, owner: SessionOwner): void {
    this.#sessionTracker.setOwner(id, owner);
  }

  /** The txn has its quorum, or the sync its proof. */
  commit(request: Request): void {
    this.#commit.commit(request);
  }

  shutdown(): void {
    this.#sessionTracker.stop();
    this.#sync.shutdown();
    for (const stage of ['PrepRequestProcessor', 'CommitProcessor'] as const) {
      this.#context.stages.unregister(stage);
    }
  }

  // ------------------------------------------------------------------------------------- the pipeline

  protected override submitRequest(request: Request): void {
    this.submitLearnerRequest(request);
  }

  /** PrepRequestProcessor.run, then ProposalRequestProcessor. */
  #prepare(): void {
    for (let request = this.#submitted.shift(); request !== undefined; request = this.#submitted.shift()) {
      if (!needsTxn(request.body)) {
        this.#prep.pass(request, this.#hzxid);
      } else if (counterOf(this.#hzxid) === MAX_COUNTER - 1 && !this.#context.release.zxidCounterOverflows) {
        // Or else the next zxids are of an epoch that nobody was elected for (ZOOKEEPER-1277).
        this.#leader.onCriticalError('zxid lower 32 bits have rolled over');
        return;
      } else {
        this.#hzxid = nextZxid(this.#hzxid);
        this.#prep.prepare(request, this.#hzxid, this.host.wallMs);
      }
      this.#propose(request);
    }
  }

  /** ProposalRequestProcessor.processRequest. Requests of other servers' clients wait in their own CommitProcessor. */
  #propose(request: Request): void {
    if (request.connection !== undefined) this.#commit.processRequest(request);
    if (request.body.op === 'sync') this.#leader.processSync(request);
    if (request.txn === undefined) return;
    this.#leader.proposals.propose(request, request.txn);
    this.#sync.processRequest(request);
  }

  /** Leader.ToBeAppliedRequestProcessor, around FinalRequestProcessor. */
  #toBeApplied(request: Request): void {
    this.finalRequest(request);
    if (request.txn === undefined) return;
    this.#prep.onApplied(request.txn.zxid);
    this.#leader.proposals.onApplied(request.txn.zxid);
  }

  // ------------------------------------------------------------------------------------- sessions

  protected override onCriticalError(reason: string): void {
    this.#leader.onCriticalError(reason);
  }

  protected override ownerHere(): SessionOwner {
    return OWNER_LEADER;
  }

  protected override touchSession(id: SessionId, timeOut: number): boolean {
    return this.#sessionTracker.touchSession(id, timeOut);
  }

  protected override onSessionBegun(id: SessionId, timeOut: number): void {
    this.#sessionTracker.trackSession(id, timeOut);
  }

  protected override onSessionCommitted(id: SessionId, timeOut: number): void {
    this.#sessionTracker.trackSession(id, timeOut);
  }

  protected override onSessionClosed(id: SessionId): void {
    this.#sessionTracker.removeSession(id);
  }

  /** LeaderZooKeeperServer.revalidateSession: the leader asks itself. */
  protected override revalidateSession(cnxn: ServerCnxn): void {
    const valid = this.#sessionTracker.touchSession(cnxn.sessionId, cnxn.timeOut);
    if (valid) this.#sessionTracker.setOwner(cnxn.sessionId, OWNER_LEADER);
    this.finishRevalidation(cnxn.connection, valid);
  }

  #expire(sessionId: SessionId, timeOut: number): void {
    this.host.emit({ type: 'sessionExpired', sessionId, timeOut });
    const body: RequestBody = { op: 'closeSession' };
    this.submitRequest(new Request({ sessionId, cxid: 0, body, connection: undefined, owner: undefined }));
  }
}
