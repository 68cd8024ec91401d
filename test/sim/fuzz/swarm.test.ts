import { describe, expect, it } from 'vitest';
import { createVerifier } from '../../../protocol/quorum.ts';
import { FAULT_KINDS } from '../../../sim/fault-kinds.ts';
import { drawSwarm } from '../../../sim/fuzz/swarm.ts';
import type { FaultKind, Target } from '../../../sim/fault-plan.ts';
import type { RunPlan } from '../../../sim/plan.ts';
import { runSimulation } from '../../../sim/simulation.ts';

const SEEDS = Array.from({ length: 600 }, (_, i) => String(i + 1));
const PLANS = SEEDS.map((seed) => drawSwarm(seed).plan);

const participantsOf = (plan: RunPlan): RunPlan['ensemble']['servers'] =>
  plan.ensemble.servers.filter((server) => server.learnerType === 'PARTICIPANT');

/** Faults that may cost a server what it had flushed. */
const COSTLY: ReadonlySet<FaultKind> = new Set<FaultKind>(['wipe', 'copyData', 'restore', 'loseSnapshot']);

describe('a swarm', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(drawSwarm('7')).toEqual(drawSwarm('7'));
    expect(new Set(PLANS.map((plan) => JSON.stringify(plan))).size).toBe(PLANS.length);
  });

  it('draws 1 to 9 participants, 0 to 4 observers, groups and weights', () => {
    const participants = new Set(PLANS.map((plan) => participantsOf(plan).length));
    expect([...participants].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const observers = new Set(
      PLANS.map((plan) => plan.ensemble.servers.length - participantsOf(plan).length),
    );
    expect([...observers].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    expect(PLANS.some((plan) => plan.ensemble.groups !== undefined)).toBe(true);
  });

  it('uses every kind of fault, every trigger and every ending', () => {
    const entries = PLANS.flatMap((plan) => plan.timeline);
    const kinds = new Set(entries.map(({ fault }) => fault.kind));
    expect(FAULT_KINDS.filter((kind) => !kinds.has(kind))).toEqual(['loseLog']);
    expect(new Set(entries.map(({ trigger }) => trigger.kind))).toEqual(new Set(['at', 'every', 'when']));
    expect(new Set(entries.map(({ ending }) => ending?.kind))).toEqual(
      new Set(['for', 'until', 'untilEvent', undefined]),
    );
  });

  it('stays inside the fault model: what may cost flushed data strikes observers only', () => {
    const struck = (plan: RunPlan, targets: readonly Target[]): boolean =>
      targets.every(
        (target) =>
          target.kind === 'server' &&
          plan.ensemble.servers.some(
            (server) => server.sid === target.sid && server.learnerType === 'OBSERVER',
          ),
      );
    for (const plan of PLANS) {
      for (const { fault } of plan.timeline) {
        if (COSTLY.has(fault.kind) && 'target' in fault) expect(struck(plan, fault.target)).toBe(true);
      }
    }
  });

  it('leaves a quorum undamaged, but for the few runs that are meant to end without', () => {
    const doomed = PLANS.filter((plan) => !hasUndamagedQuorum(plan));
    expect(doomed.length).toBeLessThan(PLANS.length * 0.04);
  });

  it('gives learners time to join over the network that it draws', () => {
    for (const { ensemble } of PLANS) {
      expect(ensemble.initLimit * ensemble.tickTime).toBeGreaterThanOrEqual(1500);
      expect(ensemble.syncLimit * ensemble.tickTime).toBeGreaterThanOrEqual(400);
    }
  });

  it('tells people what it has drawn', () => {
    const names = drawSwarm('1').options.map(([name]) => name);
    expect(names).toEqual([
      'duration',
      'servers',
      'limits',
      'network',
      'disks',
      'stages',
      'clocks',
      'clients',
      'faults',
    ]);
  });

  it.each(SEEDS.slice(0, 25))('with seed %s keeps every promise and ends live or excused', (seed) => {
    const result = runSimulation(drawSwarm(seed).plan, seed);
    expect(result.promises.filter((promise) => !promise.kept)).toEqual([]);
    expect(result.verdict).toBe('kept');
    expect(result.liveness.live || result.liveness.excuse !== undefined).toBe(true);
  });

  it('runs the same way twice', () => {
    const run = (): string => runSimulation(drawSwarm('12').plan, '12').fingerprint;
    expect(run()).toBe(run());
  });
});

/** Whether those whom nothing damages for good are a quorum. */
function hasUndamagedQuorum(plan: RunPlan): boolean {
  const damaged = plan.timeline.flatMap(({ fault }) =>
    fault.kind === 'flipBit' || (fault.kind === 'crash' && fault.forGood) ? fault.target : [],
  );
  const left = participantsOf(plan).filter(
    (server) => !damaged.some((target) => target.kind === 'server' && target.sid === server.sid),
  );
  return createVerifier(plan.ensemble).containsQuorum(new Set(left.map((server) => server.sid)));
}
