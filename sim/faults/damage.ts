import type { WatchSink } from '../../protocol/database/watch-manager.ts';
import { ZKDatabase } from '../../protocol/database/zk-database.ts';
import type { History } from '../../protocol/storage/history.ts';
import { NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import type { DataDirectory } from '../disk/data-directory.ts';
import type { SimulatedServer } from '../process/simulated-server.ts';
import type { Micros } from '../time.ts';
import type { Scene } from './blow.ts';

/** What a fault does to a data directory. */
export type Change = (files: DataDirectory, now: Micros) => void;

/** Changes what is on a server's disk behind its back, and says in the trace what a restart would find before and after. */
export function damage({ queue, trace }: Scene, server: SimulatedServer, what: string, change: Change): void {
  const { now } = queue;
  const before = foundIn(server, now);
  change(server.disk.files, now);
  const after = foundIn(server, now);
  trace.record(now, server.party, {
    type: 'dataDamaged',
    what,
    before: before.lastZxid,
    lastZxid: after.lastZxid,
    beforeEpoch: before.epoch,
    epoch: after.epoch,
    refuses: after.refuses,
    hasHole: hasHole(before, after),
  });
}

/** The same on a server that is stopped first, if it is up, with all that it has written, and perhaps started again. */
export function damageStopped(
  scene: Scene,
  server: SimulatedServer,
  fault: { readonly kind: string; readonly restartAfterMs: number | undefined },
  change: Change,
): void {
  server.crash('none', false);
  damage(scene, server, fault.kind, change);
  if (fault.restartAfterMs !== undefined) server.boot(fault.restartAfterMs);
}

interface Found {
  readonly lastZxid: Zxid;
  readonly epoch: number;
  readonly refuses: boolean;
  /** Tells one tree with its sessions from another. */
  readonly contents: string;
}

/** What only a lost snapshot had is missing in the middle: the log that follows it hides that. */
const hasHole = (before: Found, after: Found): boolean =>
  !before.refuses &&
  !after.refuses &&
  after.lastZxid === before.lastZxid &&
  after.contents !== before.contents;

/** Who refuses to start says nothing about its history. */
function foundIn({ disk, release }: SimulatedServer, now: Micros): Found {
  const [found, history] = [disk.files.recoverable(now, release), disk.files.history(now, release)];
  if ('refusal' in found || 'refusal' in history)
    return { lastZxid: NO_TXNS, epoch: 0, refuses: true, contents: '' };
  const { lastZxid, acceptedEpoch } = found;
  return { lastZxid, epoch: acceptedEpoch, refuses: false, contents: contentsOf(history) };
}

function contentsOf({ snapshot, txns }: History): string {
  const database = new ZKDatabase({ commitLogCount: txns.length, watches: NOBODY });
  if (snapshot !== undefined) database.load(snapshot);
  for (const txn of txns) database.apply(txn);
  const sessions = [...database.sessionsWithTimeouts.keys()].sort((a, b) => (a < b ? -1 : 1));
  return [database.tree.digest, ...sessions].join(' ');
}

const NOBODY: WatchSink = { watchFired: () => undefined };
