import type { Acl, Data } from './database/txn.ts';
import type { Stat } from './database/stat.ts';
import type { SessionId } from './ids.ts';
import type { Zxid } from './zxid.ts';

/**
 * What a client and a server say to each other (zookeeper.jute; reference: ZooKeeper's ClientCnxn and NIOServerCnxn).
 * Operation names are ZooKeeper's opcodes.
 */

/**
 * A request that the server can't read: a truncated body, or a null path. It is answered MARSHALLINGERROR and the
 * connection stays open; a write still takes a zxid. Only a client that writes its own frames sends one. (A setData with a null path can be
 * read: it is refused like any other invalid path.)
 */
interface Malformable {
  readonly malformed?: true;
}

/** create flags: 0 persistent, 1 ephemeral, 2 persistent sequential, 3 ephemeral sequential. Anything else is refused. */
export interface CreateRequest extends Malformable {
  readonly op: 'create' | 'create2';
  readonly path: string;
  readonly data: Data;
  readonly acl: readonly Acl[];
  readonly flags: number;
}
export interface DeleteRequest extends Malformable {
  readonly op: 'delete';
  readonly path: string;
  /** −1 matches any version. */
  readonly version: number;
}
export interface SetDataRequest extends Malformable {
  readonly op: 'setData';
  readonly path: string;
  readonly data: Data;
  readonly version: number;
}
/** Only inside a multi. */
export interface CheckVersionRequest {
  readonly op: 'check';
  readonly path: string;
  readonly version: number;
}
export type MultiOp = CreateRequest | DeleteRequest | SetDataRequest | CheckVersionRequest;
export interface MultiRequest extends Malformable {
  readonly op: 'multi';
  readonly ops: readonly MultiOp[];
}
export interface ReadRequest extends Malformable {
  readonly op: 'exists' | 'getData' | 'getChildren' | 'getChildren2';
  readonly path: string;
  readonly watch: boolean;
}
export interface SyncRequest {
  readonly op: 'sync';
  readonly path: string;
}
export interface PingRequest {
  readonly op: 'ping';
}
export interface SetWatchesRequest extends Malformable {
  readonly op: 'setWatches';
  /** The client's last seen zxid. */
  readonly relativeZxid: Zxid;
  readonly dataWatches: readonly string[];
  readonly existWatches: readonly string[];
  readonly childWatches: readonly string[];
}
/** Server internal: built from a ConnectRequest without a session. */
export interface CreateSessionRequest {
  readonly op: 'createSession';
  readonly timeOut: number;
}
export interface CloseSessionRequest {
  readonly op: 'closeSession';
}

export type WriteOp = CreateRequest | DeleteRequest | SetDataRequest | MultiRequest;
export type RequestBody =
  | WriteOp
  | CheckVersionRequest
  | ReadRequest
  | SyncRequest
  | PingRequest
  | SetWatchesRequest
  | CreateSessionRequest
  | CloseSessionRequest;
export type OpName = RequestBody['op'];

/** One result of a multi: an operation's own, or an error (0 before the culprit, its code, −2 after it). */
export type MultiResult =
  | { readonly type: 'create'; readonly path: string }
  | { readonly type: 'create2'; readonly path: string; readonly stat: Stat }
  | { readonly type: 'setData'; readonly stat: Stat }
  | { readonly type: 'delete' | 'check' }
  | { readonly type: 'error'; readonly err: number };

/** A reply's record. Which fields are there depends on the operation, as in the jute *Response records. */
export interface ReplyBody {
  readonly path?: string;
  readonly stat?: Stat;
  readonly data?: Data;
  readonly children?: readonly string[];
  readonly results?: readonly MultiResult[];
}

export type EventType = 'NodeCreated' | 'NodeDeleted' | 'NodeDataChanged' | 'NodeChildrenChanged';

/** 16 bytes as 32 hex digits. */
export type Password = string;
export const NO_PASSWORD: Password = '0'.repeat(32);

export type ClientPacket =
  | {
      readonly type: 'connectRequest';
      readonly lastZxidSeen: Zxid;
      readonly timeOut: number;
      readonly sessionId: SessionId;
      readonly passwd: Password;
    }
  | { readonly type: 'request'; readonly xid: number; readonly body: RequestBody };

export type ServerPacket =
  | {
      readonly type: 'connectResponse';
      /** 0: the session is not valid (expired). */
      readonly timeOut: number;
      readonly sessionId: SessionId;
      readonly passwd: Password;
    }
  | {
      readonly type: 'reply';
      readonly xid: number;
      readonly zxid: Zxid;
      readonly err: number;
      /** Absent when err ≠ 0. */
      readonly body?: ReplyBody;
    }
  | {
      readonly type: 'watcherEvent';
      readonly eventType: EventType;
      readonly path: string;
      /** Zxid of the txn (3.9; 3.8 sends −1), −1 when setWatches made it up. */
      readonly zxid: Zxid;
    };

/** Reserved xids. */
export const NOTIFICATION_XID = -1;
export const PING_XID = -2;
export const AUTH_XID = -4;
export const SET_WATCHES_XID = -8;
