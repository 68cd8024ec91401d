import { describe, expect, it } from 'vitest';
import { connectionId, sessionId } from '../../protocol/ids.ts';
import { initLimitMs } from '../../protocol/server-context.ts';
import { makeZxid, NO_TXNS } from '../../protocol/zxid.ts';
import { LearnerBench } from '../support/learner-bench.ts';
import { serverSpecs } from '../support/plans.ts';
import { commit, diskWith, proposal, stepsOf, txnAt, txnsOf } from '../support/server-bench.ts';

const z = makeZxid;
const PING = { type: 'PING', zxid: z(1, 0), touched: [] } as const;
const LEADERINFO = { type: 'LEADERINFO', zxid: z(1, 0) } as const;
const serving = (init?: ConstructorParameters<typeof LearnerBench>[0]): LearnerBench => {
  const bench = new LearnerBench(init).joins(1);
  bench.told({ type: 'DIFF', zxid: NO_TXNS }, { type: 'NEWLEADER', zxid: z(1, 0) });
  bench.settle();
  bench.told({ type: 'UPTODATE' });
  bench.settle();
  bench.host.take();
  return bench;
};

describe('dialling the leader', () => {
  it('is tried five times, 100 ms apart', () => {
    const bench = new LearnerBench();
    bench.starts();
    for (let i = 1; i < 5; i++) bench.failsToDial();
    expect(bench.ended).toEqual([]);
    bench.dialFailed(bench.connection);
    const dials = bench.host.effects.filter((effect) => effect[0] === 'connect');
    expect(dials.map(([, , address, channel]) => [address, channel])).toEqual(
      Array(5).fill(['server3:2888', 'quorum']),
    );
    expect([bench.host.elapsedMs, bench.ended]).toEqual([
      400,
      [{ reason: 'the leader cannot be reached', isTreeUnsaved: false }],
    ]);
  });

  it('may take initLimit altogether', () => {
    const bench = new LearnerBench();
    const limitMs = initLimitMs(bench.context.config);
    bench.starts();
    bench.advance(limitMs - 1000);
    bench.failsToDial();
    expect(bench.host.effects.filter((effect) => effect[0] === 'connect').map((effect) => effect[4])).toEqual(
      [limitMs, 900],
    );
    bench.advance(850);
    bench.dialFailed(bench.connection);
    expect(bench.ended).toHaveLength(1);
  });
});

describe('registering', () => {
  it.each([
    [1, 'FOLLOWERINFO'],
    [4, 'OBSERVERINFO'],
  ])('server %d sends %s with the epoch it has accepted', (sid, type) => {
    const bench = new LearnerBench({
      sid,
      servers: serverSpecs(3, 1),
      durable: diskWith([], 2, 6),
    }).registers();
    expect([bench.sent, bench.zabStates]).toEqual([[{ type, zxid: z(6, 0), sid }], ['DISCOVERY']]);
  });

  it('makes the new epoch durable before it answers, with where it stands', () => {
    const bench = new LearnerBench({ durable: diskWith(txnsOf(2, 1, 3), 2) }).registers();
    bench.host.take();
    bench.told({ type: 'LEADERINFO', zxid: z(5, 0) });
    expect(stepsOf(bench.host.effects)).toEqual([['writeEpoch', 'acceptedEpoch', 5]]);
    bench.finishDisk();
    expect(bench.sent).toEqual([{ type: 'ACKEPOCH', zxid: z(2, 3), currentEpoch: 2 }]);
  });

  it('tells with −1 that it accepted this very epoch before', () => {
    const bench = new LearnerBench({ durable: diskWith(txnsOf(2, 1, 3), 2, 5) }).registers();
    bench.host.take();
    bench.told({ type: 'LEADERINFO', zxid: z(5, 0) });
    expect(stepsOf(bench.host.effects)).toEqual([['send', 'ACKEPOCH', z(2, 3)]]);
    expect(bench.sent).toMatchObject([{ currentEpoch: -1 }]);
  });

  it('refuses a leader of an epoch before the one it has accepted', () => {
    const bench = new LearnerBench({ durable: diskWith([], 2, 5) }).registers();
    bench.told({ type: 'LEADERINFO', zxid: z(4, 0) });
    expect(bench.ended).toEqual([
      { reason: "the leader's epoch 4 is less than the accepted 5", isTreeUnsaved: false },
    ]);
    expect(bench.host.effects).toContainEqual(['close', bench.connection]);
  });

  it('refuses anything else than LEADERINFO', () => {
    const bench = new LearnerBench().registers();
    bench.told(PING);
    const what = 'PING instead of LEADERINFO';
    expect(bench.ended).toMatchObject([{ reason: what }]);
    expect(bench.eventsOf('protocolError')).toEqual([{ type: 'protocolError', what }]);
  });
});

