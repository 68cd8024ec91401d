import { describe, expect, it } from 'vitest';
import { Connections } from '../../protocol/connections.ts';
import { QuorumCnxManager } from '../../protocol/election/quorum-cnx-manager.ts';
import { defined } from '../../protocol/assert.ts';
import { connectionId, sid, type ConnectionId } from '../../protocol/ids.ts';
import type { Notification } from '../../protocol/packets.ts';
import { Timers } from '../../protocol/timers.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { serverSpecs } from '../support/plans.ts';
import { recordingServerHost } from '../support/recording-host.ts';

const CNX_TIMEOUT_MS = 5000;
const HANDSHAKE_MS = 10_000;

const round = (electionEpoch: number): Notification => ({
  type: 'notification',
  state: 'LOOKING',
  leader: sid(1),
  zxid: makeZxid(1, 5),
  peerEpoch: 1,
  electionEpoch,
});

/** The election connections of server `self` of five; ids of dialled connections count from 1. */
class Bench {
  readonly host = recordingServerHost();
  readonly connections = new Connections(this.host);
  readonly timers = new Timers(this.host);
  readonly received: (readonly [number, number])[] = [];
  readonly manager: QuorumCnxManager;

  constructor(self: number) {
    const servers = serverSpecs(5);
    this.manager = new QuorumCnxManager({
      host: this.host,
      connections: this.connections,
      timers: this.timers,
      self: defined(servers[self - 1], 'self'),
      servers,
      cnxTimeoutMs: CNX_TIMEOUT_MS,
      handshakeTimeoutMs: HANDSHAKE_MS,
      onNotification: (from, notification) => void this.received.push([from, notification.electionEpoch]),
    });
  }

  /** Server `from` dials and introduces itself. */
  dialledBy(from: number, connection: number): ConnectionId {
    const accepted = connectionId(connection);
    this.manager.onAccept(accepted);
    this.packet(accepted, { type: 'initialMessage', sid: sid(from), address: `server${from}:3888` });
    return accepted;
  }

  connected(connection: number): void {
    this.connections.userOf(connectionId(connection))?.onConnected?.();
  }
  failed(connection: number): void {
    this.connections.onConnectFailed(connectionId(connection));
  }
  writable(connection: number): void {
    this.connections.userOf(connectionId(connection))?.onWritable?.();
  }
  closed(connection: number): void {
    this.connections.onClosed(connectionId(connection));
  }
  packet(
    connection: number,
    packet: Parameters<NonNullable<ReturnType<Connections['userOf']>>['onPacket']>[0],
  ): void {
    this.connections.userOf(connectionId(connection))?.onPacket(packet);
  }

  /** Dials, sends and closes since the last call: `connect server2:3888`, `send 1 round 3`, `close 1`. */
  take(): readonly string[] {
    return this.host.take().flatMap((effect) => {
      if (effect[0] === 'connect') return [`connect ${effect[2]}`];
      if (effect[0] === 'close') return [`close ${effect[1]}`];
      if (effect[0] !== 'send') return [];
      const packet = effect[2];
      return [
        `send ${effect[1]} ${packet.type === 'notification' ? `round ${packet.electionEpoch}` : packet.type}`,
      ];
    });
  }
}

describe('of two servers the one with the larger sid keeps the connection that it dialled', () => {
  it('the larger one dials, introduces itself and sends', () => {
    const bench = new Bench(3);
    bench.manager.toSend(sid(2), round(1));
    expect(bench.take()).toEqual(['connect server2:3888']);
    bench.connected(1);
    expect(bench.take()).toEqual(['send 1 initialMessage', 'send 1 round 1']);
  });

  it('the smaller one introduces itself and hangs up, and sends once it has been dialled back', () => {
    const bench = new Bench(2);
    bench.manager.toSend(sid(3), round(1));
    bench.connected(1);
    expect(bench.take()).toEqual(['connect server3:3888', 'send 1 initialMessage', 'close 1']);
    bench.dialledBy(3, -1);
    expect(bench.take()).toEqual(['send -1 round 1']);
  });

  it('the larger one hangs up on the smaller one and dials back', () => {
    const bench = new Bench(3);
    bench.dialledBy(2, -1);
    expect(bench.take()).toEqual(['close -1', 'connect server2:3888']);
  });

  it('the larger one that is dialling already does not dial twice', () => {
    const bench = new Bench(3);
    bench.manager.toSend(sid(2), round(1));
    bench.dialledBy(2, -1);
    bench.connected(1);
    expect(bench.take()).toEqual([
      'connect server2:3888',
      'close -1',
      'send 1 initialMessage',
      'send 1 round 1',
    ]);
  });

  it('the larger one that believes in an old connection gives it up', () => {
    const bench = new Bench(3);
    bench.manager.toSend(sid(2), round(1));
    bench.connected(1);
    bench.take();
    bench.dialledBy(2, -1);
    expect(bench.take()).toEqual(['close 1', 'close -1', 'connect server2:3888']);
  });

  it('the smaller one replaces an old connection by a new one', () => {
    const bench = new Bench(2);
    bench.dialledBy(3, -1);
    bench.dialledBy(3, -2);
    expect(bench.take()).toEqual(['close -1']);
    bench.manager.toSend(sid(3), round(1));
    expect(bench.take()).toEqual(['send -2 round 1']);
  });

  it('one that dials itself gets no answer', () => {
    const bench = new Bench(3);
    bench.dialledBy(3, -1);
    expect(bench.take()).toEqual([]);
  });
});

