import type { Data } from '../../../protocol/database/txn.ts';
import type { SessionId } from '../../../protocol/ids.ts';
import type { Zxid } from '../../../protocol/zxid.ts';
import { Change, type NodeState } from './node-history.ts';
import { parentOf } from './paths.ts';
import type { ReferenceTree } from './reference-tree.ts';

/**
 * The tree as one txn finds it, with that txn's own changes on top: a multi's later operations see its earlier ones. The model
 * uses it twice: to apply a committed txn, and, later, to ask what a client's request should have come to at that place.
 */
export class Draft {
  readonly zxid: Zxid;
  readonly #time: number;
  readonly #tree: ReferenceTree;
  readonly #states = new Map<string, NodeState | undefined>();
  readonly #changes = new Map<string, number>();

  /** `time`: the txn's wall clock, ms. */
  constructor(tree: ReferenceTree, zxid: Zxid, time: number) {
    this.#tree = tree;
    this.zxid = zxid;
    this.#time = time;
  }

  get(path: string): NodeState | undefined {
    return this.#states.has(path) ? this.#states.get(path) : this.#tree.before(path, this.zxid);
  }

  /** The parent's create counter only rises, and pzxid moves with it (DataTree.createNode). */
  create(path: string, data: Data, owner: SessionId, parentCVersion: number): NodeState {
    const { zxid } = this;
    const time = this.#time;
    const node: NodeState = {
      data,
      czxid: zxid,
      ctime: time,
      mzxid: zxid,
      mtime: time,
      version: 0,
      cversion: 0,
      pzxid: zxid,
      ephemeralOwner: owner,
      numChildren: 0,
    };
    this.#put(path, node, Change.CREATED);
    const parent = this.get(parentOf(path));
    if (parent !== undefined) {
      const numChildren = parent.numChildren + 1;
      const rises = parentCVersion > parent.cversion;
      const counted = rises ? { cversion: parentCVersion, pzxid: zxid } : {};
      this.#put(parentOf(path), { ...parent, numChildren, ...counted }, Change.CHILDREN);
    }
    return node;
  }

  /** `changes`: what else this is to the parent, besides losing a child. */
  remove(path: string, changes: number): void {
    this.#put(path, undefined, Change.DELETED);
    const parent = this.get(parentOf(path));
    if (parent === undefined) return;
    const state = { ...parent, numChildren: parent.numChildren - 1, pzxid: this.zxid };
    this.#put(parentOf(path), state, Change.CHILDREN | changes);
  }

  setData(path: string, node: NodeState, data: Data, version: number): NodeState {
    const state = { ...node, data, version, mzxid: this.zxid, mtime: this.#time };
    this.#put(path, state, Change.DATA);
    return state;
  }

  /** Makes the changes part of the tree's history. */
  commit(): void {
    for (const [path, state] of this.#states) {
      this.#tree.record(path, this.zxid, state, this.#changes.get(path) ?? 0);
    }
  }

  #put(path: string, state: NodeState | undefined, changes: number): void {
    this.#states.set(path, state);
    this.#changes.set(path, (this.#changes.get(path) ?? 0) | changes);
  }
}
