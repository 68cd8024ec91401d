import type { MultiOp, RequestBody } from '../../../protocol/client-packets.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { SessionId } from '../../../protocol/ids.ts';
import { isEpochStart, NO_TXNS } from '../../../protocol/zxid.ts';
import type { Party } from '../../party.ts';
import type { Micros } from '../../time.ts';
import type { CommittedLog } from '../committed-log.ts';
import type { EventOf } from '../event-of.ts';
import { isRead, type ClientHistory, type Operation } from '../history.ts';
import { CONFIG_NODE } from '../model/paths.ts';
import { placesIn } from './places.ts';
import { isEphemeral, type TreeRequest } from './znode-rules.ts';
import type { PlacedOperation } from './zxid-order.ts';

export interface ClientOperation extends PlacedOperation {
  /** As its client knows it. Undefined: the end of a session, which servers bring about by themselves, and a stranger can. */
  readonly asked: Operation | undefined;
  /** 0: its client never heard of it. */
  readonly xid: number;
  /** Undefined: no answer came. */
  readonly answeredAt: Micros | undefined;
}

/**
 * The history that is judged: writes of all clients, and the reads of those that sync before each. What was sent and lost is open at its
 * end, and what a client was waiting for when it crashed or the run ended; what was never sent is no part of it. A session that made
 * ephemerals may end at any time: that is one more operation, open too.
 */
export class ClientOperations {
  readonly #history: ClientHistory;
  readonly #synced: ReadonlySet<Party>;
  readonly #answered: ClientOperation[] = [];
  readonly #open: ClientOperation[] = [];
  /** Of each client's handle. */
  readonly #sessions = new Map<Party, SessionId>();
  /** What was asked before this turn is not waited for any more. */
  readonly #givenUp = new Map<Party, number>();

  constructor(history: ClientHistory, synced: ReadonlySet<Party>) {
    this.#history = history;
    this.#synced = synced;
  }

  onConnected(client: Party, session: SessionId): void {
    this.#sessions.set(client, session);
  }

  onAnswered(at: Micros, client: Party, event: EventOf<'answered'>): void {
    const asked = this.#history.answered;
    if (asked === undefined || !event.sent) return;
    const { zxid, sessionId: session, xid, err, body } = event;
    const request = requestIn(asked.body);
    if (request === undefined || (isRead(request) && !this.#isSyncedRead(client, event))) return;
    const { turn: invoked } = asked;
    if (zxid > NO_TXNS) {
      const { turn: answered } = this.#history;
      const answer = { err, body };
      this.#answered.push({ request, session, asked, xid, invoked, zxid, answered, answer, answeredAt: at });
    } else this.#open.push({ request, session, asked, xid, invoked, zxid, ...UNANSWERED });
  }

  onCrashed(client: Party): void {
    this.#giveUp(client);
    this.#sessions.delete(client);
  }

  /** The whole history, those without an answer last. */
  finish(log: CommittedLog): readonly ClientOperation[] {
    for (const client of this.#sessions.keys()) this.#giveUp(client);
    const open = [...this.#open, ...endsOf(this.#answered, this.#open)];
    const answered = this.#answered.map((operation) => withoutEpochStart(operation, log));
    return answered.concat(placesIn(log, answered, open));
  }

  /** A session that the client never heard of carried nothing. */
  #giveUp(client: Party): void {
    const session = this.#sessions.get(client);
    const from = this.#givenUp.get(client) ?? 0;
    this.#givenUp.set(client, this.#history.turn);
    if (session === undefined) return;
    for (const asked of this.#history.open()) {
      const request = requestIn(asked.body);
      if (asked.client !== client || asked.turn <= from || request === undefined || isRead(request)) continue;
      const place = { invoked: asked.turn, zxid: NO_TXNS, xid: 0 };
      this.#open.push({ request, session, asked, ...place, ...UNANSWERED });
    }
  }

  /** The configuration is each server's own. A read that failed otherwise than NONODE saw nothing, and one that was lost tells nothing. */
  #isSyncedRead(client: Party, { zxid, err }: EventOf<'answered'>): boolean {
    const isSeen = zxid > NO_TXNS && (err === ErrorCode.OK || err === ErrorCode.NONODE);
    return isSeen && this.#synced.has(client);
  }
}

/** A leader at (epoch, 0) has the same tree as a follower that is still at the last txn before: so has who reads it. */
function withoutEpochStart(operation: ClientOperation, log: CommittedLog): ClientOperation {
  if (!isEpochStart(operation.zxid)) return operation;
  const zxid = log.committedPartOf(operation.zxid);
  return zxid > NO_TXNS ? { ...operation, zxid } : operation;
}

const UNANSWERED = { answered: Infinity, answer: undefined, answeredAt: undefined };

function requestIn(body: RequestBody): TreeRequest | undefined {
  switch (body.op) {
    case 'create':
    case 'create2':
    case 'delete':
    case 'setData':
    case 'multi':
    case 'closeSession':
      return body;
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
      return body.path === CONFIG_NODE ? undefined : body;
    case 'check':
    case 'sync':
    case 'ping':
    case 'setWatches':
    case 'createSession':
      return undefined;
  }
}

/**
 * One for each session that asked for ephemerals. It may have ended long before the client learns of it, and before it asks for more, so
 * nothing is said about when.
 */
function endsOf(...histories: readonly (readonly ClientOperation[])[]): readonly ClientOperation[] {
  const sessions = new Set<SessionId>();
  for (const history of histories)
    for (const { request, session } of history) if (asksForEphemeral(request)) sessions.add(session);
  const end = { request: CLOSE_SESSION, asked: undefined, xid: 0, invoked: 0, zxid: NO_TXNS, ...UNANSWERED };
  return [...sessions].map((session) => ({ ...end, session }));
}

const CLOSE_SESSION = { op: 'closeSession' } as const;

/** Asked of every operation, so nothing is made for the answer. */
function asksForEphemeral(request: TreeRequest | MultiOp): boolean {
  if (request.op === 'create' || request.op === 'create2') return isEphemeral(request);
  return request.op === 'multi' && request.ops.some(asksForEphemeral);
}
