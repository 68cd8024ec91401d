/**
 * quorum/FastLeaderElection. `lookForLeader` is a loop around a queue there; here each turn of the loop is a step: a notification
 * that was received, or a poll that timed out. Left out: reconfiguration, the oracle of two-server ensembles.
 */
import { defined } from '../assert.ts';
import type { EnsembleConfig } from '../config.ts';
import type { ServerHost } from '../host.ts';
import type { Sid } from '../ids.ts';
import type { LearnerType, Notification, ServerState } from '../packets.ts';
import { AckTracker, type QuorumVerifier } from '../quorum.ts';
import type { Release } from '../release/release.ts';
import type { Stages } from '../stages.ts';
import type { Timers } from '../timers.ts';
import { beats, lookingVote, NO_CANDIDATE, sameVote, voteIn, type Candidate, type Vote } from './vote.ts';

export interface ElectionPeerView {
  readonly sid: Sid;
  readonly learnerType: LearnerType;
  readonly serverState: ServerState;
  /** The vote this server last decided on: what it tells others once it no longer looks. */
  readonly currentVote: Vote;
  /** Whom it would propose: itself, with the end of its history. */
  readonly selfCandidate: Candidate;
}

export interface FastLeaderElectionInit {
  readonly host: ServerHost;
  readonly timers: Timers;
  readonly stages: Stages;
  readonly config: EnsembleConfig;
  readonly verifier: QuorumVerifier;
  readonly release: Release;
  readonly self: ElectionPeerView;
  readonly manager: { toSend(to: Sid, n: Notification): void; haveDelivered(): boolean; connectAll(): void };
  readonly onElected: (vote: Vote, state: ServerState) => void;
}

type ElectedPath = 'looking' | 'recvset' | 'outofelection';

/** Received and not yet looked at (WorkerReceiver's queue keeps the newest 100 of these). */
interface Received {
  readonly from: Sid;
  readonly notification: Notification;
}

const RECV_CAPACITY = 100;
/** How long a winning vote must stand unchallenged, ms. */
const FINALIZE_WAIT_MS = 200;
const POLL_TIMER = 'election/poll';

export class FastLeaderElection {
  readonly #init: FastLeaderElectionInit;
  /** QuorumCnxManager.recvQueue: between the connections and WorkerReceiver. */
  readonly #managerQueue: Received[] = [];
  /** Between WorkerReceiver and lookForLeader. */
  #recvqueue: Received[] = [];
  #logicalclock = 0;
  #proposal: Candidate = NO_CANDIDATE;
  /** Votes of this round. */
  #recvset = new Map<Sid, Vote>();
  /** Votes of servers that are FOLLOWING or LEADING, whatever their round. */
  #outofelection = new Map<Sid, Vote>();
  #notTimeoutMs = 0;
  /** A quorum agrees; waiting for someone who knows better. */
  #isFinalizing = false;
  #isLooking = false;

