import type { Txn } from '../protocol/database/txn.ts';
import type { EpochFile } from '../protocol/host.ts';
import type { Sid } from '../protocol/ids.ts';
import type { DurableState } from '../protocol/storage/durable-state.ts';
import type { Snapshot } from '../protocol/storage/snapshot.ts';
import type { Zxid } from '../protocol/zxid.ts';
import { DiskFiles } from './disk-files.ts';
import { sample } from './distributions.ts';
import type { EventQueue, Scheduled } from './event-queue.ts';
import { NthAtOnce } from './nth.ts';
import { serverParty } from './party.ts';
import type { DiskPlan, Distribution } from './plan.ts';
import type { KeyedDraws, Random } from './random.ts';
import { type Micros, fromMs } from './time.ts';
import type { Trace } from './trace.ts';
import type { WorldEvent } from './trace-events.ts';

/** Who uses a disk. Called only from the event queue, one call an event. */
export interface DiskClient {
  onLogFlushed(): void;
  onLogTruncated(): void;
  onEpochWritten(file: EpochFile): void;
  onSnapshotWritten(zxid: Zxid): void;
}

/** Part of the key of a disk's draws (law 5). */
const DRAWS = { flush: 0, truncate: 1, deleteLogs: 2, epoch: 3, snapshot: 4, crash: 5 } as const;

/** The operating system writes a file back by itself after this time (vm.dirty_expire_centisecs). */
const WRITE_BACK: Micros = fromMs(30_000);

/**
 * A server's disk (law 4): the operations of `ServerHost`, and the time they take. Whatever ends in an fsync takes a drawn time, and
 * such operations complete in the order in which they were asked for. Written is not flushed: `crash` says what remains.
 */
export class Disk {
  readonly #queue: EventQueue;
  readonly #trace: Trace;
  readonly #draws: KeyedDraws;
  readonly #sid: Sid;
  readonly #plan: DiskPlan;
  readonly #client: DiskClient;
  readonly #nth = new NthAtOnce(Object.keys(DRAWS).length);
  readonly #files = new DiskFiles();

  #slowFsync: Distribution | undefined = undefined;
  /** When the last operation asked for so far is over. */
  #busyUntil: Micros = 0;
  /** What a crash cancels. */
  readonly #underWay = new Set<Scheduled>();
  /** Renames under way, oldest first. */
  readonly #epochWrites: { readonly file: EpochFile; readonly epoch: number }[] = [];

  constructor(init: {
    queue: EventQueue;
    random: Random;
    trace: Trace;
    sid: Sid;
    plan: DiskPlan;
    client: DiskClient;
  }) {
    this.#queue = init.queue;
    this.#trace = init.trace;
    this.#draws = init.random.key('disk');
    this.#sid = init.sid;
    this.#plan = init.plan;
    this.#client = init.client;
  }

  /** What an fsync takes from now on; undefined: as planned. Operations already asked for keep their time. */
  setFsync(fsync: Distribution | undefined): void {
    this.#slowFsync = fsync;
  }

  // -------------------------------------------------------------------------------------------- the log

  appendTxn(txn: Txn): void {
    this.#files.append(txn);
  }

  rollLog(): void {
    this.#files.roll();
  }

