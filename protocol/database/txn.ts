import type { SessionId } from '../ids.ts';
import type { Zxid } from '../zxid.ts';

/**
 * Transactions: what a write has become once the leader has decided what it does (zookeeper.jute, TxnHeader and the
 * *Txn records). All values are absolute (the new version, the final path), so applying one twice changes nothing.
 * Txn objects are shared between simulated servers and never modified.
 */
export type Data = Uint8Array | null;

export interface Acl {
  readonly perms: number;
  readonly scheme: string;
  readonly id: string;
}

export const OPEN_ACL_UNSAFE: readonly Acl[] = [{ perms: 31, scheme: 'world', id: 'anyone' }];

export interface CreateTxn {
  readonly type: 'create' | 'create2';
  /** With the sequence number already appended. */
  readonly path: string;
  readonly data: Data;
  readonly acl: readonly Acl[];
  readonly ephemeral: boolean;
  /** The parent's stored cversion after this create. */
  readonly parentCVersion: number;
}
export interface DeleteTxn {
  readonly type: 'delete';
  readonly path: string;
}
export interface SetDataTxn {
  readonly type: 'setData';
  readonly path: string;
  readonly data: Data;
  /** The node's version after this write. */
  readonly version: number;
}
export interface CheckVersionTxn {
  readonly type: 'check';
  readonly path: string;
  readonly version: number;
}
export interface ErrorTxn {
  readonly type: 'error';
  readonly err: number;
}
export interface MultiTxn {
  readonly type: 'multi';
  /** All of them are errors, or none is. */
  readonly txns: readonly SubTxn[];
}
export interface CreateSessionTxn {
  readonly type: 'createSession';
  /** Negotiated session timeout, ms. */
  readonly timeOut: number;
}
export interface CloseSessionTxn {
  readonly type: 'closeSession';
  /** The session's ephemerals, to be deleted by this txn. */
  readonly paths: readonly string[];
}

export type SubTxn = CreateTxn | DeleteTxn | SetDataTxn | CheckVersionTxn | ErrorTxn;
export type TxnBody = SubTxn | MultiTxn | CreateSessionTxn | CloseSessionTxn;

/** TxnHeader and record in one. */
export interface Txn {
  readonly zxid: Zxid;
  readonly sessionId: SessionId;
  readonly cxid: number;
  /** The leader's wall clock when it prepared the txn, ms. The only clock that applying reads. */
  readonly time: number;
  readonly body: TxnBody;
}