  constructor(init: FastLeaderElectionInit) {
    this.#init = init;
    init.stages.register('WorkerReceiver', () => this.#receive());
  }

  get logicalclock(): number {
    return this.#logicalclock;
  }

  /** The manager received a notification, or looped our own back. */
  onNotification(from: Sid, notification: Notification): void {
    if (this.#managerQueue.length === RECV_CAPACITY) this.#managerQueue.shift();
    this.#managerQueue.push({ from, notification });
    this.#init.stages.wake('WorkerReceiver');
  }

  /** FastLeaderElection.lookForLeader, up to its loop. */
  lookForLeader(): void {
    this.#recvset = new Map();
    this.#outofelection = new Map();
    this.#notTimeoutMs = this.#init.config.minNotificationInterval;
    this.#isFinalizing = false;
    this.#isLooking = true;
    this.#logicalclock++;
    this.#init.host.emit({ type: 'roundStarted', round: this.#logicalclock });
    this.#updateProposal(this.#init.self.selfCandidate);
    this.#sendNotifications();
    this.#poll();
  }

  /** One turn of the loop, when something was received. */
  step(): void {
    if (!this.#isLooking) return;
    const received = this.#recvqueue.shift();
    if (received !== undefined) {
      if (this.#isFinalizing) this.#drain(received);
      else this.#process(received);
    }
    this.#poll();
  }

  /** recvqueue.poll: either something is there, or a timer tells that nothing came. */
  #poll(): void {
    if (!this.#isLooking) return;
    if (this.#recvqueue.length > 0) this.#init.stages.wake('QuorumPeer');
    const timeoutMs = this.#isFinalizing ? FINALIZE_WAIT_MS : this.#notTimeoutMs;
    this.#init.timers.set(POLL_TIMER, timeoutMs, () => this.#onPollTimeout());
  }

  #onPollTimeout(): void {
    if (!this.#isLooking) return;
    if (this.#recvqueue.length > 0) {
      this.#init.stages.wake('QuorumPeer');
      return;
    }
    if (this.#isFinalizing) {
      this.#leave(lookingVote(this.#proposal, this.#logicalclock), 'looking');
      return;
    }
    if (this.#init.manager.haveDelivered()) this.#sendNotifications();
    else this.#init.manager.connectAll();
    this.#notTimeoutMs = Math.min(this.#notTimeoutMs * 2, this.#init.config.maxNotificationInterval);
    this.#poll();
  }

  // ------------------------------------------------------------------------------------- WorkerReceiver

  #receive(): void {
    for (const received of this.#managerQueue.splice(0)) this.#workerReceive(received);
  }

  /** FastLeaderElection.Messenger.WorkerReceiver.run, for one message. */
  #workerReceive(received: Received): void {
    const { from, notification } = received;
    const { self, verifier } = this.#init;
    if (!verifier.votingMembers.has(from)) {
      this.#reply(from, self.currentVote, this.#logicalclock);
    } else if (self.serverState === 'LOOKING') {
      this.#recvqueue.push(received);
      if (this.#isLooking) this.#init.stages.wake('QuorumPeer');
      if (notification.state === 'LOOKING' && notification.electionEpoch < this.#logicalclock) {
        this.#reply(from, this.#proposal, this.#logicalclock);
      }
    } else if (notification.state === 'LOOKING') {
      this.#reply(from, self.currentVote, self.currentVote.electionEpoch);
    }
  }

  #reply(to: Sid, candidate: Candidate, electionEpoch: number): void {
    this.#init.manager.toSend(to, this.#notification(candidate, electionEpoch));
  }

  /** To every voter, this server included. */
  #sendNotifications(): void {
    const notification = this.#notification(this.#proposal, this.#logicalclock);
    for (const sid of this.#init.verifier.votingMembers) this.#init.manager.toSend(sid, notification);
  }

  #notification(candidate: Candidate, electionEpoch: number): Notification {
    return {
      type: 'notification',
      state: this.#init.self.serverState,
      leader: candidate.leader,
      zxid: candidate.zxid,
      peerEpoch: candidate.peerEpoch,
      electionEpoch,
    };
  }

  // ------------------------------------------------------------------------------------- lookForLeader's loop

  #process({ from, notification: n }: Received): void {
    if (!this.#isVoter(from) || !this.#isVoter(n.leader)) return;
    switch (n.state) {
      case 'LOOKING':
        this.#onLooking(from, n);
        return;
      case 'FOLLOWING':
      case 'LEADING':
        this.#onFollowing(from, n);
        return;
      case 'OBSERVING':
        return;
    }
  }

  #isVoter(sid: Sid): boolean {
    return this.#init.verifier.votingMembers.has(sid);
  }

  #onLooking(from: Sid, n: Notification): void {
    if (n.electionEpoch < this.#logicalclock) return;
    if (n.electionEpoch > this.#logicalclock) {
      this.#logicalclock = n.electionEpoch;
      this.#recvset = new Map();
      // Against the vote for oneself, not against the proposal of the round that just ended.
      const own = this.#init.self.selfCandidate;
      this.#updateProposal(this.#beats(n, own) ? n : own);
      this.#sendNotifications();
    } else if (this.#beats(n, this.#proposal)) {
      this.#updateProposal(n);
      this.#sendNotifications();
    }
    this.#recvset.set(from, lookingVote(n, n.electionEpoch));
    const agreed = this.#supporters(this.#recvset, lookingVote(this.#proposal, this.#logicalclock));
    this.#isFinalizing = agreed.hasQuorum;
  }

  /**
   * The finalize wait. Whoever beats the proposal goes back into the queue and reopens the loop; every other notification that
   * arrives meanwhile is dropped, whatever its state or round.
   */
  #drain(received: Received): void {
    if (!this.#beats(received.notification, this.#proposal)) return;
    this.#recvqueue.push(received);
    this.#isFinalizing = false;
  }

  /** receivedFollowingNotification: joins a leader whom a quorum already follows. */
  #onFollowing(from: Sid, n: Notification): void {
    const vote = voteIn(n);
    if (n.electionEpoch === this.#logicalclock) {
      this.#recvset.set(from, { ...vote, version: 0 });
      if (this.#isFollowedBy(this.#recvset, vote)) {
        this.#leave(vote, 'recvset');
        return;
      }
    }
    this.#outofelection.set(from, vote);
    if (!this.#isFollowedBy(this.#outofelection, vote)) return;
    this.#logicalclock = n.electionEpoch;
    this.#leave(vote, 'outofelection');
  }

  #isFollowedBy(votes: ReadonlyMap<Sid, Vote>, vote: Vote): boolean {
    return this.#supporters(votes, vote).hasQuorum && this.#checkLeader(votes, vote);
  }

  /** checkLeader: a leader must say itself that it leads, lest two servers keep electing one that has fallen. */
  #checkLeader(votes: ReadonlyMap<Sid, Vote>, vote: Vote): boolean {
    if (vote.leader === this.#init.self.sid) return vote.electionEpoch === this.#logicalclock;
    return votes.get(vote.leader)?.state === 'LEADING';
  }

  #supporters(votes: ReadonlyMap<Sid, Vote>, vote: Vote): AckTracker {
    const tracker = new AckTracker(this.#init.verifier);
    for (const [sid, theirs] of votes) if (sameVote(vote, theirs)) tracker.add(sid);
    return tracker;
  }

  #beats(a: Candidate, b: Candidate): boolean {
    return beats(this.#init.verifier, a, b, this.#init.release);
  }

  #updateProposal(candidate: Candidate): void {
    this.#proposal = { leader: candidate.leader, zxid: candidate.zxid, peerEpoch: candidate.peerEpoch };
    this.#init.host.emit({ type: 'voteChanged', round: this.#logicalclock, ...this.#proposal });
  }

  /** setPeerState and leaveInstance. */
  #leave(vote: Vote, path: ElectedPath): void {
    this.#isLooking = false;
    this.#recvqueue = [];
    this.#init.timers.cancel(POLL_TIMER);
    const { leader, zxid, peerEpoch } = vote;
    const decided = { ...lookingVote(vote, this.#logicalclock), electionEpoch: this.#logicalclock };
    this.#init.host.emit({ type: 'elected', leader, round: this.#logicalclock, zxid, peerEpoch, path });
    this.#init.onElected(decided, this.#stateUnder(leader));
  }

  #stateUnder(leader: Sid): ServerState {
    const { sid, learnerType } = this.#init.self;
    if (leader === sid) return 'LEADING';
    return learnerType === 'PARTICIPANT' ? 'FOLLOWING' : 'OBSERVING';
  }
}

/** The self vote of a round (getInitId and its siblings): only a voter that is a participant proposes itself. */
export function selfCandidate(
  sid: Sid,
  type: LearnerType,
  zxid: Candidate['zxid'],
  currentEpoch: number | undefined,
): Candidate {
  if (type === 'OBSERVER') return NO_CANDIDATE;
  return { leader: sid, zxid, peerEpoch: defined(currentEpoch, 'currentEpoch') };
}
