import { describe, expect, it } from 'vitest';
import { defined } from '../../../../protocol/assert.ts';
import { loadText } from '../../../../scenarios/loader.ts';
import { writeScenario } from '../../../../scenarios/write/scenario.ts';
import { fuzzPlan } from '../../../../sim/fuzz/fuzz-plan.ts';
import { runOne } from '../../../../sim/fuzz/run-one.ts';
import { shrinkPlan } from '../../../../sim/fuzz/shrink/shrink.ts';
import type { RunPlan } from '../../../../sim/plan.ts';

const ISSUE = 'ZOOKEEPER-4685';
const PROMISE = 'legal-packets';

const breaks = (plan: RunPlan, seed: string): boolean =>
  runOne(0, seed, plan).broken.some(({ promise }) => promise === PROMISE);

/** The first of some seeds that finds it. */
function found(): { readonly plan: RunPlan; readonly seed: string } {
  const seeds = Array.from({ length: 200 }, (_, run) => `1/${String(run)}`);
  const drawn = (seed: string): RunPlan => ({ ...fuzzPlan('default', seed), release: ISSUE });
  const seed = defined(
    seeds.find((one) => breaks(drawn(one), one)),
    'a seed that finds the defect',
  );
  return { plan: drawn(seed), seed };
}

describe('a defect of an older release that the fuzzer found', () => {
  it('shrinks to a page, and the file that says it breaks the same promise with the same seed', () => {
    const { plan, seed } = found();
    const shrunk = shrinkPlan({ plan, fails: (smaller) => breaks(smaller, seed), hasTime: () => true });
    expect(shrunk.plan.ensemble.servers.length).toBeLessThanOrEqual(3);
    expect(shrunk.plan.timeline.length).toBeLessThanOrEqual(12);
    const text = writeScenario(shrunk.plan);
    expect(text.split('\n').length).toBeLessThan(40);
    const loaded = loadText('shrunk.yaml', text);
    expect(loaded.ok && breaks(loaded.plan, seed)).toBe(true);
  });
});
