import { NO_SESSION, type SessionId } from '../../../protocol/ids.ts';
import { NO_TXNS, type Zxid } from '../../../protocol/zxid.ts';
import { isRead } from '../history.ts';
import type { TimedOperation } from './candidates.ts';
import { changesBy, type ZnodeOperation } from './znode-operation.ts';
import { FIRST_ZNODES, type Znode, type ZnodeTree } from './znode-rules.ts';

/**
 * The shortcut. ZooKeeper applies writes in the order of their zxids and its answers carry them, so there is an order to try before any
 * search: answered writes by their zxids, synced reads behind the write whose zxid they carry, writes without an answer where the committed
 * log has them, and not at all if it doesn't. One pass over a plain tree says whether it is an order of the kind that is looked for: every
 * operation between its invocation and its answer, every answer right.
 *
 * If it is, the history is linearizable, whatever zxids and log are worth: the order itself is the proof, and they only helped to guess it.
 * If it isn't, that says nothing yet: the log may lack what took effect, or its txns were guessed to be somebody else's, and the search has to
 * decide.
 */
export interface PlacedOperation extends ZnodeOperation {
  /** Of its answer, or in the log; NO_TXNS where it is in neither. */
  readonly zxid: Zxid;
}

/** The history in the order of its zxids, without what never took effect. */
export function byZxid<Operation extends PlacedOperation>(
  history: readonly Operation[],
): readonly Operation[] {
  const placed = history.filter(({ zxid }) => zxid > NO_TXNS);
  return placed.sort(
    (a, b) =>
      a.zxid - b.zxid ||
      Number(isRead(a.request)) - Number(isRead(b.request)) ||
      a.answered - b.answered ||
      a.invoked - b.invoked,
  );
}

/** `second` comes later in an order than `first`, but had been answered before that was invoked. */
export interface Overtaking<Operation> {
  readonly first: Operation;
  readonly second: Operation;
}

/** Where an order contradicts real time; undefined if nowhere. */
export function overtakingIn<Operation extends TimedOperation>(
  order: readonly Operation[],
): Overtaking<Operation> | undefined {
  let youngest: Operation | undefined;
  for (const operation of order) {
    if (youngest !== undefined && operation.answered < youngest.invoked)
      return { first: youngest, second: operation };
    if (youngest === undefined || operation.invoked > youngest.invoked) youngest = operation;
  }
  return undefined;
}

/** Whether all their answers are right, one after the other. */
export function isRightInOrder(order: readonly ZnodeOperation[]): boolean {
  const tree = new PlainTree();
  return order.every((operation) => tree.take(operation));
}

/** The tree as it is, and none of those it was. */
export class PlainTree implements ZnodeTree {
  readonly #znodes = new Map<string, Znode>(FIRST_ZNODES);
  readonly #owned = new Map<SessionId, Set<string>>();

  get(path: string): Znode | undefined {
    return this.#znodes.get(path);
  }

  ownedBy(session: SessionId): Iterable<string> {
    return this.#owned.get(session) ?? [];
  }

  /** False if its answer cannot be had here; nothing changes then. */
  take(operation: ZnodeOperation): boolean {
    const changes = changesBy(this, operation);
    if (changes === undefined) return false;
    for (const [path, znode] of changes) {
      if (znode === undefined) this.#remove(path);
      else this.#put(path, znode);
    }
    return true;
  }

  #put(path: string, znode: Znode): void {
    this.#znodes.set(path, znode);
    if (znode.owner === NO_SESSION) return;
    const owned = this.#owned.get(znode.owner);
    if (owned === undefined) this.#owned.set(znode.owner, new Set([path]));
    else owned.add(path);
  }

  #remove(path: string): void {
    const owner = this.#znodes.get(path)?.owner ?? NO_SESSION;
    this.#owned.get(owner)?.delete(path);
    this.#znodes.delete(path);
  }
}
