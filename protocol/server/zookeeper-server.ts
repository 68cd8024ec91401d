/**
 * ZooKeeperServer: what a leader's, a follower's and an observer's way of serving clients have in common. It exists from the moment a
 * server joins an ensemble until it leaves it.
 */
import { PING_XID, type RequestBody } from '../client-packets.ts';
import type { EnsembleConfig } from '../config.ts';
import type { ApplyResult } from '../database/apply-result.ts';
import type { Txn } from '../database/txn.ts';
import { NO_TXN_ZXID } from '../database/watch-manager.ts';
import type { ZKDatabase } from '../database/zk-database.ts';
import { ErrorCode } from '../errors.ts';
import type { ApplyCause } from '../events.ts';
import type { ServerHost } from '../host.ts';
import type { ConnectionId, SessionId, Sid } from '../ids.ts';
import { FinalRequestProcessor } from '../processors/final-request-processor.ts';
import { Request, type SessionOwner } from '../processors/request.ts';
import type { Release } from '../release/release.ts';
import { formatZxid, NO_TXNS, type Zxid } from '../zxid.ts';
import type { ServerCnxn, ServerCnxnFactory } from './server-cnxn-factory.ts';
import { SessionIds } from './session-id.ts';

export interface ZooKeeperServerInit {
  readonly host: ServerHost;
  readonly config: EnsembleConfig;
  readonly sid: Sid;
  readonly database: ZKDatabase;
  readonly cnxns: ServerCnxnFactory;
  readonly release: Release;
}

export abstract class ZooKeeperServer {
  protected readonly host: ServerHost;
  protected readonly config: EnsembleConfig;
  readonly database: ZKDatabase;
  protected readonly cnxns: ServerCnxnFactory;
  readonly #final: FinalRequestProcessor;
  readonly #release: Release;
  readonly #sessionIds: SessionIds;

  constructor(init: ZooKeeperServerInit) {
    this.host = init.host;
    this.config = init.config;
    this.database = init.database;
    this.cnxns = init.cnxns;
    this.#release = init.release;
    this.#final = new FinalRequestProcessor({ database: init.database, release: init.release });
    this.#sessionIds = new SessionIds(init.sid, init.host.elapsedMs);
  }

  /** Into this role's first processor. */
  protected abstract submitRequest(request: Request): void;
  /** False: the session is known to be gone, and its request is dropped silently. */
  protected abstract touchSession(id: SessionId, timeOut: number): boolean;
  /** A client came back with a session it has: is it still alive, and is it ours now? */
  protected abstract revalidateSession(cnxn: ServerCnxn): void;
  /** createSession has been applied here. */
  protected abstract onSessionCommitted(id: SessionId, timeOut: number): void;
  /** closeSession has been applied here. */
  protected abstract onSessionClosed(id: SessionId): void;
  /** A new session of a client of this very server. */
  protected abstract onSessionBegun(id: SessionId, timeOut: number): void;
  /** A thread of the pipeline died (ZooKeeperCriticalThread): this server cannot go on in its role. */
  protected abstract onCriticalError(reason: string): void;
  protected abstract ownerHere(): SessionOwner | undefined;

  negotiate(timeOut: number): number {
    return Math.min(Math.max(timeOut, this.config.minSessionTimeout), this.config.maxSessionTimeout);
  }

  createSession(cnxn: ServerCnxn): void {
    cnxn.sessionId = this.#sessionIds.next();
    this.onSessionBegun(cnxn.sessionId, cnxn.timeOut);
    this.#submit(cnxn, 0, { op: 'createSession', timeOut: cnxn.timeOut });
  }

  reopenSession(cnxn: ServerCnxn): void {
    this.revalidateSession(cnxn);
  }

  submitClientRequest(cnxn: ServerCnxn, xid: number, body: RequestBody): void {
    this.#submit(cnxn, xid, body);
  }

