import { parentPort } from 'node:worker_threads';
import { defined } from '../../../protocol/assert.ts';
import { doReplay, doRun, doShrink } from './jobs.ts';
import type { Job } from './worker-jobs.ts';

/** The thread of a worker: a job in, its result out, one at a time. An empty result says that it can begin. */
const port = defined(parentPort, 'the thread that started this one');
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

port.on('message', (job: Job) => port.postMessage({ result: resultOf(job) }));
port.postMessage({ result: undefined });
