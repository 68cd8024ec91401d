/**
 * quorum/CommitProcessor: brings committed requests and the waiting requests of this server's clients into one order. A
 * session's requests stay in order; a read waits only for its own session's earlier writes; writes are applied one at a time
 * in commit order, and nothing is read while one is.
 */
import type { RequestBody } from '../client-packets.ts';
import type { SessionId } from '../ids.ts';
import { Queue } from '../queue.ts';
import type { Release } from '../release/release.ts';
import type { Stages } from '../stages.ts';
import { needsTxn } from './prep-request-processor.ts';
import type { Request } from './request.ts';

export class CommitProcessor {
  readonly #stages: Stages;
  readonly #next: (request: Request) => void;
  readonly #goesByCxid: boolean;
  /** Arrived and not yet looked at. */
  readonly #queued = new Queue<Request>();
  /** Waiting, by session: the first of each needs a commit. */
  readonly #pending = new Map<SessionId, Queue<Request>>();
  readonly #committed = new Queue<Request>();
  /** Answered syncs that have not had their turn in #committed yet. */
  readonly #synced = new Set<Request>();

  constructor(init: { stages: Stages; release?: Release; next: (request: Request) => void }) {
    this.#stages = init.stages;
    this.#goesByCxid = init.release?.commitsAreToldByTheirCxid ?? false;
    this.#next = init.next;
    init.stages.register('CommitProcessor', () => this.#step());
  }

  processRequest(request: Request): void {
    this.#queued.push(request);
    this.#stages.wake('CommitProcessor');
  }

  /** The txn is committed; or, for a sync of this server's own client, the leader has answered it. */
  commit(request: Request): void {
    if (request.body.op === 'sync') this.#synced.add(request);
    this.#committed.push(request);
    this.#stages.wake('CommitProcessor');
  }

  #step(): void {
    do this.#takeQueued();
    while (this.#applyCommitted());
  }

  #takeQueued(): void {
    for (let request = this.#queued.shift(); request !== undefined; request = this.#queued.shift()) {
      const waiting = this.#pending.get(request.sessionId);
      if (waiting !== undefined) waiting.push(request);
      else if (needsCommit(request.body)) this.#pending.set(request.sessionId, Queue.of(request));
      else this.#next(request);
    }
  }

  /** Gives the oldest committed request its turn. False: there is none, or it has to wait. */
  #applyCommitted(): boolean {
    const committed = this.#committed.first;
    if (committed === undefined) return false;
    const waiting = this.#pending.get(committed.sessionId);
    if (
      waiting?.first?.body.op === 'sync' &&
      committed.body.op !== 'sync' &&
      waiting.some((request) => this.#isTheSame(request, committed))
    ) {
      return this.#completeSync(waiting.first, waiting);
    }
    this.#committed.shift();
    if (committed.body.op === 'sync') {
      if (waiting !== undefined) this.#completeSync(committed, waiting);
    } else if (waiting?.first !== undefined && this.#isTheSame(waiting.first, committed)) {
      this.#applyLocal(waiting.first, committed, waiting);
    } else {
      this.#next(committed);
    }
    return true;
  }

  /**
   * A sync that its leader has answered. It may be overtaken: 1. a session sends sync, then a write; 2. the leader proposes the
   * write while it still proves its leadership for the sync; 3. the COMMIT arrives before the SYNC. The write then waits
   * here for the sync before it, and the sync need not wait for the write: all that it has to see was committed earlier.
   */
  #completeSync(sync: Request, waiting: Queue<Request>): boolean {
    if (waiting.first !== sync || !this.#synced.delete(sync)) return false;
    waiting.shift();
    this.#next(sync);
    this.#release(sync.sessionId, waiting);
    return true;
  }

  /** The request that waited here has the client's connection, the committed one has the txn. */
  #applyLocal(local: Request, committed: Request, waiting: Queue<Request>): void {
    local.txn = committed.txn;
    local.zxid = committed.zxid;
    waiting.shift();
    this.#next(local);
    this.#release(local.sessionId, waiting);
  }

  /**
   * A learner knows its client's request by session and cxid; on a leader the very request comes back, with the txn that it got from prep.
   * Differs (ZABSIM-6): ZooKeeper goes by the cxid there too. 1. Two clients share a session, one at the leader, and both send a request with
   * the same cxid; 2. the other one's is committed first, and its txn is written into the leader's own; 3. the leader applies that txn
   * twice, and the second one never.
   */
  #isTheSame(local: Request, committed: Request): boolean {
    const isFromElsewhere = local.txn !== undefined && local !== committed;
    return local.cxid === committed.cxid && (!isFromElsewhere || this.#goesByCxid);
  }

  /** Everything of that session up to its next write. */
  #release(session: SessionId, waiting: Queue<Request>): void {
    for (let next = waiting.first; next !== undefined && !needsCommit(next.body); next = waiting.first) {
      waiting.shift();
      this.#next(next);
    }
    if (waiting.first === undefined) this.#pending.delete(session);
  }
}

/**
 * CommitProcessor.needCommit. Differs: `sync` needs one on the leader too, since the leader proves its leadership before it
 * answers (ZOOKEEPER-1675).
 */
export const needsCommit = (body: RequestBody): boolean => body.op === 'sync' || needsTxn(body);
