import { describe, expect, it } from 'vitest';
import { sessionId, sid, type ConnectionId } from '../../protocol/ids.ts';
import type { QuorumPacket } from '../../protocol/packets.ts';
import { initLimitMs } from '../../protocol/server-context.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { LeaderBench } from '../support/leader-bench.ts';
import { serverSpecs } from '../support/plans.ts';
import { diskWith, txnsOf } from '../support/server-bench.ts';

const z = makeZxid;
const PING: QuorumPacket = { type: 'PING', zxid: z(1, 0), touched: [] };
const CREATE_SESSION: QuorumPacket = {
  type: 'REQUEST',
  sessionId: sessionId('0x5'),
  cxid: 1,
  body: { op: 'createSession', timeOut: 9000 },
};
const initLimit = (bench: LeaderBench): number => initLimitMs(bench.context.config);

describe('from FOLLOWERINFO to UPTODATE', () => {
  it('a learner of a new ensemble is told one thing after the other', () => {
    const bench = new LeaderBench().lead();
    const one = bench.registers(1);
    expect(bench.told(one)).toEqual(['LEADERINFO']);
    bench.ackEpoch(one);
    expect(bench.told(one)).toEqual(['LEADERINFO', 'DIFF', 'NEWLEADER']);
    bench.ackNewLeader(one);
    expect(bench.told(one)).toEqual(['LEADERINFO', 'DIFF', 'NEWLEADER', 'UPTODATE']);
    expect(bench.zabStates).toEqual(['DISCOVERY', 'SYNCHRONIZATION', 'BROADCAST']);
  });

  it('LEADERINFO waits for a quorum to connect, and then for the disk', () => {
    const bench = new LeaderBench({ servers: serverSpecs(5) }).lead();
    const one = bench.registers(1, { acceptedEpoch: 7 });
    expect(bench.told(one)).toEqual([]);
    const two = bench.dialled();
    bench.accept(two, { type: 'FOLLOWERINFO', zxid: z(4, 0), sid: sid(2) });
    expect(bench.told(one)).toEqual([]);
    bench.finishDisk();
    expect(bench.sentOn(one)).toEqual([{ type: 'LEADERINFO', zxid: z(8, 0) }]);
    expect(bench.sentOn(two)).toEqual([{ type: 'LEADERINFO', zxid: z(8, 0) }]);
  });

  it('synchronization waits for a quorum to acknowledge the epoch', () => {
    const bench = new LeaderBench({ servers: serverSpecs(5) }).lead();
    const [one, two] = [bench.registers(1), bench.registers(2)];
    bench.ackEpoch(one);
    expect(bench.told(one)).toEqual(['LEADERINFO']);
    bench.ackEpoch(two);
    expect([bench.told(one), bench.told(two)].map((told) => told.at(-1))).toEqual(['NEWLEADER', 'NEWLEADER']);
  });

  it('UPTODATE waits for a quorum to acknowledge NEWLEADER', () => {
    const bench = new LeaderBench({ servers: serverSpecs(5) }).lead();
    const [one, two] = [bench.registers(1), bench.registers(2)];
    for (const connection of [one, two]) bench.ackEpoch(connection);
    bench.ackNewLeader(one);
    expect(bench.told(one).at(-1)).toBe('NEWLEADER');
    bench.ackNewLeader(two);
    expect([bench.told(one), bench.told(two)].map((told) => told.at(-1))).toEqual(['UPTODATE', 'UPTODATE']);
  });

  it('an observer takes the same way, and is counted nowhere on it', () => {
    const bench = new LeaderBench({ servers: serverSpecs(3, 2) }).lead();
    const observers = [4, 5].map((n) => bench.registers(n, { observer: true }));
    expect(observers.map((connection) => bench.told(connection))).toEqual([[], []]);
    const one = bench.registers(1);
    for (const connection of observers) bench.ackEpoch(connection);
    expect(bench.eventsOf('epochAcked')).toEqual([]);
    bench.ackEpoch(one);
    for (const connection of observers) bench.ackNewLeader(connection);
    expect(bench.established).toEqual([]);
    bench.ackNewLeader(one);
    expect(observers.map((connection) => bench.told(connection).at(-1))).toEqual(['UPTODATE', 'UPTODATE']);
  });

  it('a packet that comes while the handler waits for the leader is read when it reads on', () => {
    const bench = new LeaderBench({ servers: serverSpecs(5) }).lead();
    const one = bench.registers(1);
    bench.ackEpoch(one);
    bench.ackNewLeader(one);
    const two = bench.registers(2);
    bench.ackEpoch(two);
    bench.ackNewLeader(two);
    expect(bench.eventsOf('established')).toMatchObject([{ acks: [1, 3, 2] }]);
  });
});

