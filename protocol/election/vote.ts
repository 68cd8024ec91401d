/**
 * quorum/Vote and the order of votes. A vote says whom a server would follow and how far that leader's history reaches.
 */
import { UNKNOWN_ZXID, type Zxid } from '../zxid.ts';
import type { Sid } from '../ids.ts';
import type { Notification, ServerState } from '../packets.ts';
import type { QuorumVerifier } from '../quorum.ts';
import { DEFAULT_RELEASE, type Release } from '../release/release.ts';

export interface Vote {
  readonly leader: Sid;
  readonly zxid: Zxid;
  /** The voter's round (its logical clock). */
  readonly electionEpoch: number;
  /** The proposed leader's currentEpoch. */
  readonly peerEpoch: number;
  /** The voter's state when it sent the vote. */
  readonly state: ServerState;
  /** Notification format the vote came in; 0 for votes that a server keeps itself. */
  readonly version: number;
}

export type Candidate = Pick<Vote, 'leader' | 'zxid' | 'peerEpoch'>;

/** Format of the notifications of every release since 3.5. */
const NOTIFICATION_VERSION = 2;

/** What a server announces that may not lead (Java: Long.MIN_VALUE in every field). */
export const NO_CANDIDATE: Candidate = {
  leader: Number.MIN_SAFE_INTEGER as Sid,
  zxid: UNKNOWN_ZXID,
  peerEpoch: Number.MIN_SAFE_INTEGER,
};

export const voteIn = (n: Notification): Vote => ({
  leader: n.leader,
  zxid: n.zxid,
  electionEpoch: n.electionEpoch,
  peerEpoch: n.peerEpoch,
  state: n.state,
  version: NOTIFICATION_VERSION,
});

export const lookingVote = (candidate: Candidate, electionEpoch: number): Vote => ({
  leader: candidate.leader,
  zxid: candidate.zxid,
  peerEpoch: candidate.peerEpoch,
  electionEpoch,
  state: 'LOOKING',
  version: 0,
});

/**
 * FastLeaderElection.totalOrderPredicate: does `a` beat `b`? The epoch comes first: a server with a shorter log but a
 * higher currentEpoch wins. Each clause is guarded by equality in the ones before it, else the order is not total and an
 * election may never end (ZOOKEEPER-1419).
 */
export function beats(
  verifier: QuorumVerifier,
  a: Candidate,
  b: Candidate,
  release: Release = DEFAULT_RELEASE,
): boolean {
  if (verifier.weightOf(a.leader) === 0) return false;
  // ZOOKEEPER-1419: the last clause without its guard, so that each of two votes can beat the other.
  if (release.voteOrderIsNotTotal && a.zxid === b.zxid && a.leader > b.leader) return true;
  if (a.peerEpoch !== b.peerEpoch) return a.peerEpoch > b.peerEpoch;
  if (a.zxid !== b.zxid) return a.zxid > b.zxid;
  return a.leader > b.leader;
}

/**
 * Vote.equals. A LOOKING server's vote means one thing only in one round. Members of an established ensemble report
 * different zxids and rounds for the same leader, so between them only leader and epoch count; and only the leader where
 * one of the two was kept without its format.
 */
export function sameVote(a: Vote, b: Vote): boolean {
  if (a.leader !== b.leader) return false;
  if (a.state === 'LOOKING' || b.state === 'LOOKING') {
    return a.zxid === b.zxid && a.electionEpoch === b.electionEpoch && a.peerEpoch === b.peerEpoch;
  }
  return a.version > 0 !== b.version > 0 || a.peerEpoch === b.peerEpoch;
}
