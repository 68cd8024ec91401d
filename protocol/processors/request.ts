import type { RequestBody } from '../client-packets.ts';
import type { Txn } from '../database/txn.ts';
import { ErrorCode } from '../errors.ts';
import type { ConnectionId, SessionId } from '../ids.ts';
import { NO_TXNS, type Zxid } from '../zxid.ts';

/**
 * A request on its way through the pipeline (server/Request.java). Prep fills in the txn; a learner's CommitProcessor
 * copies it from the committed proposal into the request that waited for it.
 */
export class Request {
  readonly sessionId: SessionId;
  readonly cxid: number;
  readonly body: RequestBody;
  /** The client's connection to this server; undefined when the client is connected elsewhere, or for expiry. */
  readonly connection: ConnectionId | undefined;
  /** Through whom it came; undefined: nobody (expiry), so ownership is not checked. */
  readonly owner: SessionOwner | undefined;
  /** What the request became, if it needs a quorum. */
  txn: Txn | undefined = undefined;
  /** Why prep refused a request that needs no txn: SESSIONEXPIRED or SESSIONMOVED (Request.getException). */
  err: ErrorCode = ErrorCode.OK;
  /** When it came to the leader its session belonged to somebody else. */
  hasMoved = false;
  /** Prep's counter when it passed (reads too), then the txn's own. */
  zxid: Zxid = NO_TXNS;

  constructor(init: {
    sessionId: SessionId;
    cxid: number;
    body: RequestBody;
    connection: ConnectionId | undefined;
    owner: SessionOwner | undefined;
  }) {
    this.sessionId = init.sessionId;
    this.cxid = init.cxid;
    this.body = init.body;
    this.connection = init.connection;
    this.owner = init.owner;
  }
}

/**
 * Who brings a session's requests to the leader: the leader itself (0) or a learner, by the leader's connection to it. Java
 * uses object identity (ServerCnxn.me or the LearnerHandler); a learner that reconnects is a new owner there too.
 */
export type SessionOwner = ConnectionId;
