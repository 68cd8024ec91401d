import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Queue } from '../../protocol/queue.ts';

describe('Queue', () => {
  it('does what an array does, however it is used', () => {
    const steps = fc.array(fc.constantFrom('push', 'push', 'shift', 'drain', 'clear', 'some'), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(steps, (story) => {
        const queue = new Queue<number>();
        let model: number[] = [];
        for (const [at, step] of story.entries()) {
          if (step === 'push') {
            queue.push(at);
            model.push(at);
          } else if (step === 'shift') expect(queue.shift()).toBe(model.shift());
          else if (step === 'some')
            expect(queue.some((n) => n % 3 === 0)).toBe(model.some((n) => n % 3 === 0));
          else {
            if (step === 'drain') expect(queue.drain()).toEqual(model);
            else queue.clear();
            model = [];
          }
          expect([queue.size, queue.first, [...queue]]).toEqual([model.length, model[0], model]);
        }
      }),
    );
  });

  it('keeps its order while it gives space back', () => {
    const queue = Queue.of(0);
    const seen: (number | undefined)[] = [];
    for (let n = 1; n < 10_000; n++) {
      queue.push(n);
      if (n % 3 !== 0) seen.push(queue.shift());
    }
    seen.push(...queue.drain());
    expect(seen).toEqual(Array.from({ length: 10_000 }, (_, at) => at));
  });
});