describe('the send queue', () => {
  const connectedTo2 = (): Bench => {
    const bench = new Bench(3);
    bench.manager.toSend(sid(2), round(1));
    bench.connected(1);
    bench.take();
    return bench;
  };

  it('holds one message: a newer one replaces it', () => {
    const bench = connectedTo2();
    for (const next of [2, 3, 4]) bench.manager.toSend(sid(2), round(next));
    expect(bench.take()).toEqual([]);
    bench.writable(1);
    expect(bench.take()).toEqual(['send 1 round 4']);
    bench.writable(1);
    expect(bench.take()).toEqual([]);
  });

  it('is replaced while there is no connection too', () => {
    const bench = new Bench(3);
    for (const next of [1, 2]) bench.manager.toSend(sid(2), round(next));
    bench.connected(1);
    expect(bench.take()).toEqual(['connect server2:3888', 'send 1 initialMessage', 'send 1 round 2']);
  });

  it('sends the last message again on a new connection', () => {
    const bench = connectedTo2();
    bench.writable(1);
    bench.closed(1);
    bench.manager.connectAll();
    bench.connected(2);
    expect(bench.take()).toEqual(['connect server2:3888', 'send 2 initialMessage', 'send 2 round 1']);
  });

  it('sends a newer message instead of the last one on a new connection', () => {
    const bench = connectedTo2();
    bench.closed(1);
    bench.manager.toSend(sid(2), round(2));
    bench.connected(2);
    expect(bench.take()).toEqual(['connect server2:3888', 'send 2 initialMessage', 'send 2 round 2']);
    bench.writable(2);
    expect(bench.take()).toEqual([]);
  });

  it('does not wait for the flush of a connection that is gone', () => {
    const bench = connectedTo2();
    bench.dialledBy(2, -1);
    bench.connected(2);
    bench.take();
    bench.writable(2);
    bench.manager.toSend(sid(2), round(2));
    expect(bench.take()).toEqual(['send 2 round 2']);
  });
});

describe('dialling', () => {
  it('waits for something to send after a connection broke', () => {
    const bench = new Bench(3);
    bench.manager.toSend(sid(2), round(1));
    bench.connected(1);
    bench.take();
    bench.closed(1);
    expect(bench.take()).toEqual([]);
    bench.manager.toSend(sid(2), round(2));
    expect(bench.take()).toEqual(['connect server2:3888']);
  });

  it('goes to a server once at a time, with the configured timeout', () => {
    const bench = new Bench(3);
    bench.manager.toSend(sid(2), round(1));
    bench.manager.toSend(sid(2), round(2));
    bench.manager.connectAll();
    expect(bench.host.take()).toEqual([
      ['connect', connectionId(1), 'server2:3888', 'election', CNX_TIMEOUT_MS],
    ]);
  });

  it('is tried again at the next occasion after it failed', () => {
    const bench = new Bench(3);
    bench.manager.toSend(sid(2), round(1));
    bench.failed(1);
    bench.take();
    bench.manager.connectAll();
    expect(bench.take()).toEqual(['connect server2:3888']);
  });

  it('to everyone reaches those without a connection', () => {
    const bench = new Bench(3);
    bench.dialledBy(5, -1);
    for (const to of [1, 2, 5]) bench.manager.toSend(sid(to), round(1));
    bench.connected(1);
    bench.failed(2);
    bench.take();
    bench.manager.connectAll();
    expect(bench.take()).toEqual(['connect server2:3888']);
  });

  it('to nobody that the configuration does not know', () => {
    const bench = new Bench(3);
    bench.manager.toSend(sid(77), round(1));
    expect(bench.take()).toEqual([]);
  });
});

describe('something was delivered', () => {
  it('as soon as one queue is empty, and not before there is any', () => {
    const bench = new Bench(3);
    expect(bench.manager.haveDelivered()).toBe(false);
    bench.manager.toSend(sid(1), round(1));
    bench.manager.toSend(sid(2), round(1));
    expect(bench.manager.haveDelivered()).toBe(false);
    bench.connected(1);
    expect(bench.manager.haveDelivered()).toBe(true);
  });
});

describe('receiving', () => {
  it('knows the sender by its connection', () => {
    const bench = new Bench(3);
    bench.dialledBy(5, -1);
    bench.packet(-1, round(4));
    expect(bench.received).toEqual([[5, 4]]);
  });

  it('goes through the same queue for a message to oneself', () => {
    const bench = new Bench(3);
    bench.manager.toSend(sid(3), round(4));
    expect([bench.received, bench.take()]).toEqual([[[3, 4]], []]);
  });

  it('begins with an introduction, else the connection is closed', () => {
    const bench = new Bench(3);
    bench.manager.onAccept(connectionId(-1));
    bench.packet(-1, round(4));
    expect([bench.received, bench.take()]).toEqual([[], ['close -1']]);
  });

  it('waits for an introduction as long as a handshake may take', () => {
    const bench = new Bench(3);
    bench.manager.onAccept(connectionId(-1));
    bench.host.advance(HANDSHAKE_MS - 1, bench.timers);
    expect(bench.take()).toEqual([]);
    bench.host.advance(1, bench.timers);
    expect(bench.take()).toEqual(['close -1']);
  });

  it('takes its time after the introduction', () => {
    const bench = new Bench(3);
    bench.dialledBy(5, -1);
    bench.host.advance(10 * HANDSHAKE_MS, bench.timers);
    expect(bench.take()).toEqual([]);
  });
});
