import { assert } from '../../protocol/assert.ts';
import type { RunPlan } from '../plan.ts';
import { Simulation, SimulationFailure } from '../simulation.ts';
import { Coverage } from './coverage.ts';
import type { FuzzOutcome } from './outcome.ts';
import { SituationWatch } from './search/situation-watch.ts';

/** Of the story, what leaves time for something to come of it. */
const EARLY = 0.75;

/** One run of a campaign, from beginning to end; `learns`: with the situations that it comes into. Never throws; the caller has the clock. */
export function runOne(
  index: number,
  seed: string,
  plan: RunPlan,
  learns = false,
): Omit<FuzzOutcome, 'wallMs'> {
  const coverage = new Coverage();
  const watch = learns ? new SituationWatch(plan.durationMs * EARLY) : undefined;
  const simulation = new Simulation(plan, seed, {
    sinks: watch === undefined ? [coverage] : [coverage, watch],
    slices: false,
  });
  const situations = (): Pick<FuzzOutcome, 'situations'> =>
    watch === undefined ? {} : { situations: [...watch.seen].flat() };
  try {
    const result = simulation.advance(Infinity);
    assert(result !== undefined, 'the run did not end');
    const broken = result.promises.flatMap(({ name, kept, voidedBy, unknown, evidence = [] }) =>
      kept || voidedBy !== undefined || unknown !== undefined ? [] : [{ promise: name, evidence }],
    );
    const kind = broken.length > 0 ? 'broken' : 'kept';
    const { events, virtualMs } = result;
    return { index, seed, kind, broken, coverage: reached(coverage), ...situations(), events, virtualMs };
  } catch (error) {
    const atMs = error instanceof SimulationFailure ? error.atMs : 0;
    const message = error instanceof Error ? error.message : String(error);
    const base = { index, seed, broken: [], coverage: reached(coverage), events: 0, virtualMs: atMs };
    return { ...base, kind: 'threw', error: message };
  }
}

const reached = (coverage: Coverage): Readonly<Record<string, number>> =>
  Object.fromEntries([...coverage.counts].filter(([, times]) => times > 0));
