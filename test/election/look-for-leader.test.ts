import { describe, expect, it } from 'vitest';
import { NO_CANDIDATE } from '../../protocol/election/vote.ts';
import { sid } from '../../protocol/ids.ts';
import { DEFAULT_RELEASE, releaseWithIssue } from '../../protocol/release/release.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { ElectionBench, voteFor } from '../support/election-bench.ts';
import { serverSpecs } from '../support/plans.ts';

const LEADING = { state: 'LEADING' } as const;
const FOLLOWING = { state: 'FOLLOWING' } as const;
const looking = (init?: ConstructorParameters<typeof ElectionBench>[0]): ElectionBench => {
  const bench = new ElectionBench(init);
  bench.look();
  bench.takeSent();
  return bench;
};

describe('a round', () => {
  it('begins with the vote for oneself, told to every voter', () => {
    const bench = new ElectionBench({ servers: serverSpecs(3, 1) });
    bench.look();
    const notification = { type: 'notification', state: 'LOOKING', ...voteFor(1), electionEpoch: 1 };
    expect(bench.takeSent()).toEqual([
      { to: sid(2), notification },
      { to: sid(3), notification },
    ]);
  });

  it('is one later each time a server begins to look', () => {
    const bench = new ElectionBench();
    bench.look();
    bench.look();
    expect(bench.eventsOf('roundStarted').map((event) => event.round)).toEqual([1, 2]);
  });

  it('is decided 200 ms after a quorum agreed', () => {
    const bench = looking();
    bench.receive(2, voteFor(1));
    bench.advance(199);
    expect(bench.elected).toEqual([]);
    bench.advance(1);
    expect(bench.elected).toMatchObject([{ state: 'LEADING', vote: { ...voteFor(1), electionEpoch: 1 } }]);
    expect(bench.eventsOf('elected').at(-1)).toMatchObject({ leader: sid(1), path: 'looking' });
  });

  it('goes on while only a minority agrees', () => {
    const bench = looking({ servers: serverSpecs(5) });
    bench.receive(2, voteFor(1));
    bench.advance(10_000);
    expect(bench.elected).toEqual([]);
  });

  it('counts the own vote only once it has come back through the queue', () => {
    const bench = new ElectionBench();
    bench.election.lookForLeader();
    bench.receive(2, voteFor(1));
    bench.advance(1000);
    expect(bench.elected).toEqual([]);
    bench.deliverLoopback();
    bench.advance(200);
    expect(bench.elected).toHaveLength(1);
  });
});

describe('a vote of the same round', () => {
  it('that is better is taken over and told to everyone', () => {
    const bench = looking();
    bench.receive(2, voteFor(2, 1, 6));
    expect(bench.takeSent().map(({ to, notification }) => [to, notification.leader])).toEqual([
      [2, 2],
      [3, 2],
    ]);
  });

  it('that is worse changes nothing', () => {
    const bench = looking();
    bench.receive(3, voteFor(3, 1, 4));
    expect([bench.takeSent(), bench.eventsOf('voteChanged')]).toMatchObject([[], [{ leader: 1 }]]);
  });

  it.each([
    ['is worse when its epoch is older, whatever the sid', DEFAULT_RELEASE, [1]],
    ['is better all the same in releases with ZOOKEEPER-1419', releaseWithIssue('ZOOKEEPER-1419'), [1, 3]],
  ])('with an equal history %s', (_, release, votes) => {
    const bench = looking({ release });
    bench.receive(3, { ...voteFor(3), peerEpoch: 0 });
    expect(bench.eventsOf('voteChanged').map(({ leader }) => leader)).toEqual(votes);
  });

  it('replaces what the same server voted before', () => {
    const bench = looking({ servers: serverSpecs(3), own: voteFor(1, 1, 9) });
    bench.receive(2, voteFor(1, 1, 9));
    bench.receive(2, voteFor(2, 1, 8));
    bench.advance(10_000);
    expect(bench.elected.map(({ vote }) => vote.leader)).toEqual([1]);
  });
});