describe('a learner that knows more', () => {
  const rows = [
    ['of a later epoch', { currentEpoch: 3, lastZxid: z(1, 1) }, true],
    ['of the same epoch with more txns', { currentEpoch: 2, lastZxid: z(2, 5) }, true],
    ['of the same epoch with as many', { currentEpoch: 2, lastZxid: z(2, 4) }, false],
    ['of an earlier epoch with more txns', { currentEpoch: 1, lastZxid: z(2, 9) }, false],
    ['that accepted this epoch before, whatever it has', { currentEpoch: -1, lastZxid: z(9, 9) }, false],
  ] as const;

  it.each(rows)('%s: it is sent away (%j, %s)', (_, init, isRefused) => {
    const bench = new LeaderBench({ durable: diskWith(txnsOf(2, 1, 4), 2) }).lead();
    const one = bench.registers(1);
    bench.ackEpoch(one, init);
    expect(bench.dropped).toEqual(isRefused ? [[1, 'it is ahead of the leader']] : []);
    expect(bench.isClosed(one)).toBe(isRefused);
    expect(bench.ended).toEqual([]);
  });

  it('is not counted, and the leader goes on with others', () => {
    const bench = new LeaderBench({ durable: diskWith(txnsOf(2, 1, 4), 2) }).lead();
    bench.ackEpoch(bench.registers(1), { currentEpoch: 3, lastZxid: z(3, 1) });
    bench.ackEpoch(bench.registers(2), { currentEpoch: 2, lastZxid: z(2, 4) });
    expect(bench.eventsOf('epochAcked')).toMatchObject([{ acks: [3, 2] }]);
  });

  it('that accepted the epoch before is synchronized, but does not count', () => {
    const bench = new LeaderBench().lead();
    const one = bench.registers(1);
    bench.ackEpoch(one, { currentEpoch: -1 });
    expect([bench.eventsOf('epochAcked'), bench.told(one)]).toEqual([[], ['LEADERINFO']]);
    bench.ackEpoch(bench.registers(2));
    expect(bench.told(one)).toEqual(['LEADERINFO', 'DIFF', 'NEWLEADER']);
  });
});

