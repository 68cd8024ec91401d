import { describe, expect, it } from 'vitest';
import { EMPTY_DISK } from '../../../protocol/storage/durable-state.ts';
import { sizeOfSnapshot, sizeOfTxn } from '../../../protocol/storage/sizes.ts';
import { toMs } from '../../../sim/time.ts';
import { DiskWorld, snapshot, txn, zxid } from '../../support/disk-world.ts';
import { snapshotOf, txnAt } from '../../support/server-bench.ts';
import { create } from '../../support/tree.ts';

describe('a disk', () => {
  it('is empty at first', () => {
    expect(new DiskWorld().disk.durableState()).toEqual(EMPTY_DISK);
  });

  it('has written what it has not flushed, and flushed what was appended before the fsync was asked for', () => {
    const world = new DiskWorld();
    world.append(1, 2);
    world.disk.flushLog();
    world.append(3);
    world.run(9.9);
    expect([world.logs, world.notes]).toEqual([[], []]);
    world.runAll();
    expect([world.logs, world.notes]).toEqual([[[1, 2]], ['10 flushed']]);
  });

  it('begins a new file with the first append after a roll, and flushes rolled files first', () => {
    const world = new DiskWorld();
    world.disk.rollLog();
    world.append(1);
    world.disk.rollLog();
    world.disk.rollLog();
    world.append(2);
    world.disk.flushLog();
    world.append(3);
    world.runAll();
    expect(world.logs).toEqual([[1], [2]]);
  });

  it('completes operations in the order in which they were asked for, one after the other', () => {
    const world = new DiskWorld();
    world.append(1);
    world.disk.flushLog();
    world.disk.writeEpoch('acceptedEpoch', 4);
    world.disk.writeSnapshot(snapshot(1), true);
    world.disk.truncateLog(zxid(1));
    world.disk.writeEpoch('currentEpoch', 4);
    world.runAll();
    expect(world.notes).toEqual([
      '10 flushed',
      '20 acceptedEpoch',
      '30 snapshot 1',
      '40 truncated',
      '50 currentEpoch',
    ]);
    expect(world.disk.durableState()).toEqual({
      acceptedEpoch: 4,
      currentEpoch: 4,
      logs: [{ records: [txn(1)] }],
      snapshots: [snapshot(1)],
    });
    expect(world.recorder.records.map(({ at, party, event }) => [toMs(at), party, event])).toEqual([
      [10, 3, { type: 'logFlushed', zxid: 1 }],
      [20, 3, { type: 'epochWritten', file: 'acceptedEpoch', epoch: 4 }],
      [30, 3, { type: 'snapshotWritten', zxid: 1, durable: true }],
      [40, 3, { type: 'logTruncated', zxid: 1 }],
      [50, 3, { type: 'epochWritten', file: 'currentEpoch', epoch: 4 }],
    ]);
  });

  it('is slow while it is told to be', () => {
    const world = new DiskWorld();
    world.disk.setSpeed({ fsync: { kind: 'constant', ms: 500 }, throughput: undefined });
    world.disk.flushLog();
    world.disk.setSpeed({ fsync: undefined, throughput: undefined });
    world.disk.flushLog();
    world.runAll();
    expect(world.notes).toEqual(['500 flushed', '510 flushed']);
  });

  it('takes longer the more was written, where its throughput is limited', () => {
    const world = new DiskWorld('test', { throughput: 1000 });
    const bytes = sizeOfTxn(txn(1));
    world.append(1, 2);
    world.disk.flushLog();
    world.append(3);
    world.disk.flushLog();
    world.disk.flushLog();
    world.disk.setSpeed({ fsync: undefined, throughput: 10 });
    world.append(4);
    world.disk.flushLog();
    world.runAll();
    const ends = [10 + 2 * bytes, 20 + 3 * bytes, 30 + 3 * bytes, 40 + 103 * bytes];
    expect(world.notes).toEqual(ends.map((ms) => `${ms} flushed`));
  });

  it('needs the time of a whole snapshot to write one', () => {
    const world = new DiskWorld('test', { throughput: 1_000_000 });
    const written = snapshotOf([txnAt(1, 1, create('/big', 1, { data: 'x'.repeat(50_000) }))]);
    const bytes = sizeOfSnapshot(written);
    world.disk.writeSnapshot(written, true);
    world.runAll();
    expect(world.notes).toEqual([`${10 + bytes / 1000} snapshot ${written.zxid}`]);
  });

  it('draws each time from a key of its own, so that an operation more moves no other', () => {
    const times = (withEpoch: boolean): string[] => {
      const world = new DiskWorld();
      world.disk.setSpeed({ fsync: { kind: 'uniform', minMs: 1, maxMs: 9 }, throughput: undefined });
      if (withEpoch) world.disk.writeEpoch('currentEpoch', 1);
      world.run(1000);
      world.disk.flushLog();
      world.runAll();
      return world.notes.slice(-1);
    };
    expect(times(true)).toEqual(times(false));
  });
});

describe('truncating the log', () => {
  it.each([
    [0, []],
    [1, [[1]]],
    [3, [[1, 2, 3]]],
    [4, [[1, 2, 3], [4]]],
    [6, [[1, 2, 3], [4, 5, 6], [6]]],
    [
      9,
      [
        [1, 2, 3],
        [4, 5, 6],
        [6, 7, 8],
      ],
    ],
  ])('after %i leaves nothing behind it', (at, left) => {
    const world = new DiskWorld();
    world.fill([1, 2, 3], [4, 5, 6], [6, 7, 8]);
    world.disk.truncateLog(zxid(at));
    world.runAll();
    expect(world.logs).toEqual(left);
  });

  it('does not touch what is appended after it was asked for', () => {
    const world = new DiskWorld();
    world.fill([1, 2, 3]);
    world.disk.truncateLog(zxid(1));
    world.append(8);
    world.disk.flushLog();
    world.runAll();
    expect(world.logs).toEqual([[1], [8]]);
  });

  it('makes durable what it leaves', () => {
    const world = new DiskWorld();
    world.append(1, 2, 3);
    world.disk.truncateLog(zxid(2));
    world.run(10);
    world.disk.crash('all');
    expect(world.logs).toEqual([[1, 2]]);
  });

  it('can be cut short by a crash, newest file first, so that no hole is left', () => {
    const seen = [0, 4, 7, 10].map((ms) => {
      const world = new DiskWorld();
      world.fill([1, 2], [3, 4], [5, 6]);
      world.disk.truncateLog(zxid(1));
      world.run(10 + ms);
      world.disk.crash('all');
      world.runAll();
      return [world.logs, world.notes.length];
    });
    expect(seen).toEqual([
      [
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        0,
      ],
      [
        [
          [1, 2],
          [3, 4],
        ],
        0,
      ],
      [[[1, 2]], 0],
      [[[1]], 1],
    ]);
  });

  it('is the same for deleting it all', () => {
    const seen = [0, 5, 10].map((ms) => {
      const world = new DiskWorld();
      world.fill([1, 2], [3, 4]);
      world.disk.deleteLogs();
      world.append(9);
      world.disk.flushLog();
      world.run(10 + ms);
      world.disk.crash('none');
      return [world.logs, world.recorder.records.at(-1)?.event.type];
    });
    expect(seen).toEqual([
      [[[1, 2], [3, 4], [9]], 'logFlushed'],
      [[[1, 2], [9]], 'logFlushed'],
      [[[9]], 'logsDeleted'],
    ]);
  });
});
