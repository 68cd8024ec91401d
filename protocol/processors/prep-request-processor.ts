/**
 * The first stage of the leader's pipeline (server/PrepRequestProcessor): it decides what each write does, before anybody has agreed to
 * it, and so checks against the outstanding changes and not only against the tree. A write that fails a check becomes an error
 * txn, which is proposed, logged and applied like any other and takes its zxid.
 *
 * The caller owns the queue and the counter: it takes a new zxid for every request that `needsTxn` and calls `prepare`; the others
 * `pass` with the counter as it stands.
 */
import type {
  CheckVersionRequest,
  CloseSessionRequest,
  CreateSessionRequest,
  MultiRequest,
  RequestBody,
  WriteOp,
} from '../client-packets.ts';
import type { CloseSessionTxn, ErrorTxn, MultiTxn, SubTxn, TxnBody } from '../database/txn.ts';
import { parentPath } from '../database/path.ts';
import type { ZKDatabase } from '../database/zk-database.ts';
import { ErrorCode } from '../errors.ts';
import type { SessionId } from '../ids.ts';
import type { Release } from '../release/release.ts';
import type { Zxid } from '../zxid.ts';
import { createModeOf } from './prep/create-mode.ts';
import { ephemeralsOrder } from './prep/hash-set-order.ts';
import { OutstandingChanges } from './prep/outstanding-changes.ts';
import { addDelete, errorTxn, prepareOp, type OpContext } from './prep/prepare-op.ts';
import type { Request, SessionOwner } from './request.ts';

/** What prep asks of the leader's session tracker (SessionTracker). */
export interface PrepSessions {
  /** OK, SESSIONEXPIRED (unknown or closing) or SESSIONMOVED. The first owner to ask is the owner. */
  checkSession(id: SessionId, owner: SessionOwner | undefined): ErrorCode;
  trackSession(id: SessionId, timeOut: number): void;
  setOwner(id: SessionId, owner: SessionOwner): void;
  /** The session's later requests are refused, though its closeSession isn't applied yet (ZOOKEEPER-1208). */
  setSessionClosing(id: SessionId): void;
}

type TxnRequest = WriteOp | CheckVersionRequest | CreateSessionRequest | CloseSessionRequest;

/** Becomes a txn: the caller takes a zxid for it. A `check` belongs into a multi and gets an error txn. */
export function needsTxn(body: RequestBody): body is TxnRequest {
  switch (body.op) {
    case 'create':
    case 'create2':
    case 'delete':
    case 'setData':
    case 'multi':
    case 'check':
    case 'createSession':
    case 'closeSession':
      return true;
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
    case 'sync':
    case 'ping':
    case 'setWatches':
      return false;
  }
}

export class PrepRequestProcessor {
  readonly #database: ZKDatabase;
  readonly #sessions: PrepSessions;
  readonly #release: Release;
  readonly #changes: OutstandingChanges;

  constructor(init: { database: ZKDatabase; sessions: PrepSessions; release: Release }) {
    this.#database = init.database;
    this.#sessions = init.sessions;
    this.#release = init.release;
    this.#changes = new OutstandingChanges((path) => init.database.tree.getNode(path));
  }

  /** ChangeRecords that wait for their txn to be applied. */
  get outstandingChanges(): number {
    return this.#changes.size;
  }

  /** pRequest for what `needsTxn`: fills in txn and zxid. `wallMs`: the leader's clock, ms since 1970. */
  prepare(request: Request, zxid: Zxid, wallMs: number): void {
    request.zxid = zxid;
    request.txn = {
      zxid,
      sessionId: request.sessionId,
      cxid: request.cxid,
      time: wallMs,
      body: this.#bodyOf(request, zxid),
    };
  }

  /** pRequest for all others: the session is checked, and the request learns how far the counter was. */
  pass(request: Request, zxid: Zxid): void {
    request.zxid = zxid;
    request.err = this.#checkSession(request);
  }

  /** ZooKeeperServer.processTxn's second half: the tree shows this txn, so its records are in the way. */
  onApplied(zxid: Zxid): void {
    this.#changes.discardThrough(zxid);
  }

