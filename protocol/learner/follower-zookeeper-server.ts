/**
 * quorum/FollowerZooKeeperServer. PROPOSAL → pendingTxns and Sync → SendAck; COMMIT → Commit → Final. A COMMIT does not wait for the own
 * log: a quorum has the txn.
 */
import type { Txn } from '../database/txn.ts';
import { Queue } from '../queue.ts';
import type { ServerContext } from '../server-context.ts';
import { formatZxid, isEpochStart, type Zxid } from '../zxid.ts';
import { LearnerZooKeeperServer, requestOf, type LearnerConnection } from './learner-zookeeper-server.ts';

export class FollowerZooKeeperServer extends LearnerZooKeeperServer {
  /** Logged or being logged, oldest first. A COMMIT must name the head. */
  readonly #pendingTxns = new Queue<Txn>();

  constructor(context: ServerContext, leader: LearnerConnection) {
    // SendAckRequestProcessor: durable, so it may be counted.
    super(context, leader, (request) => leader.writePacket({ type: 'ACK', zxid: request.zxid }));
  }

  /** FollowerZooKeeperServer.logRequest. */
  logRequest(txn: Txn): void {
    if (!isEpochStart(txn.zxid)) this.#pendingTxns.push(txn);
    this.sync.processRequest(requestOf(txn));
  }

  /** A txn that was logged before this server began to serve. */
  expectCommit(txn: Txn): void {
    this.#pendingTxns.push(txn);
  }

  /** FollowerZooKeeperServer.commit. Both odd cases are ZooKeeper's own answers. */
  commit(zxid: Zxid): void {
    const head = this.#pendingTxns.first;
    if (head === undefined) {
      this.host.emit({
        type: 'ignored',
        what: 'COMMIT',
        reason: `${formatZxid(zxid)} without seeing its txn`,
      });
      return;
    }
    if (head.zxid !== zxid) {
      this.host.exit(
        12,
        `committing ${formatZxid(zxid)} but the next pending txn is ${formatZxid(head.zxid)}`,
      );
      return;
    }
    this.#pendingTxns.shift();
    this.commitTxn(head);
  }
}
