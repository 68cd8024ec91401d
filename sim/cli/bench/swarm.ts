import { drawSwarm, type SwarmBounds } from '../../fuzz/swarm.ts';
import { Simulation } from '../../simulation.ts';

/** A minute of five servers and five clients, whatever else the seed draws. */
const MINUTE: SwarmBounds = {
  minDurationMs: 60_000,
  maxDurationMs: 60_001,
  participants: 5,
  observers: 0,
  clients: 5,
};
/** Events between two looks at the heap. */
const SLICE = 2_000;

export interface SwarmRates {
  readonly runsPerSecond: number;
  readonly eventsPerRun: number;
  /** The most that was in use at any time, MB: what a run needs, and garbage. */
  readonly heapMb: number;
}

/** Runs these seeds one after the other in this process. */
export function swarmRates(
  first: number,
  runs: number,
  nowMs: () => number,
  heapBytes: () => number,
): SwarmRates {
  const startMs = nowMs();
  let events = 0;
  let heap = 0;
  for (let seed = first; seed < first + runs; seed++) {
    const simulation = new Simulation(drawSwarm(String(seed), MINUTE).plan, String(seed));
    let result = simulation.advance(SLICE);
    while (result === undefined) {
      heap = Math.max(heap, heapBytes());
      result = simulation.advance(SLICE);
    }
    events += result.events;
  }
  return {
    runsPerSecond: (runs * 1000) / (nowMs() - startMs),
    eventsPerRun: events / runs,
    heapMb: heap / 2 ** 20,
  };
}
