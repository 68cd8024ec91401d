import type { Acl, Data } from '../database/txn.ts';
import type { StatPersisted } from '../database/stat.ts';
import type { SessionId } from '../ids.ts';
import type { Zxid } from '../zxid.ts';

/**
 * A snapshot's content (FileSnap, SerializeUtils.serializeSnapshot). It is fuzzy: `zxid` is lastProcessedZxid when it was begun,
 * and nodes may show the effects of later txns, so whoever loads it replays the log from zxid + 1. Never modified once made.
 */
export interface Snapshot {
  readonly zxid: Zxid;
  readonly sessions: ReadonlyMap<SessionId, number>;
  readonly nodes: readonly SnapshotNode[];
  /** On disk only: its checksum is wrong, which shows when it is read. */
  readonly isDamaged?: boolean;
}

/** Parents come before their children; the root's path is `/`. */
export interface SnapshotNode {
  readonly path: string;
  readonly data: Data;
  readonly acl: readonly Acl[];
  readonly stat: StatPersisted;
}
