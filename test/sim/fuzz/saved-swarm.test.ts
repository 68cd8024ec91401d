import { describe, expect, it } from 'vitest';
import { loadText } from '../../../scenarios/loader.ts';
import { writeScenario } from '../../../scenarios/write/scenario.ts';
import { drawSwarm } from '../../../sim/fuzz/swarm.ts';
import type { RunPlan } from '../../../sim/plan.ts';
import { runSimulation } from '../../../sim/simulation.ts';
import { memoryFiles } from '../../support/memory-files.ts';

const SEEDS = Array.from({ length: 10 }, (_, i) => String(i + 1));

function saved(plan: RunPlan): RunPlan {
  const loaded = loadText('drawn.yaml', writeScenario(plan, 'drawn'), memoryFiles({}));
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  return loaded.plan;
}

describe('a swarm that was saved as a scenario file', () => {
  it.each(SEEDS)('is the same run with the same seed: %s', (seed) => {
    const { plan } = drawSwarm(seed);
    expect(runSimulation(saved(plan), seed).fingerprint).toBe(runSimulation(plan, seed).fingerprint);
  });
});
