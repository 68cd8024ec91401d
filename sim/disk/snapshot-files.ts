import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import type { Loss } from '../fault-plan.ts';
import type { Micros } from '../time.ts';
import type { Fate } from './crash-fate.ts';

interface SnapshotOnDisk {
  readonly snapshot: Snapshot;
  /** From then on no crash takes it away. */
  readonly durableAt: Micros;
}

/**
 * A server's snapshot files (FileSnap). One that replaces another of the same name is written beside it, so a crash that takes the new one
 * leaves the old one.
 */
export class SnapshotFiles {
  #files: SnapshotOnDisk[] = [];

  add(snapshot: Snapshot, now: Micros, durableAt: Micros): void {
    const fallback = this.#files.findLast(
      (old) => old.snapshot.zxid === snapshot.zxid && old.durableAt <= now,
    );
    this.#files = this.#files.filter((old) => old.snapshot.zxid !== snapshot.zxid || old === fallback);
    this.#files.push({ snapshot, durableAt });
  }

  delete(zxid: Zxid): void {
    this.#files = this.#files.filter((old) => old.snapshot.zxid !== zxid);
  }

  /** What is durable at `now`, oldest first. */
  durable(now: Micros): readonly Snapshot[] {
    const snapshots = new Map<Zxid, Snapshot>();
    for (const { snapshot, durableAt } of this.#files) {
      if (durableAt <= now) snapshots.set(snapshot.zxid, snapshot);
    }
    return [...snapshots.values()].sort((a, b) => a.zxid - b.zxid);
  }

  /** Those not yet durable stay (`none`), are gone (`all`), or have a draw each. What is there afterwards is durable. */
  crash(now: Micros, lose: Loss, fate: Fate): void {
    this.#files = this.#files
      .filter((old, i) => {
        if (old.durableAt <= now || lose === 'none') return true;
        return lose !== 'all' && fate('snapshot', i) < 0.5;
      })
      .map(({ snapshot }) => ({ snapshot, durableAt: now }));
  }

  get isEmpty(): boolean {
    return this.#files.length === 0;
  }

  hasDurable(now: Micros): boolean {
    return this.#files.some((file) => file.durableAt <= now);
  }

  /** A bit of the newest durable one. */
  flipBit(now: Micros): void {
    const newest = this.durable(now).at(-1);
    this.#files = this.#files.map((file) =>
      file.snapshot === newest ? { ...file, snapshot: { ...newest, isDamaged: true } } : file,
    );
  }

  loseNewest(now: Micros): void {
    const newest = this.durable(now).at(-1);
    if (newest !== undefined) this.delete(newest.zxid);
  }

  /** These files instead, all of them durable. */
  replace(snapshots: readonly Snapshot[], now: Micros): void {
    this.#files = snapshots.map((snapshot) => ({ snapshot, durableAt: now }));
  }
}
