import { describe, expect, it } from 'vitest';
import { NetworkWorld } from '../../support/network-world.ts';

describe('a process that dies', () => {
  it('is heard of by its peers after a latency, and what it sent still arrives', () => {
    const world = new NetworkWorld(3);
    const connection = world.open(1, 2);
    world.open(3, 1, 9);
    world.send(1, connection, 1);
    world.network.down(world.endpoint(1), false);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['201 packet 1', '201 closed -1']);
    expect(world.endpoint(3).notes).toEqual(['201 closed 9']);
    expect(world.endpoint(1).notes).toEqual([]);
  });

  it('gets nothing of what is on its way to it', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.send(1, connection, 1);
    world.network.down(world.endpoint(2), false);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual([]);
    expect(world.endpoint(1).notes).toEqual(['101 closed 1']);
  });
});

describe('a machine that dies silently', () => {
  it('is not heard of at all', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.down(world.endpoint(2), true);
    world.send(1, connection, 1);
    world.run(60_000);
    expect([...world.endpoint(1).notes, ...world.endpoint(2).notes]).toEqual([]);
  });

  it('breaks a connection that is written to after a quarter of an hour', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.down(world.endpoint(2), true);
    world.send(1, connection, 1);
    world.runAll();
    // Linux: tcp_retries2 = 15 makes 924.6 s.
    expect(world.endpoint(1).notes).toEqual(['924701 closed 1']);
  });

  it('leaves what is on the wire, and sends nothing again', () => {
    const world = new NetworkWorld(3);
    const connection = world.open(1, 2);
    const other = world.open(1, 3, 2);
    world.network.cut(1, 3);
    world.send(1, connection, 1);
    world.send(1, other, 2);
    world.network.down(world.endpoint(1), true);
    world.run(250);
    world.network.mend(1, 3);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['201 packet 1']);
    expect(world.endpoint(3).notes).toEqual([]);
    expect(world.network.inFlight(1, 3)).toBe(0);
  });

  it('answers stale connections with a reset once it is up again', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.down(world.endpoint(2), true);
    world.run(1000);
    world.network.up(world.endpoint(2));
    world.run(2000);
    expect(world.endpoint(1).notes).toEqual([]);
    world.send(1, connection, 1);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['2002 closed 1']);
    expect(world.recorder.records.at(-1)?.event).toEqual({ type: 'disconnected', from: 2, reset: true });
  });

  it('refuses dials when it is up again and its process does not listen yet', () => {
    const world = new NetworkWorld();
    world.network.down(world.endpoint(2), true);
    world.network.up(world.endpoint(2));
    world.dial(1, 2);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['2 failed 1']);
  });

  it('that keeps resets from getting through is told at the next retransmission', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.down(world.endpoint(2), true);
    world.network.up(world.endpoint(2));
    world.network.cut(2, 1);
    world.send(1, connection, 1);
    world.run(200);
    expect(world.endpoint(1).notes).toEqual([]);
    world.network.mend(2, 1);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['302 closed 1']);
  });
});

describe('a paused process', () => {
  it('is told everything in order when it goes on', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.pause(world.endpoint(2));
    world.send(1, connection, 1, 2);
    world.network.close(world.endpoint(1), connection);
    world.run(500);
    expect(world.endpoint(2).notes).toEqual([]);
    world.network.resume(world.endpoint(2));
    expect(world.endpoint(2).notes).toEqual([]);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['500 packet 1', '500 packet 2', '500 closed -1']);
  });

  it('has connections opened by its kernel, both those it dialled and those it will accept', () => {
    const world = new NetworkWorld();
    world.dial(2, 1, 4);
    world.dial(1, 2, 5);
    world.network.pause(world.endpoint(2));
    world.run(500);
    expect(world.endpoint(1).notes).toEqual(['2 connected 5', '3 accept -1 quorum']);
    world.network.resume(world.endpoint(2));
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['500 connected 4', '500 accept -1 quorum']);
  });

  it('may be paused again before it has been told everything', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.pause(world.endpoint(2));
    world.send(1, connection, 1, 2);
    world.run(500);
    world.network.resume(world.endpoint(2));
    world.queue.runNext();
    world.network.pause(world.endpoint(2));
    world.send(1, connection, 3);
    world.run(600);
    expect(world.endpoint(2).got).toEqual([1]);
    world.network.resume(world.endpoint(2));
    world.runAll();
    expect(world.endpoint(2).got).toEqual([1, 2, 3]);
  });

  it('hears nothing of what it closed or died with meanwhile', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.pause(world.endpoint(2));
    world.send(1, connection, 1);
    world.run(500);
    world.network.down(world.endpoint(2), false);
    world.network.resume(world.endpoint(2));
    world.runAll();
    expect(world.endpoint(2).notes).toEqual([]);
  });
});

describe('a flush', () => {
  const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

  it('is answered at once, but not within the call, while the reader keeps up', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.send(1, connection, 1);
    world.network.flush(world.endpoint(1), connection);
    expect(world.endpoint(1).notes).toEqual([]);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['100 writable 1']);
  });

  it('is answered once however often it is asked for before', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    for (let i = 0; i < 3; i++) world.network.flush(world.endpoint(1), connection);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['100 writable 1']);
  });

  it('waits for a reader that is more than 256 packets behind', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.pause(world.endpoint(2));
    world.send(1, connection, ...numbers(257));
    world.network.flush(world.endpoint(1), connection);
    world.run(5000);
    expect(world.endpoint(1).notes).toEqual([]);
    world.network.resume(world.endpoint(2));
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['5001 writable 1']);
  });

  it('waits for a cut link too, as what was sent fills the buffers', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.cut(1, 2);
    world.send(1, connection, ...numbers(257));
    world.network.flush(world.endpoint(1), connection);
    world.run(500);
    expect(world.endpoint(1).notes).toEqual([]);
    world.network.mend(1, 2);
    world.runAll();
    expect(world.endpoint(1).notes).toHaveLength(1);
  });

  it('is forgotten when the connection breaks', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2);
    world.network.flush(world.endpoint(1), connection);
    world.network.close(world.endpoint(1), connection);
    world.network.flush(world.endpoint(1), connection);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual([]);
  });
});
