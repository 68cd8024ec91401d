import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_DISK } from '../../../protocol/storage/durable-state.ts';
import { readHistory } from '../../../protocol/storage/history.ts';
import type { Loss } from '../../../sim/fault-plan.ts';
import { toMs } from '../../../sim/time.ts';
import { DiskWorld, snapshot, txn, zxid } from '../../support/disk-world.ts';

describe('a crash', () => {
  it('drops the callbacks under way', () => {
    const world = new DiskWorld();
    world.append(1);
    world.disk.flushLog();
    world.disk.writeEpoch('currentEpoch', 1);
    world.disk.writeSnapshot(snapshot(1), true);
    world.disk.writeSnapshot(snapshot(2), false);
    world.run(5);
    world.disk.crash('none');
    world.runAll();
    expect(world.notes).toEqual([]);
    expect(world.disk.durableState()).toEqual({ ...EMPTY_DISK, logs: [{ records: [txn(1)] }] });
  });

  it('that loses nothing keeps every written record; one that loses all keeps those that were flushed', () => {
    const crash = (lose: 'none' | 'all'): unknown => {
      const world = new DiskWorld();
      world.fill([1, 2]);
      world.append(3, 4);
      world.disk.rollLog();
      world.append(5);
      world.disk.flushLog();
      return [world.disk.crash(lose), world.logs];
    };
    expect(crash('none')).toEqual([{ lost: 0, durableZxid: 5 }, [[1, 2, 3, 4], [5]]]);
    expect(crash('all')).toEqual([{ lost: 3, durableZxid: 2 }, [[1, 2]]]);
  });

  /**
   * What crashes leave of 1 and 2, which are flushed, and of 3, 4 in the same file and 5, 6 in the next one, which are not (`/`: half a
   * record), and where a restart says that it ends.
   */
  const leftBy = (lose: Loss): ReadonlyMap<string, number> => {
    const found = new Map<string, number>();
    for (let seed = 0; seed < 200; seed++) {
      const world = new DiskWorld(String(seed));
      world.disk.writeSnapshot(snapshot(0), true);
      world.fill([1, 2]);
      world.append(3, 4);
      world.disk.rollLog();
      world.append(5, 6);
      const { lost, durableZxid } = world.disk.crash(lose);
      expect(lost).toBe(6 - world.logs.flat().length);
      const files = world.disk.durableState().logs.map((log) => {
        const zxids = log.records.map((record) => record.zxid).join('');
        return log.isTorn === true ? `${zxids}/` : zxids;
      });
      found.set(files.join(' '), durableZxid);
    }
    return found;
  };

  it('that loses some keeps a drawn prefix of each file, so a rolled file may have a hole behind it', () => {
    const whole = [...leftBy('some')].filter(([files]) => !files.includes('/'));
    expect(new Map(whole)).toEqual(
      new Map([
        ['12', 2],
        ['12 5', 2],
        ['12 56', 2],
        ['123', 3],
        ['123 5', 3],
        ['123 56', 3],
        ['1234', 4],
        ['1234 5', 5],
        ['1234 56', 6],
      ]),
    );
  });

  it('that loses some leaves half of a record here and there, where one is lost', () => {
    const torn = [...leftBy('some').keys()].filter((files) => files.includes('/'));
    expect(torn).toEqual(expect.arrayContaining(['12/', '123/ 56', '1234 5/']));
    expect(torn.some((files) => files.includes('4/') || files.includes('6/'))).toBe(false);
  });

  it('that tears keeps a prefix of all that was written and half of the next record', () => {
    expect(leftBy('torn')).toEqual(
      new Map([
        ['12/', 2],
        ['123/', 3],
        ['1234 /', 4],
        ['1234 5/', 5],
      ]),
    );
  });

  it('leaves an empty file with half a header until the next one is begun', () => {
    const world = new DiskWorld();
    world.append(1);
    world.disk.crash('torn');
    expect(world.disk.durableState().logs).toEqual([{ records: [], isTorn: true }]);
    world.fill([1]);
    expect(world.disk.durableState().logs).toEqual([{ records: [txn(1)] }]);
  });

  it('finds a rename under way done or not when it loses some, and not done otherwise', () => {
    const epochAfter = (seed: number, lose: Loss): number | undefined => {
      const world = new DiskWorld(String(seed));
      world.disk.writeEpoch('currentEpoch', 1);
      world.run(10);
      world.disk.writeEpoch('currentEpoch', 2);
      world.disk.writeEpoch('acceptedEpoch', 2);
      world.run(15);
      world.disk.crash(lose);
      expect(world.disk.durableState().acceptedEpoch).toBeUndefined();
      return world.disk.durableState().currentEpoch;
    };
    const seeds = Array.from({ length: 30 }, (_, i) => i);
    expect(new Set(seeds.map((seed) => epochAfter(seed, 'some')))).toEqual(new Set([1, 2]));
    expect([epochAfter(1, 'none'), epochAfter(1, 'all')]).toEqual([1, 1]);
  });

  it('takes a plain snapshot that was not written back yet, or not', () => {
    const after = (seed: number, lose: Loss, ms: number): number[] => {
      const world = new DiskWorld(String(seed));
      world.disk.writeSnapshot(snapshot(7), false);
      world.run(ms);
      world.disk.crash(lose);
      return world.snapshots;
    };
    const seeds = Array.from({ length: 30 }, (_, i) => i);
    expect(after(1, 'none', 20)).toEqual([7]);
    expect(after(1, 'all', 20)).toEqual([]);
    expect(new Set(seeds.map((seed) => after(seed, 'some', 20).length))).toEqual(new Set([0, 1]));
    expect(after(1, 'all', 30_010)).toEqual([7]);
  });

  it('that takes a snapshot leaves the durable one of the same name', () => {
    const world = new DiskWorld();
    world.disk.writeSnapshot(snapshot(7, 1), true);
    world.run(50);
    world.disk.writeSnapshot(snapshot(7, 2), false);
    world.disk.writeSnapshot(snapshot(7, 3), false);
    world.run(100);
    world.disk.crash('all');
    expect(world.disk.durableState().snapshots).toEqual([snapshot(7, 1)]);
  });

  it('leaves everything it leaves durable, and the next append in a new file', () => {
    const world = new DiskWorld();
    world.append(1);
    world.disk.crash('none');
    world.append(2);
    world.disk.crash('all');
    expect(world.logs).toEqual([[1]]);
    world.append(3);
    world.disk.flushLog();
    world.runAll();
    expect(world.logs).toEqual([[1], [3]]);
  });

  it('leaves snapshots oldest first, without those that were deleted', () => {
    const world = new DiskWorld();
    for (const n of [9, 3, 5]) world.disk.writeSnapshot(snapshot(n), true);
    world.runAll();
    expect(world.snapshots).toEqual([3, 5, 9]);
    world.disk.deleteSnapshot(zxid(5));
    world.disk.crash('some');
    expect(world.snapshots).toEqual([3, 9]);
  });

  it('never loses a flushed record, not even for what a restart makes of it', () => {
    const action = fc.constantFrom('append', 'append', 'append', 'flush', 'roll', 'run', 'truncate');
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 60, size: 'max' }),
        fc.constantFrom<Loss>('none', 'some', 'torn', 'all'),
        fc.nat(25),
        (actions, lose, laterMs) => {
          const world = new DiskWorld('property');
          world.disk.writeSnapshot(snapshot(0), true);
          world.runAll();
          let written: number[] = [];
          let flushed = 0;
          let next = 1;
          for (const what of actions) {
            if (what === 'append') {
              written.push(next);
              world.append(next++);
            } else if (what === 'flush') world.disk.flushLog();
            else if (what === 'roll') world.disk.rollLog();
            else if (what === 'run') world.run(toMs(world.queue.now) + 7);
            else {
              const at = written[Math.floor(written.length / 2)] ?? 0;
              world.disk.truncateLog(zxid(at));
              world.runAll();
              written = written.filter((n) => n <= at);
              flushed = written.length;
              next = (written.at(-1) ?? 0) + 1;
            }
            const last = world.recorder.records.at(-1)?.event;
            if (last?.type === 'logFlushed') flushed = Math.max(flushed, written.indexOf(last.zxid) + 1);
          }
          world.run(toMs(world.queue.now) + laterMs);
          const { lost, durableZxid } = world.disk.crash(lose);
          expect(lost).toBe(written.length - world.logs.flat().length);
          const history = readHistory([snapshot(0)], world.disk.durableState().logs);
          if ('refusal' in history) throw new TypeError(history.refusal);
          const log = history.txns.map((one) => one.zxid);
          expect(log).toEqual(written.slice(0, log.length));
          expect(log.length).toBeGreaterThanOrEqual(flushed);
          expect(durableZxid).toBe(history.lastZxid);
        },
      ),
      { examples: [[['append', 'roll', 'append'], 'some', 5]] },
    );
  });
});
