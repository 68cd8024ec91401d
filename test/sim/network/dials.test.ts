import { describe, expect, it } from 'vitest';
import { NetworkWorld } from '../../support/network-world.ts';

describe('a port that refuses', () => {
  it('answers dials by a reset, and leaves connections that are open alone', () => {
    const world = new NetworkWorld();
    const connection = world.open(1, 2, 1);
    const block = world.network.blockDials(2, 'quorum', 'reset');
    world.dial(1, 2, 2);
    world.send(1, connection, 1);
    world.run(1000);
    expect(world.endpoint(1).notes).toEqual(['102 failed 2']);
    expect(world.endpoint(2).notes).toEqual(['101 packet 1']);
    world.network.unblockDials(block);
    world.dial(1, 2, 3);
    world.runAll();
    expect(world.endpoint(1).notes.at(-1)).toBe('1002 connected 3');
  });

  it('lets in who was answered before', () => {
    const world = new NetworkWorld();
    world.dial(1, 2);
    world.run(1.5);
    world.network.blockDials(2, 'all', 'reset');
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['3 accept -1 quorum']);
  });

  it('is one of several: the others, and dials from there, are as before', () => {
    const world = new NetworkWorld();
    world.network.blockDials(2, 'election', 'reset');
    world.dial(1, 2, 1);
    world.network.blockDials(1, 'all', 'reset');
    world.dial(1, 2, 2);
    world.runAll();
    expect(world.endpoint(1).notes).toEqual(['2 connected 1', '2 connected 2']);
  });

  it('refuses until every fault that says so is over', () => {
    const world = new NetworkWorld();
    const blocks = [
      world.network.blockDials(2, 'all', 'reset'),
      world.network.blockDials(2, 'quorum', 'reset'),
    ];
    for (const [i, block] of blocks.entries()) {
      world.network.unblockDials(block);
      world.dial(1, 2, i + 1);
      world.runAll();
    }
    expect(world.endpoint(1).notes).toEqual(['2 failed 1', '4 connected 2']);
  });
});

describe('a full backlog', () => {
  it('is silent: a dial succeeds when its SYN is sent again after the end, or times out', () => {
    const world = new NetworkWorld();
    const block = world.network.blockDials(2, 'quorum', 'drop');
    world.dial(1, 2, 1, 60_000);
    world.dial(1, 2, 2, 1500);
    world.run(2000);
    world.network.unblockDials(block);
    world.runAll();
    // Sent at 0, 1000 and 3000 ms.
    expect(world.endpoint(1).notes).toEqual(['1500 failed 2', '3002 connected 1']);
  });

  it('also takes the last ACK: one end has a connection that the other cannot accept yet', () => {
    const world = new NetworkWorld();
    const connection = world.dial(1, 2);
    world.run(2.5);
    const block = world.network.blockDials(2, 'quorum', 'drop');
    world.send(1, connection, 1);
    world.run(100);
    expect(world.endpoint(1).notes).toEqual(['2 connected 1']);
    expect(world.endpoint(2).notes).toEqual([]);
    world.network.unblockDials(block);
    world.runAll();
    expect(world.endpoint(2).notes).toEqual(['203 accept -1 quorum', '203 packet 1']);
  });

  it('is what a paused process has after 51 connections, until it goes on', () => {
    const world = new NetworkWorld();
    world.network.pause(world.endpoint(2));
    for (let id = 1; id <= 60; id++) {
      world.dial(1, 2, id, 5000);
      world.run(10 * id);
    }
    world.run(4000);
    expect(world.endpoint(1).notes.filter((note) => note.includes('connected'))).toHaveLength(51);
    world.network.resume(world.endpoint(2));
    world.run(4100);
    expect(world.endpoint(2).notes).toHaveLength(51);
    world.run(6000);
    // The SYNs of the rest were due again 3 s after the first; the next time is too late for them.
    expect(world.endpoint(1).notes.filter((note) => note.includes('failed'))).toHaveLength(9);
  });

  it('of one port leaves the others open', () => {
    const world = new NetworkWorld();
    const other = 'host2:2';
    world.network.listen(world.endpoint(2), other, 'client');
    world.network.pause(world.endpoint(2));
    for (let id = 1; id <= 52; id++) {
      world.dial(1, 2, id);
      world.run(10 * id);
    }
    world.endpoint(1).notes = [];
    world.dialAddress(1, other, 100, 'client');
    world.run(600);
    expect(world.endpoint(1).notes).toEqual(['522 connected 100']);
  });
});
