import { EventQueue } from '../../event-queue.ts';

/** Events that are pending at any time, about as many as a busy ensemble has. */
const PENDING = 256;

/**
 * A bare event kernel: the queue and the dispatch of empty events, nothing else. It is the yardstick that makes the figures of two
 * machines comparable. Returns events a second.
 */
export function bareKernel(events: number, nowMs: () => number): number {
  const queue = new EventQueue();
  let state = 1;
  const step = (): void => {
    // Numerical Recipes' generator: cheap, and spreads the times as a simulation does.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    queue.schedule(queue.now + 1 + (state >>> 22), step);
  };
  for (let i = 0; i < PENDING; i++) step();
  const startMs = nowMs();
  while (queue.processed < events) queue.runNext();
  return events / ((nowMs() - startMs) / 1000);
}
