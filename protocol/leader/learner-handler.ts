/**
 * quorum/LearnerHandler: the leader's side of one learner. Its thread reads what the learner sends and, between discovery and
 * UPTODATE, waits several times for the leader; its sender thread drains the learner's queue. Left out: throttling of concurrent syncs,
 * learners older than 3.4.
 */
import { defined } from '../assert.ts';
import type { FuzzySnapshot } from '../database/fuzzy-snapshot.ts';
import type { Stage } from '../host.ts';
import type { ConnectionId, Sid } from '../ids.ts';
import type { LearnerType, Packet, QuorumPacket } from '../packets.ts';
import { Queue } from '../queue.ts';
import { Request } from '../processors/request.ts';
import { initLimitMs, syncLimitMs, type ServerContext } from '../server-context.ts';
import { ReadTimeout } from '../timers.ts';
import { epochOf, makeZxid, type Zxid } from '../zxid.ts';
import type { LearnerMaster } from './learner-master.ts';
import { syncFollower } from './sync-follower.ts';
import { SyncLimitCheck } from './sync-limit-check.ts';

/**
 * Where the handler's thread stands: reading the packet named first, or waiting for the leader to reach what is named
 * after `wait for`.
 */
type Phase =
  | 'read FOLLOWERINFO'
  | 'wait for epoch'
  | 'read ACKEPOCH'
  | 'wait for epoch acks'
  | 'send SNAP'
  | 'read NEWLEADER ack'
  | 'wait for NEWLEADER acks'
  | 'wait for startup'
  | 'broadcast'
  | 'ended';

/** Packets written in one turn of the sender. */
const SENDER_BATCH = 64;
const SNAPSHOT_NODES_PER_STEP = 64;

export class LearnerHandler {
  readonly connection: ConnectionId;
  readonly #context: ServerContext;
  readonly #leader: LearnerMaster;
  readonly #readTimeout: ReadTimeout;
  readonly #syncLimitCheck: SyncLimitCheck;
  readonly #senderStage: Stage;
  readonly #snapshotStage: Stage;
  /** queuedPackets: unbounded, so a slow learner never slows the others. */
  readonly #queue = new Queue<QuorumPacket>();
  /** What arrived while the thread was waiting: it stays in the socket until the thread reads again. */
  readonly #unread: Packet[] = [];
  #phase: Phase = 'read FOLLOWERINFO';
  #sid: Sid | undefined = undefined;
  #learnerType: LearnerType = 'PARTICIPANT';
  #peerLastZxid = makeZxid(0, 0);
  #snapshot: FuzzySnapshot | undefined = undefined;
  #isSenderStarted = false;
  #isWriting = false;
  /** PINGs that the learner will answer, and how many it has. */
  #pingsSent = 0;
  #pingsAnswered = 0;
  /** Leader ticks within which something must be heard. */
  #tickOfNextAckDeadline: number;

