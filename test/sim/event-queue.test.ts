import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionFailure } from '../../protocol/assert.ts';
import { EventQueue, type Scheduled } from '../../sim/event-queue.ts';

const drain = (queue: EventQueue): void => {
  while (queue.runNext());
};

describe('the event queue', () => {
  it('runs what is scheduled for one moment in the order of scheduling', () => {
    const queue = new EventQueue();
    const ran: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) queue.schedule(5, () => ran.push(name));
    drain(queue);
    expect(ran.join('')).toBe('abcdef');
  });

  it('moves its clock to each entry and counts it', () => {
    const queue = new EventQueue();
    const seen: number[] = [];
    queue.schedule(7, () => seen.push(queue.now));
    queue.schedule(3, () => queue.schedule(queue.now, () => seen.push(queue.now)));
    drain(queue);
    expect({ seen, now: queue.now, processed: queue.processed, size: queue.size }).toEqual({
      seen: [3, 7],
      now: 7,
      processed: 3,
      size: 0,
    });
  });

  it('says when the next entry runs, past those that were cancelled', () => {
    const queue = new EventQueue();
    const first = queue.schedule(1, () => undefined);
    queue.schedule(2, () => undefined);
    queue.cancel(first);
    expect(queue.nextAt).toBe(2);
    drain(queue);
    expect(queue.nextAt).toBeUndefined();
  });

  it('refuses to schedule in the past', () => {
    const queue = new EventQueue();
    queue.schedule(10, () => undefined);
    drain(queue);
    expect(() => queue.schedule(9, () => undefined)).toThrow(AssertionFailure);
    expect(() => queue.schedule(NaN, () => undefined)).toThrow(AssertionFailure);
  });

  it('leaves alone what has run when it is cancelled afterwards, or twice', () => {
    const queue = new EventQueue();
    const scheduled = queue.schedule(1, () => undefined);
    queue.schedule(2, () => undefined);
    queue.runNext();
    queue.cancel(scheduled);
    queue.cancel(scheduled);
    expect(queue.size).toBe(1);
  });

  it('holds no memory for timers that are set and cancelled', () => {
    const queue = new EventQueue();
    queue.schedule(1e12, () => undefined);
    let most = 0;
    for (let i = 0; i < 1_000_000; i++) {
      queue.cancel(queue.schedule(1e9 + i, () => undefined));
      most = Math.max(most, queue.held);
    }
    expect(queue.size).toBe(1);
    expect(most).toBeLessThan(200);
  });

  it('is a list sorted by time and order of scheduling, whatever is cancelled and run in between', () => {
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('schedule' as const), n: fc.nat(20) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), n: fc.nat(1000) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('run' as const), n: fc.constant(0) }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 400, size: 'max' }), (actions) => {
        const queue = new EventQueue();
        let model: { at: number; id: number; scheduled: Scheduled }[] = [];
        const ran: number[] = [];
        const expected: number[] = [];
        let ids = 0;
        const runOne = (): void => {
          model.sort((a, b) => a.at - b.at || a.id - b.id);
          const next = model.shift();
          if (next !== undefined) expected.push(next.id);
          expect(queue.runNext()).toBe(next !== undefined);
        };
        for (const { do: what, n } of actions) {
          if (what === 'schedule') {
            const id = ids++;
            const at = queue.now + n;
            model.push({ at, id, scheduled: queue.schedule(at, () => ran.push(id)) });
          } else if (what === 'cancel') {
            const victim = model[n % Math.max(1, model.length)];
            if (victim !== undefined) queue.cancel(victim.scheduled);
            model = model.filter((entry) => entry !== victim);
          } else {
            runOne();
          }
          expect(queue.size).toBe(model.length);
        }
        while (model.length > 0) runOne();
        runOne();
        expect(ran).toEqual(expected);
      }),
    );
  });
});
