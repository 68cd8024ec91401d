/**
 * The heart of broadcast (Leader.propose, processAck, tryToCommit, startForwarding): which txns are proposed, which are
 * committed and which are applied, and who gets to hear of each. All of it happens under the leader's lock in ZooKeeper, so each
 * method here is atomic.
 */
import type { Txn } from '../database/txn.ts';
import type { ServerHost } from '../host.ts';
import type { Sid } from '../ids.ts';
import type { QuorumPacket } from '../packets.ts';
import type { Request } from '../processors/request.ts';
import { Queue } from '../queue.ts';
import { AckTracker, type QuorumVerifier } from '../quorum.ts';
import { epochOf, isEpochStart, makeZxid, previousZxid, type Zxid } from '../zxid.ts';

interface Proposal {
  readonly request: Request;
  readonly txn: Txn;
  readonly acks: AckTracker;
}

/** What of a learner's handler is needed here. */
export interface Forwarded {
  queuePacket(packet: QuorumPacket): void;
}

export class Proposals {
  readonly #host: ServerHost;
  readonly #verifier: QuorumVerifier;
  readonly #onCommitted: (request: Request) => void;
  readonly #outstandingProposals = new Map<Zxid, Proposal>();
  /** Committed and not yet applied here, oldest first: a learner that joins now needs them too. */
  readonly #toBeApplied = new Queue<Txn>();
  readonly #forwardingFollowers = new Set<Forwarded>();
  readonly #observingLearners = new Set<Forwarded>();
  #lastProposed: Zxid;
  #lastCommitted: Zxid;

  constructor(init: {
    host: ServerHost;
    verifier: QuorumVerifier;
    epoch: number;
    onCommitted: (request: Request) => void;
  }) {
    this.#host = init.host;
    this.#verifier = init.verifier;
    this.#onCommitted = init.onCommitted;
    this.#lastProposed = makeZxid(init.epoch, 0);
    this.#lastCommitted = this.#lastProposed;
  }

  get lastProposed(): Zxid {
    return this.#lastProposed;
  }

  get lastCommitted(): Zxid {
    return this.#lastCommitted;
  }

  /** Leader.propose: into every follower's queue. The leader's own log is a follower like any other. */
  propose(request: Request, txn: Txn): void {
    this.#lastProposed = txn.zxid;
    this.#outstandingProposals.set(txn.zxid, { request, txn, acks: new AckTracker(this.#verifier) });
    this.#host.emit({ type: 'proposed', epoch: epochOf(txn.zxid), txn });
    this.#sendPacket({ type: 'PROPOSAL', txn });
  }

  /** Leader.processAck. */
  processAck(sid: Sid, zxid: Zxid): void {
    // The ACK of NEWLEADER once more, after UPTODATE.
    if (isEpochStart(zxid)) return;
    const proposal = this.#outstandingProposals.get(zxid);
    // Late: it is committed already.
    if (proposal === undefined) return;
    proposal.acks.add(sid);
    this.#tryToCommit(proposal);
  }

  /** Leader.startForwarding: from here on every broadcast reaches this learner's queue. */
  startForwarding(learner: Forwarded, isParticipant: boolean, lastSeen: Zxid): void {
    if (this.#lastProposed > lastSeen) {
      for (const txn of this.#toBeApplied) if (txn.zxid > lastSeen) queueCommitted(learner, txn);
      if (isParticipant) {
        for (const { txn } of this.#outstandingProposals.values()) {
          if (txn.zxid > lastSeen) learner.queuePacket({ type: 'PROPOSAL', txn });
        }
      }
    }
    (isParticipant ? this.#forwardingFollowers : this.#observingLearners).add(learner);
  }

  /** Committed txns that the tree does not show yet, oldest first. */
  get toBeApplied(): readonly Txn[] {
    return [...this.#toBeApplied];
  }

  /**
   * This server synchronizes anew, and whatever is uncommitted in its log is cut or replaced: what it has acknowledged on an earlier
   * connection counts no more, until it has logged and acknowledged it again.
   * Differs: ZooKeeper keeps counting (ZABSIM-1). 1. A follower logs and acknowledges a txn; 2. it loses the connection, comes back, and is told
   * to TRUNC; 3. its old ACK completes the quorum; 4. the leader dies, and the committed txn is on no other disk.
   */
  withdrawAcks(sid: Sid): void {
    for (const { acks } of this.#outstandingProposals.values()) acks.remove(sid);
  }

  stopForwarding(learner: Forwarded): void {
    this.#forwardingFollowers.delete(learner);
    this.#observingLearners.delete(learner);
  }

  /** ToBeAppliedRequestProcessor: the tree has it now. */
  onApplied(zxid: Zxid): void {
    if (this.#toBeApplied.first?.zxid === zxid) this.#toBeApplied.shift();
  }

  /**
   * Leader.tryToCommit: strictly in order. Acknowledgements of one connection come in order, so a later proposal never has a
   * quorum before its predecessor, and nobody has to look at it again.
   */
  #tryToCommit({ request, txn, acks }: Proposal): void {
    if (this.#outstandingProposals.has(previousZxid(txn.zxid)) || !acks.hasQuorum) return;
    this.#outstandingProposals.delete(txn.zxid);
    this.#toBeApplied.push(txn);
    this.#lastCommitted = txn.zxid;
    this.#host.emit({ type: 'committed', epoch: epochOf(txn.zxid), zxid: txn.zxid, acks: [...acks.acks] });
    this.#sendPacket({ type: 'COMMIT', zxid: txn.zxid });
    for (const observer of this.#observingLearners) observer.queuePacket({ type: 'INFORM', txn });
    this.#onCommitted(request);
  }

  #sendPacket(packet: QuorumPacket): void {
    for (const follower of this.#forwardingFollowers) follower.queuePacket(packet);
  }
}

function queueCommitted(learner: Forwarded, txn: Txn): void {
  learner.queuePacket({ type: 'PROPOSAL', txn });
  learner.queuePacket({ type: 'COMMIT', zxid: txn.zxid });
}
