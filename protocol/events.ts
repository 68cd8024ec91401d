import type { Txn } from './database/txn.ts';
import type { SessionId, Sid } from './ids.ts';
import type { ServerState, ZabState } from './packets.ts';
import type { Zxid } from './zxid.ts';

/**
 * What a server tells the world about its decisions: one event a decision, for the trace, the checkers and the reports.
 * The host adds time, server and incarnation.
 */
export type ServerEvent =
  | { readonly type: 'state'; readonly from: ServerState; readonly to: ServerState; readonly reason: string }
  | { readonly type: 'zabState'; readonly to: ZabState }
  /** lookForLeader begins a round. */
  | { readonly type: 'roundStarted'; readonly round: number }
  /** The proposal changed (own vote first). */
  | {
      readonly type: 'voteChanged';
      readonly round: number;
      readonly leader: Sid;
      readonly zxid: Zxid;
      readonly peerEpoch: number;
    }
  | {
      readonly type: 'elected';
      readonly leader: Sid;
      readonly round: number;
      readonly zxid: Zxid;
      readonly peerEpoch: number;
      /** Which rule of lookForLeader decided. */
      readonly path: 'looking' | 'recvset' | 'outofelection';
    }
  /** Leader: a quorum has connected and the epoch is chosen. */
  | { readonly type: 'epochFixed'; readonly epoch: number; readonly connecting: readonly Sid[] }
  | { readonly type: 'epochAcked'; readonly epoch: number; readonly acks: readonly Sid[] }
  /** Leader: how a learner will be brought up to date (LearnerHandler.syncFollower). */
  | {
      readonly type: 'syncDecision';
      readonly learner: Sid;
      readonly mode: 'DIFF' | 'TRUNC' | 'SNAP';
      readonly peerLastZxid: Zxid;
      readonly minCommittedLog: Zxid;
      readonly maxCommittedLog: Zxid;
      readonly lastProcessedZxid: Zxid;
      /** Txns queued for it at once. */
      readonly queued: number;
    }
  /** Leader: NEWLEADER has left for this learner. */
  | { readonly type: 'newLeaderSent'; readonly learner: Sid; readonly epoch: number }
  /** A packet came that this server had no answer to: an exception ends the thread that read it, and its role. */
  | { readonly type: 'protocolError'; readonly what: string }
  /** Learner: NEWLEADER acknowledged, its history is durable. */
  | { readonly type: 'newLeaderAcked'; readonly epoch: number }
  /**
   * Leader: a quorum acknowledged NEWLEADER. `lastZxid` is the last txn of the initial history and `digest` the tree's digest
   * at it: both from before lastProcessedZxid becomes (epoch, 0).
   */
  | {
      readonly type: 'established';
      readonly epoch: number;
      readonly acks: readonly Sid[];
      readonly lastZxid: Zxid;
      readonly digest: number;
    }
  /** A server begins to serve clients (learner: after UPTODATE). `lastZxid` and `digest`: its tree at that moment. */
  | { readonly type: 'serving'; readonly epoch: number; readonly lastZxid: Zxid; readonly digest: number }
  /** A server stops serving; its client connections are closed. */
  | { readonly type: 'stoppedServing'; readonly reason: string }
  /** Leader: a txn has its zxid and goes to every follower's queue and to the log (Leader.propose). */
  | { readonly type: 'proposed'; readonly epoch: number; readonly txn: Txn }
  /** Leader: a quorum has acknowledged the txn (Leader.tryToCommit). */
  | { readonly type: 'committed'; readonly epoch: number; readonly zxid: Zxid; readonly acks: readonly Sid[] }
  /**
   * A txn changed a server's tree, whose digest is now `digest`. While a server serves, `commit` is a delivery in the
   * sense of the Zab paper. The other causes are speculative until it serves: the txn may not be committed.
   */
  | { readonly type: 'applied'; readonly txn: Txn; readonly digest: number; readonly cause: ApplyCause }
  /** A learner took over the leader's tree. */
  | { readonly type: 'snapshotInstalled'; readonly zxid: Zxid }
  /** A learner cut its log after `zxid`. */
  | { readonly type: 'truncated'; readonly zxid: Zxid }
  /** The log could not be written, so the tree was thrown away and read again from the disk: like a restart, it may end earlier. */
  | { readonly type: 'reloaded'; readonly lastZxid: Zxid }
  /** A fuzzy snapshot began or ended; between the two, txns went on applying. */
  | { readonly type: 'snapshotStarted'; readonly zxid: Zxid }
  | { readonly type: 'snapshotTaken'; readonly zxid: Zxid; readonly nodes: number }
  /** Recovery: what a server found on its disk. */
  | {
      readonly type: 'recovered';
      readonly snapshotZxid: Zxid;
      readonly lastZxid: Zxid;
      readonly replayed: number;
      readonly acceptedEpoch: number;
      readonly currentEpoch: number;
      /** Log files that ended in half a record; newer snapshots that could not be read; txns dropped as they were behind a hole. */
      readonly tornRecords: number;
      readonly damagedSnapshots: number;
      readonly behindHole: number;
    }
  /** Leader: silent for its whole timeout, so the session is being closed. */
  | { readonly type: 'sessionExpired'; readonly sessionId: SessionId; readonly timeOut: number }
  /** Leader: the session's requests now come through another server. */
  | { readonly type: 'sessionMoved'; readonly sessionId: SessionId; readonly to: Sid }
  /** A request came through a server that no longer owns the session. */
  | { readonly type: 'sessionMovedRefused'; readonly sessionId: SessionId }
  /** A client's connection request was answered. */
  | {
      readonly type: 'sessionAttached';
      readonly sessionId: SessionId;
      readonly timeOut: number;
      readonly isNew: boolean;
    }
  | { readonly type: 'sessionRefused'; readonly sessionId: SessionId; readonly reason: string }
  /** Leader: given up, because… (Leader.shutdown, LearnerHandler.shutdown). */
  | { readonly type: 'learnerDropped'; readonly learner: Sid; readonly reason: string }
  /** A packet that ZooKeeper tolerates without acting on it. */
  | { readonly type: 'ignored'; readonly what: string; readonly reason: string };

export type ApplyCause = 'commit' | 'syncCommit' | 'replay' | 'fastForward';

export type ServerEventType = ServerEvent['type'];
