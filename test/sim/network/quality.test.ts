import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInBurst } from '../../../sim/network/loss-bursts.ts';
import { bytesOf } from '../../../sim/network/packet-bytes.ts';
import type { Distribution, LinkQuality } from '../../../sim/world-plan.ts';
import { fromMs } from '../../../sim/time.ts';
import { commit, NetworkWorld, QUIET_NETWORK } from '../../support/network-world.ts';

const uniform = (minMs: number, maxMs: number): Distribution => ({ kind: 'uniform', minMs, maxMs });
const COMMIT_BYTES = bytesOf(commit(1));
/** So many bytes a second that a COMMIT takes this long. */
const commitTakes = (ms: number): number => (COMMIT_BYTES * 1000) / ms;

/** How many ms the packets took that were sent at 1, 2, 3 … s. */
function delays(plan: Partial<LinkQuality>, count: number): readonly number[] {
  const world = new NetworkWorld(2, { ...QUIET_NETWORK, ...plan });
  const connection = world.open(1, 2);
  for (let n = 0; n < count; n++) {
    world.run(1000 * (n + 1));
    world.send(1, connection, n);
  }
  world.runAll();
  const arrivals = world.endpoint(2).notes.filter((note) => note.includes('packet'));
  return arrivals.map((note, n) => Math.round(1000 * (Number(note.split(' ')[0]) - 1000 * (n + 1))) / 1000);
}

describe('jitter', () => {
  it('comes on top of the latency, another for each segment', () => {
    const all = delays({ jitter: uniform(0, 10) }, 100);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...all)).toBeLessThanOrEqual(11);
    expect(new Set(all).size).toBeGreaterThan(90);
  });

  it('leaves the drawn latency as it was', () => {
    const latency = uniform(0, 50);
    const plain = delays({ latency }, 20);
    const jittery = delays({ latency, jitter: { kind: 'constant', ms: 3 } }, 20);
    expect(jittery.map((delay) => delay.toFixed(3))).toEqual(plain.map((delay) => (delay + 3).toFixed(3)));
  });
});

describe('bursts of losses', () => {
  const BURSTS = { everyMs: 10_000, forMs: 2000, loss: 1 };

  it('come once in each window, for as long as they say, at a moment that differs', () => {
    const draws = [0, 0.25, 0.5, 0.999];
    const begins = draws.map((place, window) => {
      const on = Array.from({ length: 10_000 }, (_, ms) => 10_000 * window + ms).filter((ms) =>
        isInBurst(BURSTS, fromMs(ms), () => place),
      );
      expect(on.at(-1)).toBe((on[0] ?? 0) + 1999);
      return (on[0] ?? 0) - 10_000 * window;
    });
    expect(begins).toEqual([0, 2000, 4000, 7992]);
  });

  it('that fill their window never end', () => {
    const at = (ms: number): boolean => isInBurst({ everyMs: 10, forMs: 50, loss: 1 }, fromMs(ms), () => 0.7);
    expect([0, 5, 9.999, 10, 123].every(at)).toBe(true);
  });

  it('delay what meets them until TCP sends it again after their end, and nothing else', () => {
    const all = delays({ bursts: BURSTS }, 60);
    const late = all.filter((delay) => delay > 1);
    // A fifth of the time is lost, and what waits is sent again after 200, 600, 1400 and 3000 ms.
    expect(late.length).toBeGreaterThan(6);
    expect(late.length).toBeLessThan(25);
    for (const delay of late) expect(delay).toBeGreaterThan(200);
    expect(Math.max(...all)).toBeLessThan(3100);
    expect(all.filter((delay) => delay === 1).length).toBeGreaterThan(30);
  });

  it('lose only their share', () => {
    const always = { everyMs: 1000, forMs: 1000, loss: 0.2 };
    const late = delays({ bursts: always }, 200).filter((delay) => delay > 1).length;
    expect(late).toBeGreaterThan(20);
    expect(late).toBeLessThan(65);
  });
});

