import { describe, expect, it } from 'vitest';
import type { QuorumPacket } from '../../protocol/packets.ts';
import { makeZxid, NO_TXNS } from '../../protocol/zxid.ts';
import { LearnerBench } from '../support/learner-bench.ts';
import { serverSpecs } from '../support/plans.ts';
import { commit, diskWith, proposal, snapshotOf, stepsOf, txnAt, txnsOf } from '../support/server-bench.ts';

const z = makeZxid;
const EPOCH = 2;
/** (1, 1) … (1, 3), of epoch 1. */
const HISTORY = txnsOf(1, 1, 3);
const behind = { durable: diskWith(HISTORY, 1) } as const;

const NEWLEADER: QuorumPacket = { type: 'NEWLEADER', zxid: z(EPOCH, 0) };
const UPTODATE: QuorumPacket = { type: 'UPTODATE' };
const DIFF: QuorumPacket = { type: 'DIFF', zxid: z(1, 5) };
const snap = (counter: number): QuorumPacket => ({
  type: 'SNAP',
  zxid: z(1, counter),
  snapshot: snapshotOf(txnsOf(1, 1, counter)),
});
const joined = (init: ConstructorParameters<typeof LearnerBench>[0] = behind): LearnerBench =>
  new LearnerBench(init).joins(EPOCH);
const observer = { sid: 4, servers: serverSpecs(3, 1), ...behind };

/** The durable steps and packets since the last look, each disk operation finishing before the next step. */
function stepsUntilIdle(bench: LearnerBench): readonly (readonly unknown[])[] {
  bench.settle();
  return stepsOf(bench.host.take());
}

describe('at NEWLEADER', () => {
  it('of a DIFF: committed txns are logged and flushed, then the epoch, then the ACK', () => {
    const bench = joined();
    const [four, five] = txnsOf(1, 4, 5);
    bench.told(
      DIFF,
      proposal(four ?? txnAt(1, 4)),
      commit(z(1, 4)),
      proposal(five ?? txnAt(1, 5)),
      commit(z(1, 5)),
    );
    expect(stepsOf(bench.host.effects)).toEqual([]);
    bench.told(NEWLEADER);
    const steps = [];
    for (let i = 0; i < 2; i++) {
      steps.push(stepsOf(bench.host.take()));
      bench.finishDisk();
    }
    steps.push(stepsOf(bench.host.take()));
    expect(steps).toEqual([
      [['appendTxn', z(1, 4)], ['appendTxn', z(1, 5)], ['flushLog']],
      [['writeEpoch', 'currentEpoch', EPOCH]],
      [['send', 'ACK', z(EPOCH, 0)]],
    ]);
  });

  it('of an empty DIFF: only the epoch, then the ACK', () => {
    const bench = joined();
    bench.told({ type: 'DIFF', zxid: z(1, 3) }, NEWLEADER);
    expect(stepsUntilIdle(bench)).toEqual([
      ['writeEpoch', 'currentEpoch', EPOCH],
      ['send', 'ACK', z(EPOCH, 0)],
    ]);
  });

  it('of a SNAP: the tree with what was committed meanwhile, durably, then the epoch, then the ACK', () => {
    const bench = joined();
    bench.told(snap(4), proposal(txnAt(1, 5)), commit(z(1, 5)), NEWLEADER);
    expect(stepsOf(bench.host.effects)).toEqual([['writeSnapshot', z(1, 5), 'fsync']]);
    expect(stepsUntilIdle(bench)).toEqual([
      ['writeSnapshot', z(1, 5), 'fsync'],
      ['writeEpoch', 'currentEpoch', EPOCH],
      ['send', 'ACK', z(EPOCH, 0)],
    ]);
  });

  it('of a TRUNC: the log is cut first, the tree read again and saved, then the epoch, then the ACK', () => {
    const bench = joined();
    bench.told({ type: 'TRUNC', zxid: z(1, 2) }, proposal(txnAt(2, 1)), commit(z(2, 1)), NEWLEADER);
    expect(stepsUntilIdle(bench)).toEqual([
      ['truncateLog', z(1, 2)],
      ['writeSnapshot', z(2, 1), 'fsync'],
      ['writeEpoch', 'currentEpoch', EPOCH],
      ['send', 'ACK', z(EPOCH, 0)],
    ]);
    expect(bench.context.database.lastProcessedZxid).toBe(z(2, 1));
  });

  it('an observer logs nothing yet', () => {
    const bench = joined(observer);
    bench.told(DIFF, proposal(txnAt(1, 4)), commit(z(1, 4)), NEWLEADER);
    expect(stepsUntilIdle(bench)).toEqual([
      ['writeEpoch', 'currentEpoch', EPOCH],
      ['send', 'ACK', z(EPOCH, 0)],
    ]);
  });

  it('txns that are not committed stay in memory (ZOOKEEPER-4394)', () => {
    const bench = joined();
    bench.told(DIFF, proposal(txnAt(1, 4)), commit(z(1, 4)), proposal(txnAt(1, 5)), NEWLEADER);
    expect(stepsUntilIdle(bench)).not.toContainEqual(['appendTxn', z(1, 5)]);
    expect(bench.context.database.lastProcessedZxid).toBe(z(1, 4));
  });
});

