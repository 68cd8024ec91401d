import { describe, expect, it } from 'vitest';
import { defined } from '../../../protocol/assert.ts';
import { epochOf } from '../../../protocol/zxid.ts';
import { crash, HEAL, partition, serverTarget, slowDisk } from '../../support/faults.ts';
import { DiskStory, flipBit, onData, onDisk } from '../../support/disk-story.ts';
import { createNode } from '../../support/requests.ts';

describe('a slow disk', () => {
  it('of limited throughput makes a large write wait', () => {
    const story = new DiskStory();
    const writeMs = (bytes: number): number => {
      const startMs = story.nowMs;
      story.request(2, createNode(`/large${bytes}`, new Uint8Array(bytes)));
      return story.nowMs - startMs;
    };
    expect(writeMs(100_000)).toBeLessThan(20);
    const throughput = { kind: 'slowDisk', fsync: undefined, throughput: 1_000_000 } as const;
    story.strike({ ...throughput, target: [serverTarget(1), serverTarget(2), serverTarget(3)] });
    expect(writeMs(100_001)).toBeGreaterThan(100);
    expect(writeMs(10)).toBeLessThan(20);
  });

  it('is as the newest fault says, and then as the one before', () => {
    const story = new DiskStory();
    const everybody = [serverTarget(1), serverTarget(2), serverTarget(3)];
    story.strike(slowDisk(everybody, 300));
    story.strike(slowDisk(everybody, 50, 200));
    const writeMs = (): number => {
      const startMs = story.nowMs;
      story.write(1);
      return story.nowMs - startMs;
    };
    expect(writeMs()).toBeLessThan(100);
    story.forMs(200);
    expect(writeMs()).toBeGreaterThan(300);
  });
});

describe('a stalled disk', () => {
  it('of a majority stops the writes of all, which go on when it ends', () => {
    const story = new DiskStory();
    for (const server of [2, 3]) story.strike(onDisk(server, 'stallDisk', 1000));
    const startMs = story.nowMs;
    story.write(1);
    expect(story.nowMs - startMs).toBeGreaterThan(990);
    expect(story.epochs).toEqual([1]);
  });

  it('of a follower, longer than a session lasts: the leader drops it, and a client that knows no other server expires', () => {
    const story = new DiskStory();
    story.strike(onDisk(1, 'stallDisk', 10_000));
    story.write(1);
    story.forMs(9000);
    expect(story.events('learnerDropped')).toMatchObject([{ learner: 1 }]);
    expect(story.events('sessionExpired', 3)).toHaveLength(1);
    const { party } = story.client(0);
    story.until(() => story.events('keeperState', party).at(-1)?.state === 'Expired');
    expect(story.nowMs).toBeGreaterThan(10_000);
  });
});

describe('a full disk', () => {
  it('of the leader: it steps down, another leads a new epoch, and what was acknowledged stays', () => {
    const story = new DiskStory();
    const before = story.write(3);
    story.strike(onDisk(3, 'fullDisk'));
    const during = story.write(1, 1);
    story.until(() => story.epochs.length === 2);
    expect(story.events('stoppedServing', 3)).toMatchObject([{ reason: 'the log cannot be written' }]);
    expect(story.leader.sid).not.toBe(3);
    const { party } = story.leader;
    story.until(() => story.cluster.cast.server(story.leader.sid)?.peer?.view.isServing === true);
    expect(story.has(party, [...before, ...during])).toEqual([...before, ...during]);
  });

  it('of a follower: it leaves, and is synchronized with what it missed when there is space again', () => {
    const story = new DiskStory();
    story.write(1);
    story.strike(onDisk(1, 'fullDisk', 3000));
    const missed = story.write(3);
    story.forMs(1000);
    expect(story.events('stoppedServing', 1)).toHaveLength(1);
    expect(story.has(1, missed)).toEqual([]);
    story.forMs(2500);
    story.untilCalm();
    expect(story.has(1, missed)).toEqual(missed);
    expect(story.syncs(1).at(-1)).toBe('DIFF');
    expect(story.epochs).toEqual([1]);
  });

  it('keeps a follower looking for a leader again and again, and not at one moment', () => {
    const story = new DiskStory();
    story.strike(onDisk(1, 'fullDisk'));
    story.write(1);
    const before = story.all.length;
    story.forMs(5000);
    const rounds = story.records('roundStarted', 1, before);
    expect(rounds.length).toBeGreaterThan(5);
    expect(new Set(rounds.map(({ at }) => at)).size).toBe(rounds.length);
    expect(story.all.length - before).toBeLessThan(100_000);
  });

  it('of a majority: nobody is told that a write has succeeded, and none of it is kept by halves', () => {
    const story = new DiskStory();
    const before = story.write(2);
    for (const server of [1, 2]) story.strike(onDisk(server, 'fullDisk', 4000));
    const lost = story.submit(2, createNode('/lost'));
    story.forMs(4000);
    expect(story.answer(2, lost)?.event.err).not.toBe(0);
    story.forMs(3000);
    for (const server of [1, 2, 3]) story.restart(server);
    story.untilCalm();
    for (const server of [1, 2, 3]) expect(story.has(server, before)).toEqual(before);
    const digests = story.cluster.cast.servers.map((server) => server.peer?.view.digest);
    expect(new Set(digests).size).toBe(1);
  });

  it('ends a server that takes a snapshot just then (ZooKeeperServer.takeSnapshot)', () => {
    const story = new DiskStory({ snapCount: 10 });
    const { party } = story.server(1);
    const before = story.events('snapshotTaken', party).length;
    for (let i = 0; i < 20; i++) story.submit(2, createNode(`/many${i}`));
    story.until(() => story.events('snapshotTaken', party).length > before);
    story.strike(onDisk(1, 'fullDisk'));
    story.until(() => story.events('exited').length > 0);
    expect(story.events('exited', party)).toMatchObject([{ code: 10 }]);
    expect(story.server(1).refusal).toBeUndefined();
    story.write(3);
  });

  it('keeps a server from starting that has nothing on its disk yet, until there is space', () => {
    const story = new DiskStory();
    story.strike(onDisk(1, 'fullDisk', 2000));
    story.strike(onData(1, 'wipe'));
    story.until(() => story.events('exited').length > 0);
    expect(story.events('exited', 1)[0]).toMatchObject({ code: 1, reason: 'cannot write snapshot 0x0' });
    story.forMs(2000);
    story.restart(1);
    story.untilCalm();
  });
});

