import { describe, expect, it } from 'vitest';
import { ErrorCode } from '../../../protocol/errors.ts';
import { libraryNames } from '../../../scenarios/library.ts';
import { PROMISES } from '../../../sim/checkers/promise-names.ts';
import type { RunResult } from '../../../sim/result.ts';
import { runSimulation, Simulation } from '../../../sim/simulation.ts';
import { TraceRecorder } from '../../../sim/trace.ts';
import { libraryPlan } from '../../support/library-plan.ts';
import { recordsOf } from '../../support/ensemble.ts';

const NAMES = libraryNames();

const seeds = (last: number): readonly string[] => Array.from({ length: last }, (_, i) => String(i + 1));

describe('every scenario of the library', () => {
  const runs = new Map<string, readonly RunResult[]>();
  const runsOf = (name: string): readonly RunResult[] => {
    const known = runs.get(name) ?? seeds(3).map((seed) => runSimulation(libraryPlan(name), seed));
    runs.set(name, known);
    return known;
  };

  it.each(NAMES)('keeps every promise that is not void and meets every expectation: %s', (name) => {
    for (const { seed, verdict, promises, expectations } of runsOf(name)) {
      const broken = promises.filter(({ kept, voidedBy }) => !kept && voidedBy === undefined);
      const red = [...broken, ...expectations.filter(({ met }) => !met)];
      expect({ seed, verdict, red }).toEqual({ seed, verdict: 'kept', red: [] });
      expect(promises.map((promise) => promise.name)).toEqual(PROMISES);
    }
  });

  it.each(NAMES)('ends live and with all servers that can be there in one state, or excused: %s', (name) => {
    for (const { seed, servers, liveness } of runsOf(name)) {
      expect(liveness.live, `seed ${seed}`).toBe(liveness.excuse === undefined);
      if (!liveness.live) continue;
      const there = servers.filter(({ state }) => state !== 'DOWN');
      expect(new Set(there.map(({ digest }) => digest)).size, `seed ${seed}`).toBe(1);
      expect(there.map(({ zabState }) => zabState)).toEqual(there.map(() => 'BROADCAST'));
    }
  });

  const namesWhere = (isSo: (run: RunResult) => boolean): readonly string[] =>
    NAMES.filter((name) => runsOf(name).some(isSo));

  it('stays inside the fault model, is live and loses no server, but for those that tell of it', () => {
    expect(namesWhere(({ outsideModel }) => outsideModel.length > 0)).toEqual([
      'lost-log',
      'restored-backup',
      'wiped-voter',
    ]);
    expect(namesWhere(({ promises }) => promises.some(({ kept }) => !kept))).toEqual(['wiped-voter']);
    expect(namesWhere(({ liveness }) => !liveness.live)).toEqual(['rotten-majority']);
    const isIncomplete = ({ servers }: RunResult): boolean => servers.some(({ state }) => state === 'DOWN');
    expect(namesWhere(isIncomplete)).toEqual(['flipped-bit', 'lost-for-good', 'rotten-majority']);
  });

  it('takes part in putting every promise to the test', () => {
    const counts = new Map<string, number>();
    for (const { promises } of NAMES.flatMap(runsOf)) {
      for (const { name, checked } of promises) counts.set(name, (counts.get(name) ?? 0) + checked);
    }
    expect([...counts.keys()]).toEqual(PROMISES);
    for (const [name, count] of counts) expect(count, name).toBeGreaterThan(0);
  });
});

describe('seeds', () => {
  it('give forty different runs of the first scenario', () => {
    const plan = libraryPlan('first');
    const fingerprints = seeds(40).map((seed) => runSimulation(plan, seed, { checkers: false }).fingerprint);
    expect(new Set(fingerprints).size).toBe(40);
  });
});

/** The paths of all creates that clients were told had succeeded. */
const acknowledgedCreates = (recorder: TraceRecorder): readonly string[] =>
  recordsOf(recorder.records, 'answered').flatMap(({ event }) =>
    event.err === ErrorCode.OK && event.zxid > 0 && event.body?.path !== undefined ? [event.body.path] : [],
  );

describe('after a power cut of the whole ensemble', () => {
  it('each write that a client was told of is on every server, with any of sixty seeds', () => {
    const plan = libraryPlan('power-cut');
    for (const seed of seeds(60)) {
      const recorder = new TraceRecorder();
      const simulation = new Simulation(plan, seed, { sinks: [recorder] });
      const result = simulation.advance(Infinity);
      expect({ seed, verdict: result?.verdict }).toEqual({ seed, verdict: 'kept' });
      const acknowledged = acknowledgedCreates(recorder);
      expect(acknowledged.length).toBeGreaterThan(70);
      expect(new Set(acknowledged).size).toBe(acknowledged.length);
      for (const server of simulation.cluster.cast.servers) {
        const missing = acknowledged.filter((path) => server.peer?.znode(path) === undefined);
        expect({ seed, server: server.sid, missing }).toEqual({ seed, server: server.sid, missing: [] });
      }
    }
  });
});
