import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionFailure } from '../../../protocol/assert.ts';
import { connectionId } from '../../../protocol/ids.ts';
import type { Packet } from '../../../protocol/packets.ts';
import type { Zxid } from '../../../protocol/zxid.ts';
import type { NetworkPlan } from '../../../sim/world-plan.ts';
import { commit, NetworkWorld, QUIET_NETWORK } from '../../support/network-world.ts';

const ROUGH: NetworkPlan = {
  ...QUIET_NETWORK,
  latency: { kind: 'logNormal', medianMs: 2, sigma: 1 },
  pairOffset: { kind: 'uniform', minMs: 0, maxMs: 5 },
  loss: 0.1,
};

describe('a lossy link', () => {
  it('delivers everything in order, some of it 200 ms and more late', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.setLink(1, 2, { loss: 0.2 });
    for (let n = 0; n < 100; n++) {
      world.run(10_000 + n * 10_000);
      world.send(1, connection, n);
    }
    world.runAll();
    expect(world.endpoint(2).got).toEqual(Array.from({ length: 100 }, (_, i) => i));
    const delays = world.endpoint(2).notes.map((note) => (Number(note.split(' ')[0]) - 1) % 10_000);
    for (const delay of delays) expect([0, 200, 600, 1400, 3000, 6200]).toContain(delay);
    const late = delays.filter((delay) => delay > 0).length;
    expect(late).toBeGreaterThan(8);
    expect(late).toBeLessThan(35);
  });

  it('that loses everything breaks a connection that is used', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    const token = world.network.setLink(1, 2, { loss: 1 });
    world.send(1, connection, 1);
    world.run(1_000_000);
    expect(world.endpoint(1).notes).toEqual(['924701 closed 1']);
    world.network.clearLink(token);
    // The reset got lost as well, so the other end learns it when it writes.
    expect(world.endpoint(2).notes).toEqual([]);
    world.send(2, world.endpoint(2).accepted, 2);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['1000002 closed -1']);
    expect(world.endpoint(1).got).toEqual([]);
  });
});

describe('a cut link', () => {
  it('is silent; after it mends, TCP delivers at its next retransmission, in order', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.cut(1, 2);
    world.send(1, connection, 1);
    world.run(1000);
    world.send(1, connection, 2);
    world.run(1400);
    expect(world.network.inFlight(1, 2)).toBe(2);
    world.network.mend(1, 2);
    world.run(1450);
    world.send(1, connection, 3);
    world.runAll();
    // Sent at 100, again 200, 600, 1400 … ms later.
    expect(world.endpoint(2).notes).toEqual(['1501 packet 1', '1501 packet 2', '1501 packet 3']);
    expect(world.endpoint(1).notes).toEqual([]);
  });

  it('takes what is on its way when it is cut', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.send(1, connection, 1);
    world.run(100.5);
    world.network.cut(1, 2);
    world.run(150);
    world.network.mend(1, 2);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['301 packet 1']);
  });

  it('is cut one way only', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.cut(1, 2);
    world.send(1, connection, 1);
    world.send(2, world.endpoint(2).accepted, 2);
    world.run(1000);
    expect(world.endpoint(1).got).toEqual([2]);
    expect(world.endpoint(2).got).toEqual([]);
  });

  it('stays cut until every cut is mended', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.cut(1, 2);
    world.network.cut(1, 2);
    world.network.mend(1, 2);
    world.send(1, connection, 1);
    world.run(1000);
    expect(world.endpoint(2).got).toEqual([]);
    world.network.mend(1, 2);
    world.runAll();
    expect(world.endpoint(2).got).toEqual([1]);
    expect(() => world.network.mend(1, 2)).toThrow(AssertionFailure);
  });

  it('hides the close of a dead process', () => {
    const world = new NetworkWorld();
    world.open(1, 2);
    world.network.cut(2, 1);
    world.network.down(world.endpoint(2), false);
    world.run(60_000);
    expect(world.endpoint(1).notes).toEqual([]);
    world.network.mend(2, 1);
    world.runAll();
    expect(world.endpoint(1).notes).toHaveLength(1);
  });
});

