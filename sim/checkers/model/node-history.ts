import type { Data } from '../../../protocol/database/txn.ts';
import type { SessionId } from '../../../protocol/ids.ts';
import { NO_TXNS, type Zxid } from '../../../protocol/zxid.ts';

/** A node at one moment. `cversion` counts the creates of children, as ZooKeeper stores it. */
export interface NodeState {
  readonly data: Data;
  readonly czxid: Zxid;
  readonly ctime: number;
  readonly mzxid: Zxid;
  readonly mtime: number;
  readonly version: number;
  readonly cversion: number;
  readonly pzxid: Zxid;
  readonly ephemeralOwner: SessionId;
  readonly numChildren: number;
}

/** What a txn did to a node, as bits: a txn may do several of them (multi), even undo one with another. */
export const Change = {
  CREATED: 1,
  DELETED: 2,
  DATA: 4,
  CHILDREN: 8,
  /** A child went with its session: see `mayLookFull` in expected-outcome.ts. */
  CHILD_CLOSED: 16,
} as const;

/** What fires a data watch, and what fires a child watch (DataTree). */
export const DATA_WATCH_CHANGES = Change.CREATED | Change.DELETED | Change.DATA;
export const CHILD_WATCH_CHANGES = Change.DELETED | Change.CHILDREN;

/** Every state that a path has had, by the zxid that brought it about: the question "what was there at z" is a binary search. */
export class NodeHistory {
  readonly #zxids: Zxid[] = [];
  readonly #states: (NodeState | undefined)[] = [];
  readonly #changes: number[] = [];

  /** A txn changes a node once: a second record with its zxid replaces the first. */
  record(zxid: Zxid, state: NodeState | undefined, changes: number): void {
    const last = this.#zxids.length - 1;
    if (last >= 0 && this.#zxids[last] === zxid) {
      this.#states[last] = state;
      this.#changes[last] = (this.#changes[last] ?? 0) | changes;
      return;
    }
    this.#zxids.push(zxid);
    this.#states.push(state);
    this.#changes.push(changes);
  }

  /** After the txn `zxid`. */
  at(zxid: Zxid): NodeState | undefined {
    return this.#states[this.#indexAfter(zxid) - 1];
  }

  /** Just before the txn `zxid`. */
  before(zxid: Zxid): NodeState | undefined {
    const index = this.#indexAfter(zxid) - 1;
    return this.#states[this.#zxids[index] === zxid ? index - 1 : index];
  }

  /** What the txn `zxid` did here, as bits of Change. */
  changesBy(zxid: Zxid): number {
    const index = this.#indexAfter(zxid) - 1;
    return this.#zxids[index] === zxid ? (this.#changes[index] ?? 0) : 0;
  }

  /** The first txn in (after, until] that made one of these changes; NO_TXNS if there is none. */
  firstChange(changes: number, after: Zxid, until: Zxid): Zxid {
    for (let index = this.#indexAfter(after); index < this.#zxids.length; index++) {
      const zxid = this.#zxids[index] ?? NO_TXNS;
      if (zxid > until) return NO_TXNS;
      if (((this.#changes[index] ?? 0) & changes) !== 0) return zxid;
    }
    return NO_TXNS;
  }

  /** Index of the first record later than `zxid`. Most questions are about the newest states, so the last record is tried first. */
  #indexAfter(zxid: Zxid): number {
    let low = 0;
    let high = this.#zxids.length;
    if (high > 0 && (this.#zxids[high - 1] ?? NO_TXNS) <= zxid) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#zxids[middle] ?? NO_TXNS) <= zxid) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