describe('a bandwidth', () => {
  it('makes segments queue behind one another, each for its own size', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.setLink(1, 2, { bandwidth: commitTakes(10) });
    world.send(1, connection, 1, 2, 3);
    world.run(150);
    world.send(1, connection, 4);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['111 packet 1', '121 packet 2', '131 packet 3', '161 packet 4']);
  });

  it('is shared by all connections of the link, and by those of no other', () => {
    const world = new NetworkWorld(3, { ...QUIET_NETWORK, bandwidth: commitTakes(10) });
    const [a, b, c] = [world.open(1, 2, 1), world.open(1, 2, 2), world.open(1, 3, 3)];
    const now = world.nowMs;
    world.send(1, a, 1);
    world.send(1, b, 2);
    world.send(1, c, 3);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual([`${now + 11} packet 1`, `${now + 21} packet 2`]);
    expect(world.endpoint(3).notes).toEqual([`${now + 11} packet 3`]);
  });

  it('leaves what was sent before its time when it changes', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    const narrow = world.network.setLink(1, 2, { bandwidth: commitTakes(10) });
    world.send(1, connection, 1, 2);
    world.network.clearLink(narrow);
    const wide = world.network.setLink(1, 2, { bandwidth: commitTakes(1) });
    world.send(1, connection, 3);
    world.network.clearLink(wide);
    world.send(1, connection, 4);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['111 packet 1', '121 packet 2', '122 packet 3', '122 packet 4']);
  });

  it('lets a large packet take longer than a small one', () => {
    const request = (bytes: number): number =>
      bytesOf({
        type: 'request',
        xid: 1,
        body: { op: 'setData', path: '/x', data: new Uint8Array(bytes), version: -1 },
      });
    expect(request(100) - request(0)).toBe(100);
    // Frame, header, path, buffer, version; and three times TCP's and IP's headers.
    expect(request(4000)).toBe(4 + 8 + 6 + (4 + 4000) + 4 + 3 * 52);
    expect(bytesOf('syn')).toBe(52);
    expect(COMMIT_BYTES).toBe(20 + 52);
  });
});

describe('changes of a link', () => {
  it('touch only the properties that they name', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    const sendNow = (n: number): void => {
      world.send(1, connection, n);
      world.run(world.nowMs + 100);
    };
    const slow = world.network.setLink(1, 2, { latency: { kind: 'constant', ms: 10 } });
    world.network.setLink(1, 2, { jitter: { kind: 'constant', ms: 5 }, bandwidth: undefined });
    world.network.setLink(1, 2, { bandwidth: commitTakes(20) });
    sendNow(1);
    world.network.clearLink(slow);
    sendNow(2);
    expect(world.endpoint(2).notes).toEqual(['135 packet 1', '226 packet 2']);
  });
});

describe('one connection', () => {
  it('never duplicates, loses or reorders, whatever its link is like', () => {
    const quality = fc.record({
      latency: fc.constant(uniform(0, 50)),
      jitter: fc.constantFrom(uniform(0, 0), uniform(0, 200)),
      loss: fc.constantFrom(0, 0.2),
      bursts: fc.constantFrom(undefined, { everyMs: 1000, forMs: 300, loss: 0.9 }),
      bandwidth: fc.constantFrom(undefined, 5000),
    });
    fc.assert(
      fc.property(quality, fc.array(fc.nat(60), { maxLength: 40 }), fc.nat(), (plan, gaps, seed) => {
        // A dial over such a link may fail; a connection that is open may not.
        const world = new NetworkWorld(2, QUIET_NETWORK, `${seed}`);
        const connection = world.open(1, 2);
        world.network.setLink(1, 2, plan);
        gaps.forEach((gap, n) => {
          world.run(world.nowMs + gap);
          if (n % 7 === 3) {
            world.network.hold(1, 2);
            world.queue.schedule(world.queue.now + fromMs(70), () => world.network.release(1, 2));
          }
          world.send(1, connection, n);
        });
        world.runAll();
        expect(world.endpoint(2).got).toEqual(gaps.map((_, n) => n));
      }),
      { numRuns: 60 },
    );
  });
});
