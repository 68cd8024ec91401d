import { describe, expect, it } from 'vitest';
import { fuzzPlan } from '../../../sim/fuzz/fuzz-plan.ts';

describe('the plan of a fuzzed run', () => {
  it('is the same for the same profile and seed, and another one for another seed', () => {
    const seeds = Array.from({ length: 100 }, (_, i) => `1/${i}`);
    const plans = seeds.map((seed) => fuzzPlan('default', seed));
    expect(fuzzPlan('disk', '1/7')).toEqual(fuzzPlan('disk', '1/7'));
    expect(new Set(plans.map((plan) => JSON.stringify(plan))).size).toBe(plans.length);
  });

  it('has only faults that its profile names', () => {
    const plans = Array.from({ length: 100 }, (_, i) => fuzzPlan('clocks', `2/${i}`));
    const kinds = new Set(plans.flatMap(({ timeline }) => timeline.map(({ fault }) => fault.kind)));
    expect([...kinds].sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'clock',
      'clog',
      'crash',
      'isolate',
      'pause',
      'slowCpu',
    ]);
  });
});
