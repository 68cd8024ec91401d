/**
 * How a leader proves that it still leads before it answers a sync.
 * Differs: ZooKeeper answers at once when nothing is outstanding, so a deposed leader that does not know it yet lets a client
 * read old data after a sync (ZOOKEEPER-1675). Here the leader first hears from a quorum: it sends its followers one more
 * PING, and an answer to it means that this follower had not joined another leader when the sync was under way. Any leader that has
 * committed something newer before needs one of these followers, so there is none. Nothing changes on the wire.
 */
import type { Sid } from '../ids.ts';
import type { Request } from '../processors/request.ts';
import { Queue } from '../queue.ts';
import { AckTracker, type QuorumVerifier } from '../quorum.ts';
import type { Release } from '../release/release.ts';
import type { Zxid } from '../zxid.ts';

/** A follower that answers PINGs, in the order in which they were sent. */
export interface Pinged {
  readonly sid: Sid | undefined;
  readonly isBroadcasting: boolean;
  readonly pingsSent: number;
  readonly pingsAnswered: number;
  ping(): void;
}

interface WaitingSync {
  readonly request: Request;
  /** What was proposed when it came must be committed first: it may have been acknowledged to somebody already. */
  readonly lastProposed: Zxid;
  isProven: boolean;
}

export class LeadershipProof {
  readonly #self: Sid;
  readonly #verifier: QuorumVerifier;
  readonly #onProven: (request: Request) => void;
  /** ZOOKEEPER-1675: without, only what was proposed before the sync is waited for. */
  readonly #needsProof: boolean;
  /** In the order in which they came; answered in that order. */
  readonly #waiting = new Queue<WaitingSync>();
  /** The round under way: which PING of which follower must be answered, and for which syncs. */
  #round: { readonly marks: Map<Pinged, number>; readonly syncs: readonly WaitingSync[] } | undefined =
    undefined;
  #unproven: WaitingSync[] = [];

  constructor(init: {
    self: Sid;
    verifier: QuorumVerifier;
    release: Release;
    onProven: (request: Request) => void;
  }) {
    this.#self = init.self;
    this.#needsProof = !init.release.syncProvesNothing;
    this.#verifier = init.verifier;
    this.#onProven = init.onProven;
  }

  /** A sync came in. It needs a round that begins after it. */
  add(request: Request, lastProposed: Zxid, followers: Iterable<Pinged>): void {
    const sync: WaitingSync = { request, lastProposed, isProven: !this.#needsProof };
    this.#waiting.push(sync);
    if (!this.#needsProof) return;
    this.#unproven.push(sync);
    if (this.#round === undefined) this.#beginRound(followers);
  }

  /** A follower answered a PING, something was committed, or a follower came or went. */
  proceed(lastCommitted: Zxid, followers: Iterable<Pinged>): void {
    if (this.#round !== undefined && this.#hasQuorum(this.#round.marks)) {
      for (const sync of this.#round.syncs) sync.isProven = true;
      this.#round = undefined;
      if (this.#unproven.length > 0) this.#beginRound(followers);
    }
    this.#answer(lastCommitted);
  }

  /** A follower that came into broadcast after the round began joins it: without it there may never be a quorum. */
  join(follower: Pinged): void {
    if (this.#round !== undefined && !this.#round.marks.has(follower)) ping(this.#round.marks, follower);
  }

  #beginRound(followers: Iterable<Pinged>): void {
    this.#round = { marks: new Map(), syncs: this.#unproven };
    this.#unproven = [];
    for (const follower of followers) if (follower.isBroadcasting) ping(this.#round.marks, follower);
  }

  #hasQuorum(marks: ReadonlyMap<Pinged, number>): boolean {
    const tracker = new AckTracker(this.#verifier);
    tracker.add(this.#self);
    for (const [follower, mark] of marks) {
      if (follower.sid !== undefined && follower.pingsAnswered >= mark) tracker.add(follower.sid);
    }
    return tracker.hasQuorum;
  }

  #answer(lastCommitted: Zxid): void {
    for (let sync = this.#waiting.first; sync !== undefined; sync = this.#waiting.first) {
      if (!sync.isProven || sync.lastProposed > lastCommitted) return;
      this.#waiting.shift();
      this.#onProven(sync.request);
    }
  }
}

/** A handler may give its learner up instead of sending (SyncLimitCheck): then there is no answer to wait for. */
function ping(marks: Map<Pinged, number>, follower: Pinged): void {
  follower.ping();
  if (follower.isBroadcasting) marks.set(follower, follower.pingsSent);
}
