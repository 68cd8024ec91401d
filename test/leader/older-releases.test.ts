import { describe, expect, it } from 'vitest';
import { sessionId } from '../../protocol/ids.ts';
import type { QuorumPacket } from '../../protocol/packets.ts';
import { DEFAULT_RELEASE, releaseWithIssue, type Release } from '../../protocol/release/release.ts';
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
  body: { op: 'createSession', timeOut: 30_000 },
};

describe('a leader that has lost its quorum and is still followed by an observer', () => {
  const COUNTED = releaseWithIssue('ZOOKEEPER-1294');
  const alone = (release: Release, voters = 3) => {
    const leader = new LeaderBench({ servers: serverSpecs(voters, 1), release }).lead();
    const followers = [1, 2].map((n) => leader.joins(n));
    for (const follower of followers) leader.closed(follower);
    const observer = leader.joins(voters + 1, { observer: true });
    for (let second = 0; second < 60 && leader.ended.length === 0; second++) {
      leader.advance(1000);
      leader.says(observer, PING);
    }
    return leader.ended;
  };

  it('goes back to LOOKING', () => {
    expect(alone(DEFAULT_RELEASE)).toEqual(['not sufficient followers synced']);
  });

  it('stays where observers count (ZOOKEEPER-1294)', () => {
    expect(alone(COUNTED)).toEqual([]);
  });

  it('does not stay where observers count, but the two of them are no majority', () => {
    expect(alone(COUNTED, 5)).toEqual(['not sufficient followers synced']);
  });
});

describe('a leader that nobody follows', () => {
  const unfollowed = (release: Release) => {
    const bench = new LeaderBench({ durable: diskWith(txnsOf(1, 1, 2), 1), release }).lead();
    const early = bench.context.database.lastProcessedZxid;
    bench.advance(initLimitMs(bench.context.config));
    expect(bench.ended).toEqual(['timeout while waiting for epoch']);
    return [early, bench.context.database.lastProcessedZxid];
  };

  it('goes back into the election with the zxid that it had', () => {
    expect(unfollowed(DEFAULT_RELEASE)).toEqual([z(1, 2), z(1, 2)]);
  });

  it('goes back with the first one of the next epoch, which it took at once (ZOOKEEPER-790)', () => {
    expect(unfollowed(releaseWithIssue('ZOOKEEPER-790'))).toEqual([z(2, 0), z(2, 0)]);
  });
});

describe('a learner that has accepted a higher epoch than the leader', () => {
  const outrun = (release: Release) => {
    const bench = new LeaderBench({ release }).lead();
    bench.joins(1);
    const two = bench.registers(2, { acceptedEpoch: 9 });
    return [bench.ended.length, ...bench.told(two)];
  };

  it('makes the leader give up', () => {
    expect(outrun(DEFAULT_RELEASE)).toEqual([1]);
  });

  it('is told of the lower epoch by a leader that stays (ZABSIM-2)', () => {
    expect(outrun(releaseWithIssue('ZABSIM-2'))).toEqual([0, 'LEADERINFO']);
  });
});

describe('what a follower acknowledged before it came back and was told to cut its log', () => {
  /** Of five servers the leader and two followers are a quorum: 1 acknowledges and comes back, then 2 acknowledges. */
  const again = (release: Release) => {
    const bench = new LeaderBench({ servers: serverSpecs(5), release }).lead();
    const [one, two] = [bench.joins(1), bench.joins(2)];
    bench.says(one, CREATE_SESSION);
    bench.says(one, { type: 'ACK', zxid: z(1, 1) });
    const back = bench.registers(1, { acceptedEpoch: 1 });
    bench.ackEpoch(back, { currentEpoch: -1, lastZxid: z(1, 1) });
    expect(bench.eventsOf('syncDecision').at(-1)).toMatchObject({ learner: 1, mode: 'TRUNC' });
    bench.says(two, { type: 'ACK', zxid: z(1, 1) });
    return { commits: bench.eventsOf('committed').map(({ acks }) => acks), isClosed: bench.isClosed(one) };
  };

  it('counts no more, and its earlier connection is closed', () => {
    expect(again(DEFAULT_RELEASE)).toEqual({ commits: [], isClosed: true });
  });

  it('counts where acknowledgements outlive their connection (ZABSIM-1)', () => {
    expect(again(releaseWithIssue('ZABSIM-1'))).toEqual({ commits: [[3, 1, 2]], isClosed: false });
  });
});
