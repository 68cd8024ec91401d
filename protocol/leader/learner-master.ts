import type { SessionId, Sid } from '../ids.ts';
import type { QuorumPacket } from '../packets.ts';
import type { Request } from '../processors/request.ts';
import type { Zxid } from '../zxid.ts';
import type { LearnerHandler } from './learner-handler.ts';
import type { LeaderHistory } from './sync-follower.ts';

/** quorum/LearnerMaster: what a learner's handler asks of the leader. A wait is answered by LearnerHandler.proceed. */
export interface LearnerMaster {
  /** Full ticks since this leadership began. */
  readonly tick: number;
  readonly lastProposed: Zxid;
  readonly history: LeaderHistory;
  /** (epoch, 0). */
  readonly newLeaderZxid: Zxid;
  /** Once a quorum has connected and the epoch is on disk. */
  readonly proposedEpoch: number | undefined;
  /** A quorum has acknowledged the epoch. */
  readonly isElectionFinished: boolean;
  /** A quorum has acknowledged NEWLEADER. */
  readonly isQuorumFormed: boolean;
  readonly isServing: boolean;

  getEpochToPropose(sid: Sid, lastAcceptedEpoch: number): void;
  /** The reason why this learner must go, or undefined. */
  waitForEpochAck(sid: Sid, ack: QuorumPacket & { readonly type: 'ACKEPOCH' }): string | undefined;
  waitForNewLeaderAck(sid: Sid, zxid: Zxid): void;
  /** The learner is about to be synchronized: nothing that it did on an earlier connection counts any more. */
  supersede(handler: LearnerHandler): void;
  /** Everything after `lastSeen` will be queued for this learner. */
  startForwarding(handler: LearnerHandler, lastSeen: Zxid): void;
  /** The learner answers PINGs from now on. */
  onBroadcasting(handler: LearnerHandler): void;
  processAck(sid: Sid, zxid: Zxid): void;
  touch(sessionId: SessionId, timeOut: number): void;
  onPingAnswered(): void;
  revalidateSession(handler: LearnerHandler, sessionId: SessionId, timeOut: number): void;
  submitLearnerRequest(request: Request): void;
  removeLearnerHandler(handler: LearnerHandler): void;
}
