import type { Txn } from '../../protocol/database/txn.ts';
import type { DiskWrite, EpochFile } from '../../protocol/host.ts';
import type { Sid } from '../../protocol/ids.ts';
import type { Release } from '../../protocol/release/release.ts';
import type { DurableState } from '../../protocol/storage/durable-state.ts';
import { sizeOfSnapshot, sizeOfTxn } from '../../protocol/storage/sizes.ts';
import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import { sample } from '../distributions.ts';
import type { EventQueue, Scheduled } from '../event-queue.ts';
import { NthAtOnce } from '../nth.ts';
import { serverParty } from '../party.ts';
import type { Loss } from '../fault-plan.ts';
import type { DiskPlan, Distribution } from '../world-plan.ts';
import type { KeyedDraws, Random } from '../random.ts';
import { type Micros, fromMs } from '../time.ts';
import type { Trace } from '../trace.ts';
import type { WorldEvent } from '../trace-events.ts';
import { FATE_KINDS, FATES, type Fate } from './crash-fate.ts';
import { DataDirectory } from './data-directory.ts';

/** Who uses a disk. Called only from the event queue, one call an event. */
export interface DiskClient {
  onLogFlushed(): void;
  onLogTruncated(): void;
  onEpochWritten(file: EpochFile): void;
  onSnapshotWritten(zxid: Zxid): void;
  /** Instead of one of the others. After a failure of the log it calls `reopenLog` when it has seen this. */
  onWriteFailed(write: DiskWrite): void;
}

/** Part of the key of a disk's draws (law 5). */
const DRAWS = { flush: 0, truncate: 1, deleteLogs: 2, epoch: 3, snapshot: 4, crash: 5 } as const;

/** The operating system writes a file back by itself after this time (vm.dirty_expire_centisecs). */
const WRITE_BACK: Micros = fromMs(30_000);

/** What fails takes at least so long: who tries again at once does not do it for ever at one moment. */
const FASTEST_FAILURE: Micros = fromMs(1);

export interface DiskSpeed {
  readonly fsync: Distribution | undefined;
  readonly throughput: number | undefined;
}

type Kind = Exclude<keyof typeof DRAWS, 'crash'>;

