import type { SessionId } from '../ids.ts';
import type { Zxid } from '../zxid.ts';

/** A znode's Stat as clients see it (zookeeper.jute, Stat). */
export interface Stat {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly ctime: number;
  readonly mtime: number;
  readonly version: number;
  /** Creates plus deletes of children: 2 · stored − numChildren. */
  readonly cversion: number;
  readonly aversion: number;
  /** `0x0` unless the node is ephemeral. */
  readonly ephemeralOwner: SessionId;
  readonly dataLength: number;
  readonly numChildren: number;
  readonly pzxid: Zxid;
}

/** The part that is kept with the node (StatPersisted). `cversion` here counts only creates. */
export interface StatPersisted {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly ctime: number;
  readonly mtime: number;
  readonly version: number;
  readonly cversion: number;
  readonly aversion: number;
  readonly ephemeralOwner: SessionId;
  readonly pzxid: Zxid;
}