describe('a vote of a later round', () => {
  it('moves this server into that round and forgets the votes of its own', () => {
    const bench = looking({ servers: serverSpecs(5) });
    bench.receive(2, voteFor(1));
    bench.receive(3, voteFor(1, 1, 4), { round: 5 });
    bench.receive(4, voteFor(1), { round: 5 });
    bench.advance(10_000);
    expect([bench.election.logicalclock, bench.elected]).toEqual([5, []]);
  });

  it('leaves nothing of the members that were heard in the round before', () => {
    const bench = looking({ servers: serverSpecs(5) });
    bench.receive(5, voteFor(5), LEADING);
    bench.receive(4, voteFor(5), FOLLOWING);
    bench.receive(3, voteFor(3), { round: 5 });
    bench.receive(2, { ...voteFor(5), peerEpoch: 2 }, { ...FOLLOWING, round: 5 });
    expect(bench.elected).toEqual([]);
  });

  it('is weighed against the vote for oneself, not against the last proposal', () => {
    const bench = looking();
    bench.receive(3, voteFor(3, 1, 9));
    bench.receive(2, voteFor(2, 1, 6), { round: 2 });
    expect(bench.eventsOf('voteChanged').map(({ round, leader }) => [round, leader])).toEqual([
      [1, 1],
      [1, 3],
      [2, 2],
    ]);
  });

  it('that is worse than the own leads back to the own', () => {
    const bench = looking();
    bench.receive(3, voteFor(3, 1, 9));
    bench.receive(2, voteFor(2, 1, 1), { round: 2 });
    expect(bench.eventsOf('voteChanged').at(-1)).toMatchObject({ round: 2, leader: sid(1) });
  });
});

describe('a vote of an earlier round', () => {
  it('is not counted', () => {
    const bench = looking();
    bench.receive(2, voteFor(1), { round: 0 });
    bench.advance(10_000);
    expect(bench.elected).toEqual([]);
  });
});

describe('while a decided vote waits to be final', () => {
  const finalizing = (): ElectionBench => {
    const bench = looking({ servers: serverSpecs(5) });
    bench.receive(2, voteFor(1));
    bench.receive(3, voteFor(1));
    return bench;
  };

  it('a better vote opens the election again', () => {
    const bench = finalizing();
    bench.advance(150);
    bench.receive(4, voteFor(4, 1, 6));
    bench.advance(1000);
    expect(bench.elected).toEqual([]);
    expect(bench.eventsOf('voteChanged').at(-1)).toMatchObject({ leader: sid(4) });
  });

  it('the wait begins anew with every notification', () => {
    const bench = finalizing();
    bench.advance(150);
    bench.receive(4, voteFor(4, 1, 1));
    bench.advance(199);
    expect(bench.elected).toEqual([]);
    bench.advance(1);
    expect(bench.elected.map(({ vote }) => vote.leader)).toEqual([1]);
  });

  it('others are dropped, whatever their state or round', () => {
    const bench = finalizing();
    bench.receive(4, voteFor(4, 1, 1), { round: 9 });
    bench.receive(5, voteFor(1, 1, 1), { ...LEADING, round: 9 });
    bench.receive(2, voteFor(2, 1, 1));
    bench.advance(200);
    expect([bench.election.logicalclock, bench.elected.map(({ vote }) => vote.leader)]).toEqual([1, [1]]);
  });

  it('a better vote of a server that is no voter opens it too', () => {
    const bench = finalizing();
    bench.receive(4, { leader: sid(9), zxid: makeZxid(9, 9), peerEpoch: 9 });
    bench.advance(1000);
    expect(bench.elected).toEqual([]);
  });
});

