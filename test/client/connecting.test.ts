import { describe, expect, it } from 'vitest';
import { NO_PASSWORD } from '../../protocol/client-packets.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { NO_SESSION, connectionId } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { ClientDriver, LARGEST_DRAWS, PASSWORD, SESSION, SMALLEST_DRAWS } from '../support/client-driver.ts';

describe('a client that connects', () => {
  it('dials at once, asks for a session and tells the application when it has one', () => {
    const driver = new ClientDriver().start();
    expect(driver.take()).toEqual([['connect', 1, 's1:2181', 'client', 3000]]);
    driver.reach();
    expect(driver.take()).toEqual([
      [
        'send',
        1,
        {
          type: 'connectRequest',
          lastZxidSeen: 0,
          timeOut: 9000,
          sessionId: NO_SESSION,
          passwd: NO_PASSWORD,
        },
      ],
      ['setTimer', 'SendThread', 3000],
    ]);
    expect(driver.client.state).toBe('CONNECTING');
    driver.grant();
    expect(driver.client.state).toBe('CONNECTED');
    expect(driver.host.events).toEqual([
      {
        type: 'keeperState',
        state: 'SyncConnected',
        sessionId: SESSION,
        server: 's1:2181',
        reason: 'session established',
      },
    ]);
  });

  it('goes to the next server 100 ms after a refusal, without a rest as long as none was reached', () => {
    const driver = new ClientDriver().start();
    driver.take();
    driver.refuse().advance(99);
    expect(driver.take().filter(([effect]) => effect === 'connect')).toEqual([]);
    driver.advance(1);
    expect(driver.states).toEqual(['Disconnected']);
    expect(driver.take().at(-1)).toEqual(['connect', 2, 's2:2181', 'client', 3000]);
  });

  it('rests for a second when the round is over', () => {
    const driver = new ClientDriver().start();
    const dialled = [driver.server];
    for (let attempt = 0; attempt < 2; attempt++) dialled.push(driver.refuse().advance(100).server);
    expect(dialled).toEqual(['s1:2181', 's2:2181', 's3:2181']);
    driver.refuse().advance(100).take();
    driver.advance(999);
    expect(driver.take()).toEqual([]);
    driver.advance(1);
    expect(driver.take()).toEqual([['connect', 4, 's1:2181', 'client', 3000]]);
  });

  it('rests a drawn time below a second before each attempt once a server was reached', () => {
    const driver = new ClientDriver({ random: LARGEST_DRAWS }).start().reach();
    driver.drop().advance(100);
    driver.take();
    driver.advance(998);
    expect(driver.take()).toEqual([]);
    driver.advance(1);
    expect(driver.take()).toEqual([['connect', 2, 's2:2181', 'client', 3000]]);
  });

  it('gives a handshake the connect timeout again', () => {
    const driver = new ClientDriver().start();
    driver.host.advance(2500, driver.client);
    driver.reach().take();
    driver.advance(2999);
    expect(driver.take()).toEqual([]);
    driver.advance(1);
    expect(driver.take()).toEqual([
      ['close', 1],
      ['setTimer', 'SendThread', 100],
    ]);
  });

  it('takes a close without an answer for a lost connection and keeps what waits out of it', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).start().reach();
    driver.submit({ op: 'getData', path: '/a', watch: false });
    driver.drop().advance(100);
    expect(driver.answers).toEqual([[1, ErrorCode.CONNECTIONLOSS, false]]);
    expect(driver.requests).toEqual([]);
    expect(driver.server).toBe('s2:2181');
  });

  it('ignores what a connection given up says', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).start().reach();
    const old = driver.connection;
    driver.drop().advance(100);
    driver.take();
    const response = {
      type: 'connectResponse',
      timeOut: 9000,
      sessionId: SESSION,
      passwd: PASSWORD,
    } as const;
    driver.client.onPacket(old, response);
    driver.client.onClosed(old);
    driver.client.onConnected(old);
    driver.client.onConnectFailed(old);
    expect(driver.take()).toEqual([]);
  });
});

describe('a session that moves', () => {
  it('is asked for with its id, its password and the last zxid that was read', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish();
    driver.submit({ op: 'sync', path: '/' }).reply(1, makeZxid(1, 5)).drop().advance(100);
    driver.take();
    driver.reach();
    expect(driver.host.sent).toEqual([
      {
        type: 'connectRequest',
        lastZxidSeen: makeZxid(1, 5),
        timeOut: 9000,
        sessionId: SESSION,
        passwd: PASSWORD,
      },
    ]);
    driver.grant();
    expect(driver.states).toEqual(['SyncConnected']);
  });

  it('asks for its own timeout again, whatever the last server made of it', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS, sessionTimeoutMs: 60_000 }).establish(12_000);
    driver.drop().advance(100);
    expect(driver.take().at(-1)).toEqual(['connect', 2, 's2:2181', 'client', 4000]);
    driver.reach();
    expect(driver.host.sent).toMatchObject([{ type: 'connectRequest', timeOut: 60_000 }]);
  });

  it('rests for a second when it comes back to the server it was last taken in by', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS, servers: ['s1:2181'] }).establish();
    driver.drop().advance(100 + 999);
    expect(driver.states).toEqual(['Disconnected']);
    expect(driver.take().some(([effect]) => effect === 'connect')).toBe(false);
    driver.advance(1);
    expect(driver.take()).toEqual([['connect', 2, 's1:2181', 'client', 9000]]);
  });
});

