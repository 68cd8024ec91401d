/**
 * LearnerHandler.syncFollower: how a learner whose history ends at `peerLastZxid` is brought to the leader's. Pure: it reads the
 * leader's position and says which packets to queue.
 */
import type { Txn } from '../database/txn.ts';
import type { QuorumPacket } from '../packets.ts';
import { DEFAULT_RELEASE, type Release } from '../release/release.ts';
import { epochOf, isEpochStart, type Zxid } from '../zxid.ts';

/** The leader's history as its database has it. */
export interface LeaderHistory {
  /** The last txn in the tree, which a snapshot would show. */
  readonly lastProcessedZxid: Zxid;
  /** The same, or the last txn that is committed and not yet in the tree. */
  readonly lastCommitted: Zxid;
  /** The newest committed txns, oldest first. */
  readonly committedLog: readonly Txn[];
  /** From the log on disk: what may lead from `zxid` to the committed log; empty when it is too long or not there. */
  txnLogFrom(zxid: Zxid): readonly Txn[];
}

export interface SyncPlan {
  readonly mode: 'DIFF' | 'TRUNC' | 'SNAP';
  /** DIFF or TRUNC, then PROPOSAL and COMMIT of each missing txn. Empty for SNAP. */
  readonly packets: readonly QuorumPacket[];
  /** The learner will have everything up to here; what comes later is forwarded to it. */
  readonly currentZxid: Zxid;
  readonly minCommittedLog: Zxid;
  readonly maxCommittedLog: Zxid;
}

export function syncFollower(
  peerLastZxid: Zxid,
  leader: LeaderHistory,
  release: Release = DEFAULT_RELEASE,
): SyncPlan {
  const min = leader.committedLog[0]?.zxid ?? leader.lastCommitted;
  const max = leader.committedLog.at(-1)?.zxid ?? leader.lastCommitted;
  const window = { minCommittedLog: min, maxCommittedLog: max };
  const snap: SyncPlan = { mode: 'SNAP', packets: [], currentZxid: leader.lastProcessedZxid, ...window };

  if (leader.lastCommitted === peerLastZxid) {
    return {
      mode: 'DIFF',
      packets: [{ type: 'DIFF', zxid: peerLastZxid }],
      currentZxid: peerLastZxid,
      ...window,
    };
  }
  // ZOOKEEPER-2832: a learner that is ahead keeps in its log what the snapshot does not cut.
  if (release.emptyCommittedLogMeansSnap && leader.committedLog.length === 0) return snap;
  if (peerLastZxid > max && !isEpochStart(peerLastZxid)) {
    return { mode: 'TRUNC', packets: [{ type: 'TRUNC', zxid: max }], currentZxid: max, ...window };
  }
  const queue = new CommittedProposals(peerLastZxid, max);
  if (min <= peerLastZxid && peerLastZxid <= max) {
    // ZOOKEEPER-1154: before anybody has looked whether its last txn is one of these.
    if (release.diffSkipsTheTailCheck) queue.diff();
    queue.add(leader.committedLog);
  } else if (peerLastZxid < min) {
    const logged = leader.txnLogFrom(peerLastZxid);
    if (logged.length === 0) return snap;
    queue.add(logged, min);
    // A gap between the log on disk and the committed log.
    if (queue.queuedZxid < min) return snap;
    queue.add(leader.committedLog);
  }
  return queue.mode === undefined
    ? snap
    : { mode: queue.mode, packets: queue.packets, currentZxid: queue.queuedZxid, ...window };
}

/** LearnerHandler.queueCommittedProposals. */
class CommittedProposals {
  readonly packets: QuorumPacket[] = [];
  /** DIFF or TRUNC; undefined while it is not decided, which means SNAP if it stays so. */
  mode: 'DIFF' | 'TRUNC' | undefined = undefined;
  queuedZxid: Zxid;
  readonly #peerLastZxid: Zxid;
  readonly #lastCommitted: Zxid;
  #previous: Zxid | undefined = undefined;
  #isBlocked = false;

  constructor(peerLastZxid: Zxid, lastCommitted: Zxid) {
    this.#peerLastZxid = peerLastZxid;
    this.queuedZxid = peerLastZxid;
    this.#lastCommitted = lastCommitted;
  }

  add(txns: readonly Txn[], limit?: Zxid): void {
    for (const txn of txns) {
      if (limit !== undefined && txn.zxid > limit) break;
      if (this.#isBlocked) return;
      this.#consider(txn);
    }
    // (epoch, 0) names no txn, so it is never found: the whole history before it is the learner's too.
    if (this.mode === undefined && isEpochStart(this.#peerLastZxid) && !this.#isBlocked) this.diff();
  }

  diff(): void {
    this.mode = 'DIFF';
    this.packets.push({ type: 'DIFF', zxid: this.#lastCommitted });
  }

  #consider(txn: Txn): void {
    if (txn.zxid < this.#peerLastZxid) {
      this.#previous = txn.zxid;
      return;
    }
    if (this.mode === undefined) this.#decide(txn.zxid);
    if (this.#isBlocked || txn.zxid <= this.queuedZxid) return;
    this.packets.push({ type: 'PROPOSAL', txn }, { type: 'COMMIT', zxid: txn.zxid });
    this.queuedZxid = txn.zxid;
  }

  #decide(zxid: Zxid): void {
    if (zxid === this.#peerLastZxid || isEpochStart(this.#peerLastZxid)) this.diff();
    else if (epochOf(zxid) !== epochOf(this.#peerLastZxid) || this.#previous === undefined)
      this.#isBlocked = true;
    else this.#truncate(this.#previous);
  }

  /** The learner has txns that this leader never saw; TRUNC never crosses an epoch here. */
  #truncate(previous: Zxid): void {
    this.mode = 'TRUNC';
    this.packets.push({ type: 'TRUNC', zxid: previous });
    this.queuedZxid = previous;
  }
}
