import { describe, expect, it } from 'vitest';
import { NetworkWorld } from '../../support/network-world.ts';

describe('a connection that is gone at one end', () => {
  it('stays open at the other, until that sends something', () => {
    const world = new NetworkWorld();
    world.open(1, 2);
    world.network.resetConnections(1, 2, 'first');
    world.run(60_000);
    expect(world.endpoint(1).notes).toEqual(['100 closed 1']);
    expect(world.endpoint(2).notes).toEqual([]);
    world.send(2, world.endpoint(2).accepted, 1);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['60002 closed -1']);
    expect(world.recorder.records.at(-1)?.event).toEqual({ type: 'disconnected', from: 1, reset: true });
  });

  it('loses what that end has on its way; what comes from the other is answered by a reset', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.send(1, connection, 1);
    world.send(2, world.endpoint(2).accepted, 2);
    world.network.resetConnections(1, 2, 'first');
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['100 closed 1']);
    expect(world.endpoint(2).notes).toEqual(['102 closed -1']);
  });

  it('may be gone at the end that was dialled', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.resetConnections(2, 1, 'first');
    world.run(1000);
    expect(world.endpoint(2).notes).toEqual(['100 closed -1']);
    world.send(1, connection, 1);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['1002 closed 1']);
  });
});

describe('a connection that something between its ends has forgotten', () => {
  it('is silent both ways, and takes what is on its way', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.send(1, connection, 1);
    world.run(100.5);
    world.network.sever(1, 2);
    world.send(2, world.endpoint(2).accepted, 2);
    world.run(600_000);
    expect([...world.endpoint(1).notes, ...world.endpoint(2).notes]).toEqual([]);
  });

  it('breaks at an end that sends, a quarter of an hour later, and the other does not hear of it', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.sever(2, 1);
    world.send(1, connection, 1);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['924701 closed 1']);
    expect(world.endpoint(2).notes).toEqual([]);
    expect(world.network.inFlight(1, 2)).toBe(0);
  });

  it('does not keep others from being opened, nor those under way, nor those to third parties', () => {
    const world = new NetworkWorld(3);
    const third = world.open(1, 3, 9);
    world.dial(1, 2, 1);
    world.run(world.nowMs + 1.5);
    const severed = world.network.sever(1, 2);
    expect(severed).toHaveLength(0);
    world.dial(1, 2, 2);
    world.send(1, third, 1);
    world.runAll();
    expect(world.endpoint(1).notes.map((note) => note.split(' ')[1])).toEqual(['connected', 'connected']);
    expect(world.endpoint(3).got).toEqual([1]);
  });

  it('is reset at both ends when it answers again', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    const severed = world.network.sever(1, 2);
    world.send(1, connection, 1);
    world.run(5000);
    world.network.unsever(severed);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['5000 closed 1']);
    expect(world.endpoint(2).notes).toEqual(['5000 closed -1']);
    expect(world.nowMs).toBe(5000);
  });

  it('hides a close, and the end that heard nothing is told when it answers again', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    const severed = world.network.sever(1, 2);
    world.network.close(world.endpoint(1), connection);
    world.run(5000);
    expect(world.endpoint(2).notes).toEqual([]);
    world.network.unsever(severed);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual([]);
    expect(world.endpoint(2).notes).toEqual(['5000 closed -1']);
  });
});

describe('a reset of both ends', () => {
  it('takes what an end still owed that had closed already', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.send(1, connection, 1);
    world.network.close(world.endpoint(1), connection);
    world.network.resetConnections(1, 2);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['100 closed -1']);
    expect(world.network.inFlight(1, 2)).toBe(0);
  });
});
