import { describe, expect, it } from 'vitest';
import { newLeaderSteps } from '../../protocol/learner/new-leader-steps.ts';
import type { QuorumPacket } from '../../protocol/packets.ts';
import { releaseNamed, releaseOf, type Release } from '../../protocol/release/release.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { LearnerBench } from '../support/learner-bench.ts';
import { commit, diskWith, proposal, stepsOf, txnAt, txnsOf } from '../support/server-bench.ts';

const z = makeZxid;
const EPOCH = 2;
const DIFF: QuorumPacket = { type: 'DIFF', zxid: z(1, 4) };
const NEWLEADER: QuorumPacket = { type: 'NEWLEADER', zxid: z(EPOCH, 0) };
const UPTODATE: QuorumPacket = { type: 'UPTODATE' };
const ACK_OF_NEWLEADER = ['send', 'ACK', z(EPOCH, 0)];
const EPOCH_WRITTEN = ['writeEpoch', 'currentEpoch', EPOCH];

function release(name: string): Release {
  const named = releaseNamed(name);
  if ('unknown' in named) throw new TypeError(`no release ${name}`);
  return named;
}

/** Its history is (1, 1) … (1, 3); the leader of epoch 2 has accepted it. */
const joined = (name: string): LearnerBench =>
  new LearnerBench({ durable: diskWith(txnsOf(1, 1, 3), 1), release: release(name) }).joins(EPOCH);

/** Is told of (1, 4), which is committed, and of (1, 5), which is not. */
function toldHistory(name: string): LearnerBench {
  const bench = joined(name);
  bench.told(DIFF, proposal(txnAt(1, 4)), commit(z(1, 4)), proposal(txnAt(1, 5)), NEWLEADER);
  return bench;
}

function stepsUntilIdle(bench: LearnerBench): readonly (readonly unknown[])[] {
  bench.settle();
  return stepsOf(bench.host.take());
}

describe('the steps of a learner at NEWLEADER', () => {
  it.each([
    ['default', ['snapshot', 'log', 'currentEpoch', 'ack']],
    ['ZOOKEEPER-3911', ['snapshot', 'currentEpoch', 'ack']],
    ['ZOOKEEPER-4643', ['snapshot', 'currentEpoch', 'log', 'ack']],
    ['ZOOKEEPER-4646', ['snapshot', 'currentEpoch', 'log', 'ack']],
    ['3.4.9', ['snapshot', 'log', 'currentEpoch', 'ack']],
    ['3.4.14', ['snapshot', 'currentEpoch', 'ack']],
    ['3.8.0', ['snapshot', 'currentEpoch', 'log', 'ack']],
    ['3.8.6', ['snapshot', 'log', 'currentEpoch', 'ack']],
    ['3.9.4', ['snapshot', 'log', 'currentEpoch', 'ack']],
  ])('are, with %s, %j', (name, steps) => {
    expect(newLeaderSteps(release(name))).toEqual(steps);
  });
});

describe('a learner with ZOOKEEPER-3911', () => {
  it('acknowledges NEWLEADER with an empty log, and writes it after UPTODATE', () => {
    const bench = toldHistory('ZOOKEEPER-3911');
    expect(stepsUntilIdle(bench)).toEqual([EPOCH_WRITTEN, ACK_OF_NEWLEADER]);
    expect(bench.context.database.lastProcessedZxid).toBe(z(1, 3));
    bench.told(UPTODATE);
    expect(stepsUntilIdle(bench)).toEqual([
      ACK_OF_NEWLEADER,
      ['appendTxn', z(1, 4)],
      ['appendTxn', z(1, 5)],
      ['flushLog'],
      ['send', 'ACK', z(1, 4)],
      ['send', 'ACK', z(1, 5)],
    ]);
    expect(bench.context.database.lastProcessedZxid).toBe(z(1, 4));
  });
});

describe('a learner with ZOOKEEPER-4643', () => {
  it('has the new epoch on its disk before the history that belongs to it', () => {
    const bench = toldHistory('ZOOKEEPER-4643');
    expect(stepsUntilIdle(bench)).toEqual([
      EPOCH_WRITTEN,
      ['appendTxn', z(1, 4)],
      ['flushLog'],
      ACK_OF_NEWLEADER,
    ]);
  });
});

describe('a learner with ZOOKEEPER-4646', () => {
  it('acknowledges NEWLEADER while the fsync is under way', () => {
    const bench = toldHistory('ZOOKEEPER-4646');
    bench.finishDisk();
    bench.runStages();
    expect(bench.host.disk).toHaveLength(1);
    expect(stepsOf(bench.host.take())).toEqual([
      EPOCH_WRITTEN,
      ['appendTxn', z(1, 4)],
      ['flushLog'],
      ACK_OF_NEWLEADER,
    ]);
  });

  it('acknowledges nothing once its log could not be written', () => {
    const bench = toldHistory('ZOOKEEPER-4646');
    bench.finishDisk();
    bench.failDisk();
    expect(stepsUntilIdle(bench)).not.toContainEqual(ACK_OF_NEWLEADER);
    expect(bench.ended).toMatchObject([{ reason: 'the log cannot be written' }]);
  });
});