describe('between NEWLEADER and UPTODATE', () => {
  const acknowledged = (init = behind): LearnerBench => {
    const bench = joined(init);
    bench.told({ type: 'DIFF', zxid: z(1, 3) }, NEWLEADER);
    bench.settle();
    bench.host.take();
    return bench;
  };

  it('nothing is logged, applied or acknowledged', () => {
    const bench = acknowledged();
    bench.told(proposal(txnAt(2, 1)), proposal(txnAt(2, 2)), commit(z(2, 1)));
    expect([stepsUntilIdle(bench), bench.context.database.lastProcessedZxid]).toEqual([[], z(1, 3)]);
  });

  it('it is kept for afterwards, in order', () => {
    const bench = acknowledged();
    bench.told(proposal(txnAt(2, 1)), proposal(txnAt(2, 2)), commit(z(2, 1)), UPTODATE);
    expect(stepsUntilIdle(bench)).toEqual([
      ['send', 'ACK', z(EPOCH, 0)],
      ['appendTxn', z(2, 1)],
      ['appendTxn', z(2, 2)],
      ['flushLog'],
      ['send', 'ACK', z(2, 1)],
      ['send', 'ACK', z(2, 2)],
    ]);
    expect(bench.context.database.lastProcessedZxid).toBe(z(2, 1));
    expect(bench.ended).toEqual([]);
  });

  it('a COMMIT of what was proposed before NEWLEADER finds its txn (ZOOKEEPER-4394)', () => {
    const bench = joined();
    bench.told({ type: 'DIFF', zxid: z(1, 3) }, proposal(txnAt(1, 4)), NEWLEADER);
    bench.settle();
    bench.told(commit(z(1, 4)), UPTODATE);
    bench.settle();
    expect([bench.context.database.lastProcessedZxid, bench.ended]).toEqual([z(1, 4), []]);
  });

  it('after a SNAP txns are kept too, and go into the log instead of only into the tree', () => {
    const bench = joined();
    bench.told(snap(4), NEWLEADER);
    bench.settle();
    bench.host.take();
    bench.told(proposal(txnAt(2, 1)), commit(z(2, 1)));
    expect([stepsUntilIdle(bench), bench.context.database.lastProcessedZxid]).toEqual([[], z(1, 4)]);
    bench.told(UPTODATE);
    expect(stepsUntilIdle(bench)).toContainEqual(['appendTxn', z(2, 1)]);
    expect(bench.context.database.lastProcessedZxid).toBe(z(2, 1));
  });

  it('an observer keeps INFORMs, and the txns of its DIFF', () => {
    const bench = joined(observer);
    bench.told(DIFF, proposal(txnAt(1, 4)), commit(z(1, 4)), NEWLEADER);
    bench.settle();
    bench.told({ type: 'INFORM', txn: txnAt(2, 1) });
    bench.host.take();
    expect(stepsUntilIdle(bench)).toEqual([]);
    bench.told(UPTODATE);
    expect(stepsUntilIdle(bench)).toEqual([
      ['send', 'ACK', z(EPOCH, 0)],
      ['appendTxn', z(1, 4)],
      ['appendTxn', z(2, 1)],
      ['flushLog'],
    ]);
    expect(bench.context.database.lastProcessedZxid).toBe(z(2, 1));
  });
});

