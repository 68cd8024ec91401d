import { describe, expect, it } from 'vitest';
import { EMPTY_DISK, type DurableState, type LogFile } from '../../protocol/storage/durable-state.ts';
import { readHistory, type History } from '../../protocol/storage/history.ts';
import { recoverable } from '../../protocol/storage/recovery.ts';
import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import { makeZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import { diskWith, snapshotOf, txnAt, txnsOf } from '../support/server-bench.ts';

const z = makeZxid;
const at = (epoch: number, counter: number): Snapshot => snapshotOf([], z(epoch, counter));
const damaged = (snapshot: Snapshot): Snapshot => ({ ...snapshot, isDamaged: true });
const file = (from: number, to: number): LogFile => ({ records: txnsOf(1, from, to) });

const read = (snapshots: readonly Snapshot[], logs: readonly LogFile[]): History => {
  const history = readHistory(snapshots, logs);
  if ('refusal' in history) throw new TypeError(history.refusal);
  return history;
};
const refusal = (snapshots: readonly Snapshot[], logs: readonly LogFile[]): string | undefined => {
  const history = readHistory(snapshots, logs);
  return 'refusal' in history ? history.refusal : undefined;
};
const zxids = (history: History): readonly Zxid[] => history.txns.map((txn) => txn.zxid);

describe('what is on a disk', () => {
  it('is nothing at first', () => {
    expect(read([], [])).toMatchObject({ snapshot: undefined, txns: [], lastZxid: NO_TXNS });
  });

  it('is the newest snapshot and the txns after it', () => {
    const history = read([at(0, 0), at(1, 3)], [file(1, 2), file(3, 5)]);
    expect([history.snapshot?.zxid, zxids(history), history.lastZxid]).toEqual([
      z(1, 3),
      [z(1, 4), z(1, 5)],
      z(1, 5),
    ]);
  });

  it('is the newest snapshot that can be read, with all the more to replay', () => {
    const history = read([at(0, 0), at(1, 3), damaged(at(1, 4))], [file(1, 5)]);
    expect([history.snapshot?.zxid, history.lastZxid, history.damagedSnapshots]).toEqual([
      z(1, 3),
      z(1, 5),
      1,
    ]);
  });

  it('goes on in the next file after half a record', () => {
    const history = read([at(0, 0)], [{ ...file(1, 2), isTorn: true }, file(3, 4)]);
    expect([history.lastZxid, history.tornRecords]).toEqual([z(1, 4), 1]);
  });

  it('is not more for a file with half a header', () => {
    expect(read([at(0, 0)], [file(1, 2), { records: [], isTorn: true }])).toMatchObject({
      lastZxid: z(1, 2),
      tornRecords: 1,
    });
  });
});

describe('a hole in the log', () => {
  it('ends what is replayed: nothing behind it follows on', () => {
    const history = read([at(0, 0)], [file(1, 2), file(4, 6)]);
    expect([history.lastZxid, history.behindHole]).toEqual([z(1, 2), 3]);
  });

  it('may lie between the snapshot and the log', () => {
    expect(read([at(1, 2)], [file(4, 6)])).toMatchObject({ lastZxid: z(1, 2), txns: [], behindHole: 3 });
  });

  it('before the snapshot does not matter', () => {
    expect(read([at(1, 4)], [file(1, 2), file(4, 6)])).toMatchObject({ lastZxid: z(1, 6), behindHole: 0 });
  });

  it('is none where an epoch begins, wherever the ensemble lets its counters begin', () => {
    const later = { records: [txnAt(3, 1), txnAt(3, 2)] };
    expect(read([at(0, 0)], [file(1, 2), later])).toMatchObject({ lastZxid: z(3, 2), behindHole: 0 });
    const first = [{ records: [txnAt(3, 900)] }];
    expect(readHistory([at(3, 0)], first, 899)).toMatchObject({ lastZxid: z(3, 900), behindHole: 0 });
  });

  it('may lie where an epoch begins: its first txn is missing', () => {
    const later = { records: [txnAt(3, 2)] };
    expect(read([at(3, 0)], [later])).toMatchObject({ lastZxid: z(3, 0), behindHole: 1 });
    expect(read([at(0, 0)], [file(1, 2), later])).toMatchObject({ lastZxid: z(1, 2), behindHole: 1 });
  });
});

describe('a server refuses to start', () => {
  it('when no snapshot can be read', () => {
    expect(refusal([damaged(at(0, 0)), damaged(at(1, 1))], [file(1, 2)])).toBe(
      'not able to find valid snapshots',
    );
  });

  it('when there is a log and no snapshot (ZOOKEEPER-3056)', () => {
    expect(refusal([], [file(1, 2)])).toBe('no snapshot found, but there are log entries');
  });

  it.each([
    ['the first file, all of which is read', at(0, 0), 0, 1, true],
    ['the file that the snapshot lies in, though before it', at(1, 5), 1, 0, true],
    ['an older file, which is not opened', at(1, 5), 0, 1, false],
  ])('when a checksum is wrong in %s', (_, snapshot, nth, badRecord, refuses) => {
    const logs = [file(1, 3), file(4, 6)].map((log, i) => (i === nth ? { ...log, badRecord } : log));
    expect(refusal([snapshot], logs)).toBe(refuses ? 'CRC check failed in the log' : undefined);
  });
});

describe('what a server would say of itself', () => {
  it('is where its history ends, and its epochs', () => {
    expect(recoverable(diskWith(txnsOf(2, 1, 3), 2, 4))).toEqual({
      lastZxid: z(2, 3),
      acceptedEpoch: 4,
      currentEpoch: 2,
    });
  });

  it('is nothing from an empty disk', () => {
    expect(recoverable(EMPTY_DISK)).toEqual({ lastZxid: NO_TXNS, acceptedEpoch: 0, currentEpoch: 0 });
  });

  it('is a refusal where it would not start', () => {
    const durable: DurableState = { ...diskWith(txnsOf(1, 1, 2), 1), snapshots: [] };
    expect(recoverable(durable)).toHaveProperty('refusal');
  });
});
