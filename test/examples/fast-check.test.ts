import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scenarios } from '../../sim/entry/fast-check.ts';
import { simulate } from '../../sim/entry/index.ts';
import '../../sim/entry/vitest.ts';

it('keeps every promise whatever goes wrong', () => {
  const keepsAll = fc.property(scenarios('quick'), ({ plan, seed }) => {
    expect(simulate(plan, { seed })).toKeepEveryPromise();
  });
  fc.assert(keepsAll, { numRuns: 20, seed: 1 });
});

it('answers again once recovery is over', () => {
  const recovers = fc.property(scenarios('recovery'), ({ plan, seed }) => {
    expect(simulate(plan, { seed })).toKeepPromise('liveness');
  });
  fc.assert(recovers, { numRuns: 10, seed: 1 });
});
