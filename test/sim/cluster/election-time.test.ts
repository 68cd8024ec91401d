import { describe, expect, it } from 'vitest';
import { serverParty } from '../../../sim/party.ts';
import type { RunPlan } from '../../../sim/plan.ts';
import { toMs } from '../../../sim/time.ts';
import { Ensemble } from '../../support/ensemble.ts';
import { ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';

/** tickTime 2000 and a network of 1 ms, as a healthy ensemble has it; servers come up within a tenth of a second. */
const planOf = (servers: number): RunPlan =>
  runPlan(ensembleOf(serverSpecs(servers)), {
    processes: {
      boot: { kind: 'uniform', minMs: 10, maxMs: 100 },
      stage: { kind: 'uniform', minMs: 0, maxMs: 0.05 },
    },
  });

const SEEDS = Array.from({ length: 20 }, (_, i) => String(i + 1));

describe.each([3, 5])('an ensemble of %i that starts', (servers) => {
  it.each(SEEDS)('elects well within a second and serves within two: seed %s', (seed) => {
    const ensemble = new Ensemble(planOf(servers), seed);
    ensemble.untilServing();
    const lastStart = Math.max(...ensemble.records('started').map((record) => record.at));
    const lastElected = Math.max(...ensemble.records('elected').map((record) => record.at));
    expect(toMs(lastElected - lastStart)).toBeLessThan(600);
    expect(ensemble.nowMs - toMs(lastStart)).toBeLessThan(2000);
  });

  it('elects once, and everybody the same', () => {
    const ensemble = new Ensemble(planOf(servers), 'once');
    ensemble.untilServing();
    ensemble.forMs(10_000);
    const elected = ensemble.events('elected');
    expect(elected).toHaveLength(servers);
    expect(new Set(elected.map(({ leader }) => leader))).toEqual(new Set([ensemble.leader.sid]));
    expect(ensemble.events('established', serverParty(ensemble.leader.sid))).toHaveLength(1);
  });
});
