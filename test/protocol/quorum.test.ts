import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sid, type Sid } from '../../protocol/ids.ts';
import { AckTracker, createVerifier, QuorumHierarchical, QuorumMaj } from '../../protocol/quorum.ts';
import { ensembleOf, serverSpecs } from '../support/plans.ts';

const sids = (...numbers: readonly number[]): readonly Sid[] => numbers.map(sid);
const set = (...numbers: readonly number[]): ReadonlySet<Sid> => new Set(sids(...numbers));

describe('a majority', () => {
  it.each([
    [1, [], false],
    [1, [1], true],
    [2, [1], false],
    [2, [1, 2], true],
    [3, [1], false],
    [3, [1, 3], true],
    [4, [1, 2], false],
    [4, [1, 2, 3], true],
    [5, [1, 2, 3], true],
    [3, [1, 7, 8, 9], false],
  ])('of %d servers, by %j: %s', (count, acks, expected) => {
    const verifier = new QuorumMaj(set(...Array.from({ length: count }, (_, i) => i + 1)));
    expect(verifier.containsQuorum(set(...acks))).toBe(expected);
  });
});

describe('hierarchical quorums', () => {
  const groups = new Map([
    [1, sids(1, 2, 3)],
    [2, sids(4, 5, 6)],
    [3, sids(7, 8, 9)],
  ]);

  it.each([
    ['two groups, each by a majority', [1, 2, 4, 5], true],
    ['a majority of the servers that is one of only one group', [1, 2, 3, 4, 7], false],
    ['nobody', [], false],
    ['everybody of one group', [1, 2, 3], false],
    ['strangers', [1, 2, 44, 55], false],
  ])('%s', (_, acks, expected) => {
    expect(new QuorumHierarchical(groups, new Map()).containsQuorum(set(...acks))).toBe(expected);
  });

  it.each([
    ['one heavy server is its group', [1, 4, 5], true],
    ['the light ones are not', [2, 3, 4, 5], false],
    ['half of the weight is not enough', [1, 2, 3, 7], false],
  ])('count weights: %s', (_, acks, expected) => {
    const weights = new Map([
      [sid(1), 5],
      [sid(7), 2],
    ]);
    expect(new QuorumHierarchical(groups, weights).containsQuorum(set(...acks))).toBe(expected);
  });

  it('leave out a group without weight', () => {
    const weights = new Map(sids(7, 8, 9).map((member) => [member, 0]));
    const verifier = new QuorumHierarchical(groups, weights);
    expect([verifier.containsQuorum(set(1, 2, 4, 5)), verifier.containsQuorum(set(1, 2, 7, 8, 9))]).toEqual([
      true,
      false,
    ]);
    expect(verifier.weightOf(sid(7))).toBe(0);
  });
});

describe('any two quorums', () => {
  const subset = fc.uniqueArray(fc.integer({ min: 1, max: 9 })).map((numbers) => set(...numbers));
  const weights = fc
    .array(fc.nat(3), { minLength: 9, maxLength: 9 })
    .map((list) => new Map(list.map((weight, i) => [sid(i + 1), weight])));
  const groups = new Map([
    [1, sids(1, 2, 3, 4)],
    [2, sids(5, 6)],
    [3, sids(7, 8, 9)],
  ]);

  it('have a server in common', () => {
    fc.assert(
      fc.property(weights, subset, subset, fc.boolean(), (weighted, a, b, isMajority) => {
        const verifier = isMajority
          ? new QuorumMaj(set(1, 2, 3, 4, 5, 6, 7, 8, 9))
          : new QuorumHierarchical(groups, weighted);
        fc.pre(verifier.containsQuorum(a) && verifier.containsQuorum(b));
        expect([...a].some((member) => b.has(member))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('who votes', () => {
  it('is every participant', () => {
    expect([...createVerifier(ensembleOf(serverSpecs(3, 2))).votingMembers]).toEqual([1, 2, 3]);
  });

  it('is every member of a group', () => {
    const groups = new Map([
      [1, sids(1, 2)],
      [2, sids(3)],
    ]);
    const verifier = createVerifier(ensembleOf(serverSpecs(3, 2), { groups }));
    expect([[...verifier.votingMembers], verifier.weightOf(sid(1))]).toEqual([[1, 2, 3], 1]);
  });
});

describe('acknowledgements', () => {
  it('of those that do not vote are not counted', () => {
    const tracker = new AckTracker(new QuorumMaj(set(1, 2, 3)));
    for (const from of sids(1, 1, 4, 5)) tracker.add(from);
    expect([[...tracker.acks], tracker.hasQuorum]).toEqual([[1], false]);
    tracker.add(sid(3));
    expect(tracker.hasQuorum).toBe(true);
    tracker.remove(sid(1));
    expect([[...tracker.acks], tracker.hasQuorum]).toEqual([[3], false]);
  });
});
