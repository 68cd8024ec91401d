import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadTimeout, Timers } from '../../protocol/timers.ts';
import { recordingServerHost } from '../support/recording-host.ts';

const bench = () => {
  const host = recordingServerHost();
  const rung: string[] = [];
  return { host, timers: new Timers(host), rung, ring: (name: string) => () => void rung.push(name) };
};

describe('a timer', () => {
  it('rings once, when it is due', () => {
    const { host, timers, rung, ring } = bench();
    timers.set('a', 10, ring('a'));
    host.advance(9, timers);
    expect(rung).toEqual([]);
    host.advance(100, timers);
    expect(rung).toEqual(['a']);
  });

  it('that is set again rings at the new time, for the new reason', () => {
    const { host, timers, rung, ring } = bench();
    timers.set('a', 10, ring('first'));
    timers.set('a', 20, ring('second'));
    host.advance(100, timers);
    expect(rung).toEqual(['second']);
  });

  it('that is cancelled does not ring, though the host were late', () => {
    const { host, timers, rung, ring } = bench();
    timers.set('a', 10, ring('a'));
    timers.cancel('a');
    timers.onTimer('a');
    expect([rung, host.timers.size]).toEqual([[], 0]);
  });

  it('that was never set is not cancelled at the host', () => {
    const { host, timers } = bench();
    timers.cancel('a');
    expect(host.effects).toEqual([]);
  });

  it('may set itself again', () => {
    const { host, timers, rung } = bench();
    const ring = (): void => {
      rung.push(String(host.elapsedMs));
      timers.set('a', 10, ring);
    };
    timers.set('a', 10, ring);
    host.advance(35, timers);
    expect(rung).toEqual(['10', '20', '30']);
  });
});

describe('a read timeout', () => {
  it('rings when nothing was heard for that long, whatever was heard before', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 20 });
    fc.assert(
      fc.property(gaps, (list) => {
        const { host, timers, rung } = bench();
        const timeout = new ReadTimeout(host, timers, 'read', () => void rung.push(String(host.elapsedMs)));
        timeout.start(100);
        for (const gap of list) {
          host.advance(gap, timers);
          timeout.heard();
        }
        const lastHeard = host.elapsedMs;
        host.advance(1000, timers);
        expect(rung).toEqual([String(lastHeard + 100)]);
      }),
    );
  });

  it('that rings late, after a pause, lets what waits in the socket be read first', () => {
    const { host, timers, rung, ring } = bench();
    const timeout = new ReadTimeout(host, timers, 'read', ring('silence'));
    timeout.start(100);
    host.elapsedMs += 500;
    timers.onTimer('read');
    expect(rung).toEqual([]);
    timeout.heard();
    host.advance(99, timers);
    expect(rung).toEqual([]);
    host.advance(1, timers);
    expect(rung).toEqual(['silence']);
  });

  it('that rings late believes a silence that goes on', () => {
    const { host, timers, rung, ring } = bench();
    new ReadTimeout(host, timers, 'read', ring('silence')).start(100);
    host.elapsedMs += 500;
    timers.onTimer('read');
    host.advance(1, timers);
    expect(rung).toEqual(['silence']);
  });

  it('costs no timer when something is heard', () => {
    const { host, timers } = bench();
    const timeout = new ReadTimeout(host, timers, 'read', () => undefined);
    timeout.start(100);
    host.take();
    for (let i = 0; i < 50; i++) timeout.heard();
    expect(host.effects).toEqual([]);
  });

  it('counts anew, with another length, when it is started again', () => {
    const { host, timers, rung, ring } = bench();
    const timeout = new ReadTimeout(host, timers, 'read', ring('silence'));
    timeout.start(100);
    host.advance(90, timers);
    timeout.start(50);
    host.advance(49, timers);
    expect(rung).toEqual([]);
    host.advance(1, timers);
    expect(rung).toEqual(['silence']);
  });

  it('that was stopped does not ring', () => {
    const { host, timers, rung, ring } = bench();
    const timeout = new ReadTimeout(host, timers, 'read', ring('silence'));
    timeout.start(100);
    timeout.stop();
    host.advance(1000, timers);
    expect(rung).toEqual([]);
  });
});
