import type { EpochFile } from '../../protocol/host.ts';
import type { DurableState } from '../../protocol/storage/durable-state.ts';
import { DEFAULT_RELEASE, type Release } from '../../protocol/release/release.ts';
import { readHistory, type History, type Refusal } from '../../protocol/storage/history.ts';
import { recoverable } from '../../protocol/storage/recovery.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import type { Loss } from '../fault-plan.ts';
import type { Micros } from '../time.ts';
import type { Fate } from './crash-fate.ts';
import { LogFiles } from './log-files.ts';
import { SnapshotFiles } from './snapshot-files.ts';

/** `<dataDir>/version-2/` of one server, without time: what is written, and how much of it would survive a crash (law 4). */
export class DataDirectory {
  readonly logs = new LogFiles();
  readonly snapshots = new SnapshotFiles();
  readonly #epochs = new Map<EpochFile, number>();
  readonly #initialCounter: number;

  /** `initialCounter`: before the first txn of each epoch (config.ts). */
  constructor(initialCounter = 0) {
    this.#initialCounter = initialCounter;
  }

  setEpoch(file: EpochFile, epoch: number): void {
    this.#epochs.set(file, epoch);
  }

  /** What is durable at `now`. */
  durableState(now: Micros): DurableState {
    return {
      acceptedEpoch: this.#epochs.get('acceptedEpoch'),
      currentEpoch: this.#epochs.get('currentEpoch'),
      logs: this.logs.durable(),
      snapshots: this.snapshots.durable(now),
    };
  }

  /** The process dies at `now`. Answers how many txns are lost. */
  crash(now: Micros, lose: Loss, fate: Fate): number {
    this.snapshots.crash(now, lose, fate);
    return this.logs.crash(lose, fate);
  }

  /** What a restart would find, of a server of this release. */
  recoverable(now: Micros, release: Release = DEFAULT_RELEASE): ReturnType<typeof recoverable> {
    return recoverable(this.durableState(now), this.#initialCounter, release);
  }

  /** What it would be made of. */
  history(now: Micros, release: Release): History | Refusal {
    const { snapshots, logs } = this.durableState(now);
    return readHistory(snapshots, logs, this.#initialCounter, release);
  }

  /** Where the history ends that a restart finds. One that refuses to start has a log all the same. */
  lastZxid(now: Micros): Zxid {
    const found = this.recoverable(now);
    return 'refusal' in found ? this.logs.lastFlushed : found.lastZxid;
  }

  /** All of it is something else now. */
  replace({ acceptedEpoch, currentEpoch, logs, snapshots }: DurableState, now: Micros): void {
    this.#epochs.clear();
    if (acceptedEpoch !== undefined) this.setEpoch('acceptedEpoch', acceptedEpoch);
    if (currentEpoch !== undefined) this.setEpoch('currentEpoch', currentEpoch);
    this.logs.replace(logs);
    this.snapshots.replace(snapshots, now);
  }
}
