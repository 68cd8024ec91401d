import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../sim/event-queue.ts';
import { Clock } from '../../../sim/process/clock.ts';
import { MachineTimers } from '../../../sim/process/machine-timers.ts';
import { fromMs, toMs } from '../../../sim/time.ts';

const TEN_PERCENT = 100_000;

describe('a clock', () => {
  it('that is right shows virtual time, from where the machine started', () => {
    const clock = new Clock({ elapsed: 5000 });
    expect([clock.elapsed(300), clock.wall(300)]).toEqual([5300, 300]);
    expect(clock.isRightAt(300)).toBe(true);
  });

  it('that was set wrong is ahead or behind in wall time alone', () => {
    const clock = new Clock({ elapsed: 0, wall: -fromMs(3000) });
    expect([clock.elapsed(fromMs(10)), clock.wall(fromMs(10))]).toEqual([fromMs(10), fromMs(-2990)]);
    expect(clock.isRightAt(0)).toBe(false);
  });

  it('that drifts runs fast in both, from the moment on', () => {
    const clock = new Clock({ elapsed: 0 });
    clock.drift(1000, TEN_PERCENT);
    expect([clock.elapsed(2000), clock.wall(2000)]).toEqual([2100, 2100]);
    clock.drift(2000, undefined);
    expect([clock.elapsed(3000), clock.wall(3000)]).toEqual([3100, 3100]);
  });

  it('goes back to its own drift, not to none', () => {
    const clock = new Clock({ elapsed: 0, driftPpm: TEN_PERCENT });
    clock.drift(1000, -TEN_PERCENT);
    clock.drift(2000, undefined);
    expect(clock.elapsed(3000)).toBe(1100 + 900 + 1100);
  });

  it('that is set back jumps in wall time, and never in monotonic time', () => {
    const clock = new Clock({ elapsed: 0 });
    clock.step(1000, -5000);
    expect([clock.elapsed(1000), clock.wall(1000)]).toEqual([1000, -4000]);
    expect([clock.elapsed(1500), clock.wall(1500)]).toEqual([1500, -3500]);
  });

  it('that stands still in wall time goes on in monotonic time, and is behind for ever', () => {
    const clock = new Clock({ elapsed: 0 });
    clock.freeze(1000, 'wall');
    expect([clock.elapsed(4000), clock.wall(4000)]).toEqual([4000, 1000]);
    clock.freeze(4000, undefined);
    expect([clock.elapsed(5000), clock.wall(5000)]).toEqual([5000, 2000]);
  });

  it('keeps what drift it has while it stands still', () => {
    const clock = new Clock({ elapsed: 0 });
    clock.freeze(1000, 'both');
    clock.drift(2000, TEN_PERCENT);
    expect(clock.elapsed(3000)).toBe(1000);
    clock.freeze(3000, undefined);
    expect(clock.elapsed(4000)).toBe(2100);
  });

  it('knows when it will show a time, and shows it then, however it runs', () => {
    for (const ppm of [0, 1, -1, 333_333, -900_000, 17]) {
      const clock = new Clock({ elapsed: 123_456, driftPpm: ppm });
      for (const later of [1, 7, 1000, 999_999]) {
        const due = clock.elapsed(5000) + later;
        const at = clock.whenElapsed(due) ?? 0;
        expect(clock.elapsed(at)).toBeGreaterThanOrEqual(due);
        expect(clock.elapsed(at - 2)).toBeLessThanOrEqual(due);
      }
    }
  });
});

describe('timers', () => {
  class Bench {
    readonly queue = new EventQueue();
    readonly clock = new Clock({ elapsed: 0 });
    readonly rung: string[] = [];
    readonly timers = new MachineTimers(this.queue, this.clock, (timer) => {
      this.rung.push(`${toMs(this.queue.now)} ${timer}`);
    });

    /** At a moment: what, and then the timers follow. */
    change(atMs: number, adjust: (now: number) => void): void {
      this.queue.schedule(fromMs(atMs), () => {
        adjust(this.queue.now);
        this.timers.onClockChanged();
      });
    }

    run(): string[] {
      while (this.queue.runNext());
      return this.rung;
    }
  }

  it('ring when the monotonic clock says so, in the order in which they were set', () => {
    const bench = new Bench();
    bench.timers.set('b', 10);
    bench.timers.set('a', 10);
    bench.timers.set('c', 5);
    expect(bench.run()).toEqual(['5 c', '10 b', '10 a']);
  });

  it('ring sooner on a clock that begins to run fast, and take no notice of its wall', () => {
    const bench = new Bench();
    bench.timers.set('a', 10);
    bench.change(2, (now) => bench.clock.step(now, fromMs(1_000_000)));
    bench.change(4, (now) => bench.clock.drift(now, 1_000_000));
    expect(bench.run()).toEqual(['7 a']);
  });

  it('wait while the clock stands still, and then for what was left', () => {
    const bench = new Bench();
    bench.timers.set('a', 10);
    bench.change(4, (now) => bench.clock.freeze(now, 'both'));
    bench.change(100, (now) => bench.clock.freeze(now, undefined));
    expect(bench.run()).toEqual(['106 a']);
  });

  it('can be set and cancelled while it stands still', () => {
    const bench = new Bench();
    bench.clock.freeze(0, 'both');
    bench.timers.set('a', 10);
    bench.timers.set('b', 10);
    bench.timers.cancel('a');
    expect(bench.run()).toEqual([]);
    bench.change(50, (now) => bench.clock.freeze(now, undefined));
    expect(bench.run()).toEqual(['60 b']);
  });
});
