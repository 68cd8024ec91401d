import type { EventType, ReplyBody, RequestBody } from './client-packets.ts';
import type { SessionId } from './ids.ts';
import type { Zxid } from './zxid.ts';

/**
 * What a client's application sees: the history that the checkers judge. Operations are numbered per client from 1, in the
 * order in which they were submitted.
 */
export type ClientEvent =
  | { readonly type: 'invoked'; readonly op: number; readonly body: RequestBody }
  | {
      readonly type: 'answered';
      readonly op: number;
      readonly xid: number;
      /**
       * Without a reply (zxid 0) it is CONNECTIONLOSS, or SESSIONEXPIRED once the session is over: the outcome is unknown,
       * unless `sent` is false: then it never happened.
       */
      readonly err: number;
      readonly sent: boolean;
      /** The reply header's zxid; 0 when there was no reply. */
      readonly zxid: Zxid;
      readonly sessionId: SessionId;
      readonly body: ReplyBody | undefined;
    }
  /** A watch fired. It reaches the application before any reply that shows the change. */
  | {
      readonly type: 'watchEvent';
      readonly eventType: EventType;
      readonly path: string;
      readonly zxid: Zxid;
      /** How many watches this client had registered for it. 0: none (any more), so the application is told nothing. */
      readonly watches: number;
    }
  | {
      readonly type: 'keeperState';
      readonly state: KeeperState;
      readonly sessionId: SessionId;
      /** Address of the server, when connected. */
      readonly server: string;
      readonly reason: string;
    };

export type KeeperState = 'SyncConnected' | 'Disconnected' | 'Expired' | 'Closed';
export type ClientEventType = ClientEvent['type'];
