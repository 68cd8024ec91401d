/**
 * The pipeline of one server without stages: prep, apply, final, one request at a time, like a standalone ZooKeeper whose disk takes no
 * time. It owns the zxid counter and the connections' event queues, as the server does.
 */
import type { EventType, RequestBody } from '../../protocol/client-packets.ts';
import type { ApplyResult } from '../../protocol/database/apply-result.ts';
import type { Txn } from '../../protocol/database/txn.ts';
import { ZKDatabase } from '../../protocol/database/zk-database.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { connectionId, sessionId, type ConnectionId, type SessionId } from '../../protocol/ids.ts';
import {
  needsTxn,
  PrepRequestProcessor,
  type PrepSessions,
} from '../../protocol/processors/prep-request-processor.ts';
import { FinalRequestProcessor, type Reply } from '../../protocol/processors/final-request-processor.ts';
import { Request, type SessionOwner } from '../../protocol/processors/request.ts';
import { DEFAULT_RELEASE, type Release } from '../../protocol/release/release.ts';
import { makeZxid, nextZxid, type Zxid } from '../../protocol/zxid.ts';
import type { WatchEvent } from './transcripts.ts';

/** Sessions without time: they end when they are closed. */
export class TimelessSessions implements PrepSessions {
  readonly #owners = new Map<SessionId, SessionOwner | undefined>();
  readonly #closing = new Set<SessionId>();

  checkSession(id: SessionId, owner: SessionOwner | undefined): ErrorCode {
    if (!this.#owners.has(id) || this.#closing.has(id)) return ErrorCode.SESSIONEXPIRED;
    const current = this.#owners.get(id) ?? owner;
    this.#owners.set(id, current);
    return owner === undefined || current === owner ? ErrorCode.OK : ErrorCode.SESSIONMOVED;
  }

  trackSession(id: SessionId): void {
    if (!this.#owners.has(id)) this.#owners.set(id, undefined);
  }

  setOwner(id: SessionId, owner: SessionOwner): void {
    this.#owners.set(id, owner);
  }

  setSessionClosing(id: SessionId): void {
    this.#closing.add(id);
  }
}

export const OWNER: SessionOwner = connectionId(0);

export class OneServer {
  readonly database: ZKDatabase;
  readonly sessions = new TimelessSessions();
  readonly prep: PrepRequestProcessor;
  readonly events = new Map<ConnectionId, (WatchEvent & { readonly zxid: Zxid })[]>();
  /** Every txn that was prepared, in order. */
  readonly txns: Txn[] = [];
  readonly #final: FinalRequestProcessor;
  #counter: Zxid = makeZxid(1, 0);
  #wallMs = 1_700_000_000_000;
  #nextSession = 1;

  constructor(release: Release = DEFAULT_RELEASE) {
    this.database = new ZKDatabase({ commitLogCount: 500, watches: this });
    this.prep = new PrepRequestProcessor({ database: this.database, sessions: this.sessions, release });
    this.#final = new FinalRequestProcessor({ database: this.database, release });
  }

  watchFired(connection: ConnectionId, eventType: EventType, path: string, zxid: Zxid): void {
    const events = this.events.get(connection);
    if (events === undefined) this.events.set(connection, [{ eventType, path, zxid }]);
    else events.push({ eventType, path, zxid });
  }

  /** The connection's events since the last call. */
  takeEvents(connection: ConnectionId): readonly (WatchEvent & { readonly zxid: Zxid })[] {
    const events = this.events.get(connection) ?? [];
    this.events.delete(connection);
    return events;
  }

  /** An id that no session has yet. */
  reserveSession(): SessionId {
    return sessionId(`0x1000000000000${String(this.#nextSession++).padStart(3, '0')}`);
  }

  newSession(timeOut = 30_000): SessionId {
    const id = this.reserveSession();
    this.apply(this.prepare(id, { op: 'createSession', timeOut }));
    return id;
  }

  /** Prepared, not applied. */
  prepare(
    session: SessionId,
    body: RequestBody,
    connection = connectionId(0),
    owner: SessionOwner = OWNER,
  ): Request {
    const request = new Request({ sessionId: session, cxid: 1, body, connection, owner });
    if (!needsTxn(body)) {
      this.prep.pass(request, this.#counter);
      return request;
    }
    this.#counter = nextZxid(this.#counter);
    this.#wallMs += 7;
    this.prep.prepare(request, this.#counter, this.#wallMs);
    if (request.txn !== undefined) this.txns.push(request.txn);
    return request;
  }

  apply({ txn }: Request): ApplyResult | undefined {
    if (txn === undefined) return undefined;
    const result = this.database.apply(txn);
    this.prep.onApplied(txn.zxid);
    this.database.addCommittedProposal(txn);
    return result;
  }

  /** Prep, apply and final in one go. `zxid` is the reply header's. */
  submit(
    session: SessionId,
    body: RequestBody,
    connection = connectionId(0),
    owner: SessionOwner = OWNER,
  ): Reply & { readonly zxid: Zxid } {
    const request = this.prepare(session, body, connection, owner);
    const applied = this.apply(request);
    return { ...this.#final.reply(request, applied), zxid: this.database.lastProcessedZxid };
  }
}
