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
  const before = foundIn(server);
  change(server.disk.files, now);
  const after = foundIn(server);
  trace.record(now, server.party, {
    type: 'dataDamaged',
    what,
    before: before.lastZxid,
    lastZxid: after.lastZxid,
    beforeEpoch: before.epoch,
    epoch: after.epoch,
    refuses: after.refuses,
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
}

/** Who refuses to start says nothing about its history. */
function foundIn({ disk, release }: SimulatedServer): Found {
  const found = disk.recoverable(release);
  return 'refusal' in found
    ? { lastZxid: NO_TXNS, epoch: 0, refuses: true }
    : { lastZxid: found.lastZxid, epoch: found.acceptedEpoch, refuses: false };
}
