import { NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import type { Reader } from './promise-checker.ts';

/**
 * How far each server's history would reach if it lost its power now, as the zxid that it ends in: the later of its flushed log and its
 * newest durable snapshot. Built from what the disks report, never from what servers say. Plain snapshots don't count: nothing
 * fsyncs them. After a crash the disk says what survived (writes that no fsync covered may have); after ZooKeeper ended its own
 * process the page cache survives, so the next recovery says it. What a fault does to the data is no server's doing: from then on a disk holds
 * what was left on it.
 */
export class DurablePositions implements Reader {
  readonly reads: readonly TraceEventType[] = [
    'logFlushed',
    'logTruncated',
    'logsDeleted',
    'snapshotWritten',
    'crashed',
    'exited',
    'started',
    'recovered',
    'dataDamaged',
  ];
  readonly #disks = new Map<Party, Disk>();
  #formerly: Zxid = NO_TXNS;
  #isFirstRecovery = false;
  #cutAfter: Zxid | undefined;

  of(server: Party): Zxid {
    const disk = this.#disks.get(server);
    return disk === undefined ? NO_TXNS : positionOn(disk);
  }

  /** About the event that is being read: how far its server's durable history reached before; at a recovery, before the crash. */
  get formerly(): Zxid {
    return this.#formerly;
  }

  /** About the `recovered` event that is being read: it tells what a new process found, and is no reload of a living one. */
  get isFirstRecovery(): boolean {
    return this.#isFirstRecovery;
  }

  /** About the first `recovered` event of a process: where a truncation was to end whose middle the last one did not survive. */
  get cutAfter(): Zxid | undefined {
    return this.#cutAfter;
  }

  onEvent(_at: Micros, party: Party, event: TraceEvent): void {
    const disk = this.#diskOf(party);
    this.#formerly = positionOn(disk);
    switch (event.type) {
      case 'logFlushed':
        disk.log = event.zxid;
        return;
      case 'snapshotWritten':
        if (event.durable && event.zxid > disk.snapshot) disk.snapshot = event.zxid;
        return;
      case 'logTruncated':
        cut(disk, event.zxid);
        return;
      case 'logsDeleted':
        disk.log = NO_TXNS;
        return;
      case 'crashed':
        if (!disk.isStarting) disk.beforeCrash = this.#formerly;
        disk.log = event.durableZxid;
        disk.cutAfter = event.cutAfterZxid ?? disk.cutAfter;
        return;
      case 'exited':
        if (!disk.isStarting) disk.beforeCrash = this.#formerly;
        disk.cutAfter = event.cutAfterZxid ?? disk.cutAfter;
        return;
      case 'started':
        disk.isStarting = true;
        return;
      case 'recovered':
        this.#onRecovered(disk, event.lastZxid);
        return;
      case 'dataDamaged':
        // Of what cannot be read nothing is served, but it is there.
        if (!event.refuses) disk.log = disk.snapshot = disk.beforeCrash = event.lastZxid;
        return;
      default:
        return;
    }
  }

  #onRecovered(disk: Disk, lastZxid: Zxid): void {
    this.#isFirstRecovery = disk.isStarting;
    if (!disk.isStarting) return;
    this.#formerly = disk.beforeCrash;
    this.#cutAfter = disk.cutAfter;
    disk.cutAfter = undefined;
    disk.isStarting = false;
    disk.log = lastZxid;
    if (disk.snapshot > lastZxid) disk.snapshot = lastZxid;
  }

  #diskOf(party: Party): Disk {
    let disk = this.#disks.get(party);
    if (disk === undefined) {
      disk = {
        log: NO_TXNS,
        snapshot: NO_TXNS,
        beforeCrash: NO_TXNS,
        isStarting: false,
        cutAfter: undefined,
      };
      this.#disks.set(party, disk);
    }
    return disk;
  }
}

interface Disk {
  log: Zxid;
  snapshot: Zxid;
  beforeCrash: Zxid;
  /** From its start until it has recovered: a crash in between hides nothing. */
  isStarting: boolean;
  /** Where a truncation was to end that has not come to its end. */
  cutAfter: Zxid | undefined;
}

const positionOn = (disk: Disk): Zxid => (disk.log > disk.snapshot ? disk.log : disk.snapshot);

/** A truncated log is exact; a snapshot beyond it must not come back (ZOOKEEPER-4837), so it does not count either. */
function cut(disk: Disk, zxid: Zxid): void {
  if (disk.log > zxid) disk.log = zxid;
  if (disk.snapshot > zxid) disk.snapshot = zxid;
}
