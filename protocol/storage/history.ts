/**
 * FileTxnSnapLog.restore, as far as it only reads: the newest snapshot that can be read, then every logged txn after it, uncommitted ones
 * included. Pure, so that the world too can ask what a restart would find.
 */
import type { Txn } from '../database/txn.ts';
import { DEFAULT_RELEASE, type Release } from '../release/release.ts';
import { counterOf, epochOf, isEpochStart, nextZxid, NO_TXNS, type Zxid } from '../zxid.ts';
import type { LogFile } from './durable-state.ts';
import type { Snapshot } from './snapshot.ts';

export interface History {
  /** Undefined: this disk has never been used. */
  readonly snapshot: Snapshot | undefined;
  /** What is to be replayed on top of it. */
  readonly txns: readonly Txn[];
  readonly lastZxid: Zxid;
  /** Newer snapshots that cannot be read. */
  readonly damagedSnapshots: number;
  /** Log files that end in half a record. */
  readonly tornRecords: number;
  /** Txns in the log that don't follow on what is before them, and so don't count. */
  readonly behindHole: number;
}

/** An IOException at start: this server does not run with these data. */
export interface Refusal {
  readonly refusal: string;
}

/** `initialCounter`: the first txn of every epoch has the one after it (config.ts). */
export function readHistory(
  snapshots: readonly Snapshot[],
  logs: readonly LogFile[],
  initialCounter = 0,
  release: Release = DEFAULT_RELEASE,
): History | Refusal {
  const snapshot = snapshots.findLast((one) => one.isDamaged !== true);
  if (snapshot === undefined) {
    if (snapshots.length > 0) return { refusal: 'not able to find valid snapshots' };
    if (logs.some((log) => log.records.length > 0))
      return { refusal: 'no snapshot found, but there are log entries' };
  }
  const from = snapshot?.zxid ?? NO_TXNS;
  const files = filesFrom(logs, nextZxid(from));
  if (files.some(hasBadRecord)) return { refusal: 'CRC check failed in the log' };
  const all = files.flatMap((file) => file.records.filter((txn) => txn.zxid > from));
  const txns = release.replayCrossesHoles ? all : upToHole(all, from, initialCounter);
  return {
    snapshot,
    txns,
    lastZxid: txns.reduce((last, { zxid }) => (zxid > last ? zxid : last), from),
    damagedSnapshots: snapshots.filter((one) => one.isDamaged === true && one.zxid > from).length,
    tornRecords: files.filter((file) => file.isTorn === true).length,
    behindHole: all.length - txns.length,
  };
}

/** FileTxnIterator.init: whole files, from the last one that begins before `zxid`. Older ones are not even opened. */
function filesFrom(logs: readonly LogFile[], zxid: Zxid): readonly LogFile[] {
  const first = logs.findLastIndex((log) => (log.records[0]?.zxid ?? zxid) < zxid);
  return logs.slice(Math.max(0, first));
}

/** The half record that a power loss leaves reads as the end of its file; a whole record with a wrong checksum ends the reading. */
export const hasBadRecord = ({ records, badRecord }: LogFile): boolean =>
  badRecord !== undefined && badRecord < records.length;

/**
 * Differs: replay ends at the first hole (ZABSIM-3). A power loss can take a record of a rolled file and leave one of the next; ZooKeeper
 * replays across it, and then has txns without their predecessors. All behind the hole is younger than something that no fsync covered,
 * so no fsync covered it either, and nobody counts on it.
 */
function upToHole(txns: readonly Txn[], from: Zxid, initialCounter: number): readonly Txn[] {
  let last = from;
  const first = txns.findIndex(({ zxid }) => {
    // An older one is there for a second time, or late (ZOOKEEPER-4712).
    if (zxid <= last) return false;
    if (leavesHole(last, zxid, initialCounter)) return true;
    last = zxid;
    return false;
  });
  return first < 0 ? txns : txns.slice(0, first);
}

/** Whether something is missing between the two: the next of an epoch follows on the one before, its first on whatever was before it. */
function leavesHole(zxid: Zxid, next: Zxid, initialCounter: number): boolean {
  const isWithinEpoch = epochOf(zxid) === epochOf(next) && !isEpochStart(zxid);
  return isWithinEpoch ? next !== nextZxid(zxid) : counterOf(next) !== initialCounter + 1;
}
