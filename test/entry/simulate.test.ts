import { describe, expect, it, vi } from 'vitest';
import { planAt, ScenarioError, simulate } from '../../sim/entry/index.ts';
import { runSimulation } from '../../sim/simulation.ts';
import { libraryPlan } from '../support/library-plan.ts';
import { ensembleOf, runPlan, serverSpecs } from '../support/plans.ts';

describe('simulate', () => {
  it('gives what `--json` prints: the scenario as it was called, the seed, and how long it took', () => {
    const result = simulate('minority-partition', { seed: 3 });
    const { wallMs } = result;
    const expected = runSimulation(libraryPlan('minority-partition'), '3');
    expect(result).toEqual({ ...expected, scenario: 'minority-partition', wallMs });
    expect(wallMs).toBeGreaterThan(0);
  });

  it('takes a path, a name of the library, and a plan, and runs the same', () => {
    const byName = simulate('crash-mid-write', { seed: 'x' });
    const byPath = simulate('scenarios/crash-mid-write.yaml', { seed: 'x' });
    const byPlan = simulate(planAt('crash-mid-write'), { seed: 'x' });
    expect([byPath.fingerprint, byPlan.fingerprint]).toEqual([byName.fingerprint, byName.fingerprint]);
    expect(byPlan.scenario).toBe('crash-mid-write');
  });

  it('runs another release where one is given, and says so', () => {
    const result = simulate('ZOOKEEPER-4685', { release: 'ZOOKEEPER-4685' });
    expect(result).toMatchObject({ release: 'ZOOKEEPER-4685', verdict: 'broken' });
    expect(simulate('ZOOKEEPER-4685').verdict).not.toBe('broken');
  });

  it('leaves no trace of its plan in what is printed', () => {
    const result = simulate(runPlan(ensembleOf(serverSpecs(1)), { durationMs: 500 }));
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(JSON.stringify(result)).not.toContain('tickTime');
  });

  describe('without a seed', () => {
    const small = runPlan(ensembleOf(serverSpecs(1)), { durationMs: 500 });
    const recorded = { seed: '77', promise: 'liveness', version: '0.1.0', fingerprint: '0'.repeat(16) };

    it('takes that of the failure that a plan records', () => {
      expect(simulate({ ...small, recorded }).seed).toBe('77');
    });

    it('takes ZABSIM_SEED, and 1 where that is empty', () => {
      vi.stubEnv('ZABSIM_SEED', 'from-outside');
      expect(simulate(small).seed).toBe('from-outside');
      vi.stubEnv('ZABSIM_SEED', '');
      expect(simulate(small).seed).toBe('1');
      vi.unstubAllEnvs();
    });
  });

  it('refuses what can not be read with the place and the nearest right word', () => {
    expect(() => simulate('frist')).toThrow(ScenarioError);
    expect(() => simulate('frist')).toThrow(/no scenario `frist`.*did you mean first\?/s);
  });

  it('refuses a release that does not exist', () => {
    expect(() => simulate('first', { release: '3.4.99' })).toThrow(/release: expected .*not `3\.4\.99`/);
  });
});
