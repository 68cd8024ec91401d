/**
 * What a server holds in memory (server/ZKDatabase): the tree, the sessions with their timeouts, and the newest committed txns. All of
 * it can be had again from disk or from the leader, so `clear` may drop it at any time.
 */
import type { SessionId } from '../ids.ts';
import type { Release } from '../release/release.ts';
import type { Snapshot } from '../storage/snapshot.ts';
import type { Zxid } from '../zxid.ts';
import type { ApplyResult } from './apply-result.ts';
import { CommittedLog, type AddOutcome } from './committed-log.ts';
import { DataTree } from './data-tree.ts';
import { FuzzySnapshot } from './fuzzy-snapshot.ts';
import type { Txn } from './txn.ts';
import type { WatchSink } from './watch-manager.ts';

/** ZKDatabase.DEFAULT_COMMIT_LOG_COUNT: ZooKeeper raises a smaller setting to it. */
const MIN_COMMIT_LOG_COUNT = 500;

export class ZKDatabase {
  readonly committedLog: CommittedLog;
  readonly #watches: WatchSink;
  #tree: DataTree;
  #sessionsWithTimeouts = new Map<SessionId, number>();

  constructor(init: { commitLogCount: number; watches: WatchSink; release?: Release }) {
    const takesGaps = init.release?.syncedTxnsSkipTheCommittedLog ?? false;
    this.committedLog = new CommittedLog(Math.max(init.commitLogCount, MIN_COMMIT_LOG_COUNT), takesGaps);
    this.#watches = init.watches;
    this.#tree = new DataTree(init.watches);
  }

  /** Another object after clear or load: don't keep it. */
  get tree(): DataTree {
    return this.#tree;
  }

  /** Session timeouts, ms. */
  get sessionsWithTimeouts(): ReadonlyMap<SessionId, number> {
    return this.#sessionsWithTimeouts;
  }

  get lastProcessedZxid(): Zxid {
    return this.#tree.lastProcessedZxid;
  }

  set lastProcessedZxid(zxid: Zxid) {
    this.#tree.lastProcessedZxid = zxid;
  }

  /** ZooKeeperServer.processTxn: sessions and tree change in one step. Watches fire meanwhile. */
  apply(txn: Txn): ApplyResult {
    const { body } = txn;
    if (body.type === 'createSession') this.#sessionsWithTimeouts.set(txn.sessionId, body.timeOut);
    else if (body.type === 'closeSession') this.#sessionsWithTimeouts.delete(txn.sessionId);
    return this.#tree.applyTxn(txn);
  }

  addCommittedProposal(txn: Txn): AddOutcome {
    return this.committedLog.add(txn);
  }

  /** Everything as on a server that never ran, its config node and its watches included. */
  clear(): void {
    this.#tree = new DataTree(this.#watches);
    this.#sessionsWithTimeouts = new Map();
    this.committedLog.clear();
  }

  /** ZKDatabase.deserializeSnapshot. */
  load(snapshot: Snapshot): void {
    this.clear();
    this.#tree = DataTree.load(snapshot, this.#watches);
    this.#sessionsWithTimeouts = new Map(snapshot.sessions);
  }

  /** A snapshot that is taken piece by piece while this database goes on. */
  startSnapshot(): FuzzySnapshot {
    return new FuzzySnapshot(this.#tree, this.#sessionsWithTimeouts);
  }

  /** ZooKeeperServer.loadData: ephemerals whose session nobody knows are removed here, without a txn. */
  dropDeadSessions(): void {
    for (const session of this.#tree.sessionsWithEphemerals) {
      if (this.#sessionsWithTimeouts.has(session)) continue;
      this.#tree.killSession(session, this.#tree.lastProcessedZxid, []);
    }
  }
}
