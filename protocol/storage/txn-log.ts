/**
 * persistence/FileTxnLog: the records a server has appended, file by file. It is the process's own view of its log (what it would
 * read back through the page cache); the host keeps what of it survives a crash.
 */
import type { Txn } from '../database/txn.ts';
import { NO_TXNS, type Zxid } from '../zxid.ts';
import type { LogFile } from './durable-state.ts';

export class TxnLog {
  #files: Txn[][];
  #startsNewFile = true;

  constructor(files: readonly LogFile[]) {
    this.#files = files.filter((file) => file.records.length > 0).map((file) => [...file.records]);
  }

  get lastZxid(): Zxid {
    return this.#files.at(-1)?.at(-1)?.zxid ?? NO_TXNS;
  }

  has(zxid: Zxid): boolean {
    const file = this.#files.findLast((records) => (records[0]?.zxid ?? NO_TXNS) <= zxid);
    return file?.some((txn) => txn.zxid === zxid) ?? false;
  }

  append(txn: Txn): void {
    if (this.#startsNewFile) this.#files.push([]);
    this.#startsNewFile = false;
    this.#files.at(-1)?.push(txn);
  }

  /** A file is created only by the first append after a roll. */
  roll(): void {
    this.#startsNewFile = true;
  }

  /** Removes every record after `zxid`. The log is opened anew, so the next append begins a new file. */
  truncate(zxid: Zxid): void {
    this.#files = this.#files
      .map((file) => file.filter((txn) => txn.zxid <= zxid))
      .filter((file) => file.length > 0);
    this.#startsNewFile = true;
  }

  clear(): void {
    this.#files = [];
    this.#startsNewFile = true;
  }

  /** FileTxnLog.read: the records from the first one with at least this zxid. */
  *from(zxid: Zxid): Generator<Txn> {
    for (const file of this.#files) {
      const last = file.at(-1);
      if (last === undefined || last.zxid < zxid) continue;
      for (const txn of file) if (txn.zxid >= zxid) yield txn;
    }
  }

  /**
   * FileTxnSnapLog.readTxnLog as log-based sync uses it: the records from the start of the file that may hold `zxid`, or
   * nothing when the log begins after it, or when the files after that one are larger than `sizeLimit` bytes (0: no limit).
   */
  proposalsFrom(zxid: Zxid, sizeLimit: number): readonly Txn[] {
    const index = this.#files.findLastIndex((file) => (file[0]?.zxid ?? NO_TXNS) <= zxid);
    if (index < 0) return [];
    const later = this.#files.slice(index + 1);
    const size = later.reduce(
      (total, file) => total + file.reduce((bytes, txn) => bytes + sizeOfTxn(txn), 0),
      0,
    );
    return sizeLimit > 0 && size > sizeLimit ? [] : this.#files.slice(index).flat();
  }
}

const HEADER_BYTES = 45;

/** Bytes of a record in the log file, roughly: enough to compare a log with a snapshot. */
function sizeOfTxn(txn: Txn): number {
  const { body } = txn;
  switch (body.type) {
    case 'create':
    case 'create2':
      return HEADER_BYTES + body.path.length + (body.data?.length ?? 0) + 36;
    case 'setData':
      return HEADER_BYTES + body.path.length + (body.data?.length ?? 0) + 12;
    case 'delete':
    case 'check':
      return HEADER_BYTES + body.path.length + 8;
    case 'multi':
      return body.txns.reduce((bytes, sub) => bytes + sizeOfTxn({ ...txn, body: sub }), HEADER_BYTES);
    case 'createSession':
    case 'error':
      return HEADER_BYTES + 4;
    case 'closeSession':
      return body.paths.reduce((bytes, path) => bytes + 4 + path.length, HEADER_BYTES);
  }
}
