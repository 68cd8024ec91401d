/**
 * Learner.syncWithLeader: from the first packet after ACKEPOCH to UPTODATE. As of 3.9.4: at NEWLEADER everything that the leader has
 * marked committed becomes durable, then the epoch, then the ACK goes out (`newLeaderSteps`); proposals that are not committed stay in
 * memory until after UPTODATE. Its thread waits for the disk several times and reads nothing meanwhile.
 */
import { defined } from '../assert.ts';
import type { Txn } from '../database/txn.ts';
import type { LearnerType, Packet, QuorumPacket } from '../packets.ts';
import { Queue } from '../queue.ts';
import { syncLimitMs, type ServerContext } from '../server-context.ts';
import type { Snapshot } from '../storage/snapshot.ts';
import type { ReadTimeout } from '../timers.ts';
import { epochOf, formatZxid, isEpochStart, makeZxid, nextZxid, NO_TXNS, type Zxid } from '../zxid.ts';
import { newLeaderSteps, type NewLeaderStep } from './new-leader-steps.ts';

export interface LearnerSyncInit {
  readonly context: ServerContext;
  readonly learnerType: LearnerType;
  readonly epoch: number;
  readonly readTimeout: ReadTimeout;
  readonly writePacket: (packet: QuorumPacket) => void;
  /** The thread waits for the disk (true) or reads on (false). */
  readonly block: (isBlocked: boolean) => void;
  readonly onUpToDate: (pending: PendingTxns) => void;
  /** An exception there: the connection is given up. */
  readonly onFailed: (reason: string) => void;
}

/** What UPTODATE finds unfinished. */
export interface PendingTxns {
  /** In the log, waiting for their COMMIT: nothing unless `pendingTxnsForgottenAtNewLeader`. */
  readonly logged: readonly Txn[];
  /** Not committed at NEWLEADER, or proposed after it: in memory only, to be logged now. */
  readonly notLogged: readonly Txn[];
  readonly committed: readonly Zxid[];
}

export class LearnerSync {
  readonly #init: LearnerSyncInit;
  #mode: 'DIFF' | 'TRUNC' | 'SNAP' | undefined = undefined;
  /** DIFF and everything after NEWLEADER: txns are logged. SNAP and TRUNC: they only go into the tree, which is then saved whole. */
  #writeToTxnLog = false;
  #hasAcked = false;
  #hasFailed = false;
  #installed: Snapshot | undefined = undefined;
  readonly #packetsNotLogged = new Queue<Txn>();
  readonly #packetsCommitted = new Queue<Zxid>();
  #logged: readonly Txn[] = [];
  #lastQueued: Zxid = NO_TXNS;

  constructor(init: LearnerSyncInit) {
    this.#init = init;
  }

  /** The tree in memory is neither what is on disk nor what the leader has. */
  get isTreeUnsaved(): boolean {
    return this.#mode !== undefined && this.#mode !== 'DIFF' && !this.#hasAcked;
  }

  onPacket(packet: Packet): void {
    if (this.#mode === undefined) {
      this.#onFirstPacket(packet);
      return;
    }
    switch (packet.type) {
      case 'PROPOSAL':
        this.#onProposal(packet.txn);
        return;
      case 'COMMIT':
        this.#onCommit(packet.zxid);
        return;
      case 'INFORM':
        this.#onInform(packet.txn);
        return;
      case 'NEWLEADER':
        this.#onNewLeader();
        return;
      case 'UPTODATE':
        this.#onUpToDate();
        return;
      default:
        // PINGs too: a learner that syncs does not answer them.
        this.#init.context.host.emit({ type: 'ignored', what: packet.type, reason: 'still synchronizing' });
    }
  }

