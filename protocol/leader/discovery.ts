/**
 * The two quorums of discovery, as the leader counts them (Leader.getEpochToPropose and waitForEpochAck): who has connected, which
 * decides the new epoch, and who has accepted it.
 */
import type { Sid } from '../ids.ts';
import { AckTracker, type QuorumVerifier } from '../quorum.ts';
import type { Zxid } from '../zxid.ts';

/** quorum/StateSummary: how far a history reaches. */
export interface StateSummary {
  /** −1: this epoch was accepted before, and must not be counted again. */
  readonly currentEpoch: number;
  readonly zxid: Zxid;
}

export class Discovery {
  readonly #self: Sid;
  /** leaderStateSummary: from before the new epoch. */
  readonly #summary: StateSummary;
  /** It never shrinks: who connected and died still counts. */
  readonly #connectingFollowers: AckTracker;
  readonly #electingFollowers: AckTracker;
  #epoch = -1;
  #isEpochFixed = false;

  constructor(init: { self: Sid; verifier: QuorumVerifier; summary: StateSummary }) {
    this.#self = init.self;
    this.#summary = init.summary;
    this.#connectingFollowers = new AckTracker(init.verifier);
    this.#electingFollowers = new AckTracker(init.verifier);
  }

  get epoch(): number {
    return this.#epoch;
  }

  get connecting(): readonly Sid[] {
    return [...this.#connectingFollowers.acks];
  }

  get epochAcks(): readonly Sid[] {
    return [...this.#electingFollowers.acks];
  }

  /** The leader itself and a quorum have accepted the epoch. */
  get isEpochAcked(): boolean {
    return this.#isQuorumWithLeader(this.#electingFollowers);
  }

  /** The epoch will be one more than anyone in the quorum has ever accepted. True: this one completed the quorum. */
  connect(sid: Sid, lastAcceptedEpoch: number): boolean {
    if (this.#isEpochFixed) return false;
    if (lastAcceptedEpoch >= this.#epoch) this.#epoch = lastAcceptedEpoch + 1;
    this.#connectingFollowers.add(sid);
    this.#isEpochFixed = this.#isQuorumWithLeader(this.#connectingFollowers);
    return this.#isEpochFixed;
  }

  /** The epoch is fixed, and somebody has accepted a higher one. */
  isOutrunBy(lastAcceptedEpoch: number): boolean {
    return this.#isEpochFixed && lastAcceptedEpoch > this.#epoch;
  }

  /** Why this learner must go, or undefined. Who knows more than this leader must not follow it; others may. */
  acknowledge(sid: Sid, learner: StateSummary): string | undefined {
    if (learner.currentEpoch === -1) return undefined;
    if (this.#isBehind(learner)) return 'it is ahead of the leader';
    this.#electingFollowers.add(sid);
    return undefined;
  }

  /** StateSummary.isMoreRecentThan. */
  #isBehind(learner: StateSummary): boolean {
    const { currentEpoch, zxid } = this.#summary;
    return (
      learner.currentEpoch > currentEpoch || (learner.currentEpoch === currentEpoch && learner.zxid > zxid)
    );
  }

  #isQuorumWithLeader(tracker: AckTracker): boolean {
    return tracker.acks.has(this.#self) && tracker.hasQuorum;
  }
}
