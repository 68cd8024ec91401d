import { describe, expect, it } from 'vitest';
import { PROMISES } from '../../sim/checkers/promise-names.ts';
import { runSimulation } from '../../sim/simulation.ts';
import { PLANTED } from '../support/planted/index.ts';
import { brokenOnes, runPlanted, SEEDS } from '../support/planted/planted.ts';
import { CLIENTS_MOVE_AND_CLOSE } from '../support/planted/stories.ts';

const PLANS = [...new Set(PLANTED.map(({ plan }) => plan))];

describe('the planted defect', () => {
  it.each(PLANTED)('$name breaks $breaks', (defect) => {
    expect(brokenOnes(runPlanted(defect, SEEDS.other))).toContain(defect.breaks);
  });
});

describe('without a defect', () => {
  it.each(Object.values(SEEDS))('the same runs keep every promise (seed %s)', (seed) => {
    const verdicts = PLANS.map((plan) => brokenOnes(runSimulation(plan, seed).promises));
    expect(verdicts.flat()).toEqual([]);
  });
});

describe('a planted defect', () => {
  it('is gone when its run is over', () => {
    const { fingerprint } = runSimulation(CLIENTS_MOVE_AND_CLOSE, '1');
    for (const defect of PLANTED) defect.plant()();
    expect(runSimulation(CLIENTS_MOVE_AND_CLOSE, '1').fingerprint).toBe(fingerprint);
  });

  it('exists twice and more for every promise', () => {
    const rare = PROMISES.filter((promise) => PLANTED.filter(({ breaks }) => breaks === promise).length < 2);
    expect(rare).toEqual([]);
  });

  it('has a name of its own', () => {
    expect(new Set(PLANTED.map(({ name }) => name)).size).toBe(PLANTED.length);
  });
});