  flushLog(): void {
    const { end } = this.#files;
    this.#operate('flush', [() => this.#files.flush(end)], () => {
      this.#record({ type: 'logFlushed', zxid: this.#files.lastFlushed });
      this.#client.onLogFlushed();
    });
  }

  /**
   * Newest file first, so that a crash on the way leaves a log without a hole. Java cuts first and then deletes upwards, which can
   * leave later files behind the cut. What is appended from now on is in a new file and not touched.
   */
  truncateLog(zxid: Zxid): void {
    const { end } = this.#files;
    this.#files.roll();
    const steps = this.#files.logsNewestFirst().map((index) => () => this.#files.cutLog(index, zxid));
    this.#operate('truncate', steps, () => {
      this.#files.flush(end);
      this.#record({ type: 'logTruncated', zxid });
      this.#client.onLogTruncated();
    });
  }

  deleteLogs(): void {
    this.#files.roll();
    const steps = this.#files.logsNewestFirst().map((index) => () => this.#files.deleteLog(index));
    this.#operate('deleteLogs', steps, () => this.#record({ type: 'logsDeleted' }));
  }

  // -------------------------------------------------------------------------------------------- epochs, snapshots

  /** AtomicFileOutputStream: the rename is the last thing it does. */
  writeEpoch(file: EpochFile, epoch: number): void {
    this.#epochWrites.push({ file, epoch });
    this.#operate('epoch', [() => this.#files.setEpoch(file, epoch)], () => {
      this.#epochWrites.shift();
      this.#record({ type: 'epochWritten', file, epoch });
      this.#client.onEpochWritten(file);
    });
  }

  /**
   * With `fsync`, it is there whole and durable when it is done. Without, it waits for no other operation, and becomes durable half a
   * minute later. Until it is done a crash leaves nothing of it, or a torn file, which no restart accepts.
   */
  writeSnapshot(snapshot: Snapshot, fsync: boolean): void {
    const { zxid } = snapshot;
    const done = (): void => {
      const { now } = this.#queue;
      this.#files.addSnapshot(snapshot, now, fsync ? now : now + WRITE_BACK);
      this.#record({ type: 'snapshotWritten', zxid, durable: fsync });
      this.#client.onSnapshotWritten(zxid);
    };
    if (fsync) this.#operate('snapshot', [], done);
    else this.#schedule(this.#queue.now + this.#duration('snapshot'), done);
  }

  deleteSnapshot(zxid: Zxid): void {
    this.#files.deleteSnapshot(zxid);
  }

  // -------------------------------------------------------------------------------------------- crash, restart

  /**
   * The process dies. Callbacks under way are dropped; what no fsync covered is kept, lost or drawn (DiskFiles.crash). A rename
   * under way has happened or not by the draw for `some`, and has not for the others. Of a truncation or deletion the steps
   * already taken remain. `durableZxid`: the last txn in the log that a restart finds.
   */
  crash(lose: 'none' | 'some' | 'all'): { readonly lost: number; readonly durableZxid: Zxid } {
    for (const scheduled of this.#underWay) this.#queue.cancel(scheduled);
    this.#underWay.clear();
    const { now } = this.#queue;
    this.#busyUntil = now;
    const nth = this.#nth.next(DRAWS.crash, now);
    const fate = (thing: number): number => this.#draws.draw(this.#sid, DRAWS.crash, now, nth, thing);
    const lost = this.#files.crash(now, lose, fate);
    const rename = this.#epochWrites[0];
    if (rename !== undefined) this.#files.crashEpochWrite(rename.file, rename.epoch, lose, fate);
    this.#epochWrites.length = 0;
    return { lost, durableZxid: this.#files.lastFlushed };
  }

  /** What a restart finds. Asked of a disk in use, it is what is durable at this moment. */
  durableState(): DurableState {
    return this.#files.durableState(this.#queue.now);
  }

  // -------------------------------------------------------------------------------------------- time

  /** Steps share the operation's time evenly; `done` comes right after the last one. */
  #operate(kind: keyof typeof DRAWS, steps: readonly (() => void)[], done: () => void): void {
    const start = Math.max(this.#queue.now, this.#busyUntil);
    const duration = this.#duration(kind);
    this.#busyUntil = start + duration;
    const last = steps.at(-1);
    steps.slice(0, -1).forEach((step, i) => {
      this.#schedule(start + Math.floor((duration * (i + 1)) / steps.length), step);
    });
    this.#schedule(this.#busyUntil, () => {
      last?.();
      done();
    });
  }

  #schedule(at: Micros, run: () => void): void {
    const scheduled = this.#queue.schedule(at, () => {
      this.#underWay.delete(scheduled);
      run();
    });
    this.#underWay.add(scheduled);
  }

  #duration(kind: keyof typeof DRAWS): Micros {
    const { now } = this.#queue;
    const nth = this.#nth.next(DRAWS[kind], now);
    const u1 = this.#draws.draw(this.#sid, DRAWS[kind], now, nth, 0);
    const u2 = this.#draws.draw(this.#sid, DRAWS[kind], now, nth, 1);
    return sample(this.#slowFsync ?? this.#plan.fsync, u1, u2);
  }

  #record(event: WorldEvent): void {
    this.#trace.record(this.#queue.now, serverParty(this.#sid), event);
  }
}
