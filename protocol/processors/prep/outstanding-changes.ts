/**
 * The state that the next request is checked against (ZooKeeperServer.outstandingChanges and outstandingChangesForPath): the committed
 * tree with everything on top that was prepared and not yet applied. Each prepared change leaves a record of what its node will
 * be; the newest record of a path wins over the tree, and records go when their txn is applied.
 */
import { assert } from '../../assert.ts';
import type { DataNode } from '../../database/data-node.ts';
import type { Acl } from '../../database/txn.ts';
import { NO_SESSION, type SessionId } from '../../ids.ts';
import { NO_TXNS, type Zxid } from '../../zxid.ts';

/** What a node will be (ZooKeeperServer.ChangeRecord), as far as later checks ask. */
export interface ChangeRecord {
  readonly zxid: Zxid;
  readonly path: string;
  /** The node will be gone; the rest means nothing then. */
  readonly isDeleted: boolean;
  readonly version: number;
  /** Stored cversion: creates only. */
  readonly cversion: number;
  readonly ephemeralOwner: SessionId;
  readonly childCount: number;
  readonly acl: readonly Acl[];
}

export class OutstandingChanges {
  readonly #committed: (path: string) => DataNode | undefined;
  /** Oldest first. */
  readonly #records = new Set<ChangeRecord>();
  readonly #newest = new Map<string, ChangeRecord>();
  /** While a multi is being prepared: its records, and what its paths had before. */
  #multi: Multi | undefined = undefined;

  constructor(committed: (path: string) => DataNode | undefined) {
    this.#committed = committed;
  }

  get size(): number {
    return this.#records.size;
  }

  /** Oldest first. */
  get records(): Iterable<ChangeRecord> {
    return this.#records;
  }

  /** PrepRequestProcessor.getRecordForPath. Undefined: no such node. */
  recordFor(path: string): ChangeRecord | undefined {
    const outstanding = this.#newest.get(path);
    if (outstanding !== undefined) return outstanding.isDeleted ? undefined : outstanding;
    const node = this.#committed(path);
    return node === undefined ? undefined : committedRecord(path, node);
  }

  add(record: ChangeRecord): void {
    if (this.#multi !== undefined) remember(this.#multi, record, this.#newest.get(record.path));
    this.#records.add(record);
    this.#newest.set(record.path, record);
  }

  /** From here on the changes stay or go together. */
  beginMulti(): void {
    assert(this.#multi === undefined, 'a multi inside a multi');
    this.#multi = { added: [], before: new Map() };
  }

  keepMulti(): void {
    this.#multi = undefined;
  }

  /**
   * PrepRequestProcessor.rollbackPendingChanges. The parents' records are put back too, or else a failed sequential create
   * would use up a number (ZOOKEEPER-1624).
   */
  rollbackMulti(): void {
    const multi = this.#multi;
    assert(multi !== undefined, 'a rollback outside a multi');
    for (const record of multi.added) this.#records.delete(record);
    for (const [path, record] of multi.before) {
      if (record === undefined) this.#newest.delete(path);
      else this.#newest.set(path, record);
    }
    this.#multi = undefined;
  }

  /** The tree now shows everything up to this zxid. */
  discardThrough(zxid: Zxid): void {
    for (const record of this.#records) {
      if (record.zxid > zxid) break;
      this.#records.delete(record);
      if (this.#newest.get(record.path) === record) this.#newest.delete(record.path);
    }
  }
}

interface Multi {
  readonly added: ChangeRecord[];
  readonly before: Map<string, ChangeRecord | undefined>;
}

function remember(multi: Multi, record: ChangeRecord, before: ChangeRecord | undefined): void {
  multi.added.push(record);
  if (!multi.before.has(record.path)) multi.before.set(record.path, before);
}

const committedRecord = (path: string, node: DataNode): ChangeRecord => ({
  zxid: NO_TXNS,
  path,
  isDeleted: false,
  version: node.version,
  cversion: node.cversion,
  ephemeralOwner: node.ephemeralOwner,
  childCount: node.numChildren,
  acl: node.acl,
});

export const createdRecord = (
  zxid: Zxid,
  path: string,
  ephemeralOwner: SessionId,
  acl: readonly Acl[],
): ChangeRecord => ({
  zxid,
  path,
  isDeleted: false,
  version: 0,
  cversion: 0,
  ephemeralOwner,
  childCount: 0,
  acl,
});

export const deletedRecord = (zxid: Zxid, path: string): ChangeRecord => ({
  zxid,
  path,
  isDeleted: true,
  version: 0,
  cversion: 0,
  ephemeralOwner: NO_SESSION,
  childCount: 0,
  acl: [],
});

/** A copy of a node's record with this change on top. */
export const changedRecord = (
  record: ChangeRecord,
  zxid: Zxid,
  change: { version?: number; cversion?: number; childCount?: number },
): ChangeRecord => ({
  zxid,
  path: record.path,
  isDeleted: false,
  version: change.version ?? record.version,
  cversion: change.cversion ?? record.cversion,
  ephemeralOwner: record.ephemeralOwner,
  childCount: change.childCount ?? record.childCount,
  acl: record.acl,
});
