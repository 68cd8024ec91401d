/**
 * A server's disk as its process sees it (FileTxnSnapLog and QuorumPeer's epoch files): what it has read and written so far,
 * and which writes are still on their way. Every change goes to the host; completions come back as calls.
 */
import { assert } from '../assert.ts';
import type { DiskWrite, EpochFile, ServerHost } from '../host.ts';
import type { Txn } from '../database/txn.ts';
import { DEFAULT_RELEASE, type Release } from '../release/release.ts';
import { epochOf, NO_TXNS, type Zxid } from '../zxid.ts';
import type { DurableState } from './durable-state.ts';
import { readHistory, type History, type Refusal } from './history.ts';
import { sizeOfSnapshot } from './sizes.ts';
import type { Snapshot } from './snapshot.ts';
import { TxnLog } from './txn-log.ts';

type Continuation = () => void;

/** A write that a thread waits for: it is done, or throws an IOException. */
interface Write {
  readonly done: Continuation;
  readonly failed: Continuation;
}

export class Storage {
  readonly #host: ServerHost;
  readonly #release: Release;
  readonly log: TxnLog;
  readonly #initialCounter: number;
  #snapshots: Snapshot[];
  #acceptedEpoch: number | undefined;
  #currentEpoch: number | undefined;
  /** What waits for the disk, oldest first: the host completes each kind in order. */
  readonly #flushes: (Write & { readonly upTo: Zxid })[] = [];
  readonly #epochWrites: (Write & { readonly file: EpochFile; readonly epoch: number })[] = [];
  readonly #snapshotWrites: Write[] = [];
  readonly #truncations: Write[] = [];
  #whenIdle: Continuation | undefined;
  /** Up to here the log has been flushed. */
  #flushedZxid: Zxid;
  #hasLostTxns = false;

  /** `initialCounter`: before the first txn of each epoch (config.ts). */
  constructor(
    host: ServerHost,
    durable: DurableState,
    initialCounter = 0,
    release: Release = DEFAULT_RELEASE,
  ) {
    this.#host = host;
    this.#release = release;
    this.#initialCounter = initialCounter;
    this.log = new TxnLog(durable.logs);
    this.#flushedZxid = this.log.lastZxid;
    this.#snapshots = [...durable.snapshots];
    this.#acceptedEpoch = durable.acceptedEpoch;
    this.#currentEpoch = durable.currentEpoch;
  }

  get acceptedEpoch(): number | undefined {
    return this.#epoch('acceptedEpoch');
  }

  get currentEpoch(): number | undefined {
    return this.#epoch('currentEpoch');
  }

  get newestSnapshot(): Snapshot | undefined {
    return this.#snapshots.at(-1);
  }

  /** The newest last. */
  get snapshots(): readonly Snapshot[] {
    return this.#snapshots;
  }

