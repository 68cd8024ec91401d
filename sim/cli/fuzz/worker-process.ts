import { doReplay, doRun, doShrink } from './jobs.ts';
import type { Job } from './worker-jobs.ts';

/** The process of a worker: a job in, its result out, one at a time. An empty result says that it can begin. */
const nowMs = (): number => performance.now();

function resultOf(job: Job): unknown {
  switch (job.kind) {
    case 'run':
      return doRun(job, nowMs);
    case 'replay':
      return doReplay(job, nowMs);
    case 'shrink':
      return doShrink(job, nowMs);
  }
}

// Ctrl-C is for who has started this one; and when that one is gone there is nobody to work for.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (job: Job) => process.send?.({ result: resultOf(job) }));
process.send?.({ result: undefined });
