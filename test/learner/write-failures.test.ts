import { describe, expect, it } from 'vitest';
import type { QuorumPacket } from '../../protocol/packets.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { LearnerBench } from '../support/learner-bench.ts';
import { commit, diskWith, proposal, snapshotOf, stepsOf, txnAt, txnsOf } from '../support/server-bench.ts';

const z = makeZxid;
const EPOCH = 2;
const NEWLEADER: QuorumPacket = { type: 'NEWLEADER', zxid: z(EPOCH, 0) };
const UPTODATE: QuorumPacket = { type: 'UPTODATE' };
const PING: QuorumPacket = { type: 'PING', zxid: z(EPOCH, 0), touched: [] };
const FOUR = txnAt(1, 4);
const bench = (): LearnerBench => new LearnerBench({ durable: diskWith(txnsOf(1, 1, 3), 1) });
const sentTypes = (learner: LearnerBench): readonly string[] => learner.sent.map((packet) => packet.type);

describe('a learner whose disk fails', () => {
  it('to take acceptedEpoch does not acknowledge it (Learner.registerWithLeader)', () => {
    const learner = bench().registers();
    learner.told({ type: 'LEADERINFO', zxid: z(EPOCH, 0) });
    learner.failDisk();
    expect(sentTypes(learner)).toEqual(['FOLLOWERINFO']);
    expect(learner.ended).toEqual([{ reason: 'acceptedEpoch cannot be written', isTreeUnsaved: false }]);
    expect(learner.context.storage.acceptedEpoch).toBe(1);
  });

  it('to take what a DIFF brought does not acknowledge NEWLEADER, and has lost it', () => {
    const learner = bench().joins(EPOCH);
    learner.told({ type: 'DIFF', zxid: z(1, 4) }, proposal(FOUR), commit(FOUR.zxid), NEWLEADER);
    learner.failDisk();
    expect(learner.ended).toMatchObject([{ reason: 'the log cannot be written' }]);
    expect([sentTypes(learner), learner.context.storage.currentEpoch]).toEqual([[], 1]);
    expect([learner.context.storage.log.lastZxid, learner.context.storage.takeLoss()]).toEqual([
      z(1, 3),
      true,
    ]);
  });

  it('to take currentEpoch does not acknowledge NEWLEADER', () => {
    const learner = bench().joins(EPOCH);
    learner.told({ type: 'DIFF', zxid: z(1, 3) }, NEWLEADER);
    learner.failDisk();
    expect([sentTypes(learner), learner.ended]).toMatchObject([
      [],
      [{ reason: 'currentEpoch cannot be written' }],
    ]);
  });

  it('to take the tree of a SNAP ends its process', () => {
    const learner = bench().joins(EPOCH);
    learner.told({ type: 'SNAP', zxid: z(1, 9), snapshot: snapshotOf(txnsOf(1, 1, 9)) }, NEWLEADER);
    learner.failDisk();
    expect(stepsOf(learner.host.effects).at(-1)).toEqual(['exit', 10, 'cannot write snapshot 0x100000009']);
  });

  it('to cut the log ends its process', () => {
    const learner = bench().joins(EPOCH);
    learner.told({ type: 'TRUNC', zxid: z(1, 2) });
    learner.failDisk();
    expect(stepsOf(learner.host.effects).at(-1)).toEqual([
      'exit',
      13,
      'not able to truncate the log 0x100000002',
    ]);
  });

  it('to take a proposal goes on until the packet after it: its thread looks up only then', () => {
    const learner = bench().joins(EPOCH);
    learner.told({ type: 'DIFF', zxid: z(1, 3) }, NEWLEADER);
    learner.settle();
    learner.told(UPTODATE, proposal(txnAt(EPOCH, 1)));
    learner.runStages();
    learner.host.take();
    learner.failDisk();
    learner.told(proposal(txnAt(EPOCH, 2)));
    expect(learner.ended).toMatchObject([{ reason: 'the log cannot be written' }]);
    learner.settle();
    expect([sentTypes(learner), learner.context.storage.log.lastZxid]).toEqual([[], z(1, 3)]);
  });

  it('still answers the PING by which it learns that it has to go', () => {
    const learner = bench().joins(EPOCH);
    learner.told({ type: 'DIFF', zxid: z(1, 3) }, NEWLEADER);
    learner.settle();
    learner.told(UPTODATE, proposal(txnAt(EPOCH, 1)));
    learner.runStages();
    learner.host.take();
    learner.failDisk();
    learner.told(PING);
    expect([sentTypes(learner), learner.ended.length]).toEqual([['PING'], 1]);
  });
});
