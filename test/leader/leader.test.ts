import { describe, expect, it } from 'vitest';
import { connectionId, sessionId, sid, type ConnectionId } from '../../protocol/ids.ts';
import type { QuorumPacket } from '../../protocol/packets.ts';
import { releaseWithIssue } from '../../protocol/release/release.ts';
import { initLimitMs } from '../../protocol/server-context.ts';
import { makeZxid, MAX_COUNTER } from '../../protocol/zxid.ts';
import { LeaderBench } from '../support/leader-bench.ts';
import { serverSpecs } from '../support/plans.ts';
import { diskWith, stepsOf, txnsOf } from '../support/server-bench.ts';

const z = makeZxid;
const request = (body: (QuorumPacket & { readonly type: 'REQUEST' })['body'], cxid = 1): QuorumPacket => ({
  type: 'REQUEST',
  sessionId: sessionId('0x5'),
  cxid,
  body,
});
const CREATE_SESSION = request({ op: 'createSession', timeOut: 30_000 });

describe('the new epoch', () => {
  it.each([
    [[0, 0, 0], 1],
    [[4, 4, 4], 5],
    [[4, 9, 2], 10],
    [[0, 1, 0], 2],
    [[4, 5, 6], 7],
  ])('is one more than anyone in the quorum has accepted: %j → %d', ([own = 0, one = 0, two = 0], epoch) => {
    const bench = new LeaderBench({ servers: serverSpecs(5), durable: diskWith([], 0, own) }).lead();
    bench.registers(1, { acceptedEpoch: one });
    expect(bench.eventsOf('epochFixed')).toEqual([]);
    bench.registers(2, { acceptedEpoch: two });
    expect(bench.eventsOf('epochFixed')).toEqual([{ type: 'epochFixed', epoch, connecting: [3, 1, 2] }]);
  });

  it('takes account of an observer that has accepted more, without counting it', () => {
    const bench = new LeaderBench({ servers: serverSpecs(3, 1) }).lead();
    bench.registers(4, { acceptedEpoch: 6, observer: true });
    bench.registers(1);
    expect(bench.eventsOf('epochFixed')).toMatchObject([{ epoch: 7, connecting: [3, 1] }]);
  });

  it('counts a learner that connected and died', () => {
    const bench = new LeaderBench({ servers: serverSpecs(5) }).lead();
    bench.closed(bench.registers(1));
    bench.registers(2);
    expect(bench.eventsOf('epochFixed')).toMatchObject([{ connecting: [3, 1, 2] }]);
  });

  it('is not moved by whoever comes later', () => {
    const bench = new LeaderBench().lead();
    bench.registers(1);
    const two = bench.registers(2, { acceptedEpoch: 1 });
    expect(bench.sentOn(two)).toEqual([{ type: 'LEADERINFO', zxid: z(1, 0) }]);
  });

  it('is given up when a learner comes that has accepted a higher one, which could never join', () => {
    const bench = new LeaderBench().lead();
    bench.registers(1);
    const two = bench.registers(2, { acceptedEpoch: 9 });
    expect(bench.sentOn(two)).toEqual([]);
    expect(bench.ended).toEqual([expect.stringContaining('has accepted epoch 9')]);
  });

  it('does not begin before the leader has loaded its data', () => {
    const bench = new LeaderBench();
    bench.leader.lead();
    for (const n of [1, 2]) {
      bench.accept(bench.dialled(), { type: 'FOLLOWERINFO', zxid: z(0, 0), sid: sid(n) });
    }
    expect(bench.eventsOf('epochFixed')).toEqual([]);
    bench.finishDisk();
    expect(bench.eventsOf('epochFixed')).toHaveLength(1);
  });
});