  constructor(context: ServerContext, leader: LearnerMaster, connection: ConnectionId) {
    this.#context = context;
    this.#leader = leader;
    this.connection = connection;
    const id = String(connection);
    this.#senderStage = `LearnerSender/${connection}`;
    this.#snapshotStage = `LearnerSnapshot/${connection}`;
    const { host, timers, config } = context;
    this.#readTimeout = new ReadTimeout(host, timers, `learner/${id}/read`, () => this.#onSilence());
    this.#readTimeout.start(initLimitMs(config));
    this.#syncLimitCheck = new SyncLimitCheck(syncLimitMs(config));
    this.#tickOfNextAckDeadline = leader.tick + config.initLimit + config.syncLimit;
    context.stages.register(this.#senderStage, () => this.#sendQueued());
    context.stages.register(this.#snapshotStage, () => this.#serializeSnapshot());
    context.connections.adopt(connection, {
      onPacket: (packet) => this.#onPacket(packet),
      onWritable: () => this.#onWritable(),
      onClosed: () => this.end('connection closed'),
    });
  }

  get sid(): Sid | undefined {
    return this.#sid;
  }

  get learnerType(): LearnerType {
    return this.#learnerType;
  }

  get pingsSent(): number {
    return this.#pingsSent;
  }

  get pingsAnswered(): number {
    return this.#pingsAnswered;
  }

  /** It is past UPTODATE and answers PINGs. */
  get isBroadcasting(): boolean {
    return this.#phase === 'broadcast';
  }

  /** LearnerHandler.synced: alive and heard from. One that is still syncing counts. */
  isSynced(tick: number): boolean {
    return this.#phase !== 'ended' && tick <= this.#tickOfNextAckDeadline;
  }

  queuePacket(packet: QuorumPacket): void {
    this.#queue.push(packet);
    if (this.#isSenderStarted && !this.#isWriting) this.#context.stages.wake(this.#senderStage);
  }

  /** The leader got further: goes on if that is what this handler waited for. */
  proceed(): void {
    switch (this.#phase) {
      case 'wait for epoch':
        if (this.#leader.proposedEpoch !== undefined) this.#sendLeaderInfo(this.#leader.proposedEpoch);
        return;
      case 'wait for epoch acks':
        if (this.#leader.isElectionFinished) this.#syncFollower();
        return;
      case 'wait for NEWLEADER acks':
        if (this.#leader.isQuorumFormed) this.#onQuorumFormed();
        return;
      case 'wait for startup':
        if (this.#leader.isServing) this.#sendUpToDate();
        return;
      case 'read FOLLOWERINFO':
      case 'read ACKEPOCH':
      case 'send SNAP':
      case 'read NEWLEADER ack':
      case 'broadcast':
      case 'ended':
        return;
    }
  }

  /** LearnerHandler.ping: every half tick. Also notices a learner that does not acknowledge. */
  ping(): void {
    if (!this.#isSenderStarted) return;
    if (!this.#syncLimitCheck.isWithinLimit(this.#context.host.elapsedMs)) {
      this.end('transaction timeout');
      return;
    }
    if (this.isBroadcasting) this.#pingsSent++;
    this.queuePacket({ type: 'PING', zxid: this.#leader.lastProposed, touched: [] });
  }

  /** The leader is going down. */
  shutdown(): void {
    this.#close();
  }

  // ------------------------------------------------------------------------------------- reading

  #onPacket(packet: Packet): void {
    this.#readTimeout.heard();
    switch (this.#phase) {
      case 'read FOLLOWERINFO':
        this.#onLearnerInfo(packet);
        return;
      case 'read ACKEPOCH':
        this.#onAckEpoch(packet);
        return;
      case 'read NEWLEADER ack':
        this.#onNewLeaderAck(packet);
        return;
      case 'broadcast':
        this.#onBroadcastPacket(packet);
        return;
      case 'wait for epoch':
      case 'wait for epoch acks':
      case 'send SNAP':
      case 'wait for NEWLEADER acks':
      case 'wait for startup':
        this.#unread.push(packet);
        return;
      case 'ended':
        return;
    }
  }

  #readOn(phase: Phase): void {
    this.#phase = phase;
    for (const packet of this.#unread.splice(0)) this.#onPacket(packet);
  }

  #onLearnerInfo(packet: Packet): void {
    if (packet.type !== 'FOLLOWERINFO' && packet.type !== 'OBSERVERINFO') {
      this.#refuse(`first packet was ${packet.type}`);
      return;
    }
    this.#sid = packet.sid;
    this.#learnerType = packet.type === 'OBSERVERINFO' ? 'OBSERVER' : 'PARTICIPANT';
    this.#wait('wait for epoch');
    this.#leader.getEpochToPropose(packet.sid, epochOf(packet.zxid));
    this.proceed();
  }

  #sendLeaderInfo(epoch: number): void {
    this.#send({ type: 'LEADERINFO', zxid: makeZxid(epoch, 0) });
    this.#endWait();
    this.#readOn('read ACKEPOCH');
  }

  #onAckEpoch(packet: Packet): void {
    if (packet.type !== 'ACKEPOCH') {
      this.#refuse(`${packet.type} is not ACKEPOCH`);
      return;
    }
    this.#peerLastZxid = packet.zxid;
    this.#wait('wait for epoch acks');
    const refusal = this.#leader.waitForEpochAck(this.#knownSid(), packet);
    if (refusal === undefined) this.proceed();
    else this.end(refusal);
  }

  /** Nothing is applied, proposed or committed between the decision and startForwarding: no txn is missed or sent out of order. */
  #syncFollower(): void {
    this.#endWait();
    const { database, host, release } = this.#context;
    this.#leader.supersede(this);
    const plan = syncFollower(this.#peerLastZxid, this.#leader.history, release);
    host.emit({
      type: 'syncDecision',
      learner: this.#knownSid(),
      mode: plan.mode,
      peerLastZxid: this.#peerLastZxid,
      minCommittedLog: plan.minCommittedLog,
      maxCommittedLog: plan.maxCommittedLog,
      lastProcessedZxid: database.lastProcessedZxid,
      queued: plan.packets.filter((packet) => packet.type === 'PROPOSAL').length,
    });
    for (const packet of plan.packets) this.queuePacket(packet);
    this.#leader.startForwarding(this, plan.currentZxid);
    if (plan.mode !== 'SNAP') {
      this.#sendNewLeader();
      return;
    }
    this.#phase = 'send SNAP';
    this.#snapshot = database.startSnapshot();
    this.#context.stages.wake(this.#snapshotStage);
  }

  /** The tree goes out while txns apply; what is proposed meanwhile waits in the queue behind it. */
  #serializeSnapshot(): void {
    const fuzzy = this.#snapshot;
    if (this.#phase !== 'send SNAP' || fuzzy === undefined) return;
    if (!fuzzy.step(SNAPSHOT_NODES_PER_STEP)) {
      this.#context.stages.wake(this.#snapshotStage);
      return;
    }
    this.#snapshot = undefined;
    this.#send({ type: 'SNAP', zxid: fuzzy.zxid, snapshot: fuzzy.snapshot() });
    this.#sendNewLeader();
  }

  /** Behind everything queued so far, and only now does the sender start. */
  #sendNewLeader(): void {
    this.queuePacket({ type: 'NEWLEADER', zxid: this.#leader.newLeaderZxid });
    this.#isSenderStarted = true;
    this.#context.stages.wake(this.#senderStage);
    this.#readOn('read NEWLEADER ack');
  }

  #onNewLeaderAck(packet: Packet): void {
    if (packet.type !== 'ACK') {
      this.#refuse(`${packet.type} instead of the ACK of NEWLEADER`);
      return;
    }
    this.#wait('wait for NEWLEADER acks');
    this.#leader.waitForNewLeaderAck(this.#knownSid(), packet.zxid);
    this.proceed();
  }

  #onQuorumFormed(): void {
    this.#endWait();
    this.#syncLimitCheck.start();
    this.#readTimeout.start(syncLimitMs(this.#context.config));
    this.#phase = 'wait for startup';
    this.proceed();
  }

  #sendUpToDate(): void {
    this.queuePacket({ type: 'UPTODATE' });
    this.#readOn('broadcast');
    this.#leader.onBroadcasting(this);
  }

  #onBroadcastPacket(packet: Packet): void {
    this.#tickOfNextAckDeadline = this.#leader.tick + this.#context.config.syncLimit;
    switch (packet.type) {
      case 'ACK':
        this.#syncLimitCheck.updateAck(packet.zxid);
        this.#leader.processAck(this.#knownSid(), packet.zxid);
        return;
      case 'PING':
        for (const { sessionId, timeOut } of packet.touched) this.#leader.touch(sessionId, timeOut);
        this.#pingsAnswered++;
        this.#leader.onPingAnswered();
        return;
      case 'REVALIDATE':
        this.#leader.revalidateSession(this, packet.sessionId, packet.timeOut);
        return;
      case 'REQUEST':
        this.#onRequest(packet);
        return;
      default:
        this.#context.host.emit({ type: 'ignored', what: packet.type, reason: 'unexpected from a learner' });
    }
  }

  #onRequest({ sessionId, cxid, body }: QuorumPacket & { readonly type: 'REQUEST' }): void {
    const owner = this.connection;
    this.#leader.submitLearnerRequest(new Request({ sessionId, cxid, body, connection: undefined, owner }));
  }

  // ------------------------------------------------------------------------------------- sending

  /** LearnerHandler.sendPackets: its queue drains as fast as the connection takes it. */
  #sendQueued(): void {
    if (this.#isWriting || this.#phase === 'ended') return;
    let written = 0;
    for (; written < SENDER_BATCH; written++) {
      const packet = this.#queue.shift();
      if (packet === undefined) break;
      if (packet.type === 'PROPOSAL')
        this.#syncLimitCheck.updateProposal(packet.txn.zxid, this.#context.host.elapsedMs);
      this.#send(packet);
      if (packet.type === 'NEWLEADER') this.#tellOfNewLeader(packet.zxid);
    }
    if (written === 0) return;
    this.#isWriting = true;
    this.#context.host.flush(this.connection);
  }

  #tellOfNewLeader(zxid: Zxid): void {
    const learner = defined(this.#sid, 'the learner that was told');
    this.#context.host.emit({ type: 'newLeaderSent', learner, epoch: epochOf(zxid) });
  }

  #onWritable(): void {
    this.#isWriting = false;
    if (this.#queue.size > 0) this.#context.stages.wake(this.#senderStage);
  }

  #send(packet: QuorumPacket): void {
    this.#context.host.send(this.connection, packet);
  }

  // ------------------------------------------------------------------------------------- waiting and ending

  /** The leader may take initLimit for each thing that a handler waits for. */
  #wait(phase: Phase): void {
    this.#phase = phase;
    this.#context.timers.set(this.#waitTimer, initLimitMs(this.#context.config), () =>
      this.end(`timeout: ${phase}`),
    );
  }

  #endWait(): void {
    this.#context.timers.cancel(this.#waitTimer);
  }

  get #waitTimer(): string {
    return `learner/${String(this.connection)}/wait`;
  }

  /** A socket read timeout; while the thread waits for the leader it is not reading. */
  #onSilence(): void {
    if (this.#phase.startsWith('wait') || this.#phase === 'send SNAP')
      this.#readTimeout.start(syncLimitMs(this.#context.config));
    else this.end('read timeout');
  }

  /** Its thread has no answer to this packet: the connection ends. */
  #refuse(what: string): void {
    this.#context.host.emit({ type: 'protocolError', what });
    this.end(what);
  }

  end(reason: string): void {
    if (this.#phase === 'ended') return;
    if (this.#sid !== undefined)
      this.#context.host.emit({ type: 'learnerDropped', learner: this.#sid, reason });
    this.#close();
    this.#leader.removeLearnerHandler(this);
  }

  #close(): void {
    this.#phase = 'ended';
    this.#snapshot = undefined;
    this.#readTimeout.stop();
    this.#endWait();
    this.#context.stages.unregister(this.#senderStage);
    this.#context.stages.unregister(this.#snapshotStage);
    this.#context.connections.close(this.connection);
  }

  #knownSid(): Sid {
    return defined(this.#sid, 'the sid of a learner that speaks');
  }
}
