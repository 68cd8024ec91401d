import { describe, expect, it } from 'vitest';
import type { Activity, Repeat } from '../../../sim/client-plan.ts';
import type { TimelineEntry } from '../../../sim/fault-plan.ts';
import type { RunResult } from '../../../sim/result.ts';
import { runSimulation } from '../../../sim/simulation.ts';
import { fromMs, toMs } from '../../../sim/time.ts';
import { type TraceRecord, TraceRecorder } from '../../../sim/trace.ts';
import { recordsOf } from '../../support/ensemble.ts';
import { at, clientTarget, crash, expire, flood, LEADER } from '../../support/faults.ts';
import { clientPlan, constant, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';

const SERVERS = serverSpecs(3);
const ALICE = clientTarget('alice');
const STORY_MS = 10_000;

const creating = (path: string, repeat: Repeat, startMs = 0): Activity => ({
  startMs,
  repeat,
  operation: { op: 'create', path, data: { kind: 'none' }, ephemeral: false, sequential: false },
});
const every = (ms: number): Repeat => ({
  kind: 'every',
  interval: constant(ms),
  untilMs: STORY_MS,
  times: 10_000,
});
const backToBack = (inFlight: number): Repeat => ({
  kind: 'backToBack',
  inFlight,
  untilMs: STORY_MS,
  times: 2000,
});
const watching: Activity = {
  startMs: 0,
  repeat: every(300),
  operation: { op: 'getChildren', path: '/', watch: true },
};

interface Story {
  readonly result: RunResult;
  readonly records: readonly TraceRecord[];
  /** Paths that Alice asked for, in order. */
  readonly asked: readonly string[];
}

function storyOf(activities: readonly Activity[], timeline: readonly TimelineEntry[], seed = '1'): Story {
  const recorder = new TraceRecorder();
  const clients = [
    clientPlan('alice', SERVERS, { sessionTimeoutMs: 4000, activities }),
    clientPlan('bob', SERVERS, { sessionTimeoutMs: 4000, activities: [watching] }),
  ];
  const plan = runPlan(ensembleOf(SERVERS, { tickTime: 500 }), { clients, timeline, durationMs: STORY_MS });
  const result = runSimulation(plan, seed, { sinks: [recorder] });
  const asked = recordsOf(recorder.records, 'invoked', -2).map(({ event }) =>
    'path' in event.body ? event.body.path : event.body.op,
  );
  return { result, records: recorder.records, asked };
}

const crashAt = (ms: number, restartAfterMs?: number): TimelineEntry =>
  at(ms, crash([ALICE], { restartAfterMs }));

const numbers = (paths: readonly string[]): readonly number[] =>
  paths.map((path) => Number(/\d+$/.exec(path)?.[0]));

describe('a client that is started again', () => {
  it('goes on where it was: nothing is asked twice, nothing is left out', () => {
    const { asked, result } = storyOf([creating('/n{n}', every(100))], [crashAt(3000, 2000)]);
    expect(numbers(asked)).toEqual(asked.map((_, i) => i + 1));
    expect(asked.length).toBeGreaterThan(70);
    expect(asked.length).toBeLessThan(82);
    expect(result.verdict).toBe('kept');
  });

  it('fills its window again with the next requests, though it had no answer to the last ones', () => {
    const { asked, records, result } = storyOf([creating('/n{n}', backToBack(5))], [crashAt(3000, 100)]);
    expect(numbers(asked)).toEqual(asked.map((_, i) => i + 1));
    expect(asked).toHaveLength(2000);
    const answered = recordsOf(records, 'answered', -2);
    expect(answered).toHaveLength(1995);
    const operations = answered.map(({ event }) => event.op);
    expect(new Set(operations).size).toBe(1995);
    expect(result.verdict).toBe('kept');
  });

  it('does once what was to be done once: late if its time came meanwhile, never twice', () => {
    const once: Repeat = { kind: 'once' };
    const activities = [creating('/a', once), creating('/b', once, 3500), creating('/c', once, 8000)];
    const { asked, records } = storyOf(activities, [crashAt(3000, 2000)]);
    expect(asked).toEqual(['/a', '/b', '/c']);
    const times = recordsOf(records, 'invoked', -2).map((record) => toMs(record.at));
    expect(times).toEqual([0, 5000, 8000]);
  });

  it('has a session of its own; the old one expires', () => {
    const { records } = storyOf([creating('/n{n}', every(100))], [crashAt(2000, 500)]);
    const connected = recordsOf(records, 'keeperState', -2).filter(
      ({ event }) => event.state === 'SyncConnected',
    );
    const [first, second] = connected.map(({ event }) => event.sessionId);
    expect(first).not.toBe(second);
    expect(recordsOf(records, 'sessionExpired').map(({ event }) => event.sessionId)).toEqual([first]);
  });

  it('is not waited for by the calm', () => {
    const { records, result } = storyOf([creating('/n{n}', every(100))], [crashAt(9900, 500)]);
    expect(recordsOf(records, 'started', -2)).toEqual([]);
    expect(result.verdict).toBe('kept');
  });

  it('moves nobody else’s draws', () => {
    const until = (records: readonly TraceRecord[]) =>
      records.filter((record) => record.at < fromMs(3000)).map(({ event }) => event.type);
    const activities = [creating('/n{n}', every(100))];
    expect(until(storyOf(activities, [crashAt(3000)]).records)).toEqual(
      until(storyOf(activities, []).records),
    );
  });
});

describe('every promise is kept', () => {
  it.each(['1', '2', '3', '4', '5', '6'])('while clients die, come back and are expired, seed %s', (seed) => {
    const timeline = [
      crashAt(1500, 300),
      at(2500, expire([ALICE])),
      at(3000, flood([LEADER], 70, { sessions: true, forMs: 2000 })),
      at(3500, crash([LEADER], { restartAfterMs: 500, lose: 'some', silent: true })),
      crashAt(3600, 0),
      at(5000, crash([{ kind: 'clients' }], { silent: true, restartAfterMs: 1000 })),
      at(7000, expire([{ kind: 'clients' }])),
      at(7500, crash([ALICE], { after: { unit: 'effects', count: 7 }, restartAfterMs: 100 })),
    ];
    const activities = [creating('/n{n}', backToBack(5)), creating('/m{n}', every(70)), watching];
    const { result } = storyOf(activities, timeline, seed);
    expect(result.promises.filter(({ kept }) => !kept)).toEqual([]);
  });
});
