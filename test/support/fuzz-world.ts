import { setImmediate } from 'node:timers/promises';
import type { FuzzOutcome } from '../../sim/fuzz/outcome.ts';
import type { FuzzWorker, RunJob, ShrinkJob, ShrunkFailure } from '../../sim/cli/fuzz/worker-jobs.ts';

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
  /** Sees every job when it begins. */
  readonly onJob?: (job: RunJob | ShrinkJob) => void;
}

/** A worker without a thread, whose runs end as they are told to. */
export function scriptedWorker({ outcomes, turns, shrink, onJob }: ScriptedWorker): FuzzWorker {
  let isClosed = false;
  return {
    async run(job) {
      onJob?.(job);
      for (let left = turns?.(job.index) ?? 0; left > 0 && !isClosed; left--) await setImmediate();
      return outcomeOf(job.index, { seed: job.seed, ...outcomes?.get(job.index) });
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
