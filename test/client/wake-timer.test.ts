import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WakeTimer } from '../../protocol/client/wake-timer.ts';
import { recordingClientHost } from '../support/recording-host.ts';

function timerAtZero() {
  const host = recordingClientHost();
  const timer = new WakeTimer(host);
  const woken: number[] = [];
  const process = {
    onTimer: () => {
      if (timer.rang()) woken.push(host.elapsedMs);
    },
  };
  return { host, timer, woken, process };
}

describe('WakeTimer', () => {
  it('sets no timer when its moment moves away', () => {
    const { host, timer, woken, process } = timerAtZero();
    for (let at = 1; at <= 50; at++) timer.wakeAt(1000 + at);
    host.advance(2000, process);
    expect(host.take()).toEqual([
      ['setTimer', 'SendThread', 1001],
      ['setTimer', 'SendThread', 49],
    ]);
    expect(woken).toEqual([1050]);
  });

  it('wakes nobody after it was cancelled', () => {
    const { host, timer, woken, process } = timerAtZero();
    timer.wakeAt(10);
    timer.cancel();
    host.advance(100, process);
    expect(woken).toEqual([]);
    expect(host.timers.size).toBe(0);
  });

  it('wakes exactly at the last moment it was given, whatever came before', () => {
    const moves = fc.array(fc.record({ afterMs: fc.nat(50), inMs: fc.integer({ min: 1, max: 200 }) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(moves, (steps) => {
        const { host, timer, woken, process } = timerAtZero();
        const expected: number[] = [];
        let due: number | undefined;
        for (const { afterMs, inMs } of steps) {
          if (due !== undefined && due <= host.elapsedMs + afterMs) expected.push(due);
          host.advance(afterMs, process);
          due = host.elapsedMs + inMs;
          timer.wakeAt(due);
        }
        if (due !== undefined) expected.push(due);
        host.advance(1000, process);
        expect(woken).toEqual(expected);
      }),
    );
  });
});
