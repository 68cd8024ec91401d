import { describe, expect, it } from 'vitest';
import { defined } from '../../../../protocol/assert.ts';
import { loadText } from '../../../../scenarios/loader.ts';
import { writeScenario } from '../../../../scenarios/write/scenario.ts';
import { fuzzPlan } from '../../../../sim/fuzz/fuzz-plan.ts';
import { runOne } from '../../../../sim/fuzz/run-one.ts';
import { shapeOf } from '../../../../sim/fuzz/shape.ts';
import { shrinkFailure } from '../../../../sim/fuzz/shrink/failure.ts';
import type { RunPlan } from '../../../../sim/plan.ts';

const evidenceOf = (plan: RunPlan, seed: string, promise: string): readonly string[] | undefined =>
  runOne(0, seed, plan).broken.find((broken) => broken.promise === promise)?.evidence;

/** The first of some seeds that finds it, in an ensemble of more than three. */
function found(issue: string, promise: string): { readonly plan: RunPlan; readonly seed: string } {
  const drawn = (seed: string): RunPlan => ({ ...fuzzPlan('default', seed), release: issue });
  const seeds = Array.from({ length: 500 }, (_, run) => `1/${String(run)}`);
  const finds = (seed: string): boolean => evidenceOf(drawn(seed), seed, promise) !== undefined;
  const seed = seeds.find((one) => drawn(one).ensemble.servers.length > 3 && finds(one));
  return { plan: drawn(defined(seed, 'a seed that finds the defect')), seed: defined(seed, 'the same') };
}

describe('a defect of an older release that the fuzzer found among many servers', () => {
  it.each([
    ['ZOOKEEPER-335', 'one-leader-per-epoch'],
    ['ZOOKEEPER-790', 'committed-logs-agree'],
    ['ZOOKEEPER-4394', 'legal-packets'],
    ['ZOOKEEPER-4685', 'legal-packets'],
  ])(
    'shrinks to a page with the same promise, seed and shape: %s',
    (issue, promise) => {
      const { plan, seed } = found(issue, promise);
      const shrunk = shrinkFailure({ plan, seed, promise, hasTime: () => true });
      expect(shrunk.plan.ensemble.servers.length).toBeLessThanOrEqual(3);
      expect(shrunk.plan.timeline.length).toBeLessThanOrEqual(12);
      expect(shrunk.isMinimal).toBe(true);
      const shape = shapeOf(promise, defined(evidenceOf(plan, seed, promise), 'evidence'));
      expect(shapeOf(promise, shrunk.evidence)).toBe(shape);
      expect(shrunk.keepsShape).toBe(true);
      const text = writeScenario(shrunk.plan);
      expect(text.split('\n').length).toBeLessThan(45);
      const loaded = loadText('shrunk.yaml', text);
      expect(loaded.ok && evidenceOf(loaded.plan, seed, promise)).toEqual(shrunk.evidence);
    },
    60_000,
  );
});