describe('a learner with ZOOKEEPER-4394', () => {
  it('is ended by a COMMIT of what was proposed before NEWLEADER', () => {
    const bench = toldHistory('ZOOKEEPER-4394');
    bench.settle();
    bench.told(commit(z(1, 5)));
    const what = 'COMMIT of 0x100000005 without a proposal';
    expect(bench.eventsOf('protocolError')).toEqual([{ type: 'protocolError', what }]);
    expect(bench.ended).toMatchObject([{ reason: what }]);
  });

  it('has logged it, and acknowledges it after UPTODATE, where the COMMIT finds it', () => {
    const bench = toldHistory('ZOOKEEPER-4394');
    expect(stepsUntilIdle(bench)).toEqual([
      ['appendTxn', z(1, 4)],
      ['appendTxn', z(1, 5)],
      ['flushLog'],
      EPOCH_WRITTEN,
      ACK_OF_NEWLEADER,
    ]);
    bench.told(UPTODATE, commit(z(1, 5)));
    expect(stepsUntilIdle(bench)).toEqual([ACK_OF_NEWLEADER, ['send', 'ACK', z(1, 5)]]);
    expect([bench.context.database.lastProcessedZxid, bench.ended]).toEqual([z(1, 5), []]);
  });

  it('does not mind a COMMIT while a later proposal is in its list', () => {
    const bench = toldHistory('ZOOKEEPER-4394');
    bench.settle();
    bench.told(proposal(txnAt(2, 1)), commit(z(1, 5)), UPTODATE);
    bench.settle();
    expect([bench.context.database.lastProcessedZxid, bench.ended]).toEqual([z(1, 5), []]);
  });
});

describe('a learner with ZOOKEEPER-4685', () => {
  it('acknowledges the txns before NEWLEADER', () => {
    expect(stepsUntilIdle(toldHistory('ZOOKEEPER-4685'))).toEqual([
      ['appendTxn', z(1, 4)],
      ['flushLog'],
      ['send', 'ACK', z(1, 4)],
      EPOCH_WRITTEN,
      ACK_OF_NEWLEADER,
    ]);
  });
});

describe('a learner of 3.8.0, which has four of these', () => {
  it('acknowledges NEWLEADER first if it is faster than its log', () => {
    const bench = toldHistory('3.8.0');
    bench.finishDisk();
    expect(stepsUntilIdle(bench)).toEqual([
      EPOCH_WRITTEN,
      ['appendTxn', z(1, 4)],
      ['appendTxn', z(1, 5)],
      ['flushLog'],
      ACK_OF_NEWLEADER,
      ['send', 'ACK', z(1, 4)],
      ['send', 'ACK', z(1, 5)],
    ]);
  });

  it('and last if its log is faster (ZOOKEEPER-4685)', () => {
    const bench = toldHistory('3.8.0');
    bench.finishDisk();
    bench.finishDisk();
    expect(stepsUntilIdle(bench).slice(-3)).toEqual([
      ['send', 'ACK', z(1, 4)],
      ['send', 'ACK', z(1, 5)],
      ACK_OF_NEWLEADER,
    ]);
  });

  it('acknowledges no txn twice', () => {
    const bench = toldHistory('3.8.0');
    bench.settle();
    bench.host.take();
    bench.told(UPTODATE);
    expect(stepsUntilIdle(bench)).toEqual([ACK_OF_NEWLEADER]);
  });
});

describe('a learner with ZOOKEEPER-4925', () => {
  it('has the txns of the DIFF in log and tree, and not among those that it hands on', () => {
    const bench = toldHistory('ZOOKEEPER-4925');
    bench.settle();
    bench.told(UPTODATE, commit(z(1, 5)));
    bench.settle();
    const { database, storage } = bench.context;
    expect([storage.log.lastZxid, database.lastProcessedZxid]).toEqual([z(1, 5), z(1, 5)]);
    expect(database.committedLog.toArray().map(({ zxid }) => zxid)).toEqual([
      z(1, 1),
      z(1, 2),
      z(1, 3),
      z(1, 5),
    ]);
    expect(bench.ended).toEqual([]);
  });

  it('takes proposals with a hole', () => {
    const bench = joined('ZOOKEEPER-4925');
    bench.told(DIFF, proposal(txnAt(1, 4)), proposal(txnAt(1, 6)));
    expect([bench.eventsOf('protocolError'), bench.ended]).toEqual([[], []]);
  });
});

it('a version has what its issues say', () => {
  const named = (version: string): readonly boolean[] => {
    const of = releaseOf(version);
    return [
      of.newLeaderAckedBeforeLogging,
      of.newLeaderAckedBeforeFlush,
      of.epochWrittenBeforeHistory,
      of.pendingTxnsForgottenAtNewLeader,
    ];
  };
  expect(named('3.5.9')).toEqual([true, false, true, false]);
  expect(named('3.5.10')).toEqual([false, true, true, true]);
  expect(named('3.9.2')).toEqual([false, false, false, true]);
  expect(named('3.9.3')).toEqual([false, false, false, false]);
});
