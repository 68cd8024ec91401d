/**
 * quorum/Leader.lead: discovery, synchronization and broadcast from the leader's side. Its thread waits for the disk and for its
 * followers; each wait is a phase here. Left out: reconfiguration, observer masters.
 */
import { assert } from '../assert.ts';
import { quorumAddress } from '../config.ts';
import type { EpochFile } from '../host.ts';
import type { ConnectionId, SessionId, Sid } from '../ids.ts';
import type { QuorumPacket, ZabState } from '../packets.ts';
import type { Request } from '../processors/request.ts';
import { AckTracker } from '../quorum.ts';
import { initLimitMs, type ServerContext } from '../server-context.ts';
import { epochOf, formatZxid, makeZxid, type Zxid } from '../zxid.ts';
import { Discovery, type StateSummary } from './discovery.ts';
import { LeaderZooKeeperServer } from './leader-zookeeper-server.ts';
import { LeadershipProof } from './leadership-proof.ts';
import { LearnerHandler } from './learner-handler.ts';
import type { LearnerMaster } from './learner-master.ts';
import { Proposals } from './proposals.ts';
import type { LeaderHistory } from './sync-follower.ts';
import { TickLoop } from './tick-loop.ts';

export interface LeaderCallbacks {
  readonly onZabState: (zabState: ZabState) => void;
  /** Established: others may now be told of this leader with its new epoch (updateElectionVote). */
  readonly onEstablished: (epoch: number) => void;
  /** It leads no more. */
  readonly onEnd: (reason: string) => void;
}

const WAIT_TIMER = 'leader/wait';

/** What the leader's own thread waits for. */
type Phase = 'loadData' | 'epoch' | 'epoch acks' | 'currentEpoch' | 'NEWLEADER acks' | 'broadcast' | 'ended';

export class Leader implements LearnerMaster {
  readonly #context: ServerContext;
  readonly #callbacks: LeaderCallbacks;
  readonly #learners = new Set<LearnerHandler>();
  readonly #tickLoop: TickLoop;
  #phase: Phase = 'loadData';
  /** leaderStateSummary: how far this history reached before the new epoch. */
  readonly #summary: StateSummary;
  readonly #discovery: Discovery;
  #isEpochDurable = false;
  #isElectionFinished = false;
  /** waitForNewLeaderAck. */
  readonly #newLeaderAcks: AckTracker;
  #isQuorumFormed = false;

  #zk: LeaderZooKeeperServer | undefined = undefined;
  #proposals: Proposals | undefined = undefined;
  #proof: LeadershipProof | undefined = undefined;

  constructor(context: ServerContext, callbacks: LeaderCallbacks) {
    this.#context = context;
    this.#callbacks = callbacks;
    this.#tickLoop = new TickLoop(context, this.#learners, (reason) => this.shutdown(reason));
    const { database, storage, self, verifier } = context;
    this.#summary = { currentEpoch: storage.currentEpoch ?? 0, zxid: database.lastProcessedZxid };
    this.#discovery = new Discovery({ self: self.sid, verifier, summary: this.#summary });
    this.#newLeaderAcks = new AckTracker(verifier);
  }

  /** The first half of lead(). The quorum port is open before the data are loaded: early followers wait in its backlog. */
  lead(): void {
    this.#callbacks.onZabState('DISCOVERY');
    this.#context.host.listen(quorumAddress(this.#context.self), 'quorum');
    this.#context.database.dropDeadSessions();
    this.#context.snapshots.take({ fsync: false }, () => this.#onDataLoaded());
  }

