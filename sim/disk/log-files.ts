import type { Txn } from '../../protocol/database/txn.ts';
import type { LogFile } from '../../protocol/storage/durable-state.ts';
import { NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import type { Loss } from '../fault-plan.ts';
import type { Fate } from './crash-fate.ts';

/** A log.<zxid> file: the first `flushed` of its records are durable. */
interface LogOnDisk {
  /** Files count up in the order in which they were begun. */
  readonly index: number;
  records: readonly Txn[];
  flushed: number;
  /** The durable record whose bit was flipped. */
  badRecord: Txn | undefined;
  /** A crash left half of the next record. */
  isTorn: boolean;
}

/** How far the log reached at some moment. */
export interface LogPosition {
  readonly file: number;
  readonly records: number;
}

/** How often a crash that loses some leaves half of the first record that is gone. */
const TORN_SHARE = 0.25;

/** A server's log files (FileTxnLog): what is written, and how much of it a crash would leave. */
export class LogFiles {
  #logs: LogOnDisk[] = [];
  #open: { readonly file: LogOnDisk; readonly records: Txn[] } | undefined = undefined;
  #files = 0;

  // ------------------------------------------------------------------------------------------------ writes

  /** FileTxnLog.append: a file is created by the first append after a roll. */
  append(txn: Txn): void {
    this.#open ??= this.#create();
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

  /** An append or an fsync failed: the log ends in what was flushed. */
  dropUnflushed(): void {
    for (const log of this.#logs) log.records = log.records.slice(0, log.flushed);
    this.#logs = this.#logs.filter((log) => log.records.length > 0);
    this.#open = undefined;
  }

  /** The files, newest first, for `delete` and `cut`. */
  newestFirst(): readonly number[] {
    return this.#logs.map((log) => log.index).reverse();
  }

  delete(index: number): void {
    this.#logs = this.#logs.filter((log) => log.index !== index);
  }

  /** Removes what is after `zxid` from this file, and the file itself when that is all of it. */
  cut(index: number, zxid: Zxid): void {
    const log = this.#logs.find((file) => file.index === index);
    if (log === undefined) return;
    const before = log.records.length;
    log.records = log.records.filter((txn) => txn.zxid <= zxid);
    log.flushed = Math.min(log.flushed, log.records.length);
    if (log.records.length < before) log.isTorn = false;
    if (log.records.length === 0) this.delete(index);
  }

  // ------------------------------------------------------------------------------------------------ reads

  /** The last durable txn. */
  get lastFlushed(): Zxid {
    const log = this.#logs.findLast((file) => file.flushed > 0);
    return log?.records[log.flushed - 1]?.zxid ?? NO_TXNS;
  }

  /** What is durable. */
  durable(): readonly LogFile[] {
    return this.#logs
      .filter((log) => log.flushed > 0 || log.isTorn)
      .map((log) => {
        const records = log.records.slice(0, log.flushed);
        const badRecord = log.badRecord === undefined ? -1 : records.indexOf(log.badRecord);
        return { records, ...(badRecord >= 0 && { badRecord }), ...(log.isTorn && { isTorn: true }) };
      });
  }

  // ------------------------------------------------------------------------------------------------ crash

  /**
   * What no fsync covered is there (`none`) or gone (`all`). `some`: of each file a drawn prefix of it stays, perhaps with half a record behind
   * it, so a rolled file may have lost records whose successors are there. `torn`: a prefix of it all stays, and half a record.
   * What is there afterwards is durable. Answers how many txns are lost.
   */
  crash(lose: Loss, fate: Fate): number {
    const unflushed = this.#logs.filter((log) => log.flushed < log.records.length);
    const written = countUnflushed(unflushed);
    if (lose === 'all') for (const log of unflushed) keep(log, 0);
    if (lose === 'some') for (const [i, log] of unflushed.entries()) keepSome(log, i, fate);
    if (lose === 'torn') keepTorn(unflushed, fate('logPrefix', 0));
    const lost = written - countUnflushed(unflushed);
    for (const log of unflushed) log.flushed = log.records.length;
    this.#logs = this.#logs.filter((log) => log.records.length > 0 || log.isTorn);
    this.#open = undefined;
    return lost;
  }

  // ------------------------------------------------------------------------------------------------ damage

  get durableRecords(): number {
    return this.#logs.reduce((sum, log) => sum + log.flushed, 0);
  }

  /** Of the `nth` durable record, oldest first. */
  flipBit(nth: number): void {
    let left = nth;
    for (const log of this.#logs) {
      if (left < log.flushed) {
        log.badRecord = log.records[left];
        return;
      }
      left -= log.flushed;
    }
  }

  get isEmpty(): boolean {
    return this.#logs.length === 0;
  }

  loseNewest(): void {
    this.#logs = this.#logs.slice(0, -1);
    this.#open = undefined;
  }

  /** These files instead, all of them durable. */
  replace(logs: readonly LogFile[]): void {
    this.#open = undefined;
    this.#logs = logs.map(({ records, badRecord, isTorn }) => ({
      index: this.#files++,
      records,
      flushed: records.length,
      badRecord: badRecord === undefined ? undefined : records[badRecord],
      isTorn: isTorn ?? false,
    }));
  }

  /** FileTxnIterator deletes a last file that is empty; here that happens when the next one is begun. */
  #create(): { readonly file: LogOnDisk; readonly records: Txn[] } {
    const records: Txn[] = [];
    const file = { index: this.#files++, records, flushed: 0, badRecord: undefined, isTorn: false };
    this.#logs = [...this.#logs.filter((log) => log.records.length > 0), file];
    return { file, records };
  }
}

const countUnflushed = (logs: readonly LogOnDisk[]): number =>
  logs.reduce((sum, log) => sum + log.records.length - log.flushed, 0);

/** So many of its unflushed records. */
function keep(log: LogOnDisk, unflushed: number): void {
  log.records = log.records.slice(0, log.flushed + unflushed);
}

function keepSome(log: LogOnDisk, nth: number, fate: Fate): void {
  const unflushed = log.records.length - log.flushed;
  const kept = Math.floor(fate('logPrefix', nth) * (unflushed + 1));
  keep(log, kept);
  log.isTorn = kept < unflushed && fate('logTorn', nth) < TORN_SHARE;
}

function keepTorn(logs: readonly LogOnDisk[], draw: number): void {
  let left = Math.floor(draw * countUnflushed(logs));
  let isPastTear = false;
  for (const log of logs) {
    const unflushed = log.records.length - log.flushed;
    log.isTorn = !isPastTear && left < unflushed;
    keep(log, Math.min(left, unflushed));
    left -= Math.min(left, unflushed);
    isPastTear ||= log.isTorn;
  }
}