  /** ZooKeeperServer.submitRequestNow. */
  #submit(cnxn: ServerCnxn, cxid: number, body: RequestBody): void {
    if (!this.touchSession(cnxn.sessionId, cnxn.timeOut)) return;
    const { sessionId, connection } = cnxn;
    this.submitRequest(new Request({ sessionId, cxid, body, connection, owner: this.ownerHere() }));
  }

  /** Answers a client that came back with its session. */
  protected finishRevalidation(connection: ConnectionId, valid: boolean): void {
    const cnxn = this.cnxns.get(connection);
    if (cnxn === undefined) return;
    const { sessionId, timeOut } = cnxn;
    if (valid) this.host.emit({ type: 'sessionAttached', sessionId, timeOut, isNew: false });
    else this.host.emit({ type: 'sessionRefused', sessionId, reason: 'expired' });
    this.cnxns.finishSessionInit(connection, valid);
  }

  /**
   * FinalRequestProcessor.processRequest: applies what was committed, then answers if the client is here.
   * Differs: ZooKeeper cuts off only who asked for the end of a session. 1. Somebody asks for it and loses the connection; 2. another
   * connection takes the session up on the same server; 3. the session ends. It would be read from for ever.
   */
  protected finalRequest(request: Request): void {
    const { txn } = request;
    const result = txn === undefined ? undefined : this.applyTxn(txn, 'commit');
    if (request.connection !== undefined) this.#answer(request, request.connection, result);
    if (txn?.body.type === 'closeSession') this.cnxns.closeSession(txn.sessionId);
  }

  /** ZooKeeperServer.processTxn: watches fire while the txn applies, hence before any answer. */
  applyTxn(txn: Txn, cause: ApplyCause): ApplyResult {
    const result = this.database.apply(txn);
    if (this.database.addCommittedProposal(txn) === 'gap') {
      const what = `${formatZxid(txn.zxid)} is not the next committed txn`;
      this.host.emit({ type: 'protocolError', what });
      this.onCriticalError(what);
    }
    this.host.emit({ type: 'applied', txn, digest: this.database.tree.digest, cause });
    if (txn.body.type === 'createSession') this.onSessionCommitted(txn.sessionId, txn.body.timeOut);
    else if (txn.body.type === 'closeSession') this.onSessionClosed(txn.sessionId);
    return result;
  }

  #answer(request: Request, connection: ConnectionId, result: ApplyResult | undefined): void {
    if (request.body.op === 'createSession') {
      this.#finishCreation(connection, request, result);
      return;
    }
    const { err, body } = this.#final.reply(request, result);
    if (err === ErrorCode.SESSIONMOVED && !this.#release.movedSessionKeepsItsConnection) {
      // Whoever is still here learns by the close that it has to come back (ZOOKEEPER-710: told so, it stayed).
      this.host.emit({ type: 'sessionMovedRefused', sessionId: request.sessionId });
      this.cnxns.close(connection);
      return;
    }
    const xid = request.body.op === 'ping' ? PING_XID : request.cxid;
    const zxid = this.#shownBy(request);
    this.cnxns.send(connection, { type: 'reply', xid, zxid, err, ...(body !== undefined && { body }) });
    if (request.body.op === 'closeSession') this.cnxns.close(connection);
  }

  /**
   * The state that a reply shows. ZOOKEEPER-1412: a read's reply had what the request had, on a leader how far Prep was when it came by,
   * on a learner nothing.
   */
  #shownBy({ zxid }: Request): Zxid {
    if (!this.#release.readRepliesCarryNoZxid) return this.database.lastProcessedZxid;
    return zxid === NO_TXNS ? NO_TXN_ZXID : zxid;
  }

  #finishCreation(
    connection: ConnectionId,
    { sessionId, body }: Request,
    result: ApplyResult | undefined,
  ): void {
    const isValid = result?.type === 'createSession';
    if (isValid && body.op === 'createSession') {
      this.host.emit({ type: 'sessionAttached', sessionId, timeOut: body.timeOut, isNew: true });
    }
    this.cnxns.finishSessionInit(connection, isValid);
  }
}
