import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadRequest } from '../../protocol/client-packets.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { releaseWithIssue } from '../../protocol/release/release.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { ClientDriver, SESSION, SMALLEST_DRAWS } from '../support/client-driver.ts';

const { OK, CONNECTIONLOSS, SESSIONEXPIRED, NONODE } = ErrorCode;
const MAX_XID = 2 ** 31 - 1;
const SYNC = { op: 'sync', path: '/' } as const;
const read = (path: string): ReadRequest => ({ op: 'getData', path, watch: false });

describe('requests', () => {
  it('are sent at once in session, and answered with what the server said', () => {
    const driver = new ClientDriver().establish();
    driver.submit(read('/a')).reply(1, makeZxid(1, 4), OK, { data: null });
    expect(driver.host.events).toEqual([
      { type: 'invoked', op: 1, body: read('/a') },
      {
        type: 'answered',
        op: 1,
        xid: 1,
        err: OK,
        sent: true,
        zxid: makeZxid(1, 4),
        sessionId: SESSION,
        body: { data: null },
      },
    ]);
  });

  it('wait for the session, and get their xids when they go out', () => {
    const driver = new ClientDriver();
    driver.submit(SYNC).start().submit(SYNC).reach().submit(SYNC);
    expect(driver.requests).toEqual([]);
    driver.grant();
    expect(driver.requests.map(([xid]) => xid)).toEqual([1, 2, 3]);
  });

  it('are lost with the connection, sent ones and waiting ones, in order', () => {
    const driver = new ClientDriver().establish();
    driver.submit(SYNC, SYNC).drop().submit(SYNC).take();
    driver.advance(100);
    expect(driver.answers).toEqual([
      [1, CONNECTIONLOSS, true],
      [2, CONNECTIONLOSS, true],
      [3, CONNECTIONLOSS, false],
    ]);
    expect(driver.host.events.at(-1)).toMatchObject({ state: 'Disconnected' });
  });

  it('fail with each attempt to reconnect that fails, but not before', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish().drop().advance(100);
    driver.submit(SYNC).take();
    driver.refuse().advance(99);
    expect(driver.answers).toEqual([]);
    driver.advance(1);
    expect(driver.answers).toEqual([[1, CONNECTIONLOSS, false]]);
    driver.submit(SYNC).take();
    driver.reach().grant();
    expect(driver.requests).toEqual([[1, 'sync']]);
  });

  it('are never sent twice', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish();
    driver.submit(SYNC).drop().advance(100).take();
    driver.reach().grant();
    expect(driver.requests).toEqual([]);
  });

  it('lose the connection when a reply does not match the oldest of them', () => {
    const driver = new ClientDriver().establish();
    driver.submit(SYNC, SYNC).take();
    driver.reply(2, makeZxid(1, 4));
    expect(driver.answers).toEqual([[1, CONNECTIONLOSS, true]]);
    expect(driver.take()).toContainEqual(['close', 1]);
    driver.advance(100);
    expect(driver.answers).toEqual([[2, CONNECTIONLOSS, true]]);
  });

  it('lose the connection when there is a reply but no request', () => {
    const driver = new ClientDriver().establish();
    driver.reply(1, makeZxid(1, 4));
    expect(driver.client.state).toBe('CONNECTING');
    expect(driver.take()).toContainEqual(['close', 1]);
  });

  it('go on from xid 1 after the largest', () => {
    const driver = new ClientDriver({ firstXid: MAX_XID - 1 }).establish();
    driver
      .submit(SYNC, SYNC)
      .reply(MAX_XID - 1, 1)
      .reply(1, 2);
    expect(driver.answers).toEqual([
      [1, OK, true],
      [2, OK, true],
    ]);
  });

  it.each([
    [-4, 'authentication', []],
    [-2, 'a ping', []],
    [-1, 'a notification that nobody can read, and the connection ends', [[1, CONNECTIONLOSS, true]]],
  ] as const)('before 3.5.5 had the xid %d in the end, whose reply is taken for %s', (xid, _, lost) => {
    const release = releaseWithIssue('ZOOKEEPER-3253');
    const driver = new ClientDriver({ firstXid: 2 ** 32 + xid, release }).establish();
    driver.submit(SYNC);
    expect(driver.requests).toEqual([[xid, 'sync']]);
    driver.reply(xid, makeZxid(1, 1)).advance(100);
    expect(driver.answers).toEqual(lost);
  });

  it('leave the last zxid alone when the reply has none', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish();
    driver
      .submit(SYNC, SYNC)
      .reply(1, makeZxid(1, 9))
      .reply(2, -1, ErrorCode.UNIMPLEMENTED)
      .drop()
      .advance(100);
    driver.take();
    driver.reach();
    expect(driver.host.sent).toMatchObject([{ lastZxidSeen: makeZxid(1, 9) }]);
  });
});

