/**
 * A snapshot in the making (SerializeUtils.serializeSnapshot, DataTree.serializeNode): it walks the tree in pieces while txns go on
 * applying between them. A node and the names of its children are copied at one moment, parents before children; a child that is
 * gone when its turn comes is left out. zxid and sessions are those of the start: whatever came later is replayed from the log.
 */
import { assert } from '../assert.ts';
import type { SessionId } from '../ids.ts';
import type { Snapshot, SnapshotNode } from '../storage/snapshot.ts';
import type { Zxid } from '../zxid.ts';
import type { DataTree } from './data-tree.ts';
import { ROOT } from './path.ts';

export class FuzzySnapshot {
  readonly zxid: Zxid;
  readonly #tree: DataTree;
  readonly #sessions: ReadonlyMap<SessionId, number>;
  readonly #nodes: SnapshotNode[] = [];
  /** Paths still to be read; the last is next. */
  readonly #stack: string[] = [ROOT];

  constructor(tree: DataTree, sessions: ReadonlyMap<SessionId, number>) {
    this.#tree = tree;
    this.zxid = tree.lastProcessedZxid;
    this.#sessions = new Map(sessions);
  }

  get isComplete(): boolean {
    return this.#stack.length === 0;
  }

  /** Reads up to this many nodes more. True: that was all of the tree. */
  step(nodes: number): boolean {
    for (let left = nodes; left > 0; left--) {
      const path = this.#stack.pop();
      if (path === undefined) break;
      this.#read(path);
    }
    return this.isComplete;
  }

  /** The whole of it at once: then it isn't fuzzy at all. */
  finish(): Snapshot {
    this.step(Infinity);
    return this.snapshot();
  }

  /** Once it is complete. */
  snapshot(): Snapshot {
    assert(this.isComplete, 'a snapshot is used before it is complete');
    return { zxid: this.zxid, sessions: this.#sessions, nodes: this.#nodes };
  }

  #read(path: string): void {
    const node = this.#tree.getNode(path);
    if (node === undefined) return;
    this.#nodes.push({ path, data: node.data, acl: node.acl, stat: node.persisted() });
    const prefix = path === ROOT ? ROOT : `${path}/`;
    const names = [...node.children];
    for (const name of names.reverse()) this.#stack.push(prefix + name);
  }
}
