/**
 * A znode (server/DataNode): data, ACL, the persisted part of its Stat and the names of its children. Only the DataTree changes
 * one, and it calls refreshDigest when it has. The node keeps its checksum, so that taking it out of the tree's digest costs
 * nothing, and the checksum's state after path and data, so that a changed Stat costs sixty bytes.
 */
import { NO_SESSION, type SessionId } from '../ids.ts';
import type { Zxid } from '../zxid.ts';
import { contentState, countsInDigest, ownerBits, pathState, statDigest, type OwnerBits } from './digest.ts';
import type { Stat, StatPersisted } from './stat.ts';
import type { Acl, Data } from './txn.ts';

const NO_CHILDREN: ReadonlySet<string> = new Set();

export class DataNode implements StatPersisted {
  acl: readonly Acl[];
  readonly czxid: Zxid;
  mzxid: Zxid;
  readonly ctime: number;
  mtime: number;
  version: number;
  /** How often a child was created here, ever. */
  cversion: number;
  aversion: number;
  readonly ephemeralOwner: SessionId;
  pzxid: Zxid;
  /** What the node adds to the tree's digest, in [0, 2³²). */
  digest = 0;

  #data: Data;
  #children: Set<string> | undefined = undefined;
  readonly #path: number;
  #content: number;
  readonly #owner: OwnerBits;
  readonly #counts: boolean;

  constructor(path: string, data: Data, acl: readonly Acl[], stat: StatPersisted) {
    this.acl = acl;
    this.czxid = stat.czxid;
    this.mzxid = stat.mzxid;
    this.ctime = stat.ctime;
    this.mtime = stat.mtime;
    this.version = stat.version;
    this.cversion = stat.cversion;
    this.aversion = stat.aversion;
    this.ephemeralOwner = stat.ephemeralOwner;
    this.pzxid = stat.pzxid;
    this.#counts = countsInDigest(path);
    this.#owner = ownerBits(stat.ephemeralOwner);
    this.#path = pathState(path);
    this.#data = data;
    this.#content = contentState(this.#path, data);
    this.refreshDigest();
  }

  get data(): Data {
    return this.#data;
  }

  get children(): ReadonlySet<string> {
    return this.#children ?? NO_CHILDREN;
  }

  get numChildren(): number {
    return this.#children === undefined ? 0 : this.#children.size;
  }

  get isEphemeral(): boolean {
    return this.ephemeralOwner !== NO_SESSION;
  }

  setData(data: Data): void {
    this.#data = data;
    this.#content = contentState(this.#path, data);
  }

  addChild(name: string): void {
    this.#children ??= new Set();
    this.#children.add(name);
  }

  removeChild(name: string): void {
    this.#children?.delete(name);
  }

  refreshDigest(): void {
    if (this.#counts) this.digest = statDigest(this.#content, this, this.#owner);
  }

  /** DataNode.copyStat: what a client sees. A delete counts as a change of the children there, so cversion is reckoned. */
  stat(): Stat {
    const numChildren = this.numChildren;
    return {
      czxid: this.czxid,
      mzxid: this.mzxid,
      ctime: this.ctime,
      mtime: this.mtime,
      version: this.version,
      cversion: (2 * this.cversion - numChildren) | 0,
      aversion: this.aversion,
      ephemeralOwner: this.ephemeralOwner,
      dataLength: this.#data === null ? 0 : this.#data.length,
      numChildren,
      pzxid: this.pzxid,
    };
  }

  /** What goes to disk. */
  persisted(): StatPersisted {
    return {
      czxid: this.czxid,
      mzxid: this.mzxid,
      ctime: this.ctime,
      mtime: this.mtime,
      version: this.version,
      cversion: this.cversion,
      aversion: this.aversion,
      ephemeralOwner: this.ephemeralOwner,
      pzxid: this.pzxid,
    };
  }
}
