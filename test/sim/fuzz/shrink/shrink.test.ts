import { describe, expect, it } from 'vitest';
import { loadText } from '../../../../scenarios/loader.ts';
import { writeScenario } from '../../../../scenarios/write/scenario.ts';
import { shrinkPlan } from '../../../../sim/fuzz/shrink/shrink.ts';
import { drawSwarm } from '../../../../sim/fuzz/swarm.ts';
import type { RunPlan } from '../../../../sim/plan.ts';

const SEEDS = ['1', '2', '3', '4', '5', '6', '7', '8'];

/** As if it took one fault of this kind, and somebody who writes, to fail. */
const neededBy = ({ timeline }: RunPlan) => timeline[Math.floor(timeline.length / 2)]?.fault.kind ?? 'heal';
const failsWith =
  (kind: string) =>
  (plan: RunPlan): boolean =>
    (plan.timeline.length === 0 ? kind === 'heal' : plan.timeline.some(({ fault }) => fault.kind === kind)) &&
    plan.clients.some(({ activities }) => activities.length > 0);

const always = (): boolean => true;

describe('a failing plan is shrunk', () => {
  it.each(SEEDS)('to the one fault and the one client that it takes (seed %s)', (seed) => {
    const { plan } = drawSwarm(seed);
    const shrunk = shrinkPlan({ plan, fails: failsWith(neededBy(plan)), hasTime: always });
    expect(shrunk.isMinimal).toBe(true);
    expect(shrunk.plan.timeline.length).toBeLessThanOrEqual(1);
    expect(shrunk.plan.clients).toHaveLength(1);
    expect(shrunk.plan.clients[0]?.activities).toHaveLength(1);
    expect(failsWith(neededBy(plan))(shrunk.plan)).toBe(true);
  });

  it('to something that a scenario file can say, and that loads as the same plan', () => {
    for (const seed of SEEDS) {
      const { plan } = drawSwarm(seed);
      const { plan: smallest } = shrinkPlan({ plan, fails: failsWith(neededBy(plan)), hasTime: always });
      const loaded = loadText('shrunk.yaml', writeScenario(smallest));
      expect('problems' in loaded ? loaded.problems : []).toEqual([]);
      expect(loaded.ok && writeScenario(loaded.plan)).toBe(writeScenario(smallest));
    }
  });

  it('in the same way each time', () => {
    const { plan } = drawSwarm('5');
    const [first, second] = [1, 2].map(() =>
      shrinkPlan({ plan, fails: failsWith(neededBy(plan)), hasTime: always }),
    );
    expect(second?.plan).toEqual(first?.plan);
    expect(second?.attempts).toBe(first?.attempts);
  });

  it('only as far as time allows, and never to a plan that was not seen to fail', () => {
    const { plan } = drawSwarm('3');
    const fails = failsWith(neededBy(plan));
    let left = 5;
    const shrunk = shrinkPlan({ plan, fails, hasTime: () => left-- > 0 });
    expect(shrunk.isMinimal).toBe(false);
    expect(shrunk.attempts).toBe(5);
    expect(fails(shrunk.plan)).toBe(true);
  });
});