describe('a learner is given up', () => {
  const registered = (bench: LeaderBench): ConnectionId => bench.registers(1);
  const synchronized = (bench: LeaderBench): ConnectionId => {
    const connection = registered(bench);
    bench.ackEpoch(connection);
    return connection;
  };

  it.each([
    ['instead of FOLLOWERINFO', (bench: LeaderBench) => bench.dialled()],
    ['instead of ACKEPOCH', registered],
    ['instead of the ACK of NEWLEADER', synchronized],
  ])('for a packet %s', (_, until) => {
    const bench = new LeaderBench().lead();
    const connection = until(bench);
    bench.says(connection, PING);
    expect(bench.isClosed(connection)).toBe(true);
    expect(bench.eventsOf('protocolError')).toHaveLength(1);
  });

  it.each([
    ['before FOLLOWERINFO', (bench: LeaderBench) => bench.dialled()],
    ['before ACKEPOCH', registered],
    ['before the ACK of NEWLEADER', synchronized],
  ])('for silence of initLimit %s', (_, until) => {
    const bench = new LeaderBench().lead();
    const two = bench.joins(2);
    const connection = until(bench);
    bench.host.take();
    for (let waited = 0; waited < initLimit(bench) - 1000; waited += 1000) {
      bench.advance(1000);
      bench.says(two, PING);
    }
    expect(bench.isClosed(connection)).toBe(false);
    bench.advance(1000);
    expect(bench.isClosed(connection)).toBe(true);
  });

  it('when its leader finds no quorum in initLimit', () => {
    const bench = new LeaderBench({ servers: serverSpecs(5) }).lead();
    const one = bench.registers(1);
    bench.advance(initLimit(bench));
    expect([bench.isClosed(one), bench.ended]).toEqual([true, ['timeout while waiting for epoch']]);
  });

  it('on its own account, when it has waited for the epoch longer than its leader', () => {
    const bench = new LeaderBench({ servers: serverSpecs(5) });
    bench.leader.lead();
    const one = bench.dialled();
    bench.accept(one, { type: 'FOLLOWERINFO', zxid: z(0, 0), sid: sid(1) });
    bench.advance(1);
    bench.settle();
    bench.advance(initLimit(bench) - 1);
    expect([bench.dropped, bench.ended]).toEqual([[[1, 'timeout: wait for epoch']], []]);
  });

  it('on its own account, when it has waited for NEWLEADER acks longer than its leader', () => {
    const bench = new LeaderBench().lead();
    const one = bench.registers(1);
    bench.accept(one, { type: 'ACKEPOCH', zxid: z(0, 0), currentEpoch: 0 });
    bench.runStages();
    bench.accept(one, { type: 'ACK', zxid: z(1, 0) });
    bench.advance(initLimit(bench));
    expect([bench.dropped, bench.ended]).toEqual([[[1, 'timeout: wait for NEWLEADER acks']], []]);
  });

  it('for silence of syncLimit in broadcast', () => {
    const bench = new LeaderBench().lead();
    const [one, two] = [bench.joins(1), bench.joins(2)];
    while (bench.host.elapsedMs < bench.syncLimitMs - 1000) {
      bench.advance(1000);
      bench.says(two, PING);
    }
    expect(bench.dropped).toEqual([]);
    bench.advance(1000);
    expect(bench.dropped).toEqual([[1, 'read timeout']]);
    expect([bench.isClosed(one), bench.isClosed(two)]).toEqual([true, false]);
  });

  it('for a PROPOSAL that it leaves unacknowledged for syncLimit, though it answers PINGs', () => {
    const bench = new LeaderBench().lead();
    const [one, two] = [bench.joins(1), bench.joins(2)];
    bench.says(one, CREATE_SESSION);
    const { lastProposed } = bench.leader;
    expect(bench.told(two).at(-1)).toBe('PROPOSAL');
    bench.says(one, { type: 'ACK', zxid: lastProposed });
    for (let waited = 0; waited <= bench.syncLimitMs; waited += 1000) {
      bench.advance(1000);
      for (const connection of [one, two]) bench.says(connection, PING);
    }
    expect(bench.dropped).toEqual([[2, 'transaction timeout']]);
  });

  it('when its connection closes', () => {
    const bench = new LeaderBench().lead();
    bench.joins(1);
    bench.closed(bench.joins(2));
    expect(bench.dropped).toEqual([[2, 'connection closed']]);
  });

  it('when it comes back on a new connection, though nobody has noticed that the old one is dead', () => {
    const bench = new LeaderBench().lead();
    const [one] = [bench.joins(1), bench.joins(2)];
    const again = bench.joins(1);
    expect(bench.dropped).toEqual([[1, 'it came back on a new connection']]);
    expect([bench.isClosed(one), bench.isClosed(again)]).toEqual([true, false]);
  });
});

