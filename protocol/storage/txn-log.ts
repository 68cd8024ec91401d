/**
 * persistence/FileTxnLog: the records a server has appended, file by file. It is the process's own view of its log (what it would
 * read back through the page cache); the host keeps what of it survives a crash.
 */
import type { Txn } from '../database/txn.ts';
import { NO_TXNS, type Zxid } from '../zxid.ts';
import type { LogFile } from './durable-state.ts';
import { hasBadRecord } from './history.ts';
import { sizeOfTxn } from './sizes.ts';

interface OwnLogFile extends LogFile {
  readonly records: Txn[];
}

export class TxnLog {
  #files: OwnLogFile[];
  #startsNewFile = true;

  constructor(files: readonly LogFile[]) {
    this.#files = files.map((file) => ({ ...file, records: [...file.records] }));
  }

  /** A file without records is one that a power loss left with half a header. */
  get files(): readonly LogFile[] {
    return this.#files;
  }

  get lastZxid(): Zxid {
    return this.#files.findLast(hasRecords)?.records.at(-1)?.zxid ?? NO_TXNS;
  }

  has(zxid: Zxid): boolean {
    const file = this.#files.findLast((one) => firstOf(one) <= zxid);
    return file?.records.some((txn) => txn.zxid === zxid) ?? false;
  }

  append(txn: Txn): void {
    if (this.#startsNewFile) this.#files.push({ records: [] });
    this.#startsNewFile = false;
    this.#files.at(-1)?.records.push(txn);
  }

  /** A file is created only by the first append after a roll. */
  roll(): void {
    this.#startsNewFile = true;
  }

  /** Removes every record after `zxid`. The log is opened anew, so the next append begins a new file. */
  truncate(zxid: Zxid): void {
    this.#files = this.#files.map((file) => cutAfter(file, zxid)).filter(hasRecords);
    this.#startsNewFile = true;
  }

  clear(): void {
    this.#files = [];
    this.#startsNewFile = true;
  }

  /** FileTxnLog.read: the records from the first one with at least this zxid. */
  *from(zxid: Zxid): Generator<Txn> {
    for (const { records } of this.#files) {
      const last = records.at(-1);
      if (last === undefined || last.zxid < zxid) continue;
      for (const txn of records) if (txn.zxid >= zxid) yield txn;
    }
  }

  /**
   * FileTxnSnapLog.readTxnLog as log-based sync uses it: the records from the start of the file that may hold `zxid`, or
   * nothing when the log begins after it, or when the files after that one are larger than `sizeLimit` bytes (0: no limit). A record with a
   * wrong checksum ends it.
   */
  proposalsFrom(zxid: Zxid, sizeLimit: number): readonly Txn[] {
    const index = this.#files.findLastIndex((file) => firstOf(file) <= zxid);
    if (index < 0) return [];
    const later = this.#files.slice(index + 1);
    const size = later.reduce((total, file) => total + sizeOf(file), 0);
    if (sizeLimit > 0 && size > sizeLimit) return [];
    const files = this.#files.slice(index);
    const bad = files.findIndex(hasBadRecord);
    if (bad < 0) return files.flatMap((file) => file.records);
    const readable = files[bad]?.records.slice(0, files[bad].badRecord) ?? [];
    return [...files.slice(0, bad).flatMap((file) => file.records), ...readable];
  }
}

const hasRecords = (file: LogFile): boolean => file.records.length > 0;
/** What the file is named after. */
const firstOf = (file: LogFile): Zxid => file.records[0]?.zxid ?? (Infinity as Zxid);
const sizeOf = (file: LogFile): number => file.records.reduce((bytes, txn) => bytes + sizeOfTxn(txn), 0);

/** The cut takes a torn end with it. */
function cutAfter(file: OwnLogFile, zxid: Zxid): OwnLogFile {
  const records = file.records.filter((txn) => txn.zxid <= zxid);
  return records.length === file.records.length ? file : { ...file, records, isTorn: false };
}
