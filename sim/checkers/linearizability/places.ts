import type { SessionId } from '../../../protocol/ids.ts';
import type { Txn, TxnBody } from '../../../protocol/database/txn.ts';
import { NO_TXNS, type Zxid } from '../../../protocol/zxid.ts';
import type { CommittedLog } from '../committed-log.ts';
import type { ClientOperation } from './client-operations.ts';

/**
 * Where the committed log has the operations that got no answer: the same ones, with the zxids of their txns where these changed anything.
 * A guess would do, as whatever comes of it is checked.
 */
export function placesIn(
  log: CommittedLog,
  answered: readonly ClientOperation[],
  open: readonly ClientOperation[],
): readonly ClientOperation[] {
  if (open.length === 0) return open;
  const sessions = new Map<SessionId, SessionPlaces>();
  for (const operation of open) {
    const places = sessions.get(operation.session) ?? new SessionPlaces();
    sessions.set(operation.session, places);
    places.add(operation);
  }
  for (const operation of answered) sessions.get(operation.session)?.exclude(operation);
  for (let index = 0; index < log.length; index++) {
    const txn = log.txnAt(index);
    if (txn !== undefined) sessions.get(txn.sessionId)?.visit(txn);
  }
  return open.map((operation) => {
    const zxid = sessions.get(operation.session)?.zxidOf(operation) ?? NO_TXNS;
    return { ...operation, zxid };
  });
}

/** The txns of one session, and whose they are. */
class SessionPlaces {
  /** By xid. */
  readonly #lost = new Map<number, ClientOperation>();
  /** What its client waited for to the end: txns behind all answers, in this order. */
  readonly #waiting: ClientOperation[] = [];
  /** Brought about by somebody else. */
  #end: ClientOperation | undefined;
  #lastAnswered: Zxid = NO_TXNS;
  #closed: Zxid = NO_TXNS;
  readonly #places = new Map<ClientOperation, Zxid>();

  add(operation: ClientOperation): void {
    if (operation.asked === undefined) this.#end = operation;
    else if (operation.xid === 0) this.#waiting.push(operation);
    else this.#lost.set(operation.xid, operation);
  }

  /** That one has its txn. */
  exclude({ zxid, request }: ClientOperation): void {
    if (zxid > this.#lastAnswered) this.#lastAnswered = zxid;
    if (request.op === 'closeSession') this.#closed = zxid;
  }

  /** In the order of the log. */
  visit(txn: Txn): void {
    const operation = this.#lost.get(txn.cxid) ?? this.#nextWaiting(txn) ?? this.#endBy(txn);
    if (operation === undefined || this.#places.has(operation)) return;
    this.#places.set(operation, isFailed(txn.body) ? NO_TXNS : txn.zxid);
  }

  zxidOf(operation: ClientOperation): Zxid | undefined {
    return this.#places.get(operation);
  }

  #nextWaiting({ zxid, cxid }: Txn): ClientOperation | undefined {
    return cxid > 0 && zxid > this.#lastAnswered ? this.#waiting.shift() : undefined;
  }

  #endBy({ zxid, body }: Txn): ClientOperation | undefined {
    return body.type === 'closeSession' && zxid !== this.#closed ? this.#end : undefined;
  }
}

/** Refused, perhaps, for a reason that the tree does not show. */
const isFailed = (body: TxnBody): boolean =>
  body.type === 'error' || (body.type === 'multi' && body.txns.some(({ type }) => type === 'error'));