describe('synced reads', () => {
  it('send a sync of the path ahead and show the application only the read', () => {
    const driver = new ClientDriver({ reads: 'synced' }).establish();
    driver.submit(read('/a'));
    expect(driver.host.sent).toEqual([
      { type: 'request', xid: 1, body: { op: 'sync', path: '/a' } },
      { type: 'request', xid: 2, body: read('/a') },
    ]);
    driver.take();
    driver.reply(1, makeZxid(1, 6), OK, { path: '/a' });
    expect(driver.host.events).toEqual([]);
    driver.reply(2, makeZxid(1, 7), OK, { data: null });
    expect(driver.host.events).toEqual([
      {
        type: 'answered',
        op: 1,
        xid: 2,
        err: OK,
        sent: true,
        zxid: makeZxid(1, 7),
        sessionId: SESSION,
        body: { data: null },
      },
    ]);
  });

  it('fail with the error of their sync', () => {
    const driver = new ClientDriver({ reads: 'synced' }).establish();
    driver
      .submit(read('/a'))
      .reply(1, makeZxid(1, 6), SESSIONEXPIRED)
      .reply(2, makeZxid(1, 6), OK, { data: null });
    expect(driver.host.events.at(-1)).toMatchObject({
      type: 'answered',
      op: 1,
      err: SESSIONEXPIRED,
      body: undefined,
    });
  });

  it('fail with their own error otherwise', () => {
    const driver = new ClientDriver({ reads: 'synced' }).establish();
    driver.submit(read('/a')).reply(1, makeZxid(1, 6)).reply(2, makeZxid(1, 6), NONODE);
    expect(driver.answers).toEqual([[1, NONODE, true]]);
  });

  it('leave everything else as it is', () => {
    const driver = new ClientDriver({ reads: 'synced' }).establish();
    driver.submit({ op: 'delete', path: '/a', version: -1 }, SYNC);
    expect(driver.requests).toEqual([
      [1, 'delete'],
      [2, 'sync'],
    ]);
  });

  it('are lost once, although two requests were', () => {
    const driver = new ClientDriver({ reads: 'synced' }).establish();
    driver.submit(read('/a')).take();
    driver.drop().advance(100);
    expect(driver.answers).toEqual([[1, CONNECTIONLOSS, true]]);
  });
});

const OFTEN = ['submit', 'read', 'reply', 'connect'] as const;
const RARELY = ['drop', 'refuse', 'reach', 'wait', 'wrongReply', 'expire'] as const;
type Move = (typeof OFTEN)[number] | (typeof RARELY)[number];

/** The driver's moves that are possible whatever state the client is in: a late or early one must do no harm. */
class Adversary {
  readonly driver: ClientDriver;
  /** Requests that reached the server on the present connection. */
  #unanswered: number[] = [];
  #zxid = 0;
  #reached = 0;

  constructor(reads: 'local' | 'synced') {
    this.driver = new ClientDriver({ random: SMALLEST_DRAWS, reads }).start();
  }

  make(move: Move): void {
    const before = this.driver.connection;
    this.#act(move);
    if (this.driver.connection !== before) this.#unanswered = [];
    for (const packet of this.driver.host.sent) {
      if (packet.type === 'request' && packet.xid > 0) this.#unanswered.push(packet.xid);
    }
    this.driver.take();
  }

  #act(move: Move): void {
    switch (move) {
      case 'submit':
        return void this.driver.submit(SYNC);
      case 'read':
        return void this.driver.submit(read('/a'));
      case 'reply':
        return this.#reply(0);
      case 'wrongReply':
        return this.#reply(1);
      case 'drop':
        return void this.driver.drop();
      case 'refuse':
        return void this.driver.refuse();
      case 'connect':
        return this.#connect();
      case 'reach':
        return this.#reach();
      case 'expire':
        return void this.driver.grant(0);
      case 'wait':
        return void this.driver.advance(700);
    }
  }

  /** As far as a session, unless it is there or over. */
  #connect(): void {
    if (this.driver.client.state !== 'CONNECTING') return;
    this.driver.advance(1100);
    this.#reach();
    this.driver.grant();
  }

  /** A connection is reached once. */
  #reach(): void {
    if (this.#reached === this.driver.connection) return;
    this.#reached = this.driver.connection;
    this.driver.reach();
  }

  #reply(off: number): void {
    const xid = this.#unanswered.shift();
    if (xid !== undefined) this.driver.reply(xid + off, ++this.#zxid);
  }
}

describe('every operation', () => {
  it('is answered exactly once and in order, whatever happens to connections', () => {
    const move = fc.oneof(
      { arbitrary: fc.constantFrom<Move>(...OFTEN), weight: 12 },
      { arbitrary: fc.constantFrom<Move>(...RARELY), weight: 1 },
    );
    fc.assert(
      fc.property(
        fc.array(move, { maxLength: 80, size: 'max' }),
        fc.constantFrom('local', 'synced'),
        (moves, reads) => {
          const adversary = new Adversary(reads);
          for (const next of moves) adversary.make(next);
          adversary.make('drop');
          adversary.make('refuse');
          adversary.make('wait');
          adversary.make('refuse');
          adversary.make('wait');
          const { history } = adversary.driver;
          const invoked = history.flatMap((event) => (event.type === 'invoked' ? [event.op] : []));
          const answered = history.flatMap((event) => (event.type === 'answered' ? [event.op] : []));
          expect(answered).toEqual(invoked);
          expect(invoked).toEqual(invoked.map((_, index) => index + 1));
        },
      ),
      { numRuns: 500 },
    );
  });
});
