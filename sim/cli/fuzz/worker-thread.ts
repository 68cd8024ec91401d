import { parentPort } from 'node:worker_threads';
import { defined } from '../../../protocol/assert.ts';
import { doRun, doShrink } from './jobs.ts';
import type { RunJob, ShrinkJob } from './worker-jobs.ts';

/** The thread of a worker: a job in, its result out, one at a time. An empty result says that it can begin. */
const port = defined(parentPort, 'the thread that started this one');
const nowMs = (): number => performance.now();

port.on('message', (job: RunJob | ShrinkJob) => {
  port.postMessage({ result: job.kind === 'run' ? doRun(job, nowMs) : doShrink(job, nowMs) });
});
port.postMessage({ result: undefined });
