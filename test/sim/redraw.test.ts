import { describe, expect, it } from 'vitest';
import { runSimulation, type Redraw } from '../../sim/simulation.ts';
import { fromMs } from '../../sim/time.ts';
import { type TraceRecord, TraceRecorder, firstDifference } from '../../sim/trace.ts';
import { Random } from '../../sim/random.ts';
import { drawSwarm } from '../../sim/fuzz/swarm.ts';
import { libraryPlan } from '../support/library-plan.ts';

const T = fromMs(5_000);
const plan = libraryPlan('first');

function traceOf(redraw?: Redraw, of = plan): readonly TraceRecord[] {
  const recorder = new TraceRecorder();
  runSimulation(of, '1', { sinks: [recorder], checkers: false, ...(redraw !== undefined && { redraw }) });
  return recorder.records;
}

describe('a run whose future is drawn anew from T on', () => {
  const original = traceOf();
  const others = ['a', 'b', 'c'].map((seed) => traceOf({ at: T, seed }));

  it('is the same before T, event by event', () => {
    for (const other of others) {
      const parting = firstDifference(original, other);
      expect(parting?.first?.at).toBeGreaterThanOrEqual(T);
      expect(parting?.second?.at).toBeGreaterThanOrEqual(T);
    }
  });

  it('goes another way soon after T, and another one with each seed', () => {
    const traces = [original, ...others];
    for (const [index, one] of traces.entries())
      for (const other of traces.slice(index + 1))
        expect(firstDifference(one, other)?.first?.at).toBeLessThan(T + fromMs(500));
  });

  it('is one run: the same every time', () => {
    expect(firstDifference(others[0] ?? [], traceOf({ at: T, seed: 'a' }))).toBeUndefined();
  });

  it('is the run itself where it is drawn from the same seed only once nothing is left to draw', () => {
    expect(firstDifference(original, traceOf({ at: fromMs(10_000_000), seed: 'a' }))).toBeUndefined();
  });

  it('keeps to this in runs with every kind of fault', () => {
    for (const seed of ['3', '4', '5', '6', '7']) {
      const { plan: swarm } = drawSwarm(seed);
      const parting = firstDifference(traceOf(undefined, swarm), traceOf({ at: T, seed: 'a' }, swarm));
      expect(parting?.first?.at).toBeGreaterThanOrEqual(T);
    }
  });
});

describe('chance that is drawn anew', () => {
  it('gives streams and keys that somebody holds the draws of the other seed, from their beginning', () => {
    const [random, other] = [new Random('1'), new Random('2')];
    const stream = random.stream('s');
    const draws = random.key('k');
    stream.unit();
    random.redraw('2');
    expect([stream.unit(), random.stream('t').unit()]).toEqual([
      other.stream('s').unit(),
      other.stream('t').unit(),
    ]);
    expect(draws.draw(1, 2, 3, 4)).toBe(other.key('k').draw(1, 2, 3, 4));
  });

  it('leaves alone what was settled before the run, asked for before or after', () => {
    const random = new Random('1');
    const before = random.lastingKey('k');
    const value = before.draw(1, 2, 0, 0);
    random.redraw('2');
    expect([before.draw(1, 2, 0, 0), random.lastingKey('k').draw(1, 2, 0, 0)]).toEqual([value, value]);
    expect(random.key('k').draw(1, 2, 0, 0)).not.toBe(value);
  });
});
