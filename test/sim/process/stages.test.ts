import { describe, expect, it } from 'vitest';
import { Simulation } from '../../../sim/simulation.ts';
import { libraryPlan } from '../../support/library-plan.ts';

describe('a thread that wakes itself', () => {
  it('takes time, also where threads never wait: two votes that beat each other for ever do not stop the clock', () => {
    const plan = { ...libraryPlan('ZOOKEEPER-1419'), release: 'ZOOKEEPER-1419' };
    const stage = { kind: 'constant', ms: 0 } as const;
    const run = new Simulation({ ...plan, processes: { ...plan.processes, stage } }, '1', { slices: false });
    const times = Array.from({ length: 4 }, () => {
      run.advance(100_000);
      return run.cluster.queue.now;
    });
    expect(times).toEqual([...new Set(times)]);
  });
});
