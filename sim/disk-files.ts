import type { Txn } from '../protocol/database/txn.ts';
import type { EpochFile } from '../protocol/host.ts';
import type { DurableState } from '../protocol/storage/durable-state.ts';
import type { Snapshot } from '../protocol/storage/snapshot.ts';
import { NO_TXNS, type Zxid } from '../protocol/zxid.ts';
import type { Micros } from './time.ts';

/** A log.<zxid> file: the first `flushed` of its records are durable. */
interface LogOnDisk {
  /** Files count up in the order in which they were begun. */
  readonly index: number;
  records: readonly Txn[];
  flushed: number;
}

interface SnapshotOnDisk {
  readonly snapshot: Snapshot;
  /** From then on no crash takes it away. */
  readonly durableAt: Micros;
}

/** How far the log reached at some moment. */
export interface LogPosition {
  readonly file: number;
  readonly records: number;
}

/** What a crash does to writes that are not durable, as a draw in [0, 1) for each thing that has a fate of its own. */
export type Fate = (thing: number) => number;
const LOG_FATE = 0;
const EPOCH_FATE = 1;
const FIRST_SNAPSHOT_FATE = 2;

/**
 * `<dataDir>/version-2/` of one server (FileTxnLog, FileSnap and the epoch files), without time: what is written, and how much of it
 * would survive a crash (law 4). A snapshot that replaces one of the same name is written beside it, so a crash that takes the
 * new one leaves the old one.
 */
export class DiskFiles {
  readonly #epochs = new Map<EpochFile, number>();
  #logs: LogOnDisk[] = [];
  #snapshots: SnapshotOnDisk[] = [];
  #open: { readonly file: LogOnDisk; readonly records: Txn[] } | undefined = undefined;
  #files = 0;

  // ------------------------------------------------------------------------------------------------ writes

  /** FileTxnLog.append: a file is created by the first append after a roll. */
  append(txn: Txn): void {
    this.#open ??= this.#createLog();
    this.#open.records.push(txn);
  }

  /** FileTxnLog.rollLog. */
  roll(): void {
    this.#open = undefined;
  }

  get end(): LogPosition {
    const last = this.#logs.at(-1);
    return { file: last?.index ?? -1, records: last?.records.length ?? 0 };
  }

  /** Everything up to `position` is durable now, rolled files included: what is flushed is always a prefix of the log. */
  flush(position: LogPosition): void {
    for (let i = this.#logs.length - 1; i >= 0; i--) {
      const log = this.#logs[i];
      if (log === undefined || log.index > position.file) continue;
      const records =
        log.index === position.file ? Math.min(position.records, log.records.length) : log.records.length;
      if (log.flushed >= records) return;
      log.flushed = records;
    }
  }

  /** The log's files, newest first, for `deleteLog` and `cutLog`. */
  logsNewestFirst(): readonly number[] {
    return this.#logs.map((log) => log.index).reverse();
  }

  deleteLog(index: number): void {
    this.#logs = this.#logs.filter((log) => log.index !== index);
  }

  /** Removes what is after `zxid` from this file, and the file itself when that is all of it. */
  cutLog(index: number, zxid: Zxid): void {
    const log = this.#logs.find((file) => file.index === index);
    if (log === undefined) return;
    log.records = log.records.filter((txn) => txn.zxid <= zxid);
    log.flushed = Math.min(log.flushed, log.records.length);
    if (log.records.length === 0) this.deleteLog(index);
  }

  setEpoch(file: EpochFile, epoch: number): void {
    this.#epochs.set(file, epoch);
  }

  addSnapshot(snapshot: Snapshot, now: Micros, durableAt: Micros): void {
    const fallback = this.#snapshots.findLast(
      (old) => old.snapshot.zxid === snapshot.zxid && old.durableAt <= now,
    );
    this.#snapshots = this.#snapshots.filter(
      (old) => old.snapshot.zxid !== snapshot.zxid || old === fallback,
    );
    this.#snapshots.push({ snapshot, durableAt });
  }

  deleteSnapshot(zxid: Zxid): void {
    this.#snapshots = this.#snapshots.filter((old) => old.snapshot.zxid !== zxid);
  }

  // ------------------------------------------------------------------------------------------------ reads

  /** The last durable txn of the log. */
  get lastFlushed(): Zxid {
    const log = this.#logs.findLast((file) => file.flushed > 0);
    return log?.records[log.flushed - 1]?.zxid ?? NO_TXNS;
  }

  /** What is durable at `now`. */
  durableState(now: Micros): DurableState {
    const logs = this.#logs.map((log) => ({ records: log.records.slice(0, log.flushed) }));
    const snapshots = new Map<Zxid, Snapshot>();
    for (const { snapshot, durableAt } of this.#snapshots) {
      if (durableAt <= now) snapshots.set(snapshot.zxid, snapshot);
    }
    return {
      acceptedEpoch: this.#epochs.get('acceptedEpoch'),
      currentEpoch: this.#epochs.get('currentEpoch'),
      logs: logs.filter((log) => log.records.length > 0),
      snapshots: [...snapshots.values()].sort((a, b) => a.zxid - b.zxid),
    };
  }

  // ------------------------------------------------------------------------------------------------ crash

  /**
   * The process dies at `now`. Of the unflushed records a prefix stays: all of them for `none`, none for `all`, a drawn number for
   * `some`; the rest, a torn record included, is gone. So are snapshots not yet durable, each by its own draw for `some`.
   * What is still there afterwards is durable. Answers how many txns are lost.
   */
  crash(now: Micros, lose: 'none' | 'some' | 'all', fate: Fate): number {
    const lost = this.#crashLogs(lose, fate(LOG_FATE));
    this.#snapshots = this.#snapshots
      .filter((old, i) => {
        const isKept = lose === 'none' || (lose === 'some' && fate(FIRST_SNAPSHOT_FATE + i) < 0.5);
        return old.durableAt <= now || isKept;
      })
      .map(({ snapshot }) => ({ snapshot, durableAt: now }));
    this.#open = undefined;
    return lost;
  }

  /** A rename was under way when the process died. */
  crashEpochWrite(file: EpochFile, epoch: number, lose: 'none' | 'some' | 'all', fate: Fate): void {
    if (lose === 'some' && fate(EPOCH_FATE) < 0.5) this.setEpoch(file, epoch);
  }

  #crashLogs(lose: 'none' | 'some' | 'all', draw: number): number {
    const unflushed = this.#logs.reduce((sum, log) => sum + log.records.length - log.flushed, 0);
    const kept = { none: unflushed, some: Math.floor(draw * (unflushed + 1)), all: 0 }[lose];
    let left = kept;
    for (const log of this.#logs) {
      const keeps = Math.min(left, log.records.length - log.flushed);
      left -= keeps;
      log.records = log.records.slice(0, log.flushed + keeps);
      log.flushed = log.records.length;
    }
    this.#logs = this.#logs.filter((log) => log.records.length > 0);
    return unflushed - kept;
  }

  #createLog(): { readonly file: LogOnDisk; readonly records: Txn[] } {
    const records: Txn[] = [];
    const file = { index: this.#files++, records, flushed: 0 };
    this.#logs.push(file);
    return { file, records };
  }
}
