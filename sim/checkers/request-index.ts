import type { Txn } from '../../protocol/database/txn.ts';
import type { SessionId } from '../../protocol/ids.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import type { Party } from '../party.ts';
import type { Operation } from './history.ts';

/** What was known about a request when its txn was committed. */
export type Standing =
  /** Its client waits for the answer. */
  | { readonly kind: 'inFlight' }
  /** Its client gave it up: it was sent, and no answer came. */
  | { readonly kind: 'lost'; readonly operation: Operation }
  /** Its client said that it was never sent. */
  | { readonly kind: 'unsent' }
  /** It had its answer, or its txn, already. */
  | { readonly kind: 'settled' };

/**
 * Clients' requests by (session, xid), which is what a txn remembers of them. It only holds what is unsettled: a client's answers
 * come in the order of its xids, so one number a session says which requests are behind it.
 */
export class RequestIndex {
  readonly #sessions = new Map<SessionId, SessionRequests>();

  /** The session belongs to this client. */
  claim(session: SessionId, client: Party): void {
    this.#of(session).client = client;
  }

  commit(txn: Txn): Standing {
    const requests = this.#of(txn.sessionId);
    const lost = requests.lost.get(txn.cxid);
    if (lost !== undefined) {
      requests.lost.delete(txn.cxid);
      return lost.sent ? { kind: 'lost', operation: lost.operation } : { kind: 'unsent' };
    }
    if (requests.isBehind(txn.cxid) || requests.committed.has(txn.cxid)) return SETTLED;
    requests.committed.set(txn.cxid, txn);
    return IN_FLIGHT;
  }

  /** A reply came. */
  answer(session: SessionId, xid: number): void {
    const requests = this.#of(session);
    requests.committed.delete(xid);
    requests.settle(xid);
  }

  /** No reply came. Returns the zxid of the request's txn, if it is committed already. */
  lose(session: SessionId, xid: number, operation: Operation, sent: boolean): Zxid | undefined {
    const requests = this.#of(session);
    requests.settle(xid);
    const txn = requests.committed.get(xid);
    requests.committed.delete(xid);
    if (txn === undefined) requests.lost.set(xid, { operation, sent });
    return txn?.zxid;
  }

  /** Clients whose sessions have committed requests that were never answered, and how many. closeSession is the library's own business. */
  *strays(): Iterable<{ readonly client: Party; readonly count: number }> {
    const counts = new Map<Party, number>();
    for (const { client, committed } of this.#sessions.values()) {
      if (client === undefined) continue;
      let count = counts.get(client) ?? 0;
      for (const txn of committed.values()) if (txn.body.type !== 'closeSession') count++;
      counts.set(client, count);
    }
    for (const [client, count] of counts) yield { client, count };
  }

  #of(session: SessionId): SessionRequests {
    let requests = this.#sessions.get(session);
    if (requests === undefined) {
      requests = new SessionRequests();
      this.#sessions.set(session, requests);
    }
    return requests;
  }
}

/** xids go from MAX back to 1, so "behind" is a matter of distance. */
const HALF_OF_XIDS = 2 ** 30;

class SessionRequests {
  client: Party | undefined;
  /** Committed, not yet answered. */
  readonly committed = new Map<number, Txn>();
  /** Answered without a reply, not (yet) committed. */
  readonly lost = new Map<number, { readonly operation: Operation; readonly sent: boolean }>();
  #settledXid = 0;

  settle(xid: number): void {
    if (xid > 0 && !this.isBehind(xid)) this.#settledXid = xid;
  }

  isBehind(xid: number): boolean {
    if (this.#settledXid === 0) return false;
    const distance = this.#settledXid - xid;
    return distance >= 0 ? distance < HALF_OF_XIDS : distance < -HALF_OF_XIDS;
  }
}

const IN_FLIGHT: Standing = { kind: 'inFlight' };
const SETTLED: Standing = { kind: 'settled' };