describe('establishing', () => {
  it('makes durable, in this order: the data, the epoch it promised, the epoch it entered', () => {
    const bench = new LeaderBench({ durable: diskWith(txnsOf(1, 1, 2), 1) }).lead();
    bench.joins(1, { acceptedEpoch: 1, currentEpoch: 1, lastZxid: z(1, 2) });
    expect(stepsOf(bench.host.effects)).toEqual([
      ['writeSnapshot', z(1, 2), 'plain'],
      ['writeEpoch', 'acceptedEpoch', 2],
      ['send', 'LEADERINFO', z(2, 0)],
      ['writeEpoch', 'currentEpoch', 2],
      ['send', 'DIFF', z(1, 2)],
      ['send', 'NEWLEADER', z(2, 0)],
      ['send', 'UPTODATE'],
    ]);
  });

  it('needs its own epoch on disk, though a quorum of others has acknowledged NEWLEADER', () => {
    const bench = new LeaderBench().lead();
    const learners = [1, 2].map((n) => bench.registers(n));
    for (const connection of learners) {
      bench.accept(connection, { type: 'ACKEPOCH', zxid: z(0, 0), currentEpoch: 0 });
    }
    bench.runStages();
    for (const connection of learners) bench.accept(connection, { type: 'ACK', zxid: z(1, 0) });
    bench.runStages();
    expect(bench.eventsOf('established')).toEqual([]);
    bench.finishDisk();
    expect(bench.eventsOf('established')).toMatchObject([{ epoch: 1, acks: [1, 2, 3] }]);
  });

  it('takes no ACK of something else for one of NEWLEADER', () => {
    const bench = new LeaderBench().lead();
    const one = bench.registers(1);
    bench.ackEpoch(one);
    bench.says(one, { type: 'ACK', zxid: z(0, 7) });
    expect(bench.established).toEqual([]);
    expect(bench.eventsOf('protocolError')).toMatchObject([
      { what: 'ACK of 0x7 from 1, and not of NEWLEADER' },
    ]);
  });

  it('raises the processed zxid to the start of the epoch only with a quorum', () => {
    const bench = new LeaderBench({ durable: diskWith(txnsOf(1, 1, 2), 1) }).lead();
    const one = bench.registers(1, { acceptedEpoch: 1 });
    bench.ackEpoch(one, { currentEpoch: 1, lastZxid: z(1, 2) });
    expect(bench.context.database.lastProcessedZxid).toBe(z(1, 2));
    bench.ackNewLeader(one);
    expect(bench.context.database.lastProcessedZxid).toBe(z(2, 0));
    expect(bench.established).toEqual([2]);
  });

  it('is done at once by a leader that is a quorum by itself', () => {
    const bench = new LeaderBench({ sid: 1, servers: serverSpecs(1) }).lead();
    expect(bench.established).toEqual([1]);
  });

  const nothing = (): void => undefined;
  const registrations = (bench: LeaderBench): readonly ConnectionId[] =>
    [1, 2].map((n) => bench.registers(n));
  const epochAcks = (bench: LeaderBench): void => {
    for (const connection of registrations(bench)) bench.ackEpoch(connection);
  };
  it.each([
    ['epoch', nothing],
    ['epoch acks', registrations],
    ['NEWLEADER acks', epochAcks],
  ])('is given up when a quorum of %s does not come within initLimit', (what, until) => {
    const bench = new LeaderBench({ servers: serverSpecs(5) }).lead();
    until(bench);
    bench.advance(initLimitMs(bench.context.config) - 1);
    expect(bench.ended).toEqual([]);
    bench.advance(1);
    expect(bench.ended).toEqual([`timeout while waiting for ${what}`]);
  });
});