describe('a session that ends', () => {
  it('has expired when a server says so: no reconnection, and everything fails with SESSIONEXPIRED', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish().drop().advance(100).reach();
    driver.submit({ op: 'delete', path: '/a', version: -1 });
    driver.take();
    driver.grant(0);
    expect(driver.take()).toEqual([
      ['close', connectionId(2)],
      ['cancelTimer', 'SendThread'],
      [
        'emit',
        {
          type: 'keeperState',
          state: 'Expired',
          sessionId: SESSION,
          server: '',
          reason: 'the servers do not know the session any more',
        },
      ],
      [
        'emit',
        {
          type: 'answered',
          op: 1,
          xid: 0,
          err: ErrorCode.SESSIONEXPIRED,
          sent: false,
          zxid: 0,
          sessionId: SESSION,
          body: undefined,
        },
      ],
    ]);
    driver.submit({ op: 'delete', path: '/b', version: -1 }).advance(60_000);
    expect(driver.answers).toEqual([[2, ErrorCode.SESSIONEXPIRED, false]]);
    expect(driver.client.state).toBe('CLOSED');
    expect(driver.client.isOpen).toBe(false);
  });

  it('has expired by the clock before the first attempt that begins after 4/3 of its timeout', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish().drop();
    let dialled = driver.connection;
    while (driver.client.state !== 'CLOSED') {
      driver.advance(1);
      if (driver.connection !== dialled) driver.refuse();
      dialled = driver.connection;
    }
    driver.take();
    expect(driver.history.at(-1)).toMatchObject({ type: 'keeperState', state: 'Expired' });
    expect(driver.host.elapsedMs).toBeGreaterThanOrEqual(12_000);
    expect(driver.host.elapsedMs).toBeLessThan(12_000 + 1100);
  });

  it('has expired by the clock when an attempt that lasted until then fails', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish().drop().advance(100);
    driver.take();
    driver.host.elapsedMs = 12_000;
    driver.refuse();
    expect(driver.states).toEqual(['Expired']);
  });

  it('does not expire by the clock while some port answers, even if the servers behind refuse', () => {
    const driver = new ClientDriver({ random: SMALLEST_DRAWS }).establish().drop();
    for (let attempt = 0; attempt < 20; attempt++) driver.advance(1100).reach().drop();
    expect(driver.host.elapsedMs).toBeGreaterThan(12_000);
    expect(driver.client.state).toBe('CONNECTING');
  });

  it('never expires before there is one', () => {
    const driver = new ClientDriver().start();
    for (let attempt = 0; attempt < 50; attempt++) driver.refuse().advance(1100);
    expect(driver.host.elapsedMs).toBeGreaterThan(12_000);
    expect(driver.client.state).toBe('CONNECTING');
  });

  it('is over at once for a process that slept in session for longer than it lives', () => {
    const driver = new ClientDriver().establish();
    driver.submit({ op: 'delete', path: '/a', version: -1 });
    driver.take();
    driver.host.elapsedMs += 12_000;
    driver.advance(0);
    expect(driver.states).toEqual(['Expired']);
    expect(driver.answers).toEqual([[1, ErrorCode.SESSIONEXPIRED, true]]);
  });
});

describe('close', () => {
  it('asks for the end of the session after what was asked before, and closes with the reply', () => {
    const driver = new ClientDriver().establish();
    driver.submit({ op: 'delete', path: '/a', version: -1 });
    driver.client.close();
    expect(driver.requests).toEqual([
      [1, 'delete'],
      [2, 'closeSession'],
    ]);
    driver.reply(1, makeZxid(1, 2));
    expect(driver.client.state).toBe('CONNECTED');
    driver.take();
    driver.reply(2, makeZxid(1, 3));
    expect(driver.states).toEqual(['Closed']);
    expect(driver.answers).toEqual([[2, ErrorCode.OK, true]]);
    expect(driver.take()).toContainEqual(['close', 1]);
    expect(driver.host.timers.size).toBe(0);
  });

  it('refuses at once what comes after it', () => {
    const driver = new ClientDriver().establish();
    driver.client.close();
    driver.client.close();
    driver.take();
    driver.submit({ op: 'sync', path: '/' });
    expect(driver.answers).toEqual([[2, ErrorCode.CONNECTIONLOSS, false]]);
    expect(driver.requests).toEqual([]);
    driver.reply(1, makeZxid(1, 3));
    driver.take();
    driver.submit({ op: 'sync', path: '/' });
    expect(driver.answers).toEqual([[3, ErrorCode.SESSIONEXPIRED, false]]);
  });

  it('does not reconnect for the sake of closing', () => {
    const driver = new ClientDriver().establish();
    driver.client.close();
    driver.drop().advance(100);
    expect(driver.answers).toEqual([[1, ErrorCode.CONNECTIONLOSS, true]]);
    expect(driver.states).toEqual(['Disconnected', 'Closed']);
    driver.take();
    driver.advance(60_000);
    expect(driver.take()).toEqual([]);
  });
});
