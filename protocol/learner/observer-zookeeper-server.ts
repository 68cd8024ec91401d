/**
 * quorum/ObserverZooKeeperServer. INFORM → Sync (without an ACK: nobody counts observers) and Commit → Final.
 */
import type { Txn } from '../database/txn.ts';
import type { ServerContext } from '../server-context.ts';
import { LearnerZooKeeperServer, requestOf, type LearnerConnection } from './learner-zookeeper-server.ts';

export class ObserverZooKeeperServer extends LearnerZooKeeperServer {
  constructor(context: ServerContext, leader: LearnerConnection) {
    super(context, leader, () => undefined);
  }

  /** ObserverZooKeeperServer.commitRequest. */
  commitRequest(txn: Txn): void {
    this.sync.processRequest(requestOf(txn));
    this.commitTxn(txn);
  }
}
