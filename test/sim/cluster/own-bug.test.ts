import { describe, expect, it } from 'vitest';
import { AssertionFailure } from '../../../protocol/assert.ts';
import { runSimulation, SimulationFailure } from '../../../sim/simulation.ts';
import type { TraceSink } from '../../../sim/trace-events.ts';
import { ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';

const PLAN = runPlan(ensembleOf(serverSpecs(3)));

/** A sink that finds something that cannot be, at the first establishment. */
const failing = (error: Error): TraceSink => ({
  onEvent: (_at, _party, event) => {
    if (event.type === 'established') throw error;
  },
});

function failureOf(error: Error): SimulationFailure {
  try {
    runSimulation(PLAN, 'seven', { sinks: [failing(error)] });
  } catch (failure) {
    if (failure instanceof SimulationFailure) return failure;
  }
  throw new Error('no SimulationFailure');
}

describe('a bug of our own', () => {
  it('stops the run with seed, virtual time and the last events', () => {
    const cause = new AssertionFailure('two leaders in one place');
    const failure = failureOf(cause);
    expect(failure).toMatchObject({ message: cause.message, cause, seed: 'seven' });
    expect(failure.atMs).toBeGreaterThan(200);
    expect(failure.atMs).toBeLessThan(2000);
    expect(failure.lastEvents).toHaveLength(50);
    const time = (failure.atMs / 1000).toFixed(6);
    expect(failure.lastEvents.at(-1)).toMatch(new RegExp(`^${time}s server 3 +established epoch=1 `));
  });

  it('is one too when the code threw something else', () => {
    const thrown = new TypeError('undefined is not a function');
    const { cause } = failureOf(thrown);
    expect(cause).toBeInstanceOf(AssertionFailure);
    expect(cause).toMatchObject({ message: thrown.message, cause: thrown });
  });

  it('comes out the same with the same seed', () => {
    const [first, second] = [1, 2].map(() => failureOf(new AssertionFailure('again')));
    expect(second?.lastEvents).toEqual(first?.lastEvents);
  });
});
