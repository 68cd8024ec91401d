import type { CloseSessionTxn, CreateTxn, SubTxn, Txn } from '../../protocol/database/txn.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { formatZxid, type Zxid } from '../../protocol/zxid.ts';
import { parentOf } from './model/paths.ts';

/** A session that is open after the last committed txn. */
export interface OpenSession {
  /** ms. */
  readonly timeOut: number;
  readonly ephemerals: Set<string>;
  /** 0: its client has not asked for anything yet. */
  lastCxid: number;
}

/** xids go from MAX back to 1. */
const HALF_OF_XIDS = 2 ** 30;

/** Names stop being counted here, as Java's int would wrap around. */
const MAX_SEQUENCE = 2 ** 31 - 1;

/** The sessions as the committed log has them, and who owns which ephemeral. Fed with every committed txn, in order. */
export class SessionLedger {
  readonly open = new Map<SessionId, OpenSession>();
  /** Closed sessions, and the txn that closed them. */
  readonly closed = new Map<SessionId, Zxid>();
  readonly #owners = new Map<string, SessionId>();
  /** Creates so far under a node, while the node lives. */
  readonly #sequences = new Map<string, number>();

  /** Returns what contradicts an earlier txn, or undefined. */
  apply(txn: Txn): string | undefined {
    switch (txn.body.type) {
      case 'error':
        return undefined;
      case 'createSession':
        return this.#create(txn.sessionId, txn.body.timeOut);
      case 'closeSession':
        return this.#close(txn, txn.body);
      case 'multi':
        return this.#effects(txn, txn.body.txns);
      default:
        return this.#effects(txn, [txn.body]);
    }
  }

  #create(id: SessionId, timeOut: number): string | undefined {
    if (this.open.has(id) || this.closed.has(id)) return `session ${id} existed already`;
    this.open.set(id, { timeOut, ephemerals: new Set(), lastCxid: 0 });
    return undefined;
  }

  /**
   * ZooKeeper allows a second closeSession without effect. (1) The leader finds the session silent and submits closeSession. (2) The
   * client's own closeSession arrives through a learner; Prep checks neither owner nor liveness for it, as it is the session's last.
   */
  #close(txn: Txn, body: CloseSessionTxn): string | undefined {
    const session = this.open.get(txn.sessionId);
    if (session === undefined) {
      return body.paths.length === 0
        ? undefined
        : `${this.#whyNotOpen(txn.sessionId)}, yet it deletes ${body.paths.join(', ')}`;
    }
    const contradiction = this.#outOfOrder(txn, session) ?? differs(session.ephemerals, body.paths);
    for (const path of session.ephemerals) this.#owners.delete(path);
    this.open.delete(txn.sessionId);
    this.closed.set(txn.sessionId, txn.zxid);
    return contradiction;
  }

  #effects(txn: Txn, subs: readonly SubTxn[]): string | undefined {
    // An empty multi never asks for the session; a failed one has no effect.
    if (subs.length === 0 || subs.some((sub) => sub.type === 'error')) return undefined;
    const session = this.open.get(txn.sessionId);
    if (session === undefined) return this.#whyNotOpen(txn.sessionId);
    let contradiction = this.#outOfOrder(txn, session);
    for (const sub of subs) {
      if (sub.type === 'create' || sub.type === 'create2')
        contradiction ??= this.#onCreate(txn.sessionId, session, sub);
      else if (sub.type === 'delete') this.#onDelete(sub.path);
    }
    return contradiction;
  }

  #onCreate(id: SessionId, session: OpenSession, sub: CreateTxn): string | undefined {
    if (sub.ephemeral) {
      session.ephemerals.add(sub.path);
      this.#owners.set(sub.path, id);
    }
    const parent = parentOf(sub.path);
    const created = this.#sequences.get(parent) ?? 0;
    this.#sequences.set(parent, sub.parentCVersion);
    if (sub.parentCVersion === created + 1 || created === MAX_SEQUENCE) return undefined;
    return `it is create ${String(sub.parentCVersion)} under ${parent}, and the one before was create ${String(created)}, so sequential names would not rise by one`;
  }

  #onDelete(path: string): void {
    this.#sequences.delete(path);
    const owner = this.#owners.get(path);
    if (owner === undefined) return;
    this.#owners.delete(path);
    this.open.get(owner)?.ephemerals.delete(path);
  }

  /**
   * A session's effects come in the order in which its client asked, over all its connections: what the old connection sent is either
   * earlier than everything from the new one, or refused (SESSIONMOVED).
   */
  #outOfOrder(txn: Txn, session: OpenSession): string | undefined {
    const { lastCxid } = session;
    if (txn.cxid === 0) return undefined;
    session.lastCxid = txn.cxid;
    if (lastCxid === 0) return undefined;
    const distance = txn.cxid - lastCxid;
    if (distance > 0 || distance < -HALF_OF_XIDS) return undefined;
    return `it is the session's request ${String(txn.cxid)}, and request ${String(lastCxid)} took effect before it`;
  }

  #whyNotOpen(id: SessionId): string {
    const closedBy = this.closed.get(id);
    return closedBy === undefined
      ? `session ${id} had never been created`
      : `session ${id} had been closed by ${formatZxid(closedBy)}`;
  }
}

function differs(ephemerals: ReadonlySet<string>, paths: readonly string[]): string | undefined {
  const stranger = paths.find((path) => !ephemerals.has(path));
  if (stranger !== undefined) return `it deletes ${stranger}, which is no ephemeral of the session`;
  if (new Set(paths).size === ephemerals.size) return undefined;
  const listed = new Set(paths);
  const left = [...ephemerals].filter((path) => !listed.has(path));
  return `it leaves ${left.join(', ')} behind`;
}