describe('a handler that waits for its leader', () => {
  it('is not impatient with its learner', () => {
    const bench = new LeaderBench({ servers: serverSpecs(5) });
    bench.leader.lead();
    const one = bench.registers(1);
    bench.advance(initLimit(bench) - 1);
    bench.registers(2);
    expect(bench.told(one)).toEqual(['LEADERINFO']);
  });
});

describe('the synchronization of a learner', () => {
  const behind = { durable: diskWith(txnsOf(1, 1, 4), 1) } as const;

  it('sends what it misses, then NEWLEADER', () => {
    const bench = new LeaderBench(behind).lead();
    const one = bench.registers(1, { acceptedEpoch: 1 });
    bench.ackEpoch(one, { currentEpoch: 1, lastZxid: z(1, 2) });
    const [three, four] = txnsOf(1, 3, 4);
    expect(bench.sentOn(one)).toEqual([
      { type: 'LEADERINFO', zxid: z(2, 0) },
      { type: 'DIFF', zxid: z(1, 4) },
      { type: 'PROPOSAL', txn: three },
      { type: 'COMMIT', zxid: z(1, 3) },
      { type: 'PROPOSAL', txn: four },
      { type: 'COMMIT', zxid: z(1, 4) },
      { type: 'NEWLEADER', zxid: z(2, 0) },
    ]);
    expect(bench.eventsOf('syncDecision')).toMatchObject([
      {
        learner: 1,
        mode: 'DIFF',
        peerLastZxid: z(1, 2),
        minCommittedLog: z(1, 1),
        maxCommittedLog: z(1, 4),
        queued: 2,
      },
    ]);
  });

  it('sends the tree where nothing else will do, before anything that is queued', () => {
    const bench = new LeaderBench(behind).lead();
    const one = bench.registers(1);
    bench.ackEpoch(one);
    expect(bench.told(one)).toEqual(['LEADERINFO', 'SNAP', 'NEWLEADER']);
    expect(bench.sentOn(one)[1]).toMatchObject({ zxid: z(1, 4), snapshot: { zxid: z(1, 4) } });
  });

  it('of a former leader cuts what nobody else has', () => {
    const bench = new LeaderBench(behind).lead();
    const one = bench.registers(1, { acceptedEpoch: 1 });
    bench.ackEpoch(one, { currentEpoch: 0, lastZxid: z(1, 6) });
    expect(bench.sentOn(one).slice(1)).toEqual([
      { type: 'TRUNC', zxid: z(1, 4) },
      { type: 'NEWLEADER', zxid: z(2, 0) },
    ]);
  });

  it('queues what is proposed meanwhile behind the tree', () => {
    const bench = new LeaderBench(behind).lead();
    const two = bench.joins(2, { currentEpoch: 1, lastZxid: z(1, 4) });
    const one = bench.registers(1);
    bench.accept(two, CREATE_SESSION);
    bench.accept(one, { type: 'ACKEPOCH', zxid: z(0, 0), currentEpoch: 0 });
    bench.settle();
    expect(bench.told(one)).toEqual(['LEADERINFO', 'SNAP', 'PROPOSAL', 'NEWLEADER']);
  });
});

describe('PINGs', () => {
  it('go out every half tick to whoever has been sent NEWLEADER', () => {
    const bench = new LeaderBench().lead();
    const [one, two] = [bench.joins(1), bench.registers(2)];
    bench.host.take();
    bench.advance(bench.context.config.tickTime / 2);
    bench.settle();
    expect([bench.told(one), bench.told(two)]).toEqual([['PING'], []]);
    bench.advance(bench.context.config.tickTime / 2);
    bench.settle();
    expect(bench.told(one)).toEqual(['PING', 'PING']);
  });

  it('carry the last proposed zxid', () => {
    const bench = new LeaderBench().lead();
    const one = bench.joins(1);
    bench.host.take();
    bench.advance(bench.context.config.tickTime / 2);
    bench.settle();
    expect(bench.sentOn(one)).toEqual([{ type: 'PING', zxid: z(1, 0), touched: [] }]);
  });
});
