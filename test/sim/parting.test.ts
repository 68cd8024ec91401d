import { describe, expect, it } from 'vitest';
import { Parting } from '../../sim/parting.ts';
import type { TraceRecord } from '../../sim/trace.ts';
import { firstDifference, TraceRecorder } from '../../sim/trace.ts';
import type { TraceEvent, TraceSink } from '../../sim/trace-events.ts';
import { Simulation } from '../../sim/simulation.ts';
import { libraryPlan } from '../support/library-plan.ts';

const started = (at: number): TraceRecord => ({ at, party: 1, event: { type: 'started', incarnation: 1 } });
const oneMs = (count: number): readonly TraceRecord[] =>
  Array.from({ length: count }, (_, index) => started(index * 1000));

function feed(sink: TraceSink, records: readonly TraceRecord[]): void {
  for (const { at, party, event } of records) sink.onEvent(at, party, event);
}

function parted(first: readonly TraceRecord[], second: readonly TraceRecord[]): Parting {
  const parting = new Parting();
  feed(parting.first, first);
  feed(parting.second, second);
  return parting;
}

describe('two runs', () => {
  const run = oneMs(100);
  const elsewhere: TraceEvent = { type: 'started', incarnation: 2 };

  it('that are the same never part', () => {
    expect(parted(run, structuredClone(run)).point()).toBeUndefined();
    expect(parted([], []).point()).toBeUndefined();
  });

  it('part at the first event that differs, with what they have in common and how each goes on', () => {
    const other = run.with(40, { at: 40_000, party: 1, event: elsewhere });
    const point = parted(run, other).point();
    expect(point?.events).toBe(40);
    expect(point?.common).toEqual(run.slice(24, 40));
    expect(point?.first).toEqual(run.slice(40, 100));
    expect(point?.second).toEqual(other.slice(40, 100));
  });

  it('part at the same place whichever is ahead', () => {
    const other = run.with(40, { at: 40_000, party: 2, event: elsewhere });
    const parting = new Parting();
    feed(parting.second, other.slice(0, 60));
    feed(parting.first, run.slice(0, 10));
    feed(parting.first, run.slice(10));
    feed(parting.second, other.slice(60));
    expect(parting.point()).toEqual(parted(run, other).point());
  });

  it('part where the shorter one ends', () => {
    expect(parted(run, run.slice(0, 98)).point()).toMatchObject({
      events: 98,
      first: run.slice(98),
      second: [],
    });
    expect(parted([], run.slice(0, 1)).point()).toMatchObject({
      events: 0,
      common: [],
      first: [],
      second: [run[0]],
    });
  });

  it('are kept for a while after their parting, however long they go on', () => {
    const point = parted(oneMs(10_000), [{ at: 0, party: 1, event: elsewhere }, ...oneMs(10_000)]).point();
    expect(point?.first).toHaveLength(64);
    expect(point?.second).toHaveLength(64);
  });
});

describe('two whole simulations that take turns', () => {
  function simulated(seeds: readonly [string, string]) {
    const parting = new Parting();
    const recorders = [new TraceRecorder(), new TraceRecorder()] as const;
    const plan = libraryPlan('minority-of-three');
    const runs = [
      new Simulation(plan, seeds[0], { sinks: [parting.first, recorders[0]], checkers: false }),
      new Simulation(plan, seeds[1], { sinks: [parting.second, recorders[1]], checkers: false }),
    ];
    while (runs.map((run) => run.advance(500)).some((result) => result === undefined));
    return {
      point: parting.point(),
      difference: firstDifference(recorders[0].records, recorders[1].records),
    };
  }

  it('never part with one seed', () => {
    expect(simulated(['1', '1'])).toEqual({ point: undefined, difference: undefined });
  });

  it('part with two where their whole traces differ first', () => {
    const { point, difference } = simulated(['1', '2']);
    expect(difference).toBeDefined();
    expect({ index: point?.events, first: point?.first[0], second: point?.second[0] }).toEqual(difference);
  });
});
