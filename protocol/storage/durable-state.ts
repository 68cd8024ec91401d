import type { Txn } from '../database/txn.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * All that a server finds on its disk when it starts: `<dataDir>/version-2/`. Whatever is not in here died with the process.
 * A server only reads it, once, at start; it changes the disk through its host. What it makes of damage is its own affair (history.ts).
 */
export interface DurableState {
  /** Absent: the file was never written. */
  readonly acceptedEpoch: number | undefined;
  readonly currentEpoch: number | undefined;
  /** log.<zxid> files, oldest first, records in the order in which they were appended. */
  readonly logs: readonly LogFile[];
  /** snapshot.<zxid> files that pass the validity check, oldest first. */
  readonly snapshots: readonly Snapshot[];
}

export interface LogFile {
  readonly records: readonly Txn[];
  /** The index of a record whose checksum is wrong. */
  readonly badRecord?: number;
  /** Half a record is behind the last one (or half a header, if there is none). */
  readonly isTorn?: boolean;
}

export const EMPTY_DISK: DurableState = {
  acceptedEpoch: undefined,
  currentEpoch: undefined,
  logs: [],
  snapshots: [],
};
