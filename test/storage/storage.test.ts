import { beforeEach, describe, expect, it } from 'vitest';
import { AssertionFailure } from '../../protocol/assert.ts';
import { EMPTY_DISK } from '../../protocol/storage/durable-state.ts';
import { Storage } from '../../protocol/storage/storage.ts';
import { makeZxid, NO_TXNS } from '../../protocol/zxid.ts';
import { diskWith, DrivenHost, snapshotOf, stepsOf, txnAt, txnsOf } from '../support/server-bench.ts';

const z = makeZxid;
const FACTOR = 100;
const snapshotAt = (epoch: number, counter: number) => snapshotOf([], z(epoch, counter));

let host: DrivenHost;
let told: string[];
const tell = (what: string) => () => void told.push(what);
const fail = (): void => void told.push('failed');
const storageOf = (disk = EMPTY_DISK): Storage => new Storage(host, disk);
const finish = (storage: Storage): void => host.disk.shift()?.(storage);

beforeEach(() => {
  host = new DrivenHost();
  told = [];
});

describe('completions', () => {
  it('come in the order in which they were asked for, kind by kind', () => {
    const storage = storageOf();
    storage.flush(tell('flush 1'), fail);
    storage.writeEpoch('acceptedEpoch', 1, tell('accepted 1'), fail);
    storage.flush(tell('flush 2'), fail);
    storage.writeEpoch('currentEpoch', 1, tell('current 1'), fail);
    storage.writeSnapshot(snapshotAt(1, 1), { fsync: true }, tell('snapshot'), fail);
    storage.onEpochWritten();
    storage.onLogFlushed();
    storage.onSnapshotWritten();
    storage.onEpochWritten();
    storage.onLogFlushed();
    expect(told).toEqual(['accepted 1', 'flush 1', 'snapshot', 'current 1', 'flush 2']);
  });

  it('that nobody asked for are a bug of ours', () => {
    expect(() => storageOf().onLogFlushed()).toThrow(AssertionFailure);
  });
});

describe('a write that fails', () => {
  const failOldest = (storage: Storage): void => host.disk.shift()?.(storage, true);

  it('is told to whoever waits for it, and the next of its kind waits on', () => {
    const storage = storageOf(diskWith([], 1));
    storage.writeEpoch('acceptedEpoch', 2, tell('accepted'), tell('not accepted'));
    storage.writeEpoch('currentEpoch', 2, tell('current'), tell('not current'));
    failOldest(storage);
    finish(storage);
    expect([told, storage.acceptedEpoch, storage.currentEpoch]).toEqual([['not accepted', 'current'], 1, 2]);
  });

  it('of the log takes everything with it that no flush has covered', () => {
    const storage = storageOf(diskWith(txnsOf(1, 1, 2), 1));
    storage.append(txnAt(1, 3));
    storage.flush(tell('flushed 3'), fail);
    storage.append(txnAt(1, 4));
    storage.flush(tell('flushed 4'), tell('lost 4'));
    storage.append(txnAt(1, 5));
    finish(storage);
    failOldest(storage);
    expect([told, storage.log.lastZxid]).toEqual([['flushed 3', 'lost 4'], z(1, 3)]);
    expect([storage.takeLoss(), storage.takeLoss()]).toEqual([true, false]);
  });

  it('loses nothing where everything had been flushed', () => {
    const storage = storageOf(diskWith(txnsOf(1, 1, 2), 1));
    storage.flush(tell('flushed'), tell('failed'));
    failOldest(storage);
    expect([told, storage.log.lastZxid, storage.takeLoss()]).toEqual([['failed'], z(1, 2), false]);
  });

  it('ends the wait for an idle disk like any other', () => {
    const storage = storageOf();
    storage.writeSnapshot(snapshotAt(1, 1), { fsync: true }, tell('snapshot'), tell('no snapshot'));
    storage.truncate(z(1, 0), tell('truncated'), tell('not truncated'));
    storage.whenIdle(tell('idle'));
    failOldest(storage);
    failOldest(storage);
    expect(told).toEqual(['no snapshot', 'not truncated', 'idle']);
  });
});

describe('an epoch', () => {
  it('counts only once it is on disk (ZOOKEEPER-2307)', () => {
    const storage = storageOf(diskWith([], 1));
    storage.writeEpoch(
      'acceptedEpoch',
      2,
      () => void told.push(`accepted ${storage.acceptedEpoch ?? 'none'}`),
      fail,
    );
    expect([storage.acceptedEpoch, storage.currentEpoch]).toEqual([1, 1]);
    finish(storage);
    expect([storage.acceptedEpoch, storage.currentEpoch, told]).toEqual([2, 1, ['accepted 2']]);
  });

  it('never goes back', () => {
    const storage = storageOf(diskWith([], 3));
    expect(() => storage.writeEpoch('currentEpoch', 2, tell('never'), fail)).toThrow(AssertionFailure);
    expect(() => storage.writeEpoch('currentEpoch', 3, tell('again'), fail)).not.toThrow();
  });
});

describe('whoever waits for the disk to be idle', () => {
  it('goes on at once when it is', () => {
    storageOf().whenIdle(tell('idle'));
    expect(told).toEqual(['idle']);
  });

  it('waits for everything that is under way, and for what that leads to', () => {
    const storage = storageOf();
    storage.flush(() => storage.writeEpoch('currentEpoch', 1, tell('epoch'), fail), fail);
    storage.writeSnapshot(snapshotAt(1, 1), { fsync: false }, tell('snapshot'), fail);
    storage.whenIdle(tell('idle'));
    storage.onLogFlushed();
    storage.onSnapshotWritten();
    expect(told).toEqual(['snapshot']);
    storage.onEpochWritten();
    expect(told).toEqual(['snapshot', 'epoch', 'idle']);
  });

  it('goes on once', () => {
    const storage = storageOf();
    storage.flush(tell('flush'), fail);
    storage.whenIdle(tell('idle'));
    storage.onLogFlushed();
    storage.flush(tell('flush'), fail);
    storage.onLogFlushed();
    expect(told).toEqual(['flush', 'idle', 'flush']);
  });
});

