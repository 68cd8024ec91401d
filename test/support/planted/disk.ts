import { Storage } from '../../../protocol/storage/storage.ts';
import { Disk } from '../../../sim/disk/disk.ts';
import { LogFiles } from '../../../sim/disk/log-files.ts';
import { SnapshotFiles } from '../../../sim/disk/snapshot-files.ts';
import { replaceMethod, type PlantedDefect } from './planted.ts';
import { LEADER_CUT_OFF, POWER_CUT, SNAPSHOT_LOST, TORN_LOGS } from './stories.ts';

const nobodyWaits = (): void => undefined;

export const DISK_DEFECTS: readonly PlantedDefect[] = [
  {
    name: 'acknowledged before the flush',
    does: 'A txn counts as logged as soon as it is written.',
    breaks: 'quorum-commits',
    plan: POWER_CUT,
    plant: () =>
      replaceMethod(Storage, 'flush', (original) => (self, done, failed) => {
        original(self, nobodyWaits, failed);
        done();
      }),
  },
  {
    name: 'fsync that lies',
    does: 'A power loss takes the end of the log, flushed or not.',
    breaks: 'nothing-committed-lost',
    plan: POWER_CUT,
    plant: () =>
      replaceMethod(LogFiles, 'crash', (original) => (self, lose, fate) => {
        const lost = original(self, lose, fate);
        self.replace(self.durable().map(({ records }) => ({ records: records.slice(0, -3) })));
        return lost;
      }),
  },
  {
    name: 'log not replayed',
    does: 'A server starts from its snapshot alone.',
    breaks: 'nothing-committed-lost',
    plan: POWER_CUT,
    plant: () =>
      replaceMethod(Disk, 'durableState', (original) => (self) => ({ ...original(self), logs: [] })),
  },
  {
    name: 'TRUNC not done',
    does: 'A learner that is told to cut its log cuts what it remembers of it, and not the file.',
    breaks: 'committed-logs-agree',
    plan: LEADER_CUT_OFF,
    plant: () => replaceMethod(LogFiles, 'cut', () => nobodyWaits),
  },
  {
    name: 'torn record refused',
    does: 'A server takes the half record that a power loss left for a damaged one, and does not start.',
    breaks: 'crash-recovery',
    plan: TORN_LOGS,
    plant: () =>
      replaceMethod(
        LogFiles,
        'durable',
        (original) => (self) =>
          original(self).map((log) => (log.isTorn ? { ...log, badRecord: log.records.length - 1 } : log)),
      ),
  },
  {
    name: 'older snapshots deleted too early',
    does: 'A new snapshot takes the place of all older ones before it is durable itself.',
    breaks: 'crash-recovery',
    plan: SNAPSHOT_LOST,
    plant: () =>
      replaceMethod(SnapshotFiles, 'add', (original) => (self, snapshot, now, durableAt) => {
        self.replace([], now);
        original(self, snapshot, now, durableAt);
      }),
  },
];
