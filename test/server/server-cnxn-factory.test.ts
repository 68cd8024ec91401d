import { describe, expect, it } from 'vitest';
import { NO_PASSWORD, type ClientPacket, type RequestBody } from '../../protocol/client-packets.ts';
import {
  connectionId,
  NO_SESSION,
  sessionId,
  type ConnectionId,
  type SessionId,
} from '../../protocol/ids.ts';
import { passwordOf } from '../../protocol/server/session-id.ts';
import type { Packet } from '../../protocol/packets.ts';
import { makeZxid, NO_TXNS } from '../../protocol/zxid.ts';
import { LeaderBench } from '../support/leader-bench.ts';
import { serverSpecs } from '../support/plans.ts';
import { bytes } from '../support/tree.ts';

const z = makeZxid;
const EXPIRER_MS = 10_000;
type ConnectRequest = ClientPacket & { readonly type: 'connectRequest' };

/** A leader that is a quorum by itself, and its clients. */
class Bench extends LeaderBench {
  #clients = 100;

  constructor() {
    super({ sid: 1, servers: serverSpecs(1) });
  }

  /** A connection that has said nothing yet. */
  accepted(from = 'client:1'): ConnectionId {
    const connection = connectionId(-++this.#clients);
    this.context.cnxns.onAccept(connection, from);
    return connection;
  }

  asks(connection: ConnectionId, request: Partial<ConnectRequest> = {}): void {
    this.accept(connection, {
      type: 'connectRequest',
      lastZxidSeen: NO_TXNS,
      timeOut: 10_000,
      sessionId: NO_SESSION,
      passwd: NO_PASSWORD,
      ...request,
    });
  }

  /** A connection with this answer to its connect request. */
  connects(request: Partial<ConnectRequest> = {}): ConnectionId {
    const connection = this.accepted();
    this.asks(connection, request);
    this.settle();
    return connection;
  }

  requests(connection: ConnectionId, xid: number, body: RequestBody): void {
    this.accept(connection, { type: 'request', xid, body });
  }

  answer(connection: ConnectionId): Packet & { readonly type: 'connectResponse' } {
    const answer = this.sentOn(connection).find((packet) => packet.type === 'connectResponse');
    if (answer === undefined) throw new TypeError('it was not answered');
    return answer;
  }

  sessionOf(connection: ConnectionId): SessionId {
    return this.answer(connection).sessionId;
  }
}

const leading = (): Bench => {
  const bench = new Bench();
  bench.lead();
  return bench;
};
const INVALID = { type: 'connectResponse', timeOut: 0, sessionId: NO_SESSION, passwd: NO_PASSWORD };
const credentials = (id: SessionId) => ({ sessionId: id, passwd: passwordOf(id) });

describe('a server that is not part of an ensemble', () => {
  it('closes a connection as soon as it is spoken to, without a word', () => {
    const bench = new Bench();
    const connection = bench.accepted();
    expect(bench.isClosed(connection)).toBe(false);
    bench.asks(connection);
    expect([bench.isClosed(connection), bench.sentOn(connection)]).toEqual([true, []]);
  });

  it('closes every connection when it leaves one', () => {
    const bench = leading();
    const connection = bench.connects();
    bench.leader.shutdown('test');
    expect(bench.isClosed(connection)).toBe(true);
  });

  it('remembers no watches of theirs', () => {
    const bench = leading();
    const connection = bench.connects();
    bench.requests(connection, 1, { op: 'exists', path: '/none', watch: true });
    bench.settle();
    const { watches } = bench.context.database.tree;
    expect(watches.size).toBe(1);
    bench.leader.shutdown('test');
    expect(watches.size).toBe(0);
  });
});

describe('a host with many connections', () => {
  const LIMIT = 60;

  it('gets no more than maxClientCnxns: the next is closed at once, others are not', () => {
    const bench = leading();
    const first = Array.from({ length: LIMIT }, (_, port) => bench.accepted(`many:${port}`));
    const tooMany = bench.accepted('many:61');
    const other = bench.accepted('other:1');
    const isClosed = (connection: ConnectionId): boolean => bench.isClosed(connection);
    expect([first.some(isClosed), isClosed(tooMany), isClosed(other)]).toEqual([false, true, false]);
  });

  it('gets another for each that it closes', () => {
    const bench = leading();
    const [first] = Array.from({ length: LIMIT }, (_, port) => bench.accepted(`many:${port}`));
    bench.context.cnxns.close(first ?? connectionId(0));
    expect(bench.isClosed(bench.accepted('many:61'))).toBe(false);
    expect(bench.isClosed(bench.accepted('many:62'))).toBe(true);
  });
});

describe('a client without a session', () => {
  it('gets one when that is committed, with its password', () => {
    const bench = leading();
    const connection = bench.accepted();
    bench.asks(connection, { passwd: 'whatever' });
    expect(bench.sentOn(connection)).toEqual([]);
    bench.settle();
    const { sessionId: id, ...rest } = bench.answer(connection);
    expect(rest).toEqual({ type: 'connectResponse', timeOut: 10_000, passwd: passwordOf(id) });
    expect(bench.eventsOf('committed')).toMatchObject([{ zxid: z(1, 1) }]);
  });

  it.each([
    [0, 4000],
    [3999, 4000],
    [4000, 4000],
    [30_000, 30_000],
    [40_001, 40_000],
  ])('that asks for %d ms gets %d ms', (timeOut, granted) => {
    const bench = leading();
    expect(bench.answer(bench.connects({ timeOut })).timeOut).toBe(granted);
  });

  it('that has seen more than this server is sent away without a word', () => {
    const bench = leading();
    const ahead = bench.connects({ lastZxidSeen: z(1, 1) });
    expect([bench.isClosed(ahead), bench.sentOn(ahead)]).toEqual([true, []]);
    expect(bench.eventsOf('sessionRefused')).toMatchObject([{ reason: 'behind the client' }]);
    expect(bench.isClosed(bench.connects({ lastZxidSeen: z(1, 0) }))).toBe(false);
  });

  it('sees its pipelined requests answered after the session', () => {
    const bench = leading();
    const connection = bench.accepted();
    bench.asks(connection);
    bench.requests(connection, 1, { op: 'exists', path: '/', watch: false });
    bench.requests(connection, 2, { op: 'ping' });
    expect(bench.sentOn(connection)).toEqual([]);
    bench.settle();
    expect(bench.told(connection)).toEqual(['connectResponse', 'reply', 'reply']);
  });
});

describe('a client that comes back with its session', () => {
  const withSession = (): { bench: Bench; old: ConnectionId; id: SessionId } => {
    const bench = leading();
    const old = bench.connects();
    const id = bench.sessionOf(old);
    bench.host.take();
    return { bench, old, id };
  };

  it('gets it again without a txn, with the timeout that it asks for now', () => {
    const { bench, id } = withSession();
    const connection = bench.connects({ ...credentials(id), timeOut: 6000 });
    expect(bench.answer(connection)).toEqual({ type: 'connectResponse', ...credentials(id), timeOut: 6000 });
    expect(bench.eventsOf('proposed')).toEqual([]);
    expect(bench.eventsOf('sessionAttached')).toMatchObject([{ sessionId: id, timeOut: 6000, isNew: false }]);
  });

  it('closes the connection that had it', () => {
    const { bench, old, id } = withSession();
    bench.connects(credentials(id));
    expect(bench.isClosed(old)).toBe(true);
  });

  it('with a wrong password is told that it has expired, and closes the old connection all the same', () => {
    const { bench, old, id } = withSession();
    const connection = bench.connects({ sessionId: id, passwd: NO_PASSWORD });
    expect(bench.sentOn(connection)).toEqual([INVALID]);
    expect([bench.isClosed(connection), bench.isClosed(old)]).toEqual([true, true]);
  });

  it('but has seen more than this server leaves the old connection alone', () => {
    const { bench, old, id } = withSession();
    const connection = bench.connects({ ...credentials(id), lastZxidSeen: z(9, 9) });
    expect([bench.isClosed(connection), bench.isClosed(old)]).toEqual([true, false]);
    expect(bench.sentOn(connection)).toEqual([]);
  });

  it.each([
    ['that nobody knows', (): SessionId => sessionId('0x77')],
    [
      'that it has closed',
      (bench: Bench, old: ConnectionId, id: SessionId): SessionId => {
        bench.requests(old, 1, { op: 'closeSession' });
        bench.settle();
        return id;
      },
    ],
    [
      'that has expired',
      (bench: Bench, _: ConnectionId, id: SessionId): SessionId => {
        bench.advance(20_000);
        bench.settle();
        return id;
      },
    ],
  ])('%s is told that it has expired', (_, dead) => {
    const { bench, old, id } = withSession();
    const connection = bench.connects(credentials(dead(bench, old, id)));
    expect(bench.sentOn(connection)).toEqual([INVALID]);
    expect(bench.isClosed(connection)).toBe(true);
  });
});

describe('a session that ends', () => {
  it('by its client is answered, and then its connection is closed', () => {
    const bench = leading();
    const connection = bench.connects();
    bench.host.take();
    bench.requests(connection, 7, { op: 'closeSession' });
    bench.settle();
    expect(bench.sentOn(connection)).toMatchObject([{ type: 'reply', xid: 7, err: 0, zxid: z(1, 2) }]);
    expect(bench.isClosed(connection)).toBe(true);
  });

  it('by expiry has its connection closed without a word', () => {
    const bench = leading();
    const connection = bench.connects({ timeOut: 4000 });
    bench.host.take();
    bench.advance(8000);
    bench.settle();
    expect([bench.sentOn(connection), bench.isClosed(connection)]).toEqual([[], true]);
  });
});

describe('a frame', () => {
  it('that is too large closes its connection unread', () => {
    const bench = leading();
    const connection = bench.connects();
    bench.host.take();
    const data = new Uint8Array(1_100_000);
    bench.requests(connection, 1, { op: 'setData', path: '/', data, version: -1 });
    bench.settle();
    expect([bench.sentOn(connection), bench.isClosed(connection), bench.eventsOf('proposed')]).toEqual([
      [],
      true,
      [],
    ]);
  });

  it('of another kind closes its connection', () => {
    const bench = leading();
    const connection = bench.accepted();
    bench.accept(connection, { type: 'UPTODATE' });
    expect(bench.isClosed(connection)).toBe(true);
  });
});

describe('a connection', () => {
  /** When it is closed, in whole buckets of the expirer. */
  const closedAt = (bench: Bench, connection: ConnectionId): number => {
    while (!bench.isClosed(connection) && bench.host.elapsedMs < 200_000) {
      bench.advance(1000);
      bench.settle();
    }
    return bench.host.elapsedMs;
  };

  it('that never says anything is closed at the end of the next whole bucket', () => {
    const bench = leading();
    bench.advance(3000);
    expect(closedAt(bench, bench.accepted())).toBe(2 * EXPIRER_MS);
  });

  it('that asked for a session is closed when it has been silent for its timeout', () => {
    const bench = leading();
    bench.advance(3000);
    const connection = bench.connects({ timeOut: 40_000 });
    bench.context.timers.cancel('sessions/expiry');
    expect(closedAt(bench, connection)).toBe(5 * EXPIRER_MS);
  });

  it('that speaks stays open', () => {
    const bench = leading();
    const connection = bench.connects();
    for (let i = 0; i < 30; i++) {
      bench.advance(3000);
      bench.requests(connection, i, { op: 'ping' });
      bench.settle();
    }
    expect(bench.isClosed(connection)).toBe(false);
  });

  it('takes its watches with it', () => {
    const bench = leading();
    const [watcher, writer] = [bench.connects(), bench.connects()];
    bench.requests(watcher, 1, { op: 'exists', path: '/', watch: true });
    bench.settle();
    bench.closed(watcher);
    bench.host.take();
    bench.requests(writer, 1, { op: 'setData', path: '/', data: bytes('x'), version: -1 });
    bench.settle();
    expect([bench.sentOn(watcher), bench.context.database.tree.watches.size]).toEqual([[], 0]);
  });
});
