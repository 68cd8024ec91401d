import type { ClientPacket, RequestBody, ServerPacket } from './client-packets.ts';
import type { Txn } from './database/txn.ts';
import type { Snapshot } from './storage/snapshot.ts';
import type { SessionId, Sid } from './ids.ts';
import type { Zxid } from './zxid.ts';

/**
 * What servers say to each other. The README of this folder has the table packet → sender → receiver → phase.
 */
export type ServerState = 'LOOKING' | 'FOLLOWING' | 'LEADING' | 'OBSERVING';
export type ZabState = 'ELECTION' | 'DISCOVERY' | 'SYNCHRONIZATION' | 'BROADCAST';
export type LearnerType = 'PARTICIPANT' | 'OBSERVER';

/** On an election connection: the initial message of the dialling side, then notifications in both directions. */
export type ElectionPacket =
  { readonly type: 'initialMessage'; readonly sid: Sid; readonly address: string } | Notification;

/** FastLeaderElection.Notification: the sender's vote. The sender's identity is the connection's, never a field. */
export interface Notification {
  readonly type: 'notification';
  /** The sender's state. */
  readonly state: ServerState;
  /** Proposed leader, its last zxid and its currentEpoch. */
  readonly leader: Sid;
  readonly zxid: Zxid;
  readonly peerEpoch: number;
  /** The sender's logical clock (the round). */
  readonly electionEpoch: number;
}

/** On a learner's connection to the leader's quorum port (QuorumPacket; names and meanings of Leader.java). */
export type QuorumPacket =
  /** Learner → leader. zxid is (acceptedEpoch, 0). */
  | { readonly type: 'FOLLOWERINFO' | 'OBSERVERINFO'; readonly zxid: Zxid; readonly sid: Sid }
  /** Leader → learner. zxid is (newEpoch, 0). */
  | { readonly type: 'LEADERINFO'; readonly zxid: Zxid }
  /** Learner → leader: last zxid and currentEpoch; −1 when this epoch was accepted before and must not count. */
  | { readonly type: 'ACKEPOCH'; readonly zxid: Zxid; readonly currentEpoch: number }
  | { readonly type: 'DIFF' | 'TRUNC'; readonly zxid: Zxid }
  /** With the raw tree that follows it on the stream. */
  | { readonly type: 'SNAP'; readonly zxid: Zxid; readonly snapshot: Snapshot }
  | { readonly type: 'NEWLEADER'; readonly zxid: Zxid }
  | { readonly type: 'UPTODATE' }
  | { readonly type: 'PROPOSAL'; readonly txn: Txn }
  | { readonly type: 'ACK' | 'COMMIT'; readonly zxid: Zxid }
  | { readonly type: 'INFORM'; readonly txn: Txn }
  /** Leader → learner: empty `touched`. Learner → leader: the sessions it heard from since its last answer. */
  | { readonly type: 'PING'; readonly zxid: Zxid; readonly touched: readonly TouchedSession[] }
  | {
      readonly type: 'REQUEST';
      readonly sessionId: SessionId;
      readonly cxid: number;
      readonly body: RequestBody;
    }
  | { readonly type: 'SYNC' }
  | {
      readonly type: 'REVALIDATE';
      readonly sessionId: SessionId;
      readonly timeOut: number;
      readonly valid?: boolean;
    };

export interface TouchedSession {
  readonly sessionId: SessionId;
  readonly timeOut: number;
}

export type QuorumPacketType = QuorumPacket['type'];
export type Packet = ElectionPacket | QuorumPacket | ClientPacket | ServerPacket;
export type PacketType = Packet['type'];
