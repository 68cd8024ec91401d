import { describe, expect, it } from 'vitest';
import type { ClientPlan } from '../../../sim/client-plan.ts';
import type { TimelineEntry } from '../../../sim/fault-plan.ts';
import type { RunPlan } from '../../../sim/plan.ts';
import { runSimulation } from '../../../sim/simulation.ts';
import { TraceRecorder } from '../../../sim/trace.ts';
import type { RunResult } from '../../../sim/result.ts';
import { recordsOf } from '../../support/ensemble.ts';
import { crash, LEADER, serverTarget, when } from '../../support/faults.ts';
import { clientPlan, constant, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';

const SERVERS = serverSpecs(3);
const TICK_MS = 200;
const STORY_MS = 6000;

/** Writes to one znode as fast as the answers come, from the beginning to the end. */
const writer = (name: string): ClientPlan =>
  clientPlan(name, SERVERS, {
    sessionTimeoutMs: 2000,
    activities: [
      {
        startMs: 0,
        repeat: { kind: 'every', interval: constant(20), untilMs: STORY_MS, times: 1000 },
        operation: {
          op: 'create',
          path: '/{client}-{n}',
          data: { kind: 'none' },
          ephemeral: false,
          sequential: false,
        },
      },
    ],
  });

interface Story {
  readonly result: RunResult;
  readonly crashes: number;
}

function storyOf(entry: TimelineEntry, seed: string): Story {
  const recorder = new TraceRecorder();
  const plan: RunPlan = runPlan(ensembleOf(SERVERS, { tickTime: TICK_MS, snapCount: 40 }), {
    clients: [writer('alice'), writer('bob')],
    timeline: [entry],
    durationMs: STORY_MS,
  });
  const result = runSimulation(plan, seed, { sinks: [recorder] });
  return { result, crashes: recordsOf(recorder.records, 'crashed').length };
}

/** The server dies after this many more effects or writes since something has happened. */
const dying = (unit: 'effects' | 'writes', count: number) =>
  ({ after: { unit, count }, lose: 'some', restartAfterMs: 300 }) as const;

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);

function expectRecovery({ result, crashes }: Story): void {
  expect(crashes).toBe(1);
  expect(result.promises.filter(({ kept }) => !kept)).toEqual([]);
  expect(result.servers.map(({ zabState }) => zabState)).toEqual(['BROADCAST', 'BROADCAST', 'BROADCAST']);
}

describe('a server that dies between any two effects', () => {
  it.each(upTo(25))('of becoming the leader, here after the %dth', (count) => {
    expectRecovery(
      storyOf(when('epochFixed', crash([LEADER, serverTarget(3)], dying('effects', count))), '1'),
    );
  });

  it.each(upTo(20))('of serving writes as the leader, here after the %dth', (count) => {
    const entry = when('committed', crash([LEADER], dying('effects', count)), { afterMs: 1000 });
    expectRecovery(storyOf(entry, '2'));
  });

  it.each(upTo(20))('of following, here after the %dth', (count) => {
    const entry = when('proposed', crash([{ kind: 'anyFollower' }], dying('effects', count)), {
      afterMs: 1000,
    });
    expectRecovery(storyOf(entry, '3'));
  });
});

describe('a server that dies between any two disk writes', () => {
  it.each(upTo(12))('since its first start, here after the %dth', (count) => {
    const entry = when('started', crash([serverTarget(2)], dying('writes', count)), { on: serverTarget(2) });
    expectRecovery(storyOf(entry, '4'));
  });

  it.each(upTo(25))('of a follower that takes snapshots, here after the %dth', (count) => {
    const entry = when('snapshotStarted', crash([{ kind: 'anyFollower' }], dying('writes', count)), {
      afterMs: 1500,
    });
    expectRecovery(storyOf(entry, '5'));
  });
});

it('dies where the count says: a few effects later is another run', () => {
  const prints = [1, 4, 8].map((count) => {
    const entry = when('committed', crash([LEADER], dying('effects', count)), { afterMs: 1000 });
    return storyOf(entry, '6').result.fingerprint;
  });
  expect(new Set(prints).size).toBe(3);
});