describe('truncating', () => {
  it('removes newer snapshots first, since they would bring the cut txns back (ZOOKEEPER-4837)', () => {
    const storage = storageOf({
      ...diskWith(txnsOf(1, 1, 6), 1),
      snapshots: [snapshotAt(0, 0), snapshotAt(1, 2), snapshotAt(1, 4), snapshotAt(1, 6)],
    });
    storage.truncate(z(1, 3), tell('truncated'), fail);
    expect(stepsOf(host.effects)).toEqual([
      ['deleteSnapshot', z(1, 6)],
      ['deleteSnapshot', z(1, 4)],
      ['truncateLog', z(1, 3)],
    ]);
    expect([storage.newestSnapshot?.zxid, storage.log.lastZxid, told]).toEqual([z(1, 2), z(1, 3), []]);
    finish(storage);
    expect(told).toEqual(['truncated']);
  });

  it('keeps the oldest snapshot, as a log without any is nothing to start from', () => {
    const storage = storageOf({
      ...diskWith(txnsOf(2, 1, 3), 2),
      snapshots: [snapshotAt(2, 0), snapshotAt(2, 2)],
    });
    storage.truncate(z(1, 3), tell('truncated'), fail);
    expect(stepsOf(host.effects)).toEqual([
      ['deleteSnapshot', z(2, 2)],
      ['truncateLog', z(1, 3)],
    ]);
    expect([storage.hasSnapshotUpTo(z(1, 3)), storage.hasSnapshotUpTo(z(2, 0))]).toEqual([false, true]);
  });

  it('keeps a snapshot of that very txn', () => {
    const storage = storageOf({ ...diskWith(txnsOf(1, 1, 3), 1), snapshots: [snapshotAt(1, 3)] });
    storage.truncate(z(1, 3), tell('truncated'), fail);
    expect(storage.newestSnapshot?.zxid).toBe(z(1, 3));
  });
});

describe('snapshots', () => {
  it('are kept in the order of their zxids, one of a kind', () => {
    const storage = storageOf();
    const [first, again] = [snapshotAt(1, 4), snapshotAt(1, 4)];
    for (const snapshot of [first, snapshotAt(1, 2), again]) {
      storage.writeSnapshot(snapshot, { fsync: false }, tell('written'), fail);
    }
    expect(storage.snapshots.map((snapshot) => snapshot.zxid)).toEqual([z(1, 2), z(1, 4)]);
    expect(storage.newestSnapshot).toBe(again);
  });

  it('that came from a leader replace everything older', () => {
    const storage = storageOf({
      ...diskWith(txnsOf(1, 1, 3), 1),
      snapshots: [snapshotAt(0, 0), snapshotAt(1, 2)],
    });
    const installed = snapshotAt(2, 5);
    storage.writeSnapshot(installed, { fsync: true }, tell('written'), fail);
    storage.forgetBefore(installed);
    expect(stepsOf(host.effects).slice(1)).toEqual([
      ['deleteSnapshot', NO_TXNS],
      ['deleteSnapshot', z(1, 2)],
      ['deleteLogs'],
    ]);
    expect([storage.snapshots, storage.log.lastZxid]).toEqual([[installed], NO_TXNS]);
  });
});

describe('log-based sync', () => {
  const logged = diskWith(txnsOf(1, 1, 6), 1);
  const countFrom = (storage: Storage, counter: number, factor = FACTOR): number =>
    storage.proposalsFrom(z(1, counter), factor).length;

  it('has what the log has', () => {
    expect(countFrom(storageOf(logged), 2)).toBe(6);
  });

  it('is off when the factor is negative', () => {
    expect(countFrom(storageOf(logged), 2, -1)).toBe(0);
  });

  it('never leads across a snapshot that came from a leader: the log has a hole before it (ZOOKEEPER-2846)', () => {
    const storage = storageOf({
      ...logged,
      logs: [{ records: [...txnsOf(1, 1, 2), ...txnsOf(1, 6, 7)] }],
      snapshots: [snapshotAt(0, 0), snapshotAt(1, 5)],
    });
    expect([countFrom(storage, 2), countFrom(storage, 4), countFrom(storage, 6)]).toEqual([0, 0, 4]);
  });

  it('leads across a snapshot of the server itself', () => {
    const storage = storageOf({ ...logged, snapshots: [snapshotAt(0, 0), snapshotAt(1, 4)] });
    expect(countFrom(storage, 2)).toBe(6);
  });

  it('sends no more than the given share of the newest snapshot', () => {
    const storage = storageOf({
      ...logged,
      logs: [{ records: txnsOf(1, 1, 2) }, { records: txnsOf(1, 3, 100) }],
    });
    expect([countFrom(storage, 1, 0.33), countFrom(storage, 1, FACTOR), countFrom(storage, 1, 0)]).toEqual([
      0, 100, 100,
    ]);
  });
});

describe('the log', () => {
  it('is flushed as one: what was appended before is durable then', () => {
    const storage = storageOf();
    for (const txn of txnsOf(1, 1, 2)) storage.append(txn);
    storage.flush(tell('flushed'), fail);
    storage.append(txnAt(1, 3));
    expect(stepsOf(host.effects)).toEqual([
      ['appendTxn', z(1, 1)],
      ['appendTxn', z(1, 2)],
      ['flushLog'],
      ['appendTxn', z(1, 3)],
    ]);
  });
});
