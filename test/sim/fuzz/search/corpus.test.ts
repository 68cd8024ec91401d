import { describe, expect, it } from 'vitest';
import { PROFILE } from '../../../../sim/fuzz/arbitrary/profiles.ts';
import { Dice } from '../../../../sim/fuzz/dice.ts';
import { Corpus } from '../../../../sim/fuzz/search/corpus.ts';
import { freshLot } from '../../../../sim/fuzz/search/random-search.ts';
import type { Lot } from '../../../../sim/fuzz/search/search.ts';
import { Random } from '../../../../sim/random.ts';

const dice = new Dice(new Random('corpus').stream('test'));
const lotWith = (actions: number): Lot => {
  const lot = freshLot(PROFILE.default, 'corpus', actions);
  const [action] = freshLot(PROFILE.default, 'corpus', 1).draft.actions;
  return {
    ...lot,
    draft: {
      ...lot.draft,
      actions: Array.from({ length: actions }, () => action).flatMap((one) => one ?? []),
    },
  };
};

describe('a corpus', () => {
  it('has nothing to go on from as long as nothing was reached', () => {
    expect(new Corpus().choose(dice)).toBeUndefined();
  });

  it('remembers of each situation the run with the fewest actions that came into it, and when', () => {
    const corpus = new Corpus();
    const [long, short] = [lotWith(5), lotWith(2)];
    corpus.add(long, [77, 100]);
    corpus.add(short, [77, 250]);
    corpus.add(long, [77, 90]);
    expect(corpus.size).toBe(1);
    expect(corpus.choose(dice)).toEqual({ seed: short.seed, draft: short.draft, atMs: 250 });
  });

  it('goes on rather from what few runs came into', () => {
    const corpus = new Corpus();
    const [often, once] = [lotWith(1), lotWith(2)];
    for (let run = 0; run < 200; run++) corpus.add(often, [1, 10, 2, 20, 3, 30]);
    corpus.add(once, [4, 40]);
    const chosen = Array.from({ length: 100 }, () => corpus.choose(dice)?.atMs);
    expect(chosen.filter((atMs) => atMs === 40).length).toBeGreaterThan(75);
  });
});
