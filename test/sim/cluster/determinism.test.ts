import { describe, expect, it } from 'vitest';
import { libraryNames } from '../../../scenarios/library.ts';
import { clientParty, WORLD } from '../../../sim/party.ts';
import { PERFECT_NETWORK } from '../../../sim/plan-defaults.ts';
import type { RunPlan } from '../../../sim/plan.ts';
import { runSimulation } from '../../../sim/simulation.ts';
import { fromMs } from '../../../sim/time.ts';
import { firstDifference, type TraceRecord, TraceRecorder } from '../../../sim/trace.ts';
import { libraryPlan } from '../../support/library-plan.ts';
import { at, clientTarget, isolate } from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';

const fingerprint = (name: string): string =>
  runSimulation(libraryPlan(name), 'again', { checkers: false }).fingerprint;

function recordsOf(plan: RunPlan, seed: string, checkers = false): readonly TraceRecord[] {
  const recorder = new TraceRecorder();
  runSimulation(plan, seed, { checkers, sinks: [recorder] });
  return recorder.records;
}

describe('a run', () => {
  it('has the same fingerprint whatever ran before it in this process', () => {
    const names = libraryNames();
    const forwards = names.map((name) => [name, fingerprint(name)]);
    const backwards = [...names].reverse().map((name) => [name, fingerprint(name)]);
    expect(backwards.reverse()).toEqual(forwards);
  });

  it.each(['first', 'lossy-network', 'watches'])('is the same event by event: %s', (name) => {
    const plan = libraryPlan(name);
    const once = recordsOf(plan, '7');
    const again = recordsOf(plan, '7');
    expect(once.length).toBeGreaterThan(500);
    expect(firstDifference(once, again)).toBeUndefined();
  });

  it('is not changed by who watches it', () => {
    const plan = libraryPlan('moving-session');
    const { fingerprint: unwatched } = runSimulation(plan, '7', { checkers: false });
    expect(runSimulation(plan, '7', { sinks: [new TraceRecorder()] }).fingerprint).toBe(unwatched);
  });

  it('with another seed is another, and the first event that differs is named', () => {
    const plan = libraryPlan('lossy-network');
    const difference = firstDifference(recordsOf(plan, '7'), recordsOf(plan, '8'));
    expect(difference?.first).not.toEqual(difference?.second);
  });
});

/** Law 5: what happens to one thing does not depend on how many others there are. */
describe('a client more, at the end of the plan', () => {
  const SERVERS = serverSpecs(3);
  const BUSY = clientPlan('busy', SERVERS, {
    startMs: 1000,
    activities: [
      {
        startMs: 2000,
        repeat: { kind: 'backToBack', inFlight: 2, untilMs: 9000, times: 400 },
        operation: {
          op: 'create',
          path: '/n-',
          data: { kind: 'none' },
          ephemeral: false,
          sequential: true,
        },
      },
    ],
  });
  /** Every draw that there is: latencies, pairs, losses, disks, boots, stages. */
  const alone = runPlan(ensembleOf(SERVERS, { tickTime: 500 }), {
    clients: [BUSY],
    network: {
      ...PERFECT_NETWORK,
      latency: { kind: 'logNormal', medianMs: 2, sigma: 0.7 },
      pairOffset: { kind: 'uniform', minMs: 0, maxMs: 1 },
      loss: 0.01,
    },
    disks: { fsync: { kind: 'exponential', minMs: 1, meanMs: 2 }, throughput: undefined },
    processes: {
      boot: { kind: 'uniform', minMs: 10, maxMs: 200 },
      stage: { kind: 'uniform', minMs: 0, maxMs: 0.05 },
    },
  });
  const newcomer = clientParty(1);
  const SEEDS = ['1', '2', '3', '4', '5'];

  it.each(SEEDS)('changes nothing until it connects: seed %s', (seed) => {
    const late = clientPlan('late', SERVERS, { startMs: 5000 });
    const difference = firstDifference(
      recordsOf(alone, seed),
      recordsOf({ ...alone, clients: [BUSY, late] }, seed),
    );
    expect(difference?.second?.party).toBe(newcomer);
    expect(difference?.second?.at).toBeGreaterThan(fromMs(5000));
  });

  it.each(SEEDS)('changes nothing for anybody while it cannot get through: seed %s', (seed) => {
    const unheard = clientPlan('unheard', SERVERS, { sessionTimeoutMs: 4000 });
    const crowded = {
      ...alone,
      clients: [BUSY, unheard],
      timeline: [at(0, isolate([clientTarget('unheard')]))],
    };
    const story = (plan: RunPlan): readonly TraceRecord[] =>
      recordsOf(plan, seed).filter(
        (record) =>
          record.at < fromMs(plan.durationMs) && record.party !== newcomer && record.party !== WORLD,
      );
    const [without, withIt] = [story(alone), story(crowded)];
    expect(without.length).toBeGreaterThan(2000);
    expect(firstDifference(without, withIt)).toBeUndefined();
    expect(recordsOf(crowded, seed).some((record) => record.party === newcomer)).toBe(true);
  });
});
