import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROFILE } from '../../../../sim/fuzz/arbitrary/profiles.ts';
import type { FuzzOutcome } from '../../../../sim/fuzz/outcome.ts';
import { seedOfRun } from '../../../../sim/fuzz/search/random-search.ts';
import type { Lot, Search } from '../../../../sim/fuzz/search/search.ts';
import { createSearch, STRATEGIES, type StrategyName } from '../../../../sim/fuzz/search/strategies.ts';
import { indexesOf, ISLANDS, WHOLE, type Shard } from '../../../../sim/fuzz/shard.ts';
import { outcomeOf } from '../../../support/fuzz-world.ts';

const profile = PROFILE.quick;
const search = (strategy: StrategyName, runs: number, shard: Shard = WHOLE): Search =>
  createSearch({ strategy, profile, seed: '7', indexes: () => indexesOf(shard, runs) });

/** What became of a run, made up: a function of the run, as it would be. */
const outcome = ({ index, draft }: Lot): FuzzOutcome =>
  outcomeOf(index, {
    situations: draft.actions.flatMap(({ details }) => [details % 50, 1000 + (details % 1000)]),
  });

/** All runs of a search; of those that are under way `choose` says which ends next. */
function allOf(of: Search, atOnce: number, choose: (among: number) => number): ReadonlyMap<number, Lot> {
  const lots = new Map<number, Lot>();
  const underWay: Lot[] = [];
  while (!of.isOver || underWay.length > 0) {
    const lot = underWay.length < atOnce ? of.next() : undefined;
    if (lot !== undefined) {
      lots.set(lot.index, lot);
      underWay.push(lot);
      continue;
    }
    const [ended] = underWay.splice(choose(underWay.length), 1);
    if (ended !== undefined) of.ended(outcome(ended));
  }
  return lots;
}
const inTurn = (): number => 0;

describe.each(STRATEGIES)('a %s search', (strategy) => {
  const whole = allOf(search(strategy, 150), 1, inTurn);

  it('makes every run once', () => {
    expect([...whole.keys()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, i) => i));
  });

  it('makes the same runs however many are made at a time, in whatever order they end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.infiniteStream(fc.nat()), (atOnce, draws) => {
        const choose = (among: number): number => (draws.next().value ?? 0) % among;
        expect(new Map([...allOf(search(strategy, 150), atOnce, choose)].sort(([a], [b]) => a - b))).toEqual(
          new Map([...whole].sort(([a], [b]) => a - b)),
        );
      }),
      { numRuns: 25 },
    );
  });

  it.each([2, 3, ISLANDS])('makes the same runs on %i machines as on one', (of) => {
    for (let part = 1; part <= of; part++)
      for (const [index, lot] of allOf(search(strategy, 150, { part, of }), 3, inTurn))
        expect(lot).toEqual(whole.get(index));
  });
});

describe('a guided search', () => {
  it('draws some runs anew and lets the others go on from what earlier ones reached', () => {
    const lots = [...allOf(search('guided', 600), 1, inTurn).values()];
    const fresh = lots.filter(({ index, seed }) => seed === seedOfRun('7', index));
    expect(fresh.length / lots.length).toBeGreaterThan(0.3);
    expect(fresh.length / lots.length).toBeLessThan(0.6);
    const later = lots.filter(({ draft }) => draft.actions.some(({ when }) => 'atMs' in when));
    expect(later.length / lots.length).toBeGreaterThan(0.3);
  });
});
