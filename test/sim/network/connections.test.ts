import { describe, expect, it } from 'vitest';
import { AssertionFailure } from '../../../protocol/assert.ts';
import { connectionId } from '../../../protocol/ids.ts';
import { NetworkWorld, QUIET_NETWORK } from '../../support/network-world.ts';

describe('opening a connection', () => {
  it('takes a round trip, and the accepting process hears of it half a round trip later', () => {
    const world = new NetworkWorld();
    world.dial(1, 2, 7);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['2 connected 7']);
    expect(world.endpoint(2).notes).toEqual(['3 accept -1 quorum']);
  });

  it('is refused after a round trip when nobody listens there', () => {
    const world = new NetworkWorld();
    world.network.unlisten(world.endpoint(2), world.endpoint(2).address);
    world.dial(1, 2);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['2 failed 1']);
    expect(world.endpoint(2).notes).toEqual([]);
  });

  it('is refused when the process is dead and its machine is not', () => {
    const world = new NetworkWorld();
    world.network.down(world.endpoint(2), false);
    world.dial(1, 2);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['2 failed 1']);
  });

  it.each([
    ['the machine is gone', (world: NetworkWorld) => world.network.down(world.endpoint(2), true)],
    ['the way there is cut', (world: NetworkWorld) => world.network.cut(1, 2)],
    ['the way back is cut', (world: NetworkWorld) => world.network.cut(2, 1)],
  ])('times out when %s', (_why, fault) => {
    const world = new NetworkWorld();
    fault(world);
    world.dial(1, 2, 1, 5000);
    world.run(5100);
    expect(world.endpoint(1).notes).toEqual(['5000 failed 1']);
    expect(world.endpoint(2).notes).toEqual([]);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual([]);
  });

  it('is tried again after 1, 3 and 7 seconds', () => {
    for (const [mendedAt, connectedAt] of [
      [500, 1002],
      [1500, 3002],
      [3500, 7002],
    ] as const) {
      const world = new NetworkWorld();
      world.network.cut(1, 2);
      world.dial(1, 2, 1, 60_000);
      world.run(mendedAt);
      world.network.mend(1, 2);
      world.runAll();
      expect(world.endpoint(1).notes).toEqual([`${connectedAt} connected 1`]);
    }
  });

  it('is refused when the port closes before the handshake is over', () => {
    const world = new NetworkWorld();
    world.dial(1, 2);
    world.run(2.5);
    world.network.unlisten(world.endpoint(2), world.endpoint(2).address);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['2 connected 1', '4 closed 1']);
    expect(world.endpoint(2).notes).toEqual([]);
  });

  it('can be given up by the dialling process, and then nobody hears of it', () => {
    const world = new NetworkWorld();
    world.network.close(world.endpoint(1), world.dial(1, 2));
    world.runAll();
    expect([...world.endpoint(1).notes, ...world.endpoint(2).notes]).toEqual([]);
  });

  it('gives accepted connections ids that are never used again', () => {
    const world = new NetworkWorld(3);
    world.dial(1, 3);
    world.dial(2, 3);
    world.runAll();
    world.network.down(world.endpoint(3), false);
    world.network.up(world.endpoint(3));
    world.network.listen(world.endpoint(3), world.endpoint(3).address, 'quorum');
    world.dial(1, 3, 2);
    world.runAll();
    const accepts = world.endpoint(3).notes.filter((note) => note.includes('accept'));
    expect(accepts.map((note) => note.split(' ')[2])).toEqual(['-1', '-2', '-3']);
  });

  it('refuses misuse: an id twice, an address that nobody has, itself', () => {
    const world = new NetworkWorld();
    world.dial(1, 2);
    expect(() => world.dial(1, 2)).toThrow(AssertionFailure);
    expect(() => world.dial(1, 1, 2)).toThrow(AssertionFailure);
    const [a] = world.endpoints;
    expect(() => a && world.network.connect(a, connectionId(3), 'nowhere:1', 'quorum', 1)).toThrow(
      AssertionFailure,
    );
  });
});

describe('a connection', () => {
  it('delivers in order in both directions', () => {
    const world = new NetworkWorld(2, {
      ...QUIET_NETWORK,
      latency: { kind: 'uniform', minMs: 0, maxMs: 50 },
    });
    const connection = world.open(1, 2);
    const numbers = Array.from({ length: 200 }, (_, i) => i);
    world.send(1, connection, ...numbers);
    world.send(2, world.endpoint(2).accepted, ...numbers);
    world.runAll();
    expect(world.endpoint(1).got).toEqual(numbers);
    expect(world.endpoint(2).got).toEqual(numbers);
    expect(world.network.delivered).toBe(400);
  });

  it('may be overtaken by another connection', () => {
    const world = new NetworkWorld(2, {
      ...QUIET_NETWORK,
      latency: { kind: 'uniform', minMs: 0, maxMs: 50 },
    });
    const first = world.open(1, 2, 1);
    const second = world.open(1, 2, 2);
    for (let n = 0; n < 100; n++) world.send(1, n % 2 === 0 ? first : second, n);
    world.runAll();
    const { got } = world.endpoint(2);
    expect(got).not.toEqual([...got].sort((a, b) => a - b));
    expect(got.filter((n) => n % 2 === 0)).toEqual(Array.from({ length: 50 }, (_, i) => 2 * i));
  });

  it('tells the peer of a close after everything that was sent before, and the closer nothing', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.send(1, connection, 1, 2);
    world.send(2, world.endpoint(2).accepted, 3);
    world.network.close(world.endpoint(1), connection);
    world.send(1, connection, 4);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['101 packet 1', '101 packet 2', '101 closed -1']);
    expect(world.endpoint(1).notes).toEqual([]);
  });

  it('can be closed by both at once without a word to either', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.close(world.endpoint(1), connection);
    world.network.close(world.endpoint(2), world.endpoint(2).accepted);
    world.runAll();
    expect([...world.endpoint(1).notes, ...world.endpoint(2).notes]).toEqual([]);
    expect(world.nowMs).toBe(101);
  });

  it('is reset at both ends by a fault, and what is on its way is lost', () => {
    const world = new NetworkWorld(3);
    const connection = world.open(1, 2);
    const other = world.open(1, 3, 2);
    world.send(1, connection, 1);
    world.network.resetConnections(2, 1);
    world.send(1, other, 2);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['200 closed 1']);
    expect(world.endpoint(2).notes).toEqual(['200 closed -1']);
    expect(world.endpoint(3).got).toEqual([2]);
    expect(world.network.inFlight(1, 2)).toBe(0);
  });

  it('reports what its ends see to the trace', () => {
    const world = new NetworkWorld();
    const connection = world.dial(1, 2);
    world.run(10);
    world.send(1, connection, 5);
    world.network.close(world.endpoint(1), connection);
    world.network.unlisten(world.endpoint(1), world.endpoint(1).address);
    world.dial(2, 1, 3);
    world.runAll();
    expect(world.recorder.records).toEqual([
      { at: 2000, party: 1, event: { type: 'connected', to: 2 } },
      { at: 3000, party: 2, event: { type: 'connected', to: 1 } },
      { at: 11_000, party: 2, event: { type: 'delivered', from: 1, packet: { type: 'COMMIT', zxid: 5 } } },
      { at: 11_000, party: 2, event: { type: 'disconnected', from: 1, reset: false } },
      { at: 12_000, party: 2, event: { type: 'connectFailed', address: 'host1:1', reason: 'refused' } },
    ]);
  });
});
