import { describe, expect, it } from 'vitest';
import { AssertionFailure } from '../../../protocol/assert.ts';
import { NetworkWorld, QUIET_NETWORK } from '../../support/network-world.ts';

describe('a held link', () => {
  it('keeps what is on its way and what is sent, and at the release all of it arrives at once, in order', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.send(1, connection, 1);
    world.run(100.5);
    world.network.hold(1, 2);
    world.run(5000);
    world.send(1, connection, 2, 3);
    world.run(9000);
    expect(world.endpoint(2).notes).toEqual([]);
    expect(world.network.inFlight(1, 2)).toBe(3);
    world.network.release(1, 2);
    expect(world.endpoint(2).notes).toEqual([]);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['9000 packet 1', '9000 packet 2', '9000 packet 3']);
    expect(world.network.inFlight(1, 2)).toBe(0);
  });

  it('lets everything else of several connections go on in the order in which it came', () => {
    const world = new NetworkWorld();
    const [a, b] = [world.open(1, 2, 1), world.open(1, 2, 2)];
    world.network.hold(1, 2);
    world.send(1, b, 1);
    world.run(300);
    world.send(1, a, 2);
    world.run(400);
    world.network.release(1, 2);
    world.runAll();
    expect(world.endpoint(2).got).toEqual([1, 2]);
  });

  it('still lets later segments have their time when it is released', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.hold(1, 2);
    world.send(1, connection, 1);
    world.run(150);
    world.send(1, connection, 2);
    world.run(150.5);
    world.network.release(1, 2);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['150.5 packet 1', '151 packet 2']);
  });

  it('is held one way only, and until every hold is released', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.hold(1, 2);
    world.network.hold(1, 2);
    world.send(1, connection, 1);
    world.send(2, world.endpoint(2).accepted, 2);
    world.run(500);
    expect(world.endpoint(1).got).toEqual([2]);
    world.network.release(1, 2);
    world.run(1000);
    expect(world.endpoint(2).got).toEqual([]);
    world.network.release(1, 2);
    world.runAll();
    expect(world.endpoint(2).got).toEqual([1]);
    expect(() => world.network.release(1, 2)).toThrow(AssertionFailure);
  });

  it('breaks no connection, however long', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.hold(1, 2);
    world.send(1, connection, 1);
    world.run(3_600_000);
    expect([...world.endpoint(1).notes, ...world.endpoint(2).notes]).toEqual([]);
    world.network.release(1, 2);
    world.runAll();
    expect(world.endpoint(2).got).toEqual([1]);
  });

  it('lets a dial time out all the same, and nobody hears of it later', () => {
    const world = new NetworkWorld();
    world.network.hold(1, 2);
    world.dial(1, 2, 1, 5000);
    world.run(6000);
    expect(world.endpoint(1).notes).toEqual(['5000 failed 1']);
    world.network.release(1, 2);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual([]);
  });

  it('keeps a close and a reset as well', () => {
    const world = new NetworkWorld();
    const first = world.open(1, 2, 1);
    world.open(1, 2, 2);
    world.network.hold(2, 1);
    world.network.close(world.endpoint(2), world.endpoint(2).accepted);
    // The kernel that comes back knows nothing of the first connection.
    world.network.down(world.endpoint(2), true);
    world.network.up(world.endpoint(2));
    world.send(1, first, 1);
    world.run(60_000);
    expect(world.endpoint(1).notes).toEqual([]);
    world.network.release(2, 1);
    world.run(60_001);
    expect(world.endpoint(1).notes).toEqual(['60000 closed 2', '60000 closed 1']);
  });

  it('keeps the word that there is room again', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.send(1, connection, ...Array.from({ length: 257 }, (_, i) => i));
    world.network.flush(world.endpoint(1), connection);
    world.network.hold(2, 1);
    world.run(5000);
    expect(world.endpoint(1).notes).toEqual([]);
    world.network.release(2, 1);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['5000 writable 1']);
  });

  it('that is cut as well keeps what it holds: the cut takes it only if it is there at the release', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.hold(1, 2);
    world.send(1, connection, 1);
    world.run(500);
    world.network.cut(1, 2);
    world.run(600);
    world.network.mend(1, 2);
    world.network.release(1, 2);
    world.run(1000);
    expect(world.endpoint(2).notes).toEqual(['600 packet 1']);

    world.network.hold(1, 2);
    world.send(1, connection, 2);
    world.run(1500);
    world.network.cut(1, 2);
    world.network.release(1, 2);
    world.run(1600);
    world.network.mend(1, 2);
    world.runAll();
    // Lost at 1500, and sent again 200 ms later.
    expect(world.endpoint(2).notes).toEqual(['600 packet 1', '1700 packet 2']);
  });

  it('that was cut first does the rest at the release', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.cut(1, 2);
    world.send(1, connection, 1);
    world.run(150);
    world.network.hold(1, 2);
    world.network.mend(1, 2);
    world.run(10_000);
    expect(world.endpoint(2).notes).toEqual([]);
    world.network.release(1, 2);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['10000 packet 1']);
  });

  it('forgets what its sender is reset out of', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.hold(1, 2);
    world.send(1, connection, 1);
    world.run(500);
    world.network.resetConnections(1, 2);
    world.run(600);
    expect(world.network.inFlight(1, 2)).toBe(0);
    world.network.release(1, 2);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['500 closed -1']);
  });

  it('of a quality of its own applies it at the release', () => {
    const world = new NetworkWorld(2, QUIET_NETWORK);
    const connection = world.open(1, 2);
    world.network.hold(1, 2);
    world.send(1, connection, 1);
    world.run(500);
    world.network.setLink(1, 2, { loss: 1 });
    world.network.release(1, 2);
    world.run(1000);
    expect(world.endpoint(2).notes).toEqual([]);
    expect(world.network.inFlight(1, 2)).toBe(1);
  });
});
