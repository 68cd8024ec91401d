/**
 * ZKDatabase.loadDataBase, FileTxnSnapLog.restore and QuorumPeer.loadDataBase: what a server knows after it has read its disk. The newest
 * snapshot, then every logged txn after it, uncommitted ones included: only TRUNC or SNAP undoes those.
 */
import type { ZKDatabase } from '../database/zk-database.ts';
import type { ApplyCause } from '../events.ts';
import type { ServerHost } from '../host.ts';
import { epochOf, nextZxid, NO_TXNS, type Zxid } from '../zxid.ts';
import type { Storage } from './storage.ts';

export interface Recovered {
  readonly snapshotZxid: Zxid;
  readonly replayed: number;
}

export function loadDataBase(host: ServerHost, storage: Storage, database: ZKDatabase): Recovered {
  const snapshot = storage.newestSnapshot;
  if (snapshot === undefined) database.clear();
  else database.load(snapshot);
  const replayed = replayLog(host, storage, database, 'replay');
  return { snapshotZxid: snapshot?.zxid ?? NO_TXNS, replayed };
}

/** ZKDatabase.fastForwardDataBase: the log may be ahead of the tree when a role ends (ZOOKEEPER-2845). */
export function fastForwardDataBase(host: ServerHost, storage: Storage, database: ZKDatabase): void {
  replayLog(host, storage, database, 'fastForward');
}

function replayLog(host: ServerHost, storage: Storage, database: ZKDatabase, cause: ApplyCause): number {
  let replayed = 0;
  for (const txn of storage.log.from(nextZxid(database.lastProcessedZxid))) {
    database.apply(txn);
    database.addCommittedProposal(txn);
    host.emit({ type: 'applied', txn, digest: database.tree.digest, cause });
    replayed++;
  }
  return replayed;
}

/**
 * QuorumPeer.loadDataBase, its second half: the epochs. A missing file gets the epoch of the last txn.
 * Differs: data of an epoch newer than currentEpoch (a crash between a snapshot or a log flush and the epoch file, ZOOKEEPER-1653) is no
 * reason to refuse to start. It came from the established leader of an epoch that this server had accepted before, and the log
 * before it is complete, so the server may say that it belongs to that epoch.
 */
export function recoverEpochs(
  storage: Storage,
  lastZxid: Zxid,
): { acceptedEpoch: number; currentEpoch: number } {
  const ofHistory = epochOf(lastZxid);
  const currentEpoch = Math.max(storage.currentEpoch ?? ofHistory, ofHistory);
  const acceptedEpoch = Math.max(storage.acceptedEpoch ?? ofHistory, currentEpoch);
  return { acceptedEpoch, currentEpoch };
}
