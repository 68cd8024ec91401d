import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beats, sameVote, type Candidate, type Vote } from '../../protocol/election/vote.ts';
import { sid } from '../../protocol/ids.ts';
import { QuorumHierarchical, QuorumMaj } from '../../protocol/quorum.ts';
import { releaseWithIssue } from '../../protocol/release/release.ts';
import { makeZxid, UNKNOWN_ZXID, type Zxid } from '../../protocol/zxid.ts';

const MAJORITY = new QuorumMaj(new Set([1, 2, 3].map(sid)));

const candidate = (leader: number, peerEpoch: number, zxid: Zxid): Candidate => ({
  leader: sid(leader),
  peerEpoch,
  zxid,
});

describe('the order of votes', () => {
  const rows: readonly (readonly [string, winner: Candidate, loser: Candidate])[] = [
    ['the higher epoch', candidate(1, 2, makeZxid(1, 1)), candidate(2, 1, makeZxid(1, 1))],
    [
      'the higher epoch with the shorter log',
      candidate(1, 2, makeZxid(1, 1)),
      candidate(2, 1, makeZxid(1, 9)),
    ],
    ['the higher epoch with an empty log', candidate(1, 1, makeZxid(0, 0)), candidate(3, 0, makeZxid(0, 5))],
    ['in one epoch the longer log', candidate(1, 1, makeZxid(1, 6)), candidate(3, 1, makeZxid(1, 5))],
    ['a log of a later epoch', candidate(1, 2, makeZxid(2, 1)), candidate(3, 2, makeZxid(1, 99))],
    ['who established an epoch', candidate(1, 2, makeZxid(2, 0)), candidate(3, 2, makeZxid(1, 99))],
    ['with equal histories the larger sid', candidate(3, 1, makeZxid(1, 5)), candidate(2, 1, makeZxid(1, 5))],
    ['whoever has a history at all', candidate(1, 0, makeZxid(0, 0)), candidate(3, -1, UNKNOWN_ZXID)],
  ];

  it.each(rows)('puts %s first', (_, winner, loser) => {
    expect([beats(MAJORITY, winner, loser), beats(MAJORITY, loser, winner)]).toEqual([true, false]);
  });

  it('lets no vote beat itself', () => {
    const vote = candidate(2, 1, makeZxid(1, 5));
    expect(beats(MAJORITY, vote, { ...vote })).toBe(false);
  });

  it('never lets a server of weight 0 win', () => {
    const weights = new Map([[sid(3), 0]]);
    const weighted = new QuorumHierarchical(new Map([[1, [1, 2, 3].map(sid)]]), weights);
    const [best, worst] = [candidate(3, 9, makeZxid(9, 9)), candidate(1, 0, makeZxid(0, 0))];
    expect([beats(weighted, best, worst), beats(weighted, worst, best)]).toEqual([false, false]);
  });
});

/** ZOOKEEPER-1419: where the order is not total, an election may go on for ever. */
describe('the order of votes is total', () => {
  const candidates = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.nat(3), fc.nat(3), fc.nat(3))
    .map(([leader, peerEpoch, epoch, counter]) => candidate(leader, peerEpoch, makeZxid(epoch, counter)));

  it('of two different votes exactly one wins', () => {
    fc.assert(
      fc.property(candidates, candidates, (a, b) => {
        const isSame = a.leader === b.leader && a.peerEpoch === b.peerEpoch && a.zxid === b.zxid;
        expect(Number(beats(MAJORITY, a, b)) + Number(beats(MAJORITY, b, a))).toBe(isSame ? 0 : 1);
      }),
    );
  });

  it('who beats the winner beats the loser', () => {
    fc.assert(
      fc.property(candidates, candidates, candidates, (a, b, c) => {
        fc.pre(beats(MAJORITY, a, b) && beats(MAJORITY, b, c));
        expect(beats(MAJORITY, a, c)).toBe(true);
      }),
    );
  });
});

describe('the order of votes of ZOOKEEPER-1419', () => {
  const beatsThere = (a: Candidate, b: Candidate): boolean =>
    beats(MAJORITY, a, b, releaseWithIssue('ZOOKEEPER-1419'));
  const votes = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.nat(3), fc.nat(3))
    .map(([leader, peerEpoch, counter]) => candidate(leader, peerEpoch, makeZxid(0, counter)));

  it('lets each of two votes beat the other', () => {
    const [two, three] = [candidate(2, 1, makeZxid(0, 0)), candidate(3, 0, makeZxid(0, 0))];
    expect([beatsThere(two, three), beatsThere(three, two)]).toEqual([true, true]);
  });

  it('differs only where the histories are equal and the epochs are not', () => {
    fc.assert(
      fc.property(votes, votes, (a, b) => {
        fc.pre(a.zxid !== b.zxid || a.peerEpoch === b.peerEpoch);
        expect(beatsThere(a, b)).toBe(beats(MAJORITY, a, b));
      }),
    );
  });
});

describe('two votes are the same', () => {
  const vote = (init: Partial<Vote>): Vote => ({
    leader: sid(3),
    zxid: makeZxid(1, 5),
    electionEpoch: 2,
    peerEpoch: 1,
    state: 'FOLLOWING',
    version: 2,
    ...init,
  });
  const looking = { state: 'LOOKING' } as const;

  const rows: readonly (readonly [string, Partial<Vote>, Partial<Vote>, boolean])[] = [
    ['LOOKING votes that agree in everything', looking, looking, true],
    ['LOOKING votes of different rounds', looking, { ...looking, electionEpoch: 3 }, false],
    ['LOOKING votes for different histories', looking, { ...looking, zxid: makeZxid(1, 6) }, false],
    ['LOOKING votes of different epochs', looking, { ...looking, peerEpoch: 2 }, false],
    ['LOOKING and FOLLOWING in one round', looking, {}, true],
    ['LOOKING and FOLLOWING in different rounds', looking, { electionEpoch: 3 }, false],
    ['different leaders', {}, { leader: sid(2) }, false],
    ['different leaders, one vote kept without its format', {}, { leader: sid(2), version: 0 }, false],
    ['members with different zxids', {}, { zxid: makeZxid(1, 9) }, true],
    ['members with different rounds', { state: 'LEADING' }, { electionEpoch: 9 }, true],
    ['members of different epochs', {}, { peerEpoch: 2 }, false],
    ['members of different epochs, one kept without its format', {}, { peerEpoch: 2, version: 0 }, true],
    ['members of different epochs, both kept without', { version: 0 }, { peerEpoch: 2, version: 0 }, false],
  ];

  it.each(rows)('%s', (_, a, b, expected) => {
    expect([sameVote(vote(a), vote(b)), sameVote(vote(b), vote(a))]).toEqual([expected, expected]);
  });
});
