import { setImmediate } from 'node:timers/promises';
import type { FuzzOutcome } from '../../sim/fuzz/outcome.ts';
import type { ShrunkFailure } from '../../sim/fuzz/shrink/failure.ts';
import type { FuzzWorker, ReplayJob, RunJob, ShrinkJob } from '../../sim/cli/fuzz/worker-jobs.ts';

/** What became of run `index` of a campaign with the seed 7. */
export const outcomeOf = (index: number, outcome: Partial<FuzzOutcome> = {}): FuzzOutcome => ({
  index,
  seed: `7/${String(index)}`,
  kind: 'kept',
  broken: [],
  coverage: {},
  events: 100,
  virtualMs: 1000,
  wallMs: 1,
  ...outcome,
});

export interface ScriptedWorker {
  /** What becomes of runs that are not just kept. */
  readonly outcomes?: ReadonlyMap<number, Partial<FuzzOutcome>>;
  /** So many turns of the event loop until a run ends. */
  readonly turns?: (index: number) => number;
  readonly shrink?: (job: ShrinkJob) => ShrunkFailure | undefined;
  /** What becomes of a plan that is run again; by default its promises are kept. */
  readonly replay?: (job: ReplayJob) => Partial<FuzzOutcome>;
  /** Sees every other job when it begins. */
  readonly onJob?: (job: RunJob | ShrinkJob) => void;
}

/** A worker without a thread, whose runs end as they are told to. */
export function scriptedWorker({ outcomes, turns, shrink, replay, onJob }: ScriptedWorker): FuzzWorker {
  let isClosed = false;
  return {
    async run(job) {
      onJob?.(job);
      for (let left = turns?.(job.lot.index) ?? 0; left > 0 && !isClosed; left--) await setImmediate();
      const { index, seed } = job.lot;
      return outcomeOf(index, { seed, ...outcomes?.get(index) });
    },
    replay(job) {
      return Promise.resolve(outcomeOf(0, { seed: job.seed, ...replay?.(job) }));
    },
    shrink(job) {
      onJob?.(job);
      return Promise.resolve(shrink?.(job));
    },
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  };
}