describe('a SNAP', () => {
  it('replaces the tree, whatever was in it', () => {
    const bench = joined();
    bench.told(snap(9));
    expect(bench.context.database.lastProcessedZxid).toBe(z(1, 9));
    expect(bench.context.database.committedLog.size).toBe(0);
  });

  it('makes the older log and snapshots worthless, once its leader is established (ZOOKEEPER-2832)', () => {
    const bench = joined();
    bench.told(snap(9), NEWLEADER);
    bench.settle();
    bench.host.take();
    bench.told(proposal(txnAt(2, 1)), UPTODATE);
    expect(stepsUntilIdle(bench)).toEqual([
      ['deleteSnapshot', NO_TXNS],
      ['deleteLogs'],
      ['send', 'ACK', z(EPOCH, 0)],
      ['appendTxn', z(2, 1)],
      ['flushLog'],
      ['send', 'ACK', z(2, 1)],
    ]);
  });

  it('applies an INFORM at once', () => {
    const bench = joined(observer);
    bench.told(snap(4), { type: 'INFORM', txn: txnAt(1, 5) });
    expect(bench.context.database.lastProcessedZxid).toBe(z(1, 5));
  });

  it('skips a COMMIT that is not for its next proposal', () => {
    const bench = joined();
    bench.told(snap(4), proposal(txnAt(1, 5)), commit(z(1, 6)));
    expect(bench.eventsOf('ignored')).toMatchObject([{ what: 'COMMIT' }]);
    expect(bench.context.database.lastProcessedZxid).toBe(z(1, 4));
  });
});

describe('a TRUNC', () => {
  it('undoes what the tree had of the cut txns', () => {
    const create = { type: 'create', data: null, acl: [], ephemeral: false } as const;
    const txns = [
      txnAt(1, 1, { ...create, path: '/kept', parentCVersion: 1 }),
      txnAt(1, 2, { ...create, path: '/cut', parentCVersion: 2 }),
    ];
    const bench = joined({ durable: diskWith(txns, 1) });
    bench.told({ type: 'TRUNC', zxid: z(1, 1) });
    bench.settle();
    const { tree } = bench.context.database;
    expect([tree.getNode('/kept'), tree.getNode('/cut')]).toMatchObject([{ data: null }, undefined]);
    expect(bench.eventsOf('truncated')).toEqual([{ type: 'truncated', zxid: z(1, 1) }]);
  });

  it('to before all that this server has kept leaves an empty tree, and at every moment a snapshot to start from', () => {
    const bench = joined({
      durable: { ...diskWith([txnAt(2, 1)], 2), snapshots: [snapshotOf([], z(2, 0))] },
    });
    bench.told({ type: 'TRUNC', zxid: z(0, 0) });
    expect(stepsUntilIdle(bench)).toEqual([
      ['truncateLog', z(0, 0)],
      ['writeSnapshot', z(0, 0), 'fsync'],
      ['deleteSnapshot', z(2, 0)],
    ]);
    expect(bench.context.database.lastProcessedZxid).toBe(z(0, 0));
    expect(bench.ended).toEqual([]);
  });

  it('to a txn that this server does not have gives the leader up, so that it tells again how far it reaches', () => {
    const bench = joined({ durable: diskWith([txnAt(1, 1), txnAt(1, 5)], 1) });
    bench.told({ type: 'TRUNC', zxid: z(1, 3) });
    bench.settle();
    expect(bench.ended).toEqual([{ reason: 'the log does not reach 0x100000003', isTreeUnsaved: true }]);
    expect(bench.context.database.lastProcessedZxid).toBe(z(1, 1));
  });
});

