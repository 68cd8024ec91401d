import type { Txn } from '../../protocol/database/txn.ts';
import type { DiskWrite, EpochFile } from '../../protocol/host.ts';
import { NO_SESSION, sid } from '../../protocol/ids.ts';
import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import { Disk, type DiskClient } from '../../sim/disk/disk.ts';
import { EventQueue } from '../../sim/event-queue.ts';
import { Random } from '../../sim/random.ts';
import { fromMs, toMs } from '../../sim/time.ts';
import { Trace, TraceRecorder } from '../../sim/trace.ts';

export const zxid = (n: number): Zxid => n as Zxid;
export const txn = (n: number): Txn => ({
  zxid: zxid(n),
  sessionId: NO_SESSION,
  cxid: 0,
  time: 0,
  body: { type: 'createSession', timeOut: n },
});
export const snapshot = (n: number, timeOut = 0): Snapshot => ({
  zxid: zxid(n),
  sessions: new Map([[NO_SESSION, timeOut]]),
  nodes: [],
});

/** A disk whose fsync takes 10 ms, and what it told its server. */
export class DiskWorld implements DiskClient {
  readonly queue = new EventQueue();
  readonly recorder = new TraceRecorder();
  readonly disk: Disk;
  readonly notes: string[] = [];

  constructor(seed = 'test', plan: { fsyncMs?: number; throughput?: number } = {}) {
    const { queue } = this;
    const trace = new Trace();
    trace.addSink(this.recorder);
    this.disk = new Disk({
      queue,
      random: new Random(seed),
      trace,
      sid: sid(3),
      plan: { fsync: { kind: 'constant', ms: plan.fsyncMs ?? 10 }, throughput: plan.throughput },
      client: this,
    });
  }

  onLogFlushed(): void {
    this.#note('flushed');
  }
  onLogTruncated(): void {
    this.#note('truncated');
  }
  onEpochWritten(file: EpochFile): void {
    this.#note(file);
  }
  onSnapshotWritten(at: Zxid): void {
    this.#note(`snapshot ${at}`);
  }
  onWriteFailed(write: DiskWrite): void {
    this.#note(`no ${write}`);
  }

  append(...counters: number[]): void {
    for (const n of counters) this.disk.appendTxn(txn(n));
  }

  /** One file for each list, all of it flushed. */
  fill(...files: readonly (readonly number[])[]): void {
    for (const file of files) {
      this.disk.rollLog();
      this.append(...file);
    }
    this.disk.flushLog();
    this.runAll();
    this.notes.length = 0;
  }

  /** The log that a restart finds, file by file. */
  get logs(): number[][] {
    return this.disk.durableState().logs.map((log) => log.records.map((record) => record.zxid));
  }

  get snapshots(): number[] {
    return this.disk.durableState().snapshots.map((one) => one.zxid);
  }

  run(untilMs: number): void {
    this.queue.schedule(fromMs(untilMs), () => undefined);
    while (this.queue.nextAt !== undefined && this.queue.nextAt <= fromMs(untilMs)) this.queue.runNext();
  }

  runAll(): void {
    while (this.queue.runNext());
  }

  #note(what: string): void {
    this.notes.push(`${toMs(this.queue.now)} ${what}`);
  }
}
