import type { CreateTxn, DeleteTxn, SetDataTxn, Txn, TxnBody } from '../../../protocol/database/txn.ts';
import { NO_SESSION, type SessionId } from '../../../protocol/ids.ts';
import { NO_TXNS, type Zxid } from '../../../protocol/zxid.ts';
import { Draft } from './draft.ts';
import { Change, NodeHistory, type NodeState } from './node-history.ts';
import { CONFIG_NODE, parentOf, SYSTEM_PATHS } from './paths.ts';

/**
 * The checkers' own data tree, a sequential and much simpler sibling of DataTree: committed txns applied one after another, every
 * state kept, so that "what did the tree look like at z" can be asked for any z. No ACLs, no quotas, no containers: the
 * simulated clients use none.
 */
export class ReferenceTree {
  readonly #nodes = new Map<string, NodeHistory>();

  constructor() {
    for (const path of SYSTEM_PATHS) {
      const numChildren = SYSTEM_PATHS.filter((other) => other !== '/' && parentOf(other) === path).length;
      // The configuration is no version of anything: the servers set it to −1.
      const version = path === CONFIG_NODE ? -1 : 0;
      this.record(path, NO_TXNS, { ...EMPTY_NODE, version, numChildren }, 0);
    }
  }

  /** After the txn `zxid`; `''` is another name of the root. */
  at(path: string, zxid: Zxid): NodeState | undefined {
    return this.historyOf(path)?.at(zxid);
  }

  /** Just before the txn `zxid`. */
  before(path: string, zxid: Zxid): NodeState | undefined {
    return this.historyOf(path)?.before(zxid);
  }

  historyOf(path: string): NodeHistory | undefined {
    return this.#nodes.get(path === '' ? '/' : path);
  }

  record(path: string, zxid: Zxid, state: NodeState | undefined, changes: number): void {
    let history = this.#nodes.get(path);
    if (history === undefined) {
      history = new NodeHistory();
      this.#nodes.set(path, history);
    }
    history.record(zxid, state, changes);
  }

  /**
   * Applies the next committed txn (DataTree.processTxn). Returns why that makes no sense, or undefined: its leader
   * decided it for exactly this tree, so creating what exists or deleting what doesn't shows that it had another.
   */
  apply(txn: Txn): string | undefined {
    if (txn.body.type === 'error' || txn.body.type === 'createSession') return undefined;
    const draft = new Draft(this, txn.zxid, txn.time);
    const absurdity = applyBody(draft, txn.body, txn.sessionId);
    draft.commit();
    return absurdity;
  }
}

/** Of the system nodes: their data is empty, not null. */
const EMPTY_NODE: NodeState = {
  data: new Uint8Array(),
  czxid: NO_TXNS,
  ctime: 0,
  mzxid: NO_TXNS,
  mtime: 0,
  version: 0,
  cversion: 0,
  pzxid: NO_TXNS,
  ephemeralOwner: NO_SESSION,
  numChildren: 0,
};

function applyBody(draft: Draft, body: TxnBody, session: SessionId): string | undefined {
  switch (body.type) {
    case 'create':
    case 'create2':
      return applyCreate(draft, body, session);
    case 'delete':
      return applyDelete(draft, body);
    case 'setData':
      return applySetData(draft, body);
    case 'multi':
      return firstOf(body.txns, (sub) => applyBody(draft, sub, session));
    case 'closeSession':
      return firstOf(body.paths, (path) => closeEphemeral(draft, path));
    case 'check':
    case 'error':
    case 'createSession':
      return undefined;
  }
}

function applyCreate(draft: Draft, txn: CreateTxn, session: SessionId): string | undefined {
  if (draft.get(txn.path) !== undefined) return `it creates ${txn.path}, which exists`;
  if (draft.get(parentOf(txn.path)) === undefined) return `it creates ${txn.path} without a parent`;
  draft.create(txn.path, txn.data, txn.ephemeral ? session : NO_SESSION, txn.parentCVersion);
  return undefined;
}

function applyDelete(draft: Draft, txn: DeleteTxn): string | undefined {
  const node = draft.get(txn.path);
  if (node === undefined) return `it deletes ${txn.path}, which does not exist`;
  if (node.numChildren > 0) return `it deletes ${txn.path}, which has children`;
  draft.remove(txn.path, 0);
  return undefined;
}

function applySetData(draft: Draft, txn: SetDataTxn): string | undefined {
  const node = draft.get(txn.path);
  if (node === undefined) return `it sets the data of ${txn.path}, which does not exist`;
  draft.setData(txn.path, node, txn.data, txn.version);
  return undefined;
}

function closeEphemeral(draft: Draft, path: string): string | undefined {
  if (draft.get(path) === undefined) return `it closes a session and deletes ${path}, which does not exist`;
  draft.remove(path, Change.CHILD_CLOSED);
  return undefined;
}

/** Runs all of them, and returns the first reason. */
function firstOf<T>(items: readonly T[], apply: (item: T) => string | undefined): string | undefined {
  let first: string | undefined;
  for (const item of items) {
    const reason = apply(item);
    first ??= reason;
  }
  return first;
}
