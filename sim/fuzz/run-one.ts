import { assert } from '../../protocol/assert.ts';
import type { RunPlan } from '../plan.ts';
import { Simulation, SimulationFailure } from '../simulation.ts';
import { Coverage } from './coverage.ts';
import type { FuzzOutcome } from './outcome.ts';

/** One run of a campaign, from beginning to end. Never throws; the caller has the clock. */
export function runOne(index: number, seed: string, plan: RunPlan): Omit<FuzzOutcome, 'wallMs'> {
  const coverage = new Coverage();
  const simulation = new Simulation(plan, seed, { sinks: [coverage], slices: false });
  try {
    const result = simulation.advance(Infinity);
    assert(result !== undefined, 'the run did not end');
    const broken = result.promises.flatMap(({ name, kept, voidedBy, unknown, evidence = [] }) =>
      kept || voidedBy !== undefined || unknown !== undefined ? [] : [{ promise: name, evidence }],
    );
    const kind = broken.length > 0 ? 'broken' : 'kept';
    const { events, virtualMs } = result;
    return { index, seed, kind, broken, coverage: reached(coverage), events, virtualMs };
  } catch (error) {
    const atMs = error instanceof SimulationFailure ? error.atMs : 0;
    const message = error instanceof Error ? error.message : String(error);
    const base = { index, seed, broken: [], coverage: reached(coverage), events: 0, virtualMs: atMs };
    return { ...base, kind: 'threw', error: message };
  }
}

const reached = (coverage: Coverage): Readonly<Record<string, number>> =>
  Object.fromEntries([...coverage.counts].filter(([, times]) => times > 0));