  /** What the tree can be built from. */
  get history(): History | Refusal {
    return readHistory(this.#snapshots, this.log.files, this.#initialCounter, this.#release);
  }

  /**
   * ZKDatabase.getProposalsFromTxnLog: what the log says from `zxid` on, if that is no more than `factor` of a snapshot's size.
   * Differs: never across the zxid of a snapshot that is not in the log. Such a snapshot came from a leader, and the log has
   * a hole before it (ZOOKEEPER-2846).
   */
  proposalsFrom(zxid: Zxid, factor: number): readonly Txn[] {
    if (factor < 0 || zxid < this.#holeBefore()) return [];
    const snapshotBytes = this.newestSnapshot === undefined ? 0 : sizeOfSnapshot(this.newestSnapshot);
    return this.log.proposalsFrom(zxid, snapshotBytes * factor);
  }

  #holeBefore(): Zxid {
    if (this.#release.logSyncCrossesHoles) return NO_TXNS;
    const unlogged = this.#snapshots.filter((snapshot) => !this.log.has(snapshot.zxid));
    return unlogged.at(-1)?.zxid ?? NO_TXNS;
  }

  append(txn: Txn): void {
    this.log.append(txn);
    this.#host.appendTxn(txn);
  }

  roll(): void {
    this.log.roll();
    this.#host.rollLog();
  }

  /** FileTxnLog.commit: `done` runs when everything appended so far is durable. */
  flush(done: Continuation, failed: Continuation): void {
    this.#flushes.push({ upTo: this.log.lastZxid, done, failed });
    this.#host.flushLog();
  }

  /** The file first, memory when it is durable (ZOOKEEPER-2307). */
  writeEpoch(file: EpochFile, epoch: number, done: Continuation, failed: Continuation): void {
    if (this.#release.epochsComeFromTheLog) {
      done();
      return;
    }
    assert(epoch >= (this.#epoch(file) ?? -1), () => `${file} goes back`);
    this.#epochWrites.push({ file, epoch, done, failed });
    this.#host.writeEpoch(file, epoch);
  }

  writeSnapshot(
    snapshot: Snapshot,
    options: { fsync: boolean },
    done: Continuation,
    failed: Continuation,
  ): void {
    this.#snapshots = [...this.#snapshots.filter((other) => other.zxid !== snapshot.zxid), snapshot].sort(
      (a, b) => a.zxid - b.zxid,
    );
    this.#snapshotWrites.push({ done, failed });
    this.#host.writeSnapshot(snapshot, options.fsync);
  }

  /**
   * FileTxnLog.truncate, down to the byte where a record `zxid` ends.
   * Differs: snapshots newer than `zxid` go first, since they would bring the cut txns back (ZOOKEEPER-4837), but for the last one that is
   * left: a log without a snapshot is nothing to start from. And a record after `zxid` never survives, though none with that very zxid
   * exists.
   */
  truncate(zxid: Zxid, done: Continuation, failed: Continuation): void {
    if (!this.#release.truncationKeepsNewerSnapshots) {
      const oldest = this.#snapshots[0]?.zxid ?? NO_TXNS;
      this.deleteSnapshotsAfter(oldest > zxid ? oldest : zxid);
    }
    this.log.truncate(zxid);
    if (this.#flushedZxid > zxid) this.#flushedZxid = zxid;
    this.#truncations.push({ done, failed });
    this.#host.truncateLog(zxid);
  }

  /** Whether there is a tree from which a log that ends in `zxid` can be replayed. */
  hasSnapshotUpTo(zxid: Zxid): boolean {
    return this.#snapshots.some((snapshot) => snapshot.zxid <= zxid);
  }

  deleteSnapshotsAfter(zxid: Zxid): void {
    for (const snapshot of this.#snapshots.filter((s) => s.zxid > zxid).reverse())
      this.#host.deleteSnapshot(snapshot.zxid);
    this.#snapshots = this.#snapshots.filter((snapshot) => snapshot.zxid <= zxid);
  }

  /**
   * After a leader's tree was taken over and made durable, older logs and snapshots say nothing that counts any more.
   * Differs: ZooKeeper keeps the log, which then has a hole that log-based sync can hand on (ZOOKEEPER-2846), and may end in
   * uncommitted txns that a restart replays on top of the leader's tree (ZOOKEEPER-2832).
   */
  forgetBefore(installed: Snapshot): void {
    if (this.#release.snapshotKeepsTheOlderLog) return;
    for (const snapshot of this.#snapshots.filter((s) => s !== installed))
      this.#host.deleteSnapshot(snapshot.zxid);
    this.#snapshots = [installed];
    this.log.clear();
    this.#flushedZxid = NO_TXNS;
    this.#host.deleteLogs();
  }

  /** Runs `then` once no write that a thread waits for is under way: at once, or later. */
  whenIdle(then: Continuation): void {
    this.#whenIdle = then;
    this.#settle();
  }

  // ------------------------------------------------------------------------------------- from the disk

  onLogFlushed(): void {
    const flush = this.#flushes.shift();
    if (flush !== undefined) this.#flushedZxid = flush.upTo;
    this.#proceed(flush?.done);
  }

  onLogTruncated(): void {
    this.#proceed(this.#truncations.shift()?.done);
  }

  onSnapshotWritten(): void {
    this.#proceed(this.#snapshotWrites.shift()?.done);
  }

  onEpochWritten(): void {
    const write = this.#epochWrites.shift();
    if (write?.file === 'acceptedEpoch') this.#acceptedEpoch = write.epoch;
    if (write?.file === 'currentEpoch') this.#currentEpoch = write.epoch;
    this.#proceed(write?.done);
  }

  onWriteFailed(write: DiskWrite): void {
    switch (write) {
      case 'log':
        this.#dropUnflushed();
        this.#proceed(this.#flushes.shift()?.failed);
        return;
      case 'truncation':
        this.#proceed(this.#truncations.shift()?.failed);
        return;
      case 'epoch':
        this.#proceed(this.#epochWrites.shift()?.failed);
        return;
      case 'snapshot':
        this.#proceed(this.#snapshotWrites.shift()?.failed);
    }
  }

  /** Whether txns that were appended are not in the log any more; asked once, as the tree may have them. */
  takeLoss(): boolean {
    const hasLost = this.#hasLostTxns;
    this.#hasLostTxns = false;
    return hasLost;
  }

  /**
   * Differs: ZooKeeper keeps them in a buffer, from which some may still come into the file when there is space again, and others not. Here the
   * log ends in what was flushed, and goes on in a new file.
   */
  #dropUnflushed(): void {
    if (this.log.lastZxid <= this.#flushedZxid) return;
    this.log.truncate(this.#flushedZxid);
    this.#hasLostTxns = true;
  }

  /** ZOOKEEPER-335: without the files, an epoch in which nothing was logged is forgotten and given away again. */
  #epoch(file: EpochFile): number | undefined {
    if (this.#release.epochsComeFromTheLog)
      return epochOf(Math.max(this.log.lastZxid, this.newestSnapshot?.zxid ?? NO_TXNS) as Zxid);
    return file === 'acceptedEpoch' ? this.#acceptedEpoch : this.#currentEpoch;
  }

  #proceed(then: Continuation | undefined): void {
    assert(then !== undefined, 'the disk answered what nobody asked for');
    then();
    this.#settle();
  }

  #settle(): void {
    const waiting =
      this.#flushes.length +
      this.#epochWrites.length +
      this.#snapshotWrites.length +
      this.#truncations.length;
    if (waiting > 0) return;
    const then = this.#whenIdle;
    this.#whenIdle = undefined;
    then?.();
  }
}
