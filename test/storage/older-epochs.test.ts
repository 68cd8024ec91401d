import { describe, expect, it } from 'vitest';
import { sid } from '../../protocol/ids.ts';
import { QuorumPeer } from '../../protocol/quorum-peer.ts';
import { DEFAULT_RELEASE, releaseWithIssue, type Release } from '../../protocol/release/release.ts';
import type { DurableState } from '../../protocol/storage/durable-state.ts';
import { recoverable } from '../../protocol/storage/recovery.ts';
import { Storage } from '../../protocol/storage/storage.ts';
import { makeZxid, NO_TXNS } from '../../protocol/zxid.ts';
import { LeaderBench } from '../support/leader-bench.ts';
import { ensembleOf, serverSpecs } from '../support/plans.ts';
import { recordingServerHost } from '../support/recording-host.ts';
import { diskWith, DrivenHost, snapshotOf, stepsOf, txnAt, txnsOf } from '../support/server-bench.ts';

const z = makeZxid;
const nothing = (): void => undefined;

const start = (durable: DurableState, release: Release) => {
  const host = recordingServerHost();
  const config = ensembleOf(serverSpecs(3));
  const peer = new QuorumPeer({ sid: sid(1), config, durable, host, random: { int: () => 0 }, release });
  peer.start();
  return host;
};

describe('where epochs come from the log (ZOOKEEPER-335)', () => {
  const release = releaseWithIssue('ZOOKEEPER-335');
  const storageOf = (durable: DurableState, host = new DrivenHost()): Storage =>
    new Storage(host, durable, 0, release);
  const epochs = ({ acceptedEpoch, currentEpoch }: Storage) => [acceptedEpoch, currentEpoch];

  it('an epoch is known from its first txn on, and was not before', () => {
    const storage = storageOf(diskWith(txnsOf(1, 1, 3), 2, 3));
    expect(epochs(storage)).toEqual([1, 1]);
    storage.append(txnAt(4, 1));
    expect(epochs(storage)).toEqual([4, 4]);
  });

  it('or from the snapshot that a leader sent', () => {
    expect(epochs(storageOf({ ...diskWith([], 0), snapshots: [snapshotOf([], z(2, 7))] }))).toEqual([2, 2]);
  });

  it('an epoch that is accepted is not written down', () => {
    const host = new DrivenHost();
    const storage = storageOf(diskWith(txnsOf(1, 1, 3), 1), host);
    const told: string[] = [];
    storage.writeEpoch('acceptedEpoch', 2, () => void told.push('accepted'), nothing);
    expect([told, stepsOf(host.effects), epochs(storage)]).toEqual([['accepted'], [], [1, 1]]);
  });

  it.each([
    ['the one after that of its last txn, though it had accepted a higher one', release, 1],
    ['by default the one after all that were accepted', DEFAULT_RELEASE, 6],
  ])('a new leader takes %s', (_, release, epoch) => {
    const bench = new LeaderBench({ durable: diskWith([], 0, 5), release }).lead();
    bench.registers(1);
    expect(bench.eventsOf('epochFixed')).toMatchObject([{ epoch }]);
  });

  it('a leader is established, and its learners serve', () => {
    const bench = new LeaderBench({ release }).lead();
    expect(bench.told(bench.joins(1))).toEqual(['LEADERINFO', 'DIFF', 'NEWLEADER', 'UPTODATE']);
    expect(bench.established).toEqual([1]);
  });
});

describe('where data newer than the epoch file are refused (ZOOKEEPER-1653)', () => {
  const release = releaseWithIssue('ZOOKEEPER-1653');
  const between: DurableState = { ...diskWith([], 1, 2), snapshots: [snapshotOf([], z(2, 4))] };
  const reason = 'currentEpoch 1 is older than zxid 0x200000004';

  it('a server does not start after a crash between the two', () => {
    const host = start(between, release);
    expect(stepsOf(host.effects)).toEqual([['exit', 1, reason]]);
    expect(host.events.some(({ type }) => type === 'recovered')).toBe(false);
  });

  it('and the world, when it asks what a restart would find, is told the same', () => {
    expect(recoverable(between, 0, release)).toEqual({ refusal: reason });
    expect(recoverable(between)).toEqual({ lastZxid: z(2, 4), acceptedEpoch: 2, currentEpoch: 2 });
  });

  it.each<[string, DurableState]>([
    ['data of the epoch in the file', diskWith(txnsOf(2, 1, 3), 2)],
    ['data of an older one', diskWith(txnsOf(1, 1, 3), 2)],
    ['no file at all', { ...between, currentEpoch: undefined }],
  ])('it starts from %s', (_, durable) => {
    expect(start(durable, release).events.some(({ type }) => type === 'recovered')).toBe(true);
  });

  it('it starts from nothing', () => {
    const { effects } = start({ ...diskWith([], 0), snapshots: [snapshotOf([], NO_TXNS)] }, release);
    expect(effects.some(([what]) => what === 'exit')).toBe(false);
  });
});