describe('a leader goes back to LOOKING', () => {
  const established = (observers = 0): LeaderBench => {
    const bench = new LeaderBench({ servers: serverSpecs(3, observers) }).lead();
    bench.joins(1);
    return bench;
  };

  it('within syncLimit and a tick after it lost its quorum', () => {
    const bench = established();
    const { tickTime, syncLimit } = bench.context.config;
    bench.advance(tickTime * syncLimit - 1);
    expect(bench.ended).toEqual([]);
    bench.advance(tickTime + 1);
    expect(bench.ended).toEqual(['not sufficient followers synced']);
  });

  it('though observers still follow it', () => {
    const bench = established(2);
    const observers = [4, 5].map((n) => bench.joins(n, { observer: true }));
    while (bench.ended.length === 0 && bench.host.elapsedMs < 60_000) {
      bench.advance(1000);
      for (const connection of observers)
        bench.says(connection, { type: 'PING', zxid: z(1, 0), touched: [] });
    }
    expect(bench.ended).toEqual(['not sufficient followers synced']);
  });

  it('not as long as a follower is heard', () => {
    const bench = established();
    for (let i = 0; i < 60; i++) {
      bench.advance(1000);
      bench.says(connectionId(-1), { type: 'PING', zxid: z(1, 0), touched: [] });
    }
    expect(bench.ended).toEqual([]);
  });

  it('not while a learner that replaces the last follower is still synchronizing', () => {
    const bench = established();
    const { tickTime, initLimit } = bench.context.config;
    bench.closed(connectionId(-1));
    bench.registers(2);
    bench.advance(tickTime * (initLimit - 1));
    expect(bench.ended).toEqual([]);
  });

  it('when the counter of its epoch has run out, instead of using the last value', () => {
    const bench = new LeaderBench({ config: { initialCounter: MAX_COUNTER - 2 } }).lead();
    const one = bench.joins(1);
    bench.says(one, CREATE_SESSION);
    expect([bench.ended, bench.leader.lastProposed]).toEqual([[], z(1, MAX_COUNTER - 1)]);
    bench.says(one, request({ op: 'closeSession' }, 2));
    expect(bench.ended).toEqual(['zxid lower 32 bits have rolled over']);
    expect(bench.leader.lastProposed).toBe(z(1, MAX_COUNTER - 1));
  });

  it('but not where it goes on into the next epoch (ZOOKEEPER-1277), of which nothing is ever committed', () => {
    const release = releaseWithIssue('ZOOKEEPER-1277');
    const bench = new LeaderBench({ config: { initialCounter: MAX_COUNTER - 1 }, release }).lead();
    const one = bench.joins(1);
    bench.says(one, CREATE_SESSION);
    bench.says(one, request({ op: 'closeSession' }, 2));
    expect([bench.ended, bench.leader.lastProposed]).toEqual([[], z(2, 0)]);
    for (const zxid of [z(1, MAX_COUNTER), z(2, 0)]) bench.says(one, { type: 'ACK', zxid });
    expect(bench.eventsOf('committed').map(({ zxid }) => zxid)).toEqual([z(1, MAX_COUNTER)]);
  });

  it('and closes its port, its learners and its clients', () => {
    const bench = established();
    bench.context.cnxns.onAccept(connectionId(-9), 'client:1');
    bench.host.take();
    bench.leader.shutdown('test');
    expect(bench.host.effects).toContainEqual(['unlisten', 'server3:2888']);
    expect([bench.isClosed(connectionId(-1)), bench.isClosed(connectionId(-9))]).toEqual([true, true]);
    expect(bench.ended).toEqual(['test']);
  });

  it('with everything that it had proposed in its log', () => {
    const bench = established();
    bench.accept(connectionId(-1), CREATE_SESSION);
    bench.context.stages.onStage('PrepRequestProcessor');
    bench.host.take();
    bench.leader.shutdown('test');
    expect(stepsOf(bench.host.effects)).toEqual([['appendTxn', z(1, 1)], ['flushLog']]);
  });

  it('once', () => {
    const bench = established();
    bench.leader.shutdown('first');
    bench.leader.shutdown('second');
    bench.advance(120_000);
    expect(bench.ended).toEqual(['first']);
  });
});

describe('a write', () => {
  it('is proposed, logged and acknowledged by the leader, and committed with a follower', () => {
    const bench = new LeaderBench().lead();
    const one = bench.joins(1);
    bench.host.take();
    bench.says(one, CREATE_SESSION);
    expect(stepsOf(bench.host.effects)).toEqual([['send', 'PROPOSAL'], ['appendTxn', z(1, 1)], ['flushLog']]);
    bench.host.take();
    bench.says(one, { type: 'ACK', zxid: z(1, 1) });
    expect(stepsOf(bench.host.effects)).toEqual([['send', 'COMMIT', z(1, 1)]]);
    expect(bench.eventsOf('committed')).toMatchObject([{ zxid: z(1, 1), acks: [3, 1] }]);
    expect(bench.eventsOf('applied')).toMatchObject([{ cause: 'commit' }]);
  });

  it('is committed by its followers before the leader has it on disk', () => {
    const bench = new LeaderBench().lead();
    const [one, two] = [bench.joins(1), bench.joins(2)];
    bench.accept(one, CREATE_SESSION);
    bench.runStages();
    for (const connection of [one, two]) bench.accept(connection, { type: 'ACK', zxid: z(1, 1) });
    bench.runStages();
    expect(bench.eventsOf('committed')).toMatchObject([{ acks: [1, 2] }]);
  });

  it('that fails a check takes its zxid all the same', () => {
    const bench = new LeaderBench().lead();
    const one = bench.joins(1);
    bench.says(one, CREATE_SESSION);
    bench.says(one, request({ op: 'delete', path: '/none', version: -1 }, 2));
    expect(bench.eventsOf('proposed').map(({ txn }) => [txn.zxid, txn.body.type])).toEqual([
      [z(1, 1), 'createSession'],
      [z(1, 2), 'error'],
    ]);
  });
});

