import { describe, expect, it } from 'vitest';
import { defined } from '../../../protocol/assert.ts';
import { runSimulation, Simulation } from '../../../sim/simulation.ts';
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

  it('keeps nobody waiting for ever: the calm is given up, and what is told is how long it was', () => {
    const plan = { ...libraryPlan('ZOOKEEPER-1419'), release: 'ZOOKEEPER-1419', durationMs: 1100 };
    const stage = { kind: 'constant', ms: 0 } as const;
    const short = { ...plan, processes: { ...plan.processes, stage }, calmMs: 60_000 };
    const { promises, events, virtualMs } = runSimulation(short, '1', { slices: false });
    const { evidence = [] } = defined(
      promises.find(({ name }) => name === 'liveness'),
      'liveness',
    );
    const [, given] = /([\d.]+) ms were given/.exec(evidence.join('\n')) ?? [];
    expect(Number(given)).toBeCloseTo(virtualMs - short.durationMs);
    expect(virtualMs).toBeLessThan(30_000);
    expect(events).toBeGreaterThan(500_000);
  });
});
