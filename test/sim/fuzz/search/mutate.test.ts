import { describe, expect, it } from 'vitest';
import { planOf } from '../../../../sim/fuzz/arbitrary/plan.ts';
import { PROFILE } from '../../../../sim/fuzz/arbitrary/profiles.ts';
import { Dice } from '../../../../sim/fuzz/dice.ts';
import { runOne } from '../../../../sim/fuzz/run-one.ts';
import { continued, varied } from '../../../../sim/fuzz/search/mutate.ts';
import { freshLot } from '../../../../sim/fuzz/search/random-search.ts';
import type { Lot } from '../../../../sim/fuzz/search/search.ts';
import { Random } from '../../../../sim/random.ts';

const profile = PROFILE.recovery;
const diceOf = (seed: number): Dice => new Dice(new Random(String(seed)).stream('test'));

/** `[situation, atMs]`, in the order in which the run came into them. */
const situationsOf = ({ index, seed, draft }: Lot): readonly (readonly [number, number])[] => {
  const { situations = [] } = runOne(index, seed, planOf(draft, seed), true);
  return situations.flatMap((situation, i) =>
    i % 2 === 0 ? [[situation, situations[i + 1] ?? 0] as const] : [],
  );
};

describe('a run that goes on from a situation of another one', () => {
  it('is the same run until it has come into that situation', () => {
    for (let index = 0; index < 15; index++) {
      const lot = freshLot(profile, 'mutate', index);
      const before = situationsOf(lot);
      const [, atMs] = before[Math.floor((before.length * 2) / 3)] ?? [0, 0];
      const draft = continued({ ...lot, atMs }, profile, diceOf(index), `new ${index}`);
      const until = (pairs: typeof before): typeof before => pairs.filter(([, at]) => at <= atMs);
      expect(until(situationsOf({ ...lot, draft })), lot.seed).toEqual(until(before));
    }
  });

  it('has something new right behind that moment', () => {
    const lot = freshLot(profile, 'mutate', 3);
    const found = { ...lot, atMs: 2000.5 };
    const times = Array.from({ length: 40 }, (_, seed) =>
      continued(found, profile, diceOf(seed), `new ${seed}`).actions.flatMap(({ when }) =>
        when.kind === 'moment' ? [when.atMs] : [],
      ),
    ).flat();
    expect(times).toContain(2000.501);
    expect(Math.min(...times)).toBeGreaterThan(2000.5);
  });
});

describe('a varied run', () => {
  it('differs in one action', () => {
    for (let seed = 0; seed < 50; seed++) {
      const lot = freshLot(profile, 'varied', seed);
      const { actions } = varied({ ...lot, atMs: 0 }, profile, diceOf(seed), `new ${seed}`);
      const kept = actions.filter((action) => lot.draft.actions.includes(action));
      expect(kept.length, lot.seed).toBeGreaterThanOrEqual(lot.draft.actions.length - 1);
      expect(actions.length - kept.length, lot.seed).toBeLessThanOrEqual(1);
    }
  });
});
