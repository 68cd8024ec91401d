import { describe, expect, it } from 'vitest';
import { Coverage, SITUATION_NAMES } from '../../../sim/fuzz/coverage.ts';
import { FAULT_KINDS } from '../../../sim/fault-kinds.ts';
import { WORLD } from '../../../sim/party.ts';
import { drawSwarm } from '../../../sim/fuzz/swarm.ts';
import { runSimulation } from '../../../sim/simulation.ts';

describe('coverage', () => {
  it('begins with nothing seen, and names everything that there is to see', () => {
    const { counts } = new Coverage();
    expect([...counts.keys()]).toEqual(SITUATION_NAMES);
    expect([...counts.values()].every((count) => count === 0)).toBe(true);
    for (const kind of FAULT_KINDS) expect(SITUATION_NAMES).toContain(`fault: ${kind}`);
  });

  it('counts a fault only when it struck somebody', () => {
    const coverage = new Coverage();
    const fault = { type: 'fault', kind: 'crash', text: 'crash: leader', cause: 'at 1 ms' } as const;
    coverage.onEvent(0, WORLD, { ...fault, struck: [] });
    expect(coverage.counts.get('fault: crash')).toBe(0);
    coverage.onEvent(0, WORLD, { ...fault, struck: [1] });
    expect(coverage.counts.get('fault: crash')).toBe(1);
  });

  it('sees what a run came into', () => {
    const coverage = new Coverage();
    for (const seed of ['1', '2', '3']) runSimulation(drawSwarm(seed).plan, seed, { sinks: [coverage] });
    expect(coverage.counts.get('leader established')).toBeGreaterThan(0);
    expect(coverage.counts.get('session opened')).toBeGreaterThan(0);
  });
});