describe('a changed link', () => {
  it('goes back to what it was, change by change, in whatever order they end', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    const sendNow = (n: number): void => {
      world.send(1, connection, n);
      world.run(world.nowMs + 100);
    };
    const slow = world.network.setLink(1, 2, { latency: { kind: 'constant', ms: 10 } });
    const slower = world.network.setLink(1, 2, { latency: { kind: 'constant', ms: 20 } });
    sendNow(1);
    world.network.clearLink(slow);
    sendNow(2);
    world.network.clearLink(slower);
    sendNow(3);
    expect(world.endpoint(2).notes).toEqual(['120 packet 1', '220 packet 2', '301 packet 3']);
    expect(() => world.network.clearLink(slow)).toThrow(AssertionFailure);
  });
});

describe('the distance of two machines', () => {
  it('is drawn once for each pair, the same both ways', () => {
    const world = new NetworkWorld(4, {
      ...QUIET_NETWORK,
      pairOffset: { kind: 'uniform', minMs: 0, maxMs: 90 },
    });
    const times = new Map<string, string>();
    for (const [from, to] of [
      [1, 2],
      [2, 1],
      [3, 4],
    ] as const) {
      const start = world.nowMs;
      world.dial(from, to, 10 + from);
      world.run(start + 1000);
      const connected = world.endpoint(from).notes.find((note) => note.endsWith(`connected ${10 + from}`));
      times.set(`${from}${to}`, (Number(connected?.split(' ')[0]) - start).toFixed(3));
    }
    expect(times.get('12')).toBe(times.get('21'));
    expect(times.get('12')).not.toBe(times.get('34'));
  });
});

describe('the fate of a message (law 5)', () => {
  interface Send {
    readonly from: number;
    readonly to: number;
    readonly kind: boolean;
  }
  const acknowledge = (n: number): Packet => ({ type: 'ACK', zxid: n as Zxid });

  /** When and where each message arrived. The one numbered `without` is not sent. */
  const deliveries = (sends: readonly Send[], without?: number): Map<number, string> => {
    const world = new NetworkWorld(3, ROUGH, 'law 5');
    const connections = sends.map((send, n) => world.dial(send.from, send.to, n + 1, 1_000_000));
    world.run(30_000);
    const arrived = new Map<number, string>();
    world.trace.addSink({
      onEvent(at, party, event) {
        if (event.type !== 'delivered') return;
        const { packet } = event;
        if (packet.type === 'COMMIT' || packet.type === 'ACK') arrived.set(packet.zxid, `${at} ${party}`);
      },
    });
    sends.forEach(({ from, kind }, n) => {
      world.run(30_000 + n);
      const packet = kind ? commit(n) : acknowledge(n);
      if (n !== without) world.network.send(world.endpoint(from), connections[n] ?? connectionId(0), packet);
    });
    world.runAll();
    return arrived;
  };

  it('is the same for the same seed and another for another', () => {
    const run = (seed: string): string => {
      const world = new NetworkWorld(2, ROUGH, seed);
      const connection = world.open(1, 2);
      world.run(20_000);
      for (let n = 0; n < 50; n++) world.send(1, connection, n);
      world.runAll();
      return world.trace.fingerprint();
    };
    expect(run('a')).toBe(run('a'));
    expect(run('a')).not.toBe(run('b'));
  });

  it('does not change when a message on another connection is left out', () => {
    // Every message has a connection and a moment of its own, so nothing waits behind anything.
    const send = fc.record({
      from: fc.constantFrom(1, 2, 3),
      hop: fc.constantFrom(1, 2),
      kind: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(send, { minLength: 2, maxLength: 12 }), fc.nat(), (list, victim) => {
        const sends = list.map(({ from, hop, kind }) => ({ from, to: ((from + hop - 1) % 3) + 1, kind }));
        const without = victim % sends.length;
        const all = deliveries(sends);
        expect(all.size).toBe(sends.length);
        all.delete(without);
        expect(deliveries(sends, without)).toEqual(all);
      }),
      { numRuns: 50 },
    );
  });

  it('at one moment on one link depends on nothing of another type', () => {
    const run = (withPing: boolean): string | undefined => {
      const world = new NetworkWorld(2, ROUGH, 'moment');
      const [a, b] = [world.open(1, 2, 1), world.open(1, 2, 2)];
      world.run(20_000);
      if (withPing) world.network.send(world.endpoint(1), a, { type: 'SYNC' });
      world.send(1, b, 77);
      world.runAll();
      return world.endpoint(2).notes.find((note) => note.includes('packet 77'));
    };
    expect(run(true)).toBeDefined();
    expect(run(true)).toBe(run(false));
  });
});