describe('a disk that fails every write', () => {
  it('of a follower: an epoch that it could not accept it does not acknowledge', () => {
    const story = new DiskStory();
    story.strike(onDisk(1, 'failWrites', 4000));
    story.strike(crash([serverTarget(3)], { restartAfterMs: 6000 }));
    story.forMs(4000);
    expect(story.epochs).toEqual([1]);
    story.untilCalm();
    expect(story.epochs.length).toBeGreaterThan(1);
    const refused = story
      .events('state', 1)
      .filter(({ reason }) => reason === 'acceptedEpoch cannot be written');
    expect(refused.length).toBeGreaterThan(0);
  });

  it('ends a learner that has to cut its log (Learner.syncWithLeader)', () => {
    const story = new DiskStory();
    story.write(1);
    story.strike(partition([[serverTarget(3)], [serverTarget(1), serverTarget(2)]]));
    story.submit(2, createNode('/uncommitted'));
    story.until(() => story.epochs.length === 2);
    story.strike(HEAL);
    story.until(() => story.events('epochWritten', 3).at(-1)?.epoch === 2);
    story.strike(onDisk(3, 'failWrites', 1000));
    story.until(() => story.events('exited').length > 0);
    expect(story.events('exited', 3)).toEqual([
      { type: 'exited', code: 13, reason: 'not able to truncate the log 0x100000004' },
    ]);
    story.forMs(1000);
    story.restart(3);
    story.untilCalm();
    expect(story.has(3, ['/uncommitted'])).toEqual([]);
  });
});

describe('a torn record', () => {
  it('is the end of the log: the txn that was lost comes back with the next DIFF', () => {
    const story = new DiskStory();
    story.write(3);
    story.strike(slowDisk([serverTarget(1)], 10_000));
    const lost = story.write(1);
    story.forMs(20);
    expect(story.has(1, lost)).toEqual(lost);
    story.strike(crash([serverTarget(1)], { lose: 'torn', silent: true }));
    expect(story.events('crashed')).toMatchObject([{ lost: 1 }]);
    story.strike({ kind: 'heal' });
    story.restart(1);
    story.until(() => story.events('recovered', 1).length === 2);
    expect(story.recovery(1).tornRecords).toBe(1);
    expect(story.has(1, lost)).toEqual([]);
    story.untilCalm();
    expect([story.has(1, lost), story.syncs(1).at(-1)]).toEqual([lost, 'DIFF']);
  });
});

describe('a power loss that takes the end of a rolled file, and not the file after it', () => {
  /** A follower that crashes with twenty txns in two files that no fsync has covered. */
  const crashed = (nth: number): DiskStory => {
    const story = new DiskStory({ snapCount: 10 });
    story.strike(slowDisk([serverTarget(1)], 1000));
    for (let i = 0; i < 20; i++) story.submit(2, createNode(`/many${i}`));
    story.forMs(500 + nth);
    story.strike(crash([serverTarget(1)], { lose: 'some', silent: true }));
    story.strike(HEAL);
    story.restart(1);
    story.until(() => story.events('recovered', 1).length === 2);
    return story;
  };

  it('leaves a hole: the server goes by what is before it, cuts the rest, and gets all of it again', () => {
    const stories = Array.from({ length: 20 }, (_, nth) => crashed(nth));
    const story = defined(
      stories.find((one) => one.recovery(1).behindHole > 0),
      'a hole',
    );
    const { lastZxid } = story.recovery(1);
    expect(story.events('crashed', 1).at(-1)?.durableZxid).toBe(lastZxid);
    story.until(() => story.events('logTruncated', 1).length > 0);
    story.untilCalm();
    const { logs } = story.server(1).disk.durableState();
    const zxids = logs.flatMap(({ records }) => records.map(({ zxid }) => zxid));
    expect(zxids).toEqual(zxids.map((_, i) => (zxids[0] ?? 0) + i));
    expect(story.has(1, ['/many0', '/many19'])).toHaveLength(2);
    story.strike(crash([serverTarget(1)], { restartAfterMs: 100 }));
    story.untilCalm();
    expect(story.recovery(1).behindHole).toBe(0);
  });
});

