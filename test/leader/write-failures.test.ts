import { describe, expect, it } from 'vitest';
import { sessionId, sid } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { LeaderBench } from '../support/leader-bench.ts';
import { stepsOf } from '../support/server-bench.ts';

const z = makeZxid;

describe('a leader whose disk fails', () => {
  it('to take the snapshot with which it begins ends its process', () => {
    const bench = new LeaderBench();
    bench.leader.lead();
    bench.failDisk();
    expect(stepsOf(bench.host.effects).at(-1)).toEqual(['exit', 10, 'cannot write snapshot 0x0']);
  });

  it('to take acceptedEpoch gives up, and tells nobody of the epoch', () => {
    const bench = new LeaderBench().lead();
    const follower = bench.dialled();
    bench.accept(follower, { type: 'FOLLOWERINFO', zxid: z(0, 0), sid: sid(1) });
    bench.runStages();
    bench.failDisk();
    expect([bench.ended, bench.told(follower)]).toEqual([['acceptedEpoch cannot be written'], []]);
  });

  it('to take currentEpoch gives up', () => {
    const bench = new LeaderBench().lead();
    const follower = bench.registers(1);
    bench.accept(follower, { type: 'ACKEPOCH', zxid: z(0, 0), currentEpoch: 0 });
    bench.runStages();
    bench.failDisk();
    expect(bench.ended).toEqual(['currentEpoch cannot be written']);
  });

  it('to take a txn goes on for half a tick at most, in which a quorum of followers may commit it', () => {
    const bench = new LeaderBench().lead();
    const [one, two] = [bench.joins(1), bench.joins(2)];
    bench.host.take();
    const body = { op: 'createSession', timeOut: 30_000 } as const;
    bench.accept(one, { type: 'REQUEST', sessionId: sessionId('0x5'), cxid: 0, body });
    bench.runStages();
    bench.failDisk();
    expect(bench.eventsOf('committed')).toEqual([]);
    for (const follower of [one, two]) bench.says(follower, { type: 'ACK', zxid: z(1, 1) });
    expect(bench.eventsOf('committed')).toMatchObject([{ zxid: z(1, 1), acks: [1, 2] }]);
    expect(bench.ended).toEqual([]);
    bench.advance(bench.context.config.tickTime / 2);
    expect(bench.ended).toEqual(['the log cannot be written']);
    expect([bench.context.storage.log.lastZxid, bench.context.storage.takeLoss()]).toEqual([z(0, 0), true]);
  });
});