describe('an ensemble that has a leader', () => {
  it.each([
    ['of this round, by the votes of the round', 1, 'recvset'],
    ['of another round, which becomes this one', 8, 'outofelection'],
  ] as const)('%s, is joined at once', (_, round, path) => {
    const bench = looking();
    bench.receive(3, voteFor(3), { ...LEADING, round });
    bench.receive(2, voteFor(3), { ...FOLLOWING, round });
    expect(bench.elected).toMatchObject([{ state: 'FOLLOWING', vote: { leader: 3, electionEpoch: round } }]);
    expect(bench.eventsOf('elected')).toMatchObject([{ path, round }]);
  });

  it.each([1, 8])('is not joined without the word of the leader itself (round %d)', (round) => {
    const bench = looking({ servers: serverSpecs(5) });
    for (const from of [2, 3, 4]) bench.receive(from, voteFor(5), { ...FOLLOWING, round });
    expect(bench.elected).toEqual([]);
    bench.receive(5, voteFor(5), { ...LEADING, round });
    expect(bench.elected).toMatchObject([{ state: 'FOLLOWING', vote: { leader: 5 } }]);
  });

  it('is not joined on the word of a leader that only a minority follows', () => {
    const bench = looking({ servers: serverSpecs(5) });
    bench.receive(5, voteFor(5), { ...LEADING, round: 8 });
    bench.receive(4, voteFor(5), { ...FOLLOWING, round: 8 });
    bench.advance(60_000);
    expect(bench.elected).toEqual([]);
  });

  it('is joined by a server that is one epoch behind, though its members voted with different zxids', () => {
    const bench = looking();
    bench.receive(3, { ...voteFor(3, 1, 5), peerEpoch: 2 }, { ...LEADING, round: 8 });
    bench.receive(2, { ...voteFor(3, 1, 9), peerEpoch: 2 }, { ...FOLLOWING, round: 9 });
    expect(bench.elected).toMatchObject([{ vote: { leader: 3, peerEpoch: 2 } }]);
  });

  it('of this round is joined, though not all of its members have heard that it is established', () => {
    const bench = looking();
    bench.receive(3, { ...voteFor(3), peerEpoch: 2 }, LEADING);
    bench.receive(2, { ...voteFor(3), peerEpoch: 1 }, FOLLOWING);
    expect(bench.eventsOf('elected')).toMatchObject([{ leader: 3, path: 'recvset' }]);
  });

  it('of another round is not joined before its members agree on its epoch', () => {
    const bench = looking();
    bench.receive(3, { ...voteFor(3), peerEpoch: 2 }, { ...LEADING, round: 8 });
    bench.receive(2, { ...voteFor(3), peerEpoch: 1 }, { ...FOLLOWING, round: 8 });
    expect(bench.elected).toEqual([]);
    bench.receive(2, { ...voteFor(3), peerEpoch: 2 }, { ...FOLLOWING, round: 8 });
    expect(bench.elected).toHaveLength(1);
  });

  it('makes no leader of a server that others followed in an earlier round', () => {
    const bench = looking();
    bench.receive(2, voteFor(1), { ...FOLLOWING, round: 8 });
    bench.receive(3, voteFor(1), { ...FOLLOWING, round: 8 });
    expect(bench.elected).toEqual([]);
  });

  it('makes a leader of a server that others follow in this round', () => {
    const bench = looking();
    bench.receive(2, voteFor(1), FOLLOWING);
    bench.receive(3, voteFor(1), FOLLOWING);
    expect(bench.elected).toMatchObject([{ state: 'LEADING' }]);
  });

  it('is not what a notification of an observer tells', () => {
    const bench = looking({ servers: serverSpecs(3, 1) });
    bench.receive(2, voteFor(3), { state: 'OBSERVING' });
    bench.receive(3, voteFor(3), { state: 'OBSERVING' });
    bench.advance(10_000);
    expect(bench.elected).toEqual([]);
  });
});

describe('votes for whoever is not a voter', () => {
  it('are ignored', () => {
    const bench = looking();
    bench.receive(2, voteFor(9, 9, 9));
    expect([bench.takeSent(), bench.eventsOf('voteChanged').length]).toEqual([[], 1]);
  });
});

describe('silence', () => {
  it('is answered by telling everyone again, each time after twice the wait, up to the maximum', () => {
    const bench = looking({ config: { maxNotificationInterval: 1000 } });
    const sentAt: number[] = [];
    for (let ms = 0; ms < 5000; ms += 100) {
      bench.advance(100);
      if (bench.takeSent().length > 0) sentAt.push(bench.host.elapsedMs);
    }
    expect(sentAt).toEqual([200, 600, 1400, 2400, 3400, 4400]);
  });

  it('is answered by dialling again while nothing could be delivered', () => {
    const bench = looking();
    bench.hasDelivered = false;
    bench.advance(600);
    expect([bench.redials, bench.takeSent()]).toEqual([2, []]);
  });

  it('waits the minimum again when the next election begins', () => {
    const bench = looking();
    bench.advance(3000);
    bench.look();
    bench.takeSent();
    bench.advance(200);
    expect(bench.takeSent()).toHaveLength(2);
  });
});

describe('an observer', () => {
  const observer = (): ElectionBench => looking({ sid: 4, servers: serverSpecs(3, 1) });

  it('proposes nobody, and tells so to every voter', () => {
    const bench = new ElectionBench({ sid: 4, servers: serverSpecs(3, 1) });
    bench.election.lookForLeader();
    expect(bench.takeSent().map(({ to, notification }) => [to, notification.leader])).toEqual(
      [1, 2, 3].map((to) => [to, NO_CANDIDATE.leader]),
    );
  });

  it('observes the leader of an ensemble that has one', () => {
    const bench = observer();
    bench.receive(3, voteFor(3), { ...LEADING, round: 8 });
    bench.receive(2, voteFor(3), { ...FOLLOWING, round: 8 });
    expect(bench.elected).toMatchObject([{ state: 'OBSERVING', vote: { leader: 3 } }]);
  });

  it('observes whom a quorum of voters agrees on', () => {
    const bench = observer();
    bench.receive(3, voteFor(3));
    bench.receive(2, voteFor(3));
    bench.advance(200);
    expect(bench.elected).toMatchObject([{ state: 'OBSERVING', vote: { leader: 3 } }]);
  });
});
