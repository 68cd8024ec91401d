/**
 * Learner.syncWithLeader: from the first packet after ACKEPOCH to UPTODATE. As of 3.9.4: at NEWLEADER everything that the leader has
 * marked committed becomes durable, then the epoch, then the ACK goes out; proposals that are not committed stay in memory until after
 * UPTODATE. Its thread waits for the disk several times and reads nothing meanwhile.
 */
import type { Txn } from '../database/txn.ts';
import type { LearnerType, Packet, QuorumPacket } from '../packets.ts';
import { Queue } from '../queue.ts';
import { syncLimitMs, type ServerContext } from '../server-context.ts';
import type { Snapshot } from '../storage/snapshot.ts';
import type { ReadTimeout } from '../timers.ts';
import { epochOf, formatZxid, isEpochStart, makeZxid, nextZxid, NO_TXNS, type Zxid } from '../zxid.ts';

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

/** What came after NEWLEADER: in memory only, to be logged now. */
export interface PendingTxns {
  readonly notLogged: readonly Txn[];
  readonly committed: readonly Zxid[];
}

export class LearnerSync {
  readonly #init: LearnerSyncInit;
  #mode: 'DIFF' | 'TRUNC' | 'SNAP' | undefined = undefined;
  /** DIFF and everything after NEWLEADER: txns are logged. SNAP and TRUNC: they only go into the tree, which is then saved whole. */
  #writeToTxnLog = false;
  #hasAcked = false;
  #installed: Snapshot | undefined = undefined;
  readonly #packetsNotLogged = new Queue<Txn>();
  readonly #packetsCommitted = new Queue<Zxid>();
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
    const { database, host, reloadDatabase } = this.#init.context;
    reloadDatabase();
    host.emit({ type: 'truncated', zxid });
    if (database.lastProcessedZxid === zxid || isEpochStart(zxid)) {
      database.lastProcessedZxid = zxid;
      this.#init.block(false);
    } else {
      this.#init.onFailed(`the log does not reach ${formatZxid(zxid)}`);
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
    this.#init.onFailed(`proposal ${formatZxid(zxid)} after ${formatZxid(last)}`);
    return false;
  }

  #onCommit(zxid: Zxid): void {
    if (this.#writeToTxnLog) {
      this.#packetsCommitted.push(zxid);
      return;
    }
    const head = this.#packetsNotLogged.first;
    if (head?.zxid !== zxid) {
      this.#init.context.host.emit({
        type: 'ignored',
        what: 'COMMIT',
        reason: `${formatZxid(zxid)} is not the next proposal`,
      });
      return;
    }
    this.#packetsNotLogged.shift();
    this.#applied(head);
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
    const { database, host } = this.#init.context;
    database.apply(txn);
    if (database.addCommittedProposal(txn) === 'gap') {
      this.#init.onFailed(`${formatZxid(txn.zxid)} is not the next committed txn`);
      return false;
    }
    host.emit({ type: 'applied', txn, digest: database.tree.digest, cause: 'syncCommit' });
    return true;
  }

  // ------------------------------------------------------------------------------------- NEWLEADER, in the order of its durable steps

  /** 1. A tree that came as SNAP or was cut by TRUNC is saved, durably (ZOOKEEPER-3911 and its kin). */
  #onNewLeader(): void {
    this.#init.block(true);
    if (this.#mode === 'DIFF') {
      this.#logCommitted();
      return;
    }
    this.#init.context.snapshots.take({ fsync: true }, (snapshot) => {
      this.#installed = snapshot;
      this.#logCommitted();
    });
  }

  /** 2. Committed txns are logged, applied and flushed (ZOOKEEPER-4646). An observer's go with the others after UPTODATE. */
  #logCommitted(): void {
    this.#writeToTxnLog = true;
    const { storage } = this.#init.context;
    if (this.#init.learnerType === 'OBSERVER' || this.#packetsCommitted.size === 0) {
      this.#writeCurrentEpoch();
      return;
    }
    for (const zxid of this.#packetsCommitted.drain()) {
      const head = this.#packetsNotLogged.first;
      if (head?.zxid !== zxid) continue;
      this.#packetsNotLogged.shift();
      storage.append(head);
      if (!this.#applied(head)) return;
    }
    storage.flush(
      () => this.#writeCurrentEpoch(),
      () => this.#init.onFailed('the log cannot be written'),
    );
  }

  /** 3. The epoch, only after the history that belongs to it (ZOOKEEPER-4643). */
  #writeCurrentEpoch(): void {
    this.#init.context.storage.writeEpoch(
      'currentEpoch',
      this.#init.epoch,
      () => this.#acknowledge(),
      () => this.#init.onFailed('currentEpoch cannot be written'),
    );
  }

  /** 4. Now this server may be counted. */
  #acknowledge(): void {
    this.#hasAcked = true;
    const { context, epoch, readTimeout, writePacket } = this.#init;
    readTimeout.start(syncLimitMs(context.config));
    context.host.emit({ type: 'newLeaderAcked', epoch });
    writePacket({ type: 'ACK', zxid: makeZxid(epoch, 0) });
    this.#init.block(false);
  }

  #onUpToDate(): void {
    // The leader is established: what its snapshot replaced will never be asked for again.
    if (this.#mode === 'SNAP' && this.#installed !== undefined)
      this.#init.context.storage.forgetBefore(this.#installed);
    this.#init.writePacket({ type: 'ACK', zxid: makeZxid(this.#init.epoch, 0) });
    this.#init.onUpToDate({
      notLogged: this.#packetsNotLogged.drain(),
      committed: this.#packetsCommitted.drain(),
    });
  }
}