describe('a leader that is silent', () => {
  it.each([
    ['before LEADERINFO', (): LearnerBench => new LearnerBench().registers()],
    ['before NEWLEADER', (): LearnerBench => new LearnerBench().joins(1)],
  ])('%s is given up after initLimit', (_, until) => {
    const bench = until();
    bench.advance(initLimitMs(bench.context.config) - 1);
    expect(bench.ended).toEqual([]);
    bench.advance(1);
    expect(bench.ended).toMatchObject([{ reason: 'the leader is silent' }]);
  });

  it('before UPTODATE is given up after syncLimit, since NEWLEADER has been acknowledged', () => {
    const bench = new LearnerBench().joins(1);
    bench.told({ type: 'DIFF', zxid: NO_TXNS }, { type: 'NEWLEADER', zxid: z(1, 0) });
    bench.settle();
    bench.advance(bench.syncLimitMs - 1);
    expect(bench.ended).toEqual([]);
    bench.advance(1);
    expect(bench.ended).toHaveLength(1);
  });

  it('in broadcast is given up after syncLimit', () => {
    const bench = serving();
    for (let i = 0; i < 30; i++) {
      bench.advance(1000);
      bench.told(PING);
    }
    bench.advance(bench.syncLimitMs - 1);
    expect(bench.ended).toEqual([]);
    bench.advance(1);
    expect(bench.ended).toMatchObject([{ reason: 'the leader is silent' }]);
    expect(bench.eventsOf('stoppedServing')).toHaveLength(1);
  });
});

describe('while the disk is busy', () => {
  const busy = (): LearnerBench => {
    const bench = new LearnerBench().registers();
    bench.told(LEADERINFO);
    bench.host.take();
    return bench;
  };

  it('packets stay unread', () => {
    const bench = busy();
    bench.told({ type: 'DIFF', zxid: NO_TXNS }, { type: 'NEWLEADER', zxid: z(1, 0) });
    expect(bench.host.effects).toEqual([]);
    bench.finishDisk();
    expect(stepsOf(bench.host.effects)).toEqual([
      ['send', 'ACKEPOCH', NO_TXNS],
      ['writeEpoch', 'currentEpoch', 1],
    ]);
  });

  it('a lost connection goes unnoticed, and what came before the loss is read first', () => {
    const bench = busy();
    bench.told({ type: 'DIFF', zxid: NO_TXNS }, { type: 'NEWLEADER', zxid: z(1, 0) });
    bench.closed(bench.connection);
    expect(bench.ended).toEqual([]);
    bench.finishDisk();
    expect(bench.ended).toEqual([]);
    bench.finishDisk();
    expect(bench.ended).toEqual([{ reason: 'the leader closed the connection', isTreeUnsaved: false }]);
    expect(stepsOf(bench.host.effects)).toContainEqual(['writeEpoch', 'currentEpoch', 1]);
  });

  it('silence is no reason to give the leader up', () => {
    const bench = busy();
    bench.advance(2.5 * initLimitMs(bench.context.config));
    expect(bench.ended).toEqual([]);
    bench.finishDisk();
    bench.advance(initLimitMs(bench.context.config) - 1);
    expect(bench.ended).toEqual([]);
  });
});

