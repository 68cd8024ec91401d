import { describe, expect, it } from 'vitest';
import { DiskWorld, snapshot, zxid } from '../../support/disk-world.ts';

describe('a disk that stands still', () => {
  it('completes nothing, and then all that would have been, in order', () => {
    const world = new DiskWorld();
    world.disk.flushLog();
    world.disk.writeEpoch('acceptedEpoch', 1);
    world.run(5);
    world.disk.setStalled(true);
    world.run(100);
    world.disk.writeEpoch('currentEpoch', 1);
    world.run(200);
    expect(world.notes).toEqual([]);
    world.disk.setStalled(false);
    world.disk.flushLog();
    world.runAll();
    expect(world.notes).toEqual(['200 flushed', '200 acceptedEpoch', '200 currentEpoch', '210 flushed']);
  });

  it('again at once holds what has not come to its end yet', () => {
    const world = new DiskWorld();
    world.disk.setStalled(true);
    world.disk.flushLog();
    world.run(20);
    world.disk.setStalled(false);
    world.disk.setStalled(true);
    world.run(30);
    expect(world.notes).toEqual([]);
    world.disk.setStalled(false);
    world.runAll();
    expect(world.notes).toEqual(['30 flushed']);
  });

  it('has nothing of it any more after a crash', () => {
    const world = new DiskWorld();
    world.append(1);
    world.disk.setStalled(true);
    world.disk.flushLog();
    world.run(20);
    world.disk.crash('all');
    world.disk.setStalled(false);
    world.runAll();
    expect([world.notes, world.logs]).toEqual([[], []]);
  });
});

describe('a full disk', () => {
  it('fails whatever needs space, and still deletes and cuts', () => {
    const world = new DiskWorld();
    world.disk.writeSnapshot(snapshot(7), true);
    world.fill([1, 2], [3, 4]);
    world.disk.setFull(true);
    world.append(5);
    world.disk.flushLog();
    world.disk.writeEpoch('currentEpoch', 1);
    world.disk.writeSnapshot(snapshot(9), true);
    world.disk.truncateLog(zxid(3));
    world.disk.deleteSnapshot(zxid(7));
    world.runAll();
    expect(world.notes).toEqual(['30 no log', '40 no epoch', '50 no snapshot', '60 truncated']);
    expect([world.logs, world.snapshots]).toEqual([[[1, 2], [3]], []]);
    expect(world.recorder.records.filter(({ event }) => event.type === 'writeFailed')).toHaveLength(3);
  });

  it('that has space again when a write comes to its end takes it', () => {
    const world = new DiskWorld();
    world.disk.setFull(true);
    world.append(1);
    world.disk.flushLog();
    world.run(5);
    world.disk.setFull(false);
    world.runAll();
    expect([world.notes, world.logs]).toEqual([['10 flushed'], [[1]]]);
  });

  it('takes its time to fail, even if it takes none to succeed', () => {
    const world = new DiskWorld('test', { fsyncMs: 0 });
    world.disk.setFull(true);
    world.disk.flushLog();
    world.runAll();
    expect(world.notes).toEqual(['1 no log']);
  });
});

describe('a disk that fails', () => {
  it('does not even cut', () => {
    const world = new DiskWorld();
    world.fill([1, 2], [3, 4]);
    world.disk.setFailing(true);
    world.disk.truncateLog(zxid(1));
    world.runAll();
    expect([world.notes, world.logs]).toEqual([
      ['20 no truncation'],
      [
        [1, 2],
        [3, 4],
      ],
    ]);
  });

  it('leaves an epoch as it was', () => {
    const world = new DiskWorld();
    world.disk.writeEpoch('currentEpoch', 1);
    world.runAll();
    world.disk.setFailing(true);
    world.disk.writeEpoch('currentEpoch', 2);
    world.runAll();
    expect(world.disk.durableState().currentEpoch).toBe(1);
  });
});

describe('a log that could not be flushed', () => {
  /** 1 is flushed; the flush of 2 and 3 has failed, and that of 4 was asked for before. */
  const broken = (): DiskWorld => {
    const world = new DiskWorld();
    world.fill([1]);
    world.disk.setFull(true);
    world.append(2, 3);
    world.disk.flushLog();
    world.append(4);
    world.disk.flushLog();
    world.run(20);
    world.disk.setFull(false);
    return world;
  };

  it('ends where it was flushed before, and so do later flushes that were asked for', () => {
    const world = broken();
    world.runAll();
    expect([world.notes, world.logs]).toEqual([['20 no log', '30 no log'], [[1]]]);
  });

  it('takes nothing until its server has seen that: it would be behind a hole', () => {
    const world = broken();
    world.append(5);
    world.disk.flushLog();
    world.runAll();
    expect([world.notes.at(-1), world.logs]).toEqual(['40 no log', [[1]]]);
  });

  it('goes on in a new file once its server has seen that', () => {
    const world = broken();
    world.disk.reopenLog();
    world.append(2);
    world.disk.flushLog();
    world.runAll();
    expect([world.notes, world.logs]).toEqual([
      ['20 no log', '30 no log', '40 flushed'],
      [[1], [2]],
    ]);
  });

  it('loses nothing more to a crash', () => {
    const world = broken();
    expect(world.disk.crash('none')).toEqual({ lost: 0, durableZxid: 1 });
    world.append(2);
    world.disk.crash('none');
    expect(world.logs).toEqual([[1], [2]]);
  });
});