describe('a COMMIT without a proposal', () => {
  it.each([
    ['of a DIFF', DIFF],
    ['of a SNAP', snap(4)],
  ] as const)('%s: the connection is given up', (_, first) => {
    const bench = joined();
    bench.told(first, commit(z(1, 5)));
    const what = 'COMMIT of 0x100000005 without a proposal';
    expect(bench.eventsOf('protocolError')).toEqual([{ type: 'protocolError', what }]);
    expect(bench.ended).toMatchObject([{ reason: what }]);
  });
});

describe('a hole in what the leader sends', () => {
  it.each([
    ['within an epoch', [txnAt(1, 4), txnAt(1, 6)], true],
    ['backwards', [txnAt(1, 4), txnAt(1, 4)], true],
    ['at a new epoch', [txnAt(1, 4), txnAt(2, 7)], false],
    ['before the first txn', [txnAt(1, 9)], false],
  ] as const)('%s: the connection is given up (%j, %s)', (_, txns, isGivenUp) => {
    const bench = joined();
    bench.told(DIFF, ...txns.map(proposal));
    expect(bench.ended).toHaveLength(isGivenUp ? 1 : 0);
    expect(bench.eventsOf('protocolError')).toHaveLength(isGivenUp ? 1 : 0);
  });

  it('is seen in INFORMs too', () => {
    const bench = joined(observer);
    bench.told(snap(4), { type: 'INFORM', txn: txnAt(1, 5) }, { type: 'INFORM', txn: txnAt(1, 7) });
    expect(bench.ended).toMatchObject([
      { reason: 'proposal 0x100000007 after 0x100000005', isTreeUnsaved: true },
    ]);
  });

  it('between its own history and the first txn ends before the epoch is entered (ZOOKEEPER-4925)', () => {
    const bench = joined();
    bench.told(DIFF, proposal(txnAt(1, 9)), commit(z(1, 9)), NEWLEADER);
    expect(stepsUntilIdle(bench)).not.toContainEqual(['writeEpoch', 'currentEpoch', EPOCH]);
    expect(bench.ended).toMatchObject([{ reason: '0x100000009 is not the next committed txn' }]);
  });
});

describe('the tree of a learner that never got to NEWLEADER', () => {
  it.each([
    ['DIFF', DIFF, false],
    ['SNAP', snap(4), true],
    ['TRUNC', { type: 'TRUNC', zxid: z(1, 2) } as const, true],
  ] as const)('after %s is worthless: %3$s', (_, first, isTreeUnsaved) => {
    const bench = joined();
    bench.told(first);
    bench.settle();
    bench.closed(bench.connection);
    expect(bench.ended).toMatchObject([{ isTreeUnsaved }]);
  });

  it('is worth something once NEWLEADER is acknowledged', () => {
    const bench = joined();
    bench.told(snap(4), NEWLEADER);
    bench.settle();
    bench.closed(bench.connection);
    expect(bench.ended).toMatchObject([{ isTreeUnsaved: false }]);
  });
});

describe('during synchronization', () => {
  it('a PING is not answered', () => {
    const bench = joined();
    bench.told(DIFF, { type: 'PING', zxid: z(1, 5), touched: [] });
    expect([bench.sent, bench.eventsOf('ignored')]).toMatchObject([[], [{ what: 'PING' }]]);
  });

  it('a first packet that is none of DIFF, TRUNC and SNAP ends the process', () => {
    const bench = joined();
    bench.told(NEWLEADER);
    expect(stepsOf(bench.host.effects)).toEqual([['exit', 13, 'unexpected NEWLEADER from the leader']]);
  });
});