  #onFirstPacket(packet: Packet): void {
    const { context } = this.#init;
    switch (packet.type) {
      case 'DIFF':
        this.#mode = 'DIFF';
        this.#writeToTxnLog = true;
        return;
      case 'SNAP':
        this.#mode = 'SNAP';
        context.snapshots.abort();
        context.database.load(packet.snapshot);
        context.initConfig();
        context.host.emit({ type: 'snapshotInstalled', zxid: packet.zxid });
        return;
      case 'TRUNC':
        this.#mode = 'TRUNC';
        this.#truncate(packet.zxid);
        return;
      default:
        context.host.exit(13, `unexpected ${packet.type} from the leader`);
    }
  }

  /**
   * ZKDatabase.truncateLog.
   * Differs: where the disk does not reach `zxid` once the newer txns are gone, ZooKeeper exits; here the server says again how far it
   * reaches, and the leader sends what is missing.
   */
  #truncate(zxid: Zxid): void {
    const { storage, snapshots, host } = this.#init.context;
    this.#init.block(true);
    snapshots.abort();
    storage.truncate(
      zxid,
      () => this.#onTruncated(zxid),
      () => host.exit(13, `not able to truncate the log ${formatZxid(zxid)}`),
    );
  }

  #onTruncated(zxid: Zxid): void {
    const { storage, release } = this.#init.context;
    if (release.truncationKeepsNewerSnapshots || storage.hasSnapshotUpTo(zxid)) this.#reload(zxid);
    else this.#startEmpty(zxid);
  }

  /** Older than all that this server has kept: the only snapshot goes once there is an empty one, as a crash between must leave one of them. */
  #startEmpty(zxid: Zxid): void {
    const { database, snapshots, storage } = this.#init.context;
    database.clear();
    snapshots.take({ fsync: true }, () => {
      storage.deleteSnapshotsAfter(NO_TXNS);
      this.#reload(zxid);
    });
  }

  #reload(zxid: Zxid): void {
    const { database, host, reloadDatabase } = this.#init.context;
    reloadDatabase();
    host.emit({ type: 'truncated', zxid });
    // Beyond it is only a tree from a newer snapshot that was left there, and goes by a wrong name now (ZOOKEEPER-4837).
    if (database.lastProcessedZxid >= zxid || isEpochStart(zxid)) {
      database.lastProcessedZxid = zxid;
      this.#init.block(false);
    } else {
      this.#fail(`the log does not reach ${formatZxid(zxid)}`);
    }
  }

  #onProposal(txn: Txn): void {
    if (this.#isContinuous(txn.zxid)) this.#packetsNotLogged.push(txn);
  }

  /** Learner.enforceContinuousProposal: a hole within an epoch would be handed on to others (ZOOKEEPER-4925). */
  #isContinuous(zxid: Zxid): boolean {
    const last = this.#lastQueued;
    this.#lastQueued = zxid;
    if (last === NO_TXNS || zxid === nextZxid(last) || epochOf(zxid) > epochOf(last)) return true;
    if (this.#init.context.release.syncedTxnsSkipTheCommittedLog) return true;
    this.#refuse(`proposal ${formatZxid(zxid)} after ${formatZxid(last)}`);
    return false;
  }

  /** The oldest proposal is looked at whatever comes of it, and must be there. */
  #onCommit(zxid: Zxid): void {
    const head = this.#packetsNotLogged.first;
    if (head === undefined) this.#refuse(`COMMIT of ${formatZxid(zxid)} without a proposal`);
    else if (this.#writeToTxnLog) this.#packetsCommitted.push(zxid);
    else if (head.zxid === zxid) this.#applied(defined(this.#packetsNotLogged.shift(), 'the first'));
    else {
      const reason = `${formatZxid(zxid)} is not the next proposal`;
      this.#init.context.host.emit({ type: 'ignored', what: 'COMMIT', reason });
    }
  }

  #onInform(txn: Txn): void {
    if (!this.#isContinuous(txn.zxid)) return;
    if (!this.#writeToTxnLog) {
      this.#applied(txn);
      return;
    }
    this.#packetsNotLogged.push(txn);
    this.#packetsCommitted.push(txn.zxid);
  }

  /** False: the txn does not follow the one before it, and the connection has been given up. */
  #applied(txn: Txn): boolean {
    const { database, host, release } = this.#init.context;
    database.apply(txn);
    // ZOOKEEPER-4925: without it, whom this server leads one day gets a DIFF with a hole.
    if (!release.syncedTxnsSkipTheCommittedLog && database.addCommittedProposal(txn) === 'gap') {
      this.#refuse(`${formatZxid(txn.zxid)} is not the next committed txn`);
      return false;
    }
    host.emit({ type: 'applied', txn, digest: database.tree.digest, cause: 'syncCommit' });
    return true;
  }

  // ------------------------------------------------------------------------------------- NEWLEADER

  #onNewLeader(): void {
    this.#init.block(true);
    this.#writeToTxnLog = true;
    this.#take(newLeaderSteps(this.#init.context.release));
  }

  #take([step, ...rest]: readonly NewLeaderStep[]): void {
    if (step === undefined || this.#hasFailed) return;
    const next = (): void => this.#take(rest);
    switch (step) {
      case 'snapshot':
        this.#saveTree(next);
        return;
      case 'log':
        this.#logHistory(next);
        return;
      case 'currentEpoch':
        this.#writeCurrentEpoch(next);
        return;
      case 'ack':
        this.#acknowledge();
    }
  }

  /** A tree that came as SNAP or was cut by TRUNC becomes durable. */
  #saveTree(next: () => void): void {
    if (this.#mode === 'DIFF') {
      next();
      return;
    }
    this.#init.context.snapshots.take({ fsync: true }, (snapshot) => {
      this.#installed = snapshot;
      next();
    });
  }

  /** An observer's txns go with the others after UPTODATE. */
  #logHistory(next: () => void): void {
    const { context, learnerType } = this.#init;
    const { storage, release } = context;
    if (learnerType === 'OBSERVER') {
      next();
      return;
    }
    const committed = this.#drainCommitted();
    for (const txn of committed) {
      storage.append(txn);
      if (!this.#applied(txn)) return;
    }
    // ZOOKEEPER-4394: the others stay, for the COMMITs that may come before UPTODATE.
    // Differs: releases that forget them apply the committed ones only after UPTODATE, and are behind until then.
    if (release.pendingTxnsForgottenAtNewLeader) this.#logged = this.#packetsNotLogged.drain();
    for (const txn of this.#logged) storage.append(txn);
    this.#flush([...committed, ...this.#logged], next);
  }

  #drainCommitted(): readonly Txn[] {
    return this.#packetsCommitted.drain().flatMap((zxid) => {
      if (this.#packetsNotLogged.first?.zxid !== zxid) return [];
      return [defined(this.#packetsNotLogged.shift(), 'the first')];
    });
  }

  #flush(txns: readonly Txn[], next: () => void): void {
    if (txns.length === 0) {
      next();
      return;
    }
    const { storage, release } = this.#init.context;
    // ZOOKEEPER-4646: the log has a thread of its own, and nobody waits for it.
    // ZOOKEEPER-4685: that thread acknowledges what it has flushed.
    const waits = !release.newLeaderAckedBeforeFlush;
    storage.flush(
      () => {
        if (release.proposalAckedBeforeNewLeader) this.#acknowledgeTxns(txns);
        if (waits) next();
      },
      () => this.#fail('the log cannot be written'),
    );
    if (!waits) this.#giveWay(next);
  }

  /** Other threads may get their turn before this one goes on. */
  #giveWay(next: () => void): void {
    const { stages } = this.#init.context;
    stages.register('Learner', () => {
      stages.unregister('Learner');
      next();
    });
    stages.wake('Learner');
  }

  #writeCurrentEpoch(next: () => void): void {
    const { context, epoch } = this.#init;
    context.storage.writeEpoch('currentEpoch', epoch, next, () =>
      this.#fail('currentEpoch cannot be written'),
    );
  }

  #acknowledge(): void {
    this.#hasAcked = true;
    const { context, epoch, readTimeout, writePacket } = this.#init;
    readTimeout.start(syncLimitMs(context.config));
    context.host.emit({ type: 'newLeaderAcked', epoch });
    writePacket({ type: 'ACK', zxid: makeZxid(epoch, 0) });
    this.#init.block(false);
  }

  #acknowledgeTxns(txns: readonly Txn[]): void {
    for (const { zxid } of txns) this.#init.writePacket({ type: 'ACK', zxid });
  }

  // ------------------------------------------------------------------------------------- UPTODATE

  #onUpToDate(): void {
    // The leader is established: what its snapshot replaced will never be asked for again.
    if (this.#mode === 'SNAP' && this.#installed !== undefined)
      this.#init.context.storage.forgetBefore(this.#installed);
    this.#init.writePacket({ type: 'ACK', zxid: makeZxid(this.#init.epoch, 0) });
    if (!this.#init.context.release.proposalAckedBeforeNewLeader) this.#acknowledgeTxns(this.#logged);
    this.#init.onUpToDate({
      logged: this.#logged,
      notLogged: this.#packetsNotLogged.drain(),
      committed: this.#packetsCommitted.drain(),
    });
  }

  // ------------------------------------------------------------------------------------- giving up

  /** An exception for want of an answer to what the leader sent. */
  #refuse(what: string): void {
    this.#init.context.host.emit({ type: 'protocolError', what });
    this.#fail(what);
  }

  #fail(reason: string): void {
    this.#hasFailed = true;
    this.#init.onFailed(reason);
  }
}