describe('a follower in broadcast', () => {
  it('acknowledges a PROPOSAL when it is durable, and applies it at the COMMIT', () => {
    const bench = serving();
    bench.told(proposal(txnAt(1, 1)));
    bench.runStages();
    expect(stepsOf(bench.host.effects)).toEqual([['appendTxn', z(1, 1)], ['flushLog']]);
    bench.finishDisk();
    expect(bench.sent).toEqual([{ type: 'ACK', zxid: z(1, 1) }]);
    expect(bench.eventsOf('applied')).toEqual([]);
    bench.told(commit(z(1, 1)));
    bench.runStages();
    expect(bench.eventsOf('applied')).toMatchObject([{ cause: 'commit' }]);
  });

  it('applies what is committed before it has it on disk', () => {
    const bench = serving();
    bench.told(proposal(txnAt(1, 1)), commit(z(1, 1)));
    bench.runStages();
    expect([bench.eventsOf('applied').length, bench.sent]).toEqual([1, []]);
  });

  it('answers a PING with the sessions that it has heard from, each once', () => {
    const bench = serving();
    const body = { type: 'createSession', timeOut: 4000 } as const;
    bench.told(proposal(txnAt(1, 1, body)), commit(z(1, 1)));
    bench.settle();
    bench.host.take();
    bench.told(PING, PING);
    const touched = [{ sessionId: sessionId('0xa'), timeOut: 4000 }];
    expect(bench.sent).toEqual([{ ...PING, touched }, PING]);
  });

  it('ends its process at a COMMIT that is not for the oldest pending txn', () => {
    const bench = serving();
    bench.told(proposal(txnAt(1, 1)), proposal(txnAt(1, 2)), commit(z(1, 2)));
    expect(stepsOf(bench.host.effects)).toEqual([
      ['exit', 12, 'committing 0x100000002 but the next pending txn is 0x100000001'],
    ]);
  });

  it('ignores a COMMIT without any pending txn', () => {
    const bench = serving();
    bench.told(commit(z(1, 1)));
    expect(bench.eventsOf('ignored')).toMatchObject([{ what: 'COMMIT' }]);
    expect(bench.ended).toEqual([]);
  });

  it.each([
    { type: 'INFORM', txn: txnAt(1, 1) },
    { type: 'UPTODATE' },
    { type: 'SYNC' },
    { type: 'ACK', zxid: z(1, 1) },
  ] as const)('ignores $type', (packet) => {
    const bench = serving();
    bench.told(packet);
    bench.settle();
    expect(bench.eventsOf('ignored')).toMatchObject([{ what: packet.type }]);
    expect(stepsOf(bench.host.effects)).toEqual([]);
  });

  it('that loses its leader closes its clients, and what it has received still gets into its log', () => {
    const bench = serving();
    bench.context.cnxns.onAccept(connectionId(-1), 'client:1');
    bench.told(proposal(txnAt(1, 1)));
    bench.closed(bench.connection);
    expect(stepsOf(bench.host.effects)).toEqual([['appendTxn', z(1, 1)], ['flushLog']]);
    expect(bench.host.effects).toContainEqual(['close', connectionId(-1)]);
    bench.settle();
    expect([bench.sent, bench.ended.length]).toEqual([[], 1]);
  });
});

describe('an observer in broadcast', () => {
  const observing = (): LearnerBench => serving({ sid: 4, servers: serverSpecs(3, 1) });

  it('applies and logs an INFORM, and acknowledges nothing', () => {
    const bench = observing();
    bench.told({ type: 'INFORM', txn: txnAt(1, 1) });
    bench.settle();
    expect(stepsOf(bench.host.effects)).toEqual([['appendTxn', z(1, 1)], ['flushLog']]);
    expect(bench.eventsOf('applied')).toMatchObject([{ cause: 'commit' }]);
  });

  it.each([proposal(txnAt(1, 1)), commit(z(1, 1))])('ignores $type', (packet) => {
    const bench = observing();
    bench.told(packet);
    bench.settle();
    expect(bench.eventsOf('ignored')).toMatchObject([{ what: packet.type }]);
    expect(stepsOf(bench.host.effects)).toEqual([]);
  });
});
