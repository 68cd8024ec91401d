import { describe, expect, it } from 'vitest';
import { sid } from '../../protocol/ids.ts';
import { Quorums } from '../../sim/checkers/quorum.ts';
import { ensembleOf, serverSpecs } from '../support/plans.ts';

describe('majority quorums', () => {
  it.each([
    [1, [1], true],
    [2, [1], false],
    [2, [1, 2], true],
    [3, [1], false],
    [3, [2, 3], true],
    [4, [1, 2], false],
    [4, [1, 2, 4], true],
    [5, [1, 2], false],
    [5, [1, 3, 5], true],
    [3, [], false],
  ])('of %i servers, %j: %s', (servers, has, expected) => {
    expect(new Quorums(ensembleOf(serverSpecs(servers))).containsQuorum(has.map(sid))).toBe(expected);
  });

  it('do not count observers', () => {
    const quorums = new Quorums(ensembleOf(serverSpecs(3, 2)));
    expect(quorums.voters).toEqual([1, 2, 3]);
    expect(quorums.containsQuorum([1, 4, 5].map(sid))).toBe(false);
  });

  it('count a server once, however often it acknowledges', () => {
    expect(new Quorums(ensembleOf(serverSpecs(3))).containsQuorum([1, 1].map(sid))).toBe(false);
  });
});

describe('weighted quorums', () => {
  const nine = new Quorums(
    ensembleOf(serverSpecs(9), {
      groups: new Map([
        [1, [1, 2, 3].map(sid)],
        [2, [4, 5, 6].map(sid)],
        [3, [7, 8, 9].map(sid)],
      ]),
    }),
  );
  it.each([
    [[1, 2, 4, 5], true],
    [[1, 2, 3, 4], false],
    [[1, 4, 7], false],
    [[1, 2, 4, 5, 7], true],
    [[1, 2, 3, 4, 7], false],
    [[4, 6, 8, 9], true],
  ])('of three groups of three, %j: %s', (has, expected) => {
    expect(nine.containsQuorum(has.map(sid))).toBe(expected);
  });

  const weighted = new Quorums(
    ensembleOf(serverSpecs(5), {
      groups: new Map([
        [1, [1, 2, 3].map(sid)],
        [2, [4, 5].map(sid)],
      ]),
      weights: new Map([
        [sid(1), 3],
        [sid(4), 0],
        [sid(5), 0],
      ]),
    }),
  );
  it.each([
    [[1], true],
    [[2, 3], false],
    [[2, 3, 4, 5], false],
    [[1, 4], true],
  ])('with a heavy server and a group without weight, %j: %s', (has, expected) => {
    expect(weighted.containsQuorum(has.map(sid))).toBe(expected);
  });
});