/** Something that takes time. */
interface Operation {
  readonly kind: Kind;
  /** Written before the fsync, if the disk's throughput is limited. */
  readonly bytes: number;
  /** They share its time evenly. */
  readonly steps: readonly (() => void)[];
  /** Right after the last step. */
  readonly done: () => void;
  /** Asked when it would be done: whether it has failed. */
  readonly fails: () => boolean;
  readonly failed: () => void;
}

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
  readonly #files: DataDirectory;

  #speed: DiskPlan;
  #isStalled = false;
  #isFull = false;
  #failsWrites = false;
  /** Appended since a flush was asked for; counted only where the throughput is limited. */
  #unflushedBytes = 0;
  /** A flush that was asked for in an earlier era covered records that are gone. */
  #logEra = 0;
  /** A write to the log has failed, and the server has not seen it yet: what it goes on to write is lost too. */
  #isLogBroken = false;
  /** While a truncation is under way that has cut something: where it ends. */
  #cutAfterZxid: Zxid | undefined;

  /** When the last operation asked for so far is over. */
  #busyUntil: Micros = 0;
  /** What a crash cancels. */
  readonly #underWay = new Set<Scheduled>();
  /** What would have come to an end, but for the stall. */
  #held: (() => void)[] = [];
  /** Renames under way, oldest first. */
  readonly #epochWrites: { readonly file: EpochFile; readonly epoch: number }[] = [];

  constructor(init: {
    queue: EventQueue;
    random: Random;
    trace: Trace;
    sid: Sid;
    plan: DiskPlan;
    client: DiskClient;
    /** Before the first txn of each epoch (config.ts). */
    initialCounter?: number;
  }) {
    this.#queue = init.queue;
    this.#trace = init.trace;
    this.#draws = init.random.key('disk');
    this.#sid = init.sid;
    this.#plan = init.plan;
    this.#speed = init.plan;
    this.#client = init.client;
    this.#files = new DataDirectory(init.initialCounter);
  }

  // -------------------------------------------------------------------------------------------- health

  /** From now on; what is undefined is as planned. Operations already asked for keep their time. */
  setSpeed(speed: DiskSpeed): void {
    this.#speed = {
      fsync: speed.fsync ?? this.#plan.fsync,
      throughput: speed.throughput ?? this.#plan.throughput,
    };
  }

  /** Nothing comes to its end any more, until the stall is over; then, in order, all that would have. */
  setStalled(isStalled: boolean): void {
    this.#isStalled = isStalled;
    if (isStalled) return;
    const held = this.#held;
    this.#held = [];
    for (const run of held) this.#schedule(this.#queue.now, run);
  }

  /** What needs space fails. Files can be deleted and cut. */
  setFull(isFull: boolean): void {
    this.#isFull = isFull;
  }

  /** Every write and fsync fails. Files can be deleted. */
  setFailing(failsWrites: boolean): void {
    this.#failsWrites = failsWrites;
  }

  get #refusesData(): boolean {
    return this.#isFull || this.#failsWrites;
  }

  // -------------------------------------------------------------------------------------------- the log

  appendTxn(txn: Txn): void {
    if (this.#isLogBroken) return;
    this.#files.logs.append(txn);
    if (this.#speed.throughput !== undefined) this.#unflushedBytes += sizeOfTxn(txn);
  }

  rollLog(): void {
    this.#files.logs.roll();
  }

  flushLog(): void {
    const { logs } = this.#files;
    const { end } = logs;
    const era = this.#isLogBroken ? LOST : this.#logEra;
    this.#operate({
      kind: 'flush',
      bytes: this.#takeUnflushedBytes(),
      steps: [() => logs.flush(end)],
      done: () => {
        this.#record({ type: 'logFlushed', zxid: logs.lastFlushed });
        this.#client.onLogFlushed();
      },
      fails: () => era !== this.#logEra || this.#refusesData,
      failed: () => {
        if (era === this.#logEra) this.#breakLog();
        this.#fail('log');
      },
    });
  }

  /** The server has seen that a write to the log failed; what it appends from now on counts again. */
  reopenLog(): void {
    this.#isLogBroken = false;
  }

  #breakLog(): void {
    this.#files.logs.dropUnflushed();
    this.#logEra++;
    this.#isLogBroken = true;
  }

  #takeUnflushedBytes(): number {
    const bytes = this.#unflushedBytes;
    this.#unflushedBytes = 0;
    return bytes;
  }

  /**
   * Newest file first, so that a crash on the way leaves a log without a hole. Java cuts first and then deletes upwards, which can
   * leave later files behind the cut. What is appended from now on is in a new file and not touched.
   */
  truncateLog(zxid: Zxid): void {
    const { logs } = this.#files;
    const { end } = logs;
    logs.roll();
    const cut = (index: number) => (): void => {
      if (this.#failsWrites) return;
      logs.cut(index, zxid);
      this.#cutAfterZxid = zxid;
    };
    this.#operate({
      kind: 'truncate',
      bytes: 0,
      steps: logs.newestFirst().map(cut),
      done: () => {
        logs.flush(end);
        this.#cutAfterZxid = undefined;
        this.#record({ type: 'logTruncated', zxid });
        this.#client.onLogTruncated();
      },
      fails: () => this.#failsWrites,
      failed: () => {
        this.#cutAfterZxid = undefined;
        this.#fail('truncation');
      },
    });
  }

  deleteLogs(): void {
    const { logs } = this.#files;
    logs.roll();
    this.#operate({
      kind: 'deleteLogs',
      bytes: 0,
      steps: logs.newestFirst().map((index) => () => logs.delete(index)),
      done: () => this.#record({ type: 'logsDeleted' }),
      fails: () => false,
      failed: () => undefined,
    });
  }

  // -------------------------------------------------------------------------------------------- epochs, snapshots

  /** AtomicFileOutputStream: the rename is the last thing it does. */
  writeEpoch(file: EpochFile, epoch: number): void {
    this.#epochWrites.push({ file, epoch });
    this.#operate({
      kind: 'epoch',
      bytes: 0,
      steps: [() => this.#files.setEpoch(file, epoch)],
      done: () => {
        this.#epochWrites.shift();
        this.#record({ type: 'epochWritten', file, epoch });
        this.#client.onEpochWritten(file);
      },
      fails: () => this.#refusesData,
      failed: () => {
        this.#epochWrites.shift();
        this.#fail('epoch');
      },
    });
  }

  /**
   * With `fsync`, it is there whole and durable when it is done. Without, it waits for no other operation, and becomes durable half a
   * minute later. Until it is done a crash leaves nothing of it, or a torn file, which no restart accepts.
   */
  writeSnapshot(snapshot: Snapshot, fsync: boolean): void {
    const { zxid } = snapshot;
    const operation: Operation = {
      kind: 'snapshot',
      bytes: this.#speed.throughput === undefined ? 0 : sizeOfSnapshot(snapshot),
      steps: [],
      done: () => {
        const { now } = this.#queue;
        this.#files.snapshots.add(snapshot, now, fsync ? now : now + WRITE_BACK);
        this.#record({ type: 'snapshotWritten', zxid, durable: fsync });
        this.#client.onSnapshotWritten(zxid);
      },
      fails: () => this.#refusesData,
      failed: () => this.#fail('snapshot'),
    };
    if (fsync) this.#operate(operation);
    else this.#schedule(this.#queue.now + this.#duration(operation), () => finish(operation));
  }

  deleteSnapshot(zxid: Zxid): void {
    this.#files.snapshots.delete(zxid);
  }

  // -------------------------------------------------------------------------------------------- crash, restart

  /**
   * The process dies. Callbacks under way are dropped; what no fsync covered is kept, lost or drawn (LogFiles, SnapshotFiles). A rename
   * under way has happened or not by the draw for `some` and `torn`, and has not for the others. Of a truncation or deletion the steps
   * already taken remain. `durableZxid`: the last txn that a restart finds.
   */
  crash(lose: Loss): { readonly lost: number; readonly durableZxid: Zxid; readonly cutAfterZxid?: Zxid } {
    for (const scheduled of this.#underWay) this.#queue.cancel(scheduled);
    this.#underWay.clear();
    this.#held = [];
    const { now } = this.#queue;
    this.#busyUntil = now;
    this.#unflushedBytes = 0;
    this.#isLogBroken = false;
    const nth = this.#nth.next(DRAWS.crash, now);
    const fate: Fate = (kind, index) =>
      this.#draws.draw(this.#sid, DRAWS.crash, now, nth, index * FATE_KINDS + FATES[kind]);
    const lost = this.#files.crash(now, lose, fate);
    const rename = this.#epochWrites[0];
    const isDrawn = lose === 'some' || lose === 'torn';
    if (rename !== undefined && isDrawn && fate('rename', 0) < 0.5)
      this.#files.setEpoch(rename.file, rename.epoch);
    this.#epochWrites.length = 0;
    const durableZxid = this.#files.lastZxid(now);
    const cutAfterZxid = this.#cutAfterZxid;
    this.#cutAfterZxid = undefined;
    return { lost, durableZxid, ...(cutAfterZxid !== undefined && { cutAfterZxid }) };
  }

  /** What a restart finds. Asked of a disk in use, it is what is durable at this moment. */
  durableState(): DurableState {
    return this.#files.durableState(this.#queue.now);
  }

  /** How far a restart would get with it, or why a server of this release would not. */
  recoverable(release: Release): ReturnType<DataDirectory['recoverable']> {
    return this.#files.recoverable(this.#queue.now, release);
  }

  /** For faults that change what is on it behind its server's back. */
  get files(): DataDirectory {
    return this.#files;
  }

  // -------------------------------------------------------------------------------------------- time

  #operate(operation: Operation): void {
    const { steps } = operation;
    const start = Math.max(this.#queue.now, this.#busyUntil);
    const duration = this.#duration(operation);
    this.#busyUntil = start + duration;
    for (let i = 0; i < steps.length - 1; i++) {
      const step = steps[i];
      if (step !== undefined) this.#schedule(start + Math.floor((duration * (i + 1)) / steps.length), step);
    }
    this.#schedule(this.#busyUntil, () => finish(operation));
  }

  #schedule(at: Micros, run: () => void): void {
    const scheduled = this.#queue.schedule(at, () => {
      this.#underWay.delete(scheduled);
      if (this.#isStalled) this.#held.push(run);
      else run();
    });
    this.#underWay.add(scheduled);
  }

  #duration({ kind, bytes }: Operation): Micros {
    const { now } = this.#queue;
    const nth = this.#nth.next(DRAWS[kind], now);
    const u1 = this.#draws.draw(this.#sid, DRAWS[kind], now, nth, 0);
    const u2 = this.#draws.draw(this.#sid, DRAWS[kind], now, nth, 1);
    const { fsync, throughput } = this.#speed;
    const transfer = throughput === undefined ? 0 : fromMs((bytes * 1000) / throughput);
    const duration = sample(fsync, u1, u2) + transfer;
    return this.#refusesData ? Math.max(duration, FASTEST_FAILURE) : duration;
  }

  #fail(write: DiskWrite): void {
    this.#record({ type: 'writeFailed', write });
    this.#client.onWriteFailed(write);
  }

  #record(event: WorldEvent): void {
    this.#trace.record(this.#queue.now, serverParty(this.#sid), event);
  }
}

/** The era of what is written to a broken log. */
const LOST = -1;

function finish({ steps, done, fails, failed }: Operation): void {
  if (fails()) {
    failed();
    return;
  }
  steps.at(-1)?.();
  done();
}
