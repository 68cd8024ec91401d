import { describe, expect, it } from 'vitest';
import type { QuorumPacket } from '../../protocol/packets.ts';
import { DEFAULT_RELEASE, releaseNamed, type Release } from '../../protocol/release/release.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { LearnerBench } from '../support/learner-bench.ts';
import { commit, diskWith, proposal, snapshotOf, txnAt, txnsOf } from '../support/server-bench.ts';
import { create } from '../support/tree.ts';

const z = makeZxid;
const EPOCH = 2;
const NEWLEADER: QuorumPacket = { type: 'NEWLEADER', zxid: z(EPOCH, 0) };

const named = (text: string): Release => {
  const release = releaseNamed(text);
  if ('unknown' in release) throw new TypeError(release.unknown);
  return release;
};

/** It follows in epoch 2, its disk is writing the first txn of that, and two more wait; all are committed. */
function withQueuedTxns(release: Release): LearnerBench {
  const learner = new LearnerBench({ durable: diskWith(txnsOf(1, 1, 3), 1), release }).joins(EPOCH);
  learner.told({ type: 'DIFF', zxid: z(1, 3) }, NEWLEADER);
  learner.settle();
  learner.told({ type: 'UPTODATE' });
  for (const counter of [1, 2, 3]) {
    learner.told(proposal(txnAt(EPOCH, counter)), commit(z(EPOCH, counter)));
    learner.runStages();
  }
  learner.host.take();
  return learner;
}

/** Where its log ends right after it has left its leader, and when its disk is idle again. */
function logEndsOf(learner: LearnerBench): readonly number[] {
  learner.learner.shutdown('the test');
  const atOnce = learner.context.storage.log.lastZxid;
  learner.settle();
  return [atOnce, learner.context.storage.log.lastZxid];
}

describe('what waits for the log of a learner that leaves its leader', () => {
  it('is in the tree, as a commit waits for nobody’s log', () => {
    const { context } = withQueuedTxns(DEFAULT_RELEASE);
    expect([context.storage.log.lastZxid, context.database.lastProcessedZxid]).toEqual([
      z(EPOCH, 1),
      z(EPOCH, 3),
    ]);
  });

  it('is logged before it looks for another one', () => {
    expect(logEndsOf(withQueuedTxns(DEFAULT_RELEASE))).toEqual([z(EPOCH, 3), z(EPOCH, 3)]);
  });

  it('is logged when its turn comes, whatever has become of the role (ZOOKEEPER-4712)', () => {
    expect(logEndsOf(withQueuedTxns(named('ZOOKEEPER-4712')))).toEqual([z(EPOCH, 1), z(EPOCH, 3)]);
  });

  it.each(['ZOOKEEPER-4541', 'ZOOKEEPER-4541,ZOOKEEPER-4712'])('is never logged (%s)', (issues) => {
    expect(logEndsOf(withQueuedTxns(named(issues)))).toEqual([z(EPOCH, 1), z(EPOCH, 1)]);
  });

  it('is logged behind the txns of the next role (ZOOKEEPER-4712)', () => {
    const learner = withQueuedTxns(named('ZOOKEEPER-4712'));
    learner.learner.shutdown('the test');
    learner.context.storage.append(txnAt(3, 1));
    learner.settle();
    const zxids = learner.context.storage.log.files.flatMap(({ records }) => records.map(({ zxid }) => zxid));
    expect(zxids.slice(3)).toEqual([z(2, 1), z(3, 1), z(2, 2), z(2, 3)]);
  });
});

describe('a learner that is told to TRUNC', () => {
  const txns = [txnAt(1, 1, create('/kept', 1)), txnAt(1, 2, create('/cut', 2))];
  const truncated = (release: Release): LearnerBench => {
    const durable = { ...diskWith(txns, 1), snapshots: [snapshotOf([]), snapshotOf(txns)] };
    const learner = new LearnerBench({ durable, release }).joins(EPOCH);
    learner.told({ type: 'TRUNC', zxid: z(1, 1) });
    learner.settle();
    return learner;
  };
  const hasCut = ({ context }: LearnerBench): boolean => context.database.tree.getNode('/cut') !== undefined;

  it('has nothing of what it cut', () => {
    expect(hasCut(truncated(DEFAULT_RELEASE))).toBe(false);
  });

  it('has it from a newer snapshot, under the zxid that it was told (ZOOKEEPER-4837)', () => {
    const learner = truncated(named('ZOOKEEPER-4837'));
    expect([hasCut(learner), learner.context.database.lastProcessedZxid]).toEqual([true, z(1, 1)]);
    expect([learner.ended, learner.context.storage.log.lastZxid]).toEqual([[], z(1, 1)]);
  });
});
