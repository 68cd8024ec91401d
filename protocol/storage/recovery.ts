/**
 * ZKDatabase.loadDataBase and QuorumPeer.loadDataBase: what a server knows after it has read its disk. Only TRUNC or SNAP undoes
 * uncommitted txns that it finds there.
 */
import type { Txn } from '../database/txn.ts';
import type { ZKDatabase } from '../database/zk-database.ts';
import type { ApplyCause } from '../events.ts';
import type { ServerHost } from '../host.ts';
import { DEFAULT_RELEASE, type Release } from '../release/release.ts';
import { epochOf, formatZxid, nextZxid, type Zxid } from '../zxid.ts';
import type { DurableState } from './durable-state.ts';
import { readHistory, type History, type Refusal } from './history.ts';
import type { Storage } from './storage.ts';

export function loadDataBase(host: ServerHost, storage: Storage, database: ZKDatabase): History | Refusal {
  const { history } = storage;
  if ('refusal' in history) return history;
  if (history.snapshot === undefined) database.clear();
  else database.load(history.snapshot);
  replay(host, database, history.txns, 'replay');
  return history;
}

/** ZKDatabase.fastForwardDataBase: the log may be ahead of the tree when a role ends (ZOOKEEPER-2845). */
export function fastForwardDataBase(host: ServerHost, storage: Storage, database: ZKDatabase): void {
  replay(host, database, storage.log.from(nextZxid(database.lastProcessedZxid)), 'fastForward');
}

function replay(host: ServerHost, database: ZKDatabase, txns: Iterable<Txn>, cause: ApplyCause): void {
  for (const txn of txns) {
    database.apply(txn);
    database.addCommittedProposal(txn);
    host.emit({ type: 'applied', txn, digest: database.tree.digest, cause });
  }
}

export interface Epochs {
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
}

/**
 * QuorumPeer.loadDataBase, its second half: the epochs. A missing file gets the epoch of the last txn.
 * Differs: data of an epoch newer than currentEpoch (a crash between a snapshot or a log flush and the epoch file, ZOOKEEPER-1653) is no
 * reason to refuse to start. It came from the established leader of an epoch that this server had accepted before, and the log
 * before it is complete, so the server may say that it belongs to that epoch.
 */
export function recoverEpochs(
  files: Pick<DurableState, 'acceptedEpoch' | 'currentEpoch'>,
  lastZxid: Zxid,
  release: Release = DEFAULT_RELEASE,
): Epochs | Refusal {
  const ofHistory = epochOf(lastZxid);
  // ZOOKEEPER-1653: taken for corruption.
  if (release.dataNewerThanEpochIsRefused && ofHistory > (files.currentEpoch ?? ofHistory))
    return {
      refusal: `currentEpoch ${String(files.currentEpoch)} is older than zxid ${formatZxid(lastZxid)}`,
    };
  const currentEpoch = Math.max(files.currentEpoch ?? ofHistory, ofHistory);
  const acceptedEpoch = Math.max(files.acceptedEpoch ?? ofHistory, currentEpoch);
  return { acceptedEpoch, currentEpoch };
}

/** How far a server that started from these data would say that it is, or why it would not start. */
export function recoverable(
  durable: DurableState,
  initialCounter = 0,
  release: Release = DEFAULT_RELEASE,
): (Epochs & { readonly lastZxid: Zxid }) | Refusal {
  const history = readHistory(durable.snapshots, durable.logs, initialCounter, release);
  if ('refusal' in history) return history;
  const { lastZxid } = history;
  const epochs = recoverEpochs(durable, lastZxid, release);
  return 'refusal' in epochs ? epochs : { lastZxid, ...epochs };
}