describe('a sync of a learner', () => {
  it('is answered once a quorum has answered a PING', () => {
    const bench = new LeaderBench().lead();
    const one = bench.joins(1);
    bench.host.take();
    bench.says(one, request({ op: 'sync', path: '/' }));
    expect(bench.told(one)).toEqual(['PING']);
    bench.says(one, { type: 'PING', zxid: z(1, 0), touched: [] });
    expect(bench.told(one)).toEqual(['PING', 'SYNC']);
  });

  it('comes behind the COMMIT of everything that was proposed before', () => {
    const bench = new LeaderBench().lead();
    const one = bench.joins(1);
    bench.host.take();
    bench.says(one, CREATE_SESSION);
    bench.says(one, request({ op: 'sync', path: '/' }, 2));
    bench.says(one, { type: 'PING', zxid: z(1, 0), touched: [] });
    expect(bench.told(one)).toEqual(['PROPOSAL', 'PING']);
    bench.says(one, { type: 'ACK', zxid: z(1, 1) });
    expect(bench.told(one)).toEqual(['PROPOSAL', 'PING', 'COMMIT', 'SYNC']);
  });

  it('is proven by a follower that joins when the one that was asked has died', () => {
    const bench = new LeaderBench().lead();
    const one = bench.joins(1);
    const two = bench.registers(2);
    bench.ackEpoch(two);
    bench.says(one, request({ op: 'sync', path: '/' }));
    const again = bench.joins(1);
    bench.says(again, request({ op: 'sync', path: '/' }));
    bench.host.take();
    bench.closed(one);
    bench.ackNewLeader(two);
    expect(bench.told(two)).toEqual(['UPTODATE', 'PING']);
  });

  it('is nothing that a learner is told which has left meanwhile', () => {
    const bench = new LeaderBench().lead();
    const [one, two] = [bench.joins(1), bench.joins(2)];
    bench.says(one, request({ op: 'sync', path: '/' }));
    bench.closed(one);
    bench.says(two, { type: 'PING', zxid: z(1, 0), touched: [] });
    expect(bench.eventsOf('ignored')).toEqual([]);
    expect([...bench.told(one), ...bench.told(two)]).not.toContain('SYNC');
  });
});

describe('a session that a learner asks about', () => {
  const asked = (timeOut = 4000): QuorumPacket => ({
    type: 'REVALIDATE',
    sessionId: sessionId('0x5'),
    timeOut,
  });

  it('is valid when the leader tracks it, and moves to that learner', () => {
    const bench = new LeaderBench().lead();
    const [one, two] = [bench.joins(1), bench.joins(2)];
    bench.says(one, CREATE_SESSION);
    bench.says(one, { type: 'ACK', zxid: z(1, 1) });
    bench.host.take();
    bench.says(two, asked());
    expect(bench.sentOn(two)).toEqual([{ ...asked(), valid: true }]);
    expect(bench.eventsOf('sessionMoved')).toEqual([{ type: 'sessionMoved', sessionId: '0x5', to: 2 }]);
    bench.says(one, request({ op: 'setData', path: '/', data: null, version: -1 }, 3));
    expect(bench.eventsOf('proposed').at(-1)).toMatchObject({ txn: { body: { type: 'error', err: -118 } } });
  });

  it('is not valid when nobody knows it', () => {
    const bench = new LeaderBench().lead();
    const one = bench.joins(1);
    bench.host.take();
    bench.says(one, asked());
    expect(bench.sentOn(one)).toEqual([{ ...asked(), valid: false }]);
  });

  it('is kept alive by the answers of its learner to PINGs, and closed without', () => {
    const bench = new LeaderBench().lead();
    const one = bench.joins(1);
    bench.says(one, request({ op: 'createSession', timeOut: 4000 }));
    bench.says(one, { type: 'ACK', zxid: z(1, 1) });
    const touched = [{ sessionId: sessionId('0x5'), timeOut: 4000 }];
    const answer = (sessions: typeof touched): void => {
      bench.advance(1000);
      bench.says(one, { type: 'PING', zxid: z(1, 1), touched: sessions });
    };
    for (let i = 0; i < 20; i++) answer(touched);
    expect(bench.eventsOf('sessionExpired')).toEqual([]);
    for (let i = 0; i < 7; i++) answer([]);
    expect(bench.eventsOf('sessionExpired')).toEqual([
      { type: 'sessionExpired', sessionId: '0x5', timeOut: 4000 },
    ]);
    expect(bench.eventsOf('proposed').at(-1)).toMatchObject({ txn: { body: { type: 'closeSession' } } });
  });
});
