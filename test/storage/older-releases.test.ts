import { describe, expect, it } from 'vitest';
import { DEFAULT_RELEASE, releaseWithIssue, type Release } from '../../protocol/release/release.ts';
import { EMPTY_DISK, type DurableState } from '../../protocol/storage/durable-state.ts';
import { readHistory, type History } from '../../protocol/storage/history.ts';
import { recoverable } from '../../protocol/storage/recovery.ts';
import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import { Storage } from '../../protocol/storage/storage.ts';
import { makeZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import { recordingServerHost } from '../support/recording-host.ts';
import { diskWith, snapshotOf, stepsOf, txnAt, txnsOf } from '../support/server-bench.ts';

const z = makeZxid;
const at = (epoch: number, counter: number): Snapshot => snapshotOf([], z(epoch, counter));
const ignored = (): void => undefined;

describe('a hole in the log', () => {
  const logs = [{ records: txnsOf(1, 1, 2) }, { records: txnsOf(1, 4, 5) }];
  const read = (release: Release): History => {
    const history = readHistory([at(0, 0)], logs, 0, release);
    if ('refusal' in history) throw new TypeError(history.refusal);
    return history;
  };
  const summary = ({ txns, lastZxid, behindHole }: History): readonly unknown[] => [
    txns.map(({ zxid }) => zxid),
    lastZxid,
    behindHole,
  ];

  it('ends what is replayed', () => {
    expect(summary(read(DEFAULT_RELEASE))).toEqual([[z(1, 1), z(1, 2)], z(1, 2), 2]);
  });

  it('is replayed across (ZABSIM-3), and so says recoverable', () => {
    const crossing = releaseWithIssue('ZABSIM-3');
    expect(summary(read(crossing))).toEqual([[z(1, 1), z(1, 2), z(1, 4), z(1, 5)], z(1, 5), 0]);
    expect(recoverable({ ...EMPTY_DISK, snapshots: [at(0, 0)], logs }, 0, crossing)).toMatchObject({
      lastZxid: z(1, 5),
    });
  });

  it('is not what a txn leaves that was written a second time, or late (ZOOKEEPER-4712)', () => {
    const records = [...txnsOf(1, 1, 2), txnAt(1, 2), txnAt(2, 1), txnAt(1, 3), txnAt(2, 2)];
    const history = readHistory([at(0, 0)], [{ records }]);
    expect(history).toMatchObject({ txns: records, lastZxid: z(2, 2), behindHole: 0 });
  });
});

describe('a snapshot newer than where the log is cut', () => {
  const cut = (release: Release): { readonly storage: Storage; readonly steps: readonly unknown[] } => {
    const host = recordingServerHost();
    const snapshots = [at(1, 1), at(1, 3)];
    const storage = new Storage(host, { ...diskWith(txnsOf(1, 1, 3), 1), snapshots }, 0, release);
    storage.truncate(z(1, 2), ignored, ignored);
    return { storage, steps: stepsOf(host.effects) };
  };

  it('goes, so that what was cut does not come back', () => {
    const { storage, steps } = cut(DEFAULT_RELEASE);
    expect(steps).toEqual([
      ['deleteSnapshot', z(1, 3)],
      ['truncateLog', z(1, 2)],
    ]);
    expect(storage.history).toMatchObject({ lastZxid: z(1, 2) });
  });

  it('stays and is what the tree is loaded from (ZOOKEEPER-4837)', () => {
    const { storage, steps } = cut(releaseWithIssue('ZOOKEEPER-4837'));
    expect(steps).toEqual([['truncateLog', z(1, 2)]]);
    expect(storage.history).toMatchObject({ snapshot: { zxid: z(1, 3) }, lastZxid: z(1, 3) });
  });
});

describe('the log of a server that took a tree from its leader', () => {
  const installed = at(1, 2);
  const took = (release: Release): Storage => {
    const storage = new Storage(recordingServerHost(), diskWith(txnsOf(1, 1, 3), 1), 0, release);
    storage.writeSnapshot(installed, { fsync: true }, ignored, ignored);
    storage.forgetBefore(installed);
    return storage;
  };

  it('is gone, with what the leader did not have', () => {
    const storage = took(DEFAULT_RELEASE);
    expect([storage.snapshots, storage.log.lastZxid]).toEqual([[installed], NO_TXNS]);
    expect(storage.history).toMatchObject({ snapshot: installed, txns: [] });
  });

  it('is replayed on top of that tree (ZOOKEEPER-2832)', () => {
    const storage = took(releaseWithIssue('ZOOKEEPER-2832'));
    expect(storage.history).toMatchObject({ snapshot: installed, txns: [{ zxid: z(1, 3) }] });
  });
});

describe('log-based sync from a log that lies on both sides of a leader’s snapshot', () => {
  /** What (2, 1) was is in the snapshot only. */
  const disk: DurableState = {
    ...EMPTY_DISK,
    logs: [{ records: txnsOf(1, 1, 3) }, { records: txnsOf(2, 2, 3) }],
    snapshots: [at(2, 1)],
  };
  const sent = (release: Release): readonly Zxid[] =>
    new Storage(recordingServerHost(), disk, 0, release).proposalsFrom(z(1, 2), 100).map(({ zxid }) => zxid);

  it('sends nothing', () => {
    expect(sent(DEFAULT_RELEASE)).toEqual([]);
  });

  it('sends it without what is missing in between (ZOOKEEPER-2846)', () => {
    expect(sent(releaseWithIssue('ZOOKEEPER-2846'))).toEqual([z(1, 1), z(1, 2), z(1, 3), z(2, 2), z(2, 3)]);
  });
});