  #bodyOf(request: Request, zxid: Zxid): TxnBody {
    const { body } = request;
    if (!needsTxn(body)) return errorTxn(ErrorCode.UNIMPLEMENTED);
    switch (body.op) {
      case 'createSession':
        return this.#prepareCreateSession(request, body);
      case 'closeSession':
        return this.#prepareCloseSession(request.sessionId, zxid);
      case 'check':
        return errorTxn(ErrorCode.UNIMPLEMENTED);
      case 'multi':
        return this.#prepareMulti(request, body, zxid);
      case 'create':
      case 'create2':
      case 'delete':
      case 'setData':
        if (body.malformed === true) return errorTxn(ErrorCode.MARSHALLINGERROR);
        return prepareOp(body, this.#contextOf(request, zxid));
    }
  }

  /** A session that had moved when the request came has moved for it. */
  #checkSession({ sessionId, owner, hasMoved }: Request): ErrorCode {
    return hasMoved ? ErrorCode.SESSIONMOVED : this.#sessions.checkSession(sessionId, owner);
  }

  #contextOf(request: Request, zxid: Zxid): OpContext {
    return {
      sessionId: request.sessionId,
      zxid,
      changes: this.#changes,
      checkSession: () => this.#checkSession(request),
    };
  }

  /** A session that expired before its own creation was prepared stays dead. */
  #prepareCreateSession(request: Request, body: CreateSessionRequest): TxnBody {
    const { sessionId, owner } = request;
    this.#sessions.trackSession(sessionId, body.timeOut);
    if (this.#sessions.checkSession(sessionId, undefined) !== ErrorCode.OK) {
      return errorTxn(ErrorCode.SESSIONEXPIRED);
    }
    if (owner !== undefined) this.#sessions.setOwner(sessionId, owner);
    return { type: 'createSession', timeOut: body.timeOut };
  }

  /**
   * The session's owner isn't checked: expiry closes sessions that it doesn't own.
   *
   * Differs: a parent's child count goes down, as in a delete. ZooKeeper leaves it, so that until the txn is applied a delete
   * of the parent is refused NOTEMPTY although its last child goes first.
   */
  #prepareCloseSession(sessionId: SessionId, zxid: Zxid): CloseSessionTxn {
    const paths = this.#ephemeralsOf(sessionId);
    for (const path of paths) {
      const parent = this.#changes.recordFor(parentPath(path));
      if (parent !== undefined) addDelete({ changes: this.#changes, zxid }, parent, path);
    }
    this.#sessions.setSessionClosing(sessionId);
    return { type: 'closeSession', paths };
  }

  #ephemeralsOf(sessionId: SessionId): readonly string[] {
    const paths = new Set(this.#database.tree.getEphemerals(sessionId));
    for (const record of this.#changes.records) {
      if (record.isDeleted) paths.delete(record.path);
      else if (record.ephemeralOwner === sessionId) paths.add(record.path);
    }
    return ephemeralsOrder(paths);
  }

  /** All or nothing under one zxid. */
  #prepareMulti(request: Request, body: MultiRequest, zxid: Zxid): MultiTxn | ErrorTxn {
    if (!this.#canDecode(body)) return errorTxn(ErrorCode.MARSHALLINGERROR);
    const context = this.#contextOf(request, zxid);
    const txns: SubTxn[] = [];
    this.#changes.beginMulti();
    for (const op of body.ops) {
      const txn = prepareOp(op, context);
      if (txn.type === 'error') {
        this.#changes.rollbackMulti();
        return failedMulti(body.ops.length, txns.length, txn);
      }
      txns.push(txn);
    }
    this.#changes.keepMulti();
    return { type: 'multi', txns };
  }

  #canDecode(body: MultiRequest): boolean {
    if (body.malformed === true) return false;
    return this.#release.unknownFlagsInMultiFailTheOperation || !hasUnknownFlags(body);
  }
}

const hasUnknownFlags = (body: MultiRequest): boolean =>
  body.ops.some((op) => (op.op === 'create' || op.op === 'create2') && createModeOf(op.flags) === undefined);

/** Before the culprit 0, its own code, −2 after it. */
const failedMulti = (length: number, culprit: number, error: ErrorTxn): MultiTxn => ({
  type: 'multi',
  txns: Array.from({ length }, (_, at) => {
    if (at === culprit) return error;
    return errorTxn(at < culprit ? ErrorCode.OK : ErrorCode.RUNTIMEINCONSISTENCY);
  }),
});
