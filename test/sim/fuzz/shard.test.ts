import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexesOf, islandOf, ISLANDS, runsOfShard, WHOLE, type Shard } from '../../../sim/fuzz/shard.ts';

const shards = (of: number): readonly Shard[] => Array.from({ length: of }, (_, n) => ({ part: n + 1, of }));

describe('the shards of a campaign', () => {
  it('take every run once, all together, and know how many they take', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat({ max: 100 }), (of, runs) => {
        const taken = shards(of).map((shard) => [...indexesOf(shard, runs)]);
        expect(taken.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: runs }, (_, n) => n));
        expect(shards(of).map((shard) => runsOfShard(shard, runs))).toEqual(
          taken.map(({ length }) => length),
        );
      }),
    );
  });

  it('take every n-th run, and a whole campaign takes all', () => {
    expect([...indexesOf({ part: 2, of: 4 }, 12)]).toEqual([1, 5, 9]);
    expect([...indexesOf(WHOLE, 3)]).toEqual([0, 1, 2]);
  });

  it('take whole islands, as runs of one island learn from one another', () => {
    for (let of = 1; of <= ISLANDS; of++) {
      const islands = shards(of).map((shard) => new Set([...indexesOf(shard, 200)].map(islandOf)));
      expect(islands.reduce((sum, { size }) => sum + size, 0)).toBe(ISLANDS);
    }
  });
});