describe('a flipped bit', () => {
  it('of a log record keeps a server from starting; the others go on', () => {
    const story = new DiskStory();
    story.write(5);
    story.strike(flipBit(1, 'log'));
    story.write(1);
    expect(story.server(1).isUp).toBe(true);
    story.strike(crash([serverTarget(1)], { restartAfterMs: 100 }));
    story.until(() => story.events('exited').length > 0);
    expect(story.events('exited', 1)).toEqual([
      { type: 'exited', code: 1, reason: 'CRC check failed in the log' },
    ]);
    expect([story.server(1).isUp, story.server(1).refusal]).toEqual([false, 'CRC check failed in the log']);
    story.write(3);
    expect(story.events('dataDamaged')).toMatchObject([
      { what: 'flipBit log', beforeEpoch: 1, lastZxid: 0, refuses: true },
    ]);
  });

  it('of a log record that is older than the file of the newest snapshot is never read', () => {
    const story = new DiskStory({ snapCount: 10 });
    story.write(60);
    story.forMs(60_000);
    const damaged = story.events('dataDamaged').length;
    // Of so many records most are older than the newest snapshot; the draw takes one of them.
    story.strike(flipBit(1, 'log'), 2);
    const event = story.events('dataDamaged')[damaged];
    expect(event).toMatchObject({ refuses: false });
    expect(event?.lastZxid).toBe(event?.before);
    story.strike(crash([serverTarget(1)], { restartAfterMs: 100 }));
    story.untilCalm();
    expect(story.events('exited')).toEqual([]);
  });

  it('of the newest snapshot makes the one before it do, with more to replay', () => {
    const story = new DiskStory({ snapCount: 10 });
    story.write(30);
    story.forMs(60_000);
    story.strike(flipBit(1, 'snapshot'));
    story.strike(crash([serverTarget(1)], { restartAfterMs: 100 }));
    story.untilCalm();
    const { damagedSnapshots, lastZxid, snapshotZxid } = story.recovery(1);
    expect([damagedSnapshots, lastZxid - snapshotZxid > 5]).toEqual([1, true]);
    expect(story.events('dataDamaged')[0]).toMatchObject({ before: lastZxid, lastZxid, refuses: false });
  });

  it('of the only snapshot keeps a server from starting: one that came from the leader replaced all others', () => {
    const story = new DiskStory();
    story.write(3);
    story.strike(onData(1, 'wipe'));
    story.untilCalm();
    expect(story.syncs(1).at(-1)).toBe('SNAP');
    story.strike(flipBit(1, 'snapshot'));
    story.strike(crash([serverTarget(1)], { restartAfterMs: 100 }));
    story.until(() => story.events('exited').length > 0);
    expect(story.server(1).refusal).toBe('not able to find valid snapshots');
  });
});

describe('a lost snapshot', () => {
  it('is made up for by the one before it and the log', () => {
    const story = new DiskStory({ snapCount: 10 });
    const paths = story.write(30);
    const { lastProcessedZxid } = story.leader.peer?.view ?? { lastProcessedZxid: 0 };
    story.strike(onData(1, 'loseSnapshot'));
    story.untilCalm();
    expect(story.recovery(1)).toMatchObject({ lastZxid: lastProcessedZxid });
    expect(story.has(1, paths)).toEqual(paths);
  });
});

describe('a lost log file', () => {
  it('takes txns that had been flushed: the server says less than before, and gets them again', () => {
    const story = new DiskStory();
    const paths = story.write(5);
    story.strike(onData(1, 'loseLog'));
    const [event] = story.events('dataDamaged');
    expect(event).toMatchObject({ what: 'loseLog', refuses: false, beforeEpoch: 1, epoch: 1 });
    expect((event?.before ?? 0) > (event?.lastZxid ?? 0)).toBe(true);
    story.untilCalm();
    expect(story.recovery(1).lastZxid).toBe(event?.lastZxid);
    expect(story.has(1, paths)).toEqual(paths);
  });

  it('older than a snapshot: the server starts from that, and nothing is missing', () => {
    const story = new DiskStory({ snapCount: 10 });
    story.write(12);
    story.forMs(100);
    story.strike(onData(1, 'loseLog'));
    const { snapshots } = story.server(1).disk.durableState();
    expect(epochOf(snapshots.at(-1)?.zxid ?? (0 as never))).toBe(1);
    story.untilCalm();
    expect(story.recovery(1).snapshotZxid).toBe(snapshots.at(-1)?.zxid);
  });
});
