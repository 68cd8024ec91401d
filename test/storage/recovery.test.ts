import { describe, expect, it } from 'vitest';
import type { ServerEvent } from '../../protocol/events.ts';
import { connectionId, sid } from '../../protocol/ids.ts';
import { QuorumPeer } from '../../protocol/quorum-peer.ts';
import { EMPTY_DISK, type DurableState } from '../../protocol/storage/durable-state.ts';
import { fastForwardDataBase, recoverEpochs } from '../../protocol/storage/recovery.ts';
import { Storage } from '../../protocol/storage/storage.ts';
import { makeZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import { ensembleOf, serverSpecs } from '../support/plans.ts';
import { recordingServerHost } from '../support/recording-host.ts';
import { diskWith, ServerBench, snapshotOf, stepsOf, txnAt, txnsOf } from '../support/server-bench.ts';
import { contentOf, create } from '../support/tree.ts';

const z = makeZxid;
const CREATES = ['/a', '/b', '/c', '/d'].map((path, at) => txnAt(1, at + 1, create(path, at + 1)));
const logs = [{ records: CREATES.slice(0, 2) }, { records: CREATES.slice(2) }];
const snapshots = [snapshotOf([])];

const appliedOn = (disk: DurableState): ServerBench => new ServerBench({ durable: disk });
const children = (bench: ServerBench): readonly string[] =>
  (bench.context.database.tree.children('/') ?? []).filter((name) => name !== 'zookeeper');

describe('what a server knows after it has read its disk', () => {
  it('is nothing, from an empty one', () => {
    const { database } = appliedOn(EMPTY_DISK).context;
    expect([database.lastProcessedZxid, database.committedLog.size]).toEqual([NO_TXNS, 0]);
  });

  it('is every logged txn, on top of an empty snapshot', () => {
    const bench = appliedOn({ ...EMPTY_DISK, logs, snapshots });
    expect([children(bench), bench.context.database.lastProcessedZxid]).toEqual([
      ['a', 'b', 'c', 'd'],
      z(1, 4),
    ]);
  });

  it('is the newest snapshot and every txn after it, as if all of them had been applied', () => {
    const snapshots = [snapshotOf([]), snapshotOf(CREATES.slice(0, 1)), snapshotOf(CREATES.slice(0, 3))];
    const bench = appliedOn({ ...EMPTY_DISK, logs, snapshots });
    const replayed = appliedOn({ ...EMPTY_DISK, logs, snapshots: snapshots.slice(0, 1) });
    expect(contentOf(bench.context.database.tree)).toEqual(contentOf(replayed.context.database.tree));
    expect(bench.context.database.committedLog.toArray().map((txn) => txn.zxid)).toEqual([z(1, 4)]);
  });

  it('is the newest snapshot alone, when the log ends before it', () => {
    const bench = appliedOn({ ...EMPTY_DISK, logs, snapshots: [snapshotOf([], z(2, 7))] });
    expect([children(bench), bench.context.database.lastProcessedZxid]).toEqual([[], z(2, 7)]);
  });

  it('is brought up to the log again when a role ends (ZOOKEEPER-2845)', () => {
    const { context, host } = appliedOn({ ...EMPTY_DISK, logs, snapshots });
    context.storage.append(txnAt(1, 5, create('/e', 5)));
    fastForwardDataBase(host, context.storage, context.database);
    expect(context.database.lastProcessedZxid).toBe(z(1, 5));
    expect(host.events).toMatchObject([{ type: 'applied', txn: { zxid: z(1, 5) }, cause: 'fastForward' }]);
  });
});

describe('the epochs of a server that starts', () => {
  const rows: readonly (readonly [string, Partial<DurableState>, Zxid, accepted: number, current: number])[] =
    [
      ['an empty disk', {}, NO_TXNS, 0, 0],
      ['both files', { acceptedEpoch: 5, currentEpoch: 3 }, z(3, 4), 5, 3],
      ['an epoch that it accepted and never entered', { acceptedEpoch: 5, currentEpoch: 3 }, z(2, 4), 5, 3],
      ['no files: those of the last txn', {}, z(4, 1), 4, 4],
      ['no acceptedEpoch', { currentEpoch: 4 }, z(3, 1), 4, 4],
      [
        'txns of an epoch that it has not entered (ZOOKEEPER-1653)',
        { acceptedEpoch: 5, currentEpoch: 3 },
        z(5, 1),
        5,
        5,
      ],
      ['an acceptedEpoch that is behind', { acceptedEpoch: 2, currentEpoch: 3 }, z(3, 1), 3, 3],
    ];

  it.each(rows)('%s', (_, files, lastZxid, acceptedEpoch, currentEpoch) => {
    const storage = new Storage(recordingServerHost(), { ...EMPTY_DISK, ...files });
    expect(recoverEpochs(storage, lastZxid)).toEqual({ acceptedEpoch, currentEpoch });
  });
});

describe('a server that starts', () => {
  const start = (durable: DurableState) => {
    const host = recordingServerHost();
    const config = ensembleOf(serverSpecs(3, 1));
    const peer = new QuorumPeer({ sid: sid(1), config, durable, host, random: { int: () => 0 } });
    peer.start();
    return { host, peer };
  };
  const recovered = (events: readonly ServerEvent[]) => events.find((event) => event.type === 'recovered');

  it('for the first time writes an empty snapshot and its epochs, and looks for a leader when they are there', () => {
    const { host, peer } = start(EMPTY_DISK);
    expect(stepsOf(host.effects)).toEqual([
      ['writeSnapshot', NO_TXNS, 'fsync'],
      ['writeEpoch', 'acceptedEpoch', 0],
      ['writeEpoch', 'currentEpoch', 0],
    ]);
    peer.onEpochWritten();
    peer.onEpochWritten();
    expect(host.events.some((event) => event.type === 'roundStarted')).toBe(false);
    peer.onSnapshotWritten();
    expect(host.events.some((event) => event.type === 'roundStarted')).toBe(true);
  });

  it('again writes nothing, and looks for a leader at once', () => {
    const { host } = start(diskWith(txnsOf(2, 1, 3), 2, 3));
    expect(stepsOf(host.effects)).toEqual([]);
    expect(recovered(host.events)).toEqual({
      type: 'recovered',
      snapshotZxid: NO_TXNS,
      lastZxid: z(2, 3),
      replayed: 3,
      acceptedEpoch: 3,
      currentEpoch: 2,
      tornRecords: 0,
      damagedSnapshots: 0,
      behindHole: 0,
    });
    expect(host.events.some((event) => event.type === 'roundStarted')).toBe(true);
  });

  it('after a crash between its snapshot and its epoch file enters the epoch now (ZOOKEEPER-1653)', () => {
    const durable = { ...diskWith(txnsOf(1, 1, 2), 1, 2), snapshots: [snapshotOf([], z(2, 0))] };
    const { host, peer } = start(durable);
    expect(stepsOf(host.effects)).toEqual([['writeEpoch', 'currentEpoch', 2]]);
    peer.onEpochWritten();
    expect(host.events.findLast((event) => event.type === 'voteChanged')).toMatchObject({
      leader: 1,
      peerEpoch: 2,
      zxid: z(2, 0),
    });
  });

  it('behind a hole in its log cuts what does not follow on, before anything is logged in its place', () => {
    const holed = [{ records: txnsOf(1, 1, 2) }, { records: txnsOf(1, 4, 6) }];
    const { host, peer } = start({ ...diskWith([], 1), logs: holed });
    expect(recovered(host.events)).toMatchObject({ lastZxid: z(1, 2), replayed: 2, behindHole: 3 });
    expect(stepsOf(host.effects)).toEqual([['truncateLog', z(1, 2)]]);
    expect(host.events.some((event) => event.type === 'roundStarted')).toBe(false);
    peer.onLogTruncated();
    expect(host.events.some((event) => event.type === 'roundStarted')).toBe(true);
  });

  it.each([
    ['not able to find valid snapshots', { snapshots: [{ ...snapshotOf([]), isDamaged: true }] }],
    ['no snapshot found, but there are log entries', { snapshots: [] }],
    ['CRC check failed in the log', { logs: [{ records: CREATES, badRecord: 2 }] }],
  ])('exits when there is %s', (reason, damage: Partial<DurableState>) => {
    const { host } = start({ ...diskWith(CREATES, 1), ...damage });
    expect(stepsOf(host.effects)).toEqual([['exit', 1, reason]]);
    expect(recovered(host.events)).toBeUndefined();
  });

  it('exits when its disk does not take what it has to write first', () => {
    const { host, peer } = start(EMPTY_DISK);
    host.take();
    peer.onWriteFailed('epoch');
    peer.onWriteFailed('snapshot');
    expect(stepsOf(host.effects)).toEqual([
      ['exit', 1, 'cannot write acceptedEpoch'],
      ['exit', 1, 'cannot write snapshot 0x0'],
    ]);
  });

  it('takes part in no election when the last thing that it has to write first fails', () => {
    const { host, peer } = start(EMPTY_DISK);
    host.take();
    peer.onSnapshotWritten();
    peer.onEpochWritten();
    peer.onWriteFailed('epoch');
    expect(stepsOf(host.effects)).toEqual([['exit', 1, 'cannot write currentEpoch']]);
  });

  it('opens the ports for clients and elections, and not yet the one for learners', () => {
    const { host } = start(EMPTY_DISK);
    const ports = host.effects.filter((effect) => effect[0] === 'listen').map((effect) => effect[2]);
    expect(ports).toEqual(['client', 'election']);
  });

  it('tells whoever has no vote the vote that it would cast', () => {
    const { host, peer } = start(diskWith(txnsOf(2, 1, 3), 2));
    const observer = connectionId(-1);
    peer.onAccept(observer, 'election', 'observer:1');
    peer.onPacket(observer, { type: 'initialMessage', sid: sid(4), address: 'server4:3888' });
    host.take();
    const vote = { leader: sid(4), zxid: NO_TXNS, peerEpoch: 0, electionEpoch: 1 };
    peer.onPacket(observer, { type: 'notification', state: 'LOOKING', ...vote });
    peer.onStage('WorkerReceiver');
    expect(host.sent).toMatchObject([{ state: 'LOOKING', leader: 1, zxid: z(2, 3), peerEpoch: 2 }]);
  });
});
