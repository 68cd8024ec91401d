import { parentPort } from 'node:worker_threads';
import { defined } from '../../../protocol/assert.ts';
import { detect, type Task } from './detect.ts';

/** Tasks in, detections out, one at a time. */
const port = defined(parentPort, 'the thread that started this one');
port.on('message', (task: Task) => port.postMessage(detect(task)));
