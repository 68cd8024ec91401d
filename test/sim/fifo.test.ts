import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fifo } from '../../sim/fifo.ts';

describe('a FIFO queue', () => {
  it('gives back what was pushed, in order, through growth and wrap-around', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 300, size: 'max' }), (actions) => {
        const fifo = new Fifo<number>();
        let model: number[] = [];
        actions.forEach((action, i) => {
          if (action > 1) {
            fifo.push(i);
            model.push(i);
          } else if (action >= 0) {
            expect(fifo.shift()).toBe(model.shift());
          } else {
            fifo.clear();
            model = [];
          }
          expect(fifo.length).toBe(model.length);
          expect(fifo.peek()).toBe(model[0]);
        });
      }),
    );
  });
});