  onAccept(connection: ConnectionId): void {
    if (this.#phase !== 'ended') this.#learners.add(new LearnerHandler(this.#context, this, connection));
  }

  // ------------------------------------------------------------------------------------- discovery

  #onDataLoaded(): void {
    if (this.#phase !== 'loadData') return;
    const { database, storage, release } = this.#context;
    // ZOOKEEPER-790: and when nobody follows, it goes back into the election with this zxid.
    if (release.leaderRaisesZxidAtOnce)
      database.lastProcessedZxid = makeZxid(epochOf(database.lastProcessedZxid) + 1, 0);
    this.#wait('epoch');
    this.getEpochToPropose(this.#sid, storage.acceptedEpoch ?? 0);
  }

  get proposedEpoch(): number | undefined {
    return this.#isEpochDurable ? this.#epoch : undefined;
  }

  /**
   * Leader.getEpochToPropose.
   * Differs: where acceptedEpoch can't be written while a learner's thread is here, ZooKeeper ends that thread alone, and the leader then goes
   * on with an epoch that it has not accepted; here it gives up, as it does when its own thread is here.
   * Differs: a learner that has accepted a higher epoch, of a leader that was never established, may not follow this one. In ZooKeeper it
   * tries again for ever (ZABSIM-2); here the leader lets the ensemble elect anew: epochs rise until the learner can join.
   */
  getEpochToPropose(sid: Sid, lastAcceptedEpoch: number): void {
    const { host, release } = this.#context;
    if (!release.outrunLeaderStays && this.#discovery.isOutrunBy(lastAcceptedEpoch)) {
      this.shutdown(`learner ${String(sid)} has accepted epoch ${String(lastAcceptedEpoch)}`);
      return;
    }
    if (!this.#discovery.connect(sid, lastAcceptedEpoch)) return;
    this.#endWait();
    host.emit({ type: 'epochFixed', epoch: this.#epoch, connecting: this.#discovery.connecting });
    this.#writeEpoch('acceptedEpoch', () => this.#onAcceptedEpochDurable());
  }

  #onAcceptedEpochDurable(): void {
    if (this.#phase !== 'epoch') return;
    this.#isEpochDurable = true;
    this.#wait('epoch acks');
    this.#discovery.acknowledge(this.#sid, this.#summary);
    this.#checkEpochAcks();
    this.#proceed();
  }

  get isElectionFinished(): boolean {
    return this.#isElectionFinished;
  }

  /** Leader.waitForEpochAck. */
  waitForEpochAck(sid: Sid, ack: QuorumPacket & { readonly type: 'ACKEPOCH' }): string | undefined {
    if (this.#isElectionFinished) return undefined;
    const refusal = this.#discovery.acknowledge(sid, ack);
    this.#checkEpochAcks();
    return refusal;
  }

  #checkEpochAcks(): void {
    if (this.#phase !== 'epoch acks' || !this.#discovery.isEpochAcked) return;
    const { host } = this.#context;
    this.#isElectionFinished = true;
    host.emit({ type: 'epochAcked', epoch: this.#epoch, acks: this.#discovery.epochAcks });
    this.#enter('currentEpoch');
    this.#writeEpoch('currentEpoch', () => this.#onCurrentEpochDurable());
    // Handlers synchronize their learners while the leader's own thread waits for the disk.
    this.#proceed();
  }

  // ------------------------------------------------------------------------------------- synchronization

  #onCurrentEpochDurable(): void {
    if (this.#phase !== 'currentEpoch') return;
    this.#callbacks.onZabState('SYNCHRONIZATION');
    this.#wait('NEWLEADER acks');
    this.waitForNewLeaderAck(this.#sid, this.newLeaderZxid);
  }

  get newLeaderZxid(): Zxid {
    return makeZxid(this.#epoch, 0);
  }

  /**
   * Differs: txns that are committed and not yet applied belong to the history. ZooKeeper looks at what has been applied, and may tell a
   * learner to TRUNC committed txns that the quorum counted on its disk; they come again, but until then too few have them (ZABSIM-1).
   */
  get history(): LeaderHistory {
    const { database, storage, config, release } = this.#context;
    const toBeApplied = release.acksOutliveTheirConnection ? [] : (this.#proposals?.toBeApplied ?? []);
    return {
      lastProcessedZxid: database.lastProcessedZxid,
      lastCommitted: toBeApplied.at(-1)?.zxid ?? database.lastProcessedZxid,
      committedLog: [...database.committedLog.toArray(), ...toBeApplied],
      txnLogFrom: (zxid) => storage.proposalsFrom(zxid, config.snapshotSizeFactor),
    };
  }

  /**
   * A learner that introduces itself again has left its earlier connection, even if nobody has noticed.
   * Differs: in ZooKeeper the earlier handler waits for its socket to fail, and what it has acknowledged stays (ZABSIM-1).
   */
  supersede(handler: LearnerHandler): void {
    if (this.#context.release.acksOutliveTheirConnection) return;
    for (const other of [...this.#learners]) {
      if (other !== handler && other.sid === handler.sid) other.end('it came back on a new connection');
    }
    if (handler.sid !== undefined) this.#proposals?.withdrawAcks(handler.sid);
  }

  startForwarding(handler: LearnerHandler, lastSeen: Zxid): void {
    this.#broadcast.startForwarding(handler, handler.learnerType === 'PARTICIPANT', lastSeen);
  }

  get lastProposed(): Zxid {
    return this.#proposals?.lastProposed ?? this.newLeaderZxid;
  }

  get isQuorumFormed(): boolean {
    return this.#isQuorumFormed;
  }

  /** Leader.waitForNewLeaderAck. An ACK of something else is only noted there, and whoever sent it is never counted. */
  waitForNewLeaderAck(sid: Sid, zxid: Zxid): void {
    if (this.#isQuorumFormed) return;
    if (zxid !== this.newLeaderZxid) {
      const what = `ACK of ${formatZxid(zxid)} from ${String(sid)}, and not of NEWLEADER`;
      this.#context.host.emit({ type: 'protocolError', what });
      return;
    }
    this.#newLeaderAcks.add(sid);
    if (this.#phase !== 'NEWLEADER acks' || !this.#newLeaderAcks.hasQuorum) return;
    this.#isQuorumFormed = true;
    this.#endWait();
    this.#startZkServer();
  }

  /** Leader.startZkServer: everything this leader has is committed now, and it may propose. */
  #startZkServer(): void {
    const { host, database, config, cnxns } = this.#context;
    const acks = [...this.#newLeaderAcks.acks];
    host.emit({
      type: 'established',
      epoch: this.#epoch,
      acks,
      lastZxid: this.#summary.zxid,
      digest: database.tree.digest,
    });
    this.#zk = new LeaderZooKeeperServer(
      this.#context,
      {
        proposals: this.#broadcast,
        processSync: (request) => this.#processSync(request),
        onCriticalError: (reason) => this.shutdown(reason),
        notifyStopping: (reason) => this.#tickLoop.notifyStopping(reason),
      },
      makeZxid(this.#epoch, config.initialCounter),
    );
    database.lastProcessedZxid = this.newLeaderZxid;
    this.#callbacks.onEstablished(this.#epoch);
    this.#enter('broadcast');
    this.#callbacks.onZabState('BROADCAST');
    host.emit({
      type: 'serving',
      epoch: this.#epoch,
      lastZxid: this.newLeaderZxid,
      digest: database.tree.digest,
    });
    cnxns.setZooKeeperServer(this.#zk);
    this.#tickLoop.start();
    this.#proceed();
  }

  // ------------------------------------------------------------------------------------- broadcast

  /** Learners are fed from the moment of their synchronization, before the leader itself serves. */
  get #broadcast(): Proposals {
    this.#proposals ??= new Proposals({
      host: this.#context.host,
      verifier: this.#context.verifier,
      epoch: this.#epoch,
      onCommitted: (request) => {
        this.#zk?.commit(request);
        this.#proveLeadership();
      },
    });
    return this.#proposals;
  }

  get tick(): number {
    return this.#tickLoop.tick;
  }

  get isServing(): boolean {
    return this.#phase === 'broadcast';
  }

  processAck(sid: Sid, zxid: Zxid): void {
    this.#proposals?.processAck(sid, zxid);
  }

  touch(sessionId: SessionId, timeOut: number): void {
    this.#zk?.touch(sessionId, timeOut);
  }

  submitLearnerRequest(request: Request): void {
    this.#zk?.submitLearnerRequest(request);
  }

  /** Leader.revalidateSession: from now on the session belongs to the server that asks. */
  revalidateSession(handler: LearnerHandler, sessionId: SessionId, timeOut: number): void {
    const valid = this.#zk?.touch(sessionId, timeOut) ?? false;
    if (valid && handler.sid !== undefined) {
      this.#zk?.setOwner(sessionId, handler.connection);
      this.#context.host.emit({ type: 'sessionMoved', sessionId, to: handler.sid });
    }
    handler.queuePacket({ type: 'REVALIDATE', sessionId, timeOut, valid });
  }

  /** Leader.processSync. */
  #processSync(request: Request): void {
    this.#leadershipProof.add(request, this.#broadcast.lastProposed, this.#followers());
    this.#proveLeadership();
  }

  get #leadershipProof(): LeadershipProof {
    this.#proof ??= new LeadershipProof({
      self: this.#sid,
      verifier: this.#context.verifier,
      release: this.#context.release,
      onProven: (request) => this.#answerSync(request),
    });
    return this.#proof;
  }

  /** Through the same queue as the COMMITs, hence behind all that the learner must have applied. */
  #answerSync(request: Request): void {
    if (request.connection !== undefined) {
      this.#zk?.commit(request);
      return;
    }
    const handler = [...this.#learners].find((learner) => learner.connection === request.owner);
    handler?.queuePacket({ type: 'SYNC' });
  }

  onBroadcasting(handler: LearnerHandler): void {
    if (handler.learnerType === 'PARTICIPANT') this.#proof?.join(handler);
  }

  onPingAnswered(): void {
    this.#proveLeadership();
  }

  #proveLeadership(): void {
    // NEWLEADER itself counts as committed: with nothing proposed in this epoch yet, both are (epoch, 0).
    this.#proof?.proceed(this.#broadcast.lastCommitted, this.#followers());
  }

  *#followers(): Generator<LearnerHandler> {
    for (const learner of this.#learners) if (learner.learnerType === 'PARTICIPANT') yield learner;
  }

  // ------------------------------------------------------------------------------------- waiting and ending

  removeLearnerHandler(handler: LearnerHandler): void {
    this.#learners.delete(handler);
    this.#proposals?.stopForwarding(handler);
  }

  /** Leader.shutdown: acceptor, clients, pipeline, learners. */
  shutdown(reason: string): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#endWait();
    this.#tickLoop.stop();
    this.#context.host.unlisten(quorumAddress(this.#context.self));
    if (this.#zk !== undefined) this.#context.host.emit({ type: 'stoppedServing', reason });
    this.#context.cnxns.closeAll();
    this.#zk?.shutdown();
    for (const learner of this.#learners) learner.shutdown();
    this.#learners.clear();
    this.#callbacks.onEnd(reason);
  }

  #proceed(): void {
    for (const learner of [...this.#learners]) learner.proceed();
  }

  #enter(phase: Phase): void {
    assert(this.#phase !== 'ended', 'a leader that has ended goes on');
    this.#phase = phase;
    this.#endWait();
  }

  #wait(phase: Phase): void {
    this.#enter(phase);
    const timeout = initLimitMs(this.#context.config);
    this.#context.timers.set(WAIT_TIMER, timeout, () => this.shutdown(`timeout while waiting for ${phase}`));
  }

  #endWait(): void {
    this.#context.timers.cancel(WAIT_TIMER);
  }

  #writeEpoch(file: EpochFile, done: () => void): void {
    const { storage } = this.#context;
    storage.writeEpoch(file, this.#epoch, done, () => this.shutdown(`${file} cannot be written`));
  }

  get #epoch(): number {
    return this.#discovery.epoch;
  }

  get #sid(): Sid {
    return this.#context.self.sid;
  }
}
