import { describe, expect, it } from 'vitest';
import { type CreateTxn, OPEN_ACL_UNSAFE, type TxnBody } from '../../protocol/database/txn.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { NO_SESSION, sessionId, type SessionId } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { STRANGER } from '../../sim/party.ts';
import { ALICE, BOB, TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'sessions-and-ephemerals';

const created = (path: string, parentCVersion: number, ephemeral = false): CreateTxn => ({
  type: 'create',
  path,
  data: null,
  acl: OPEN_ACL_UNSAFE,
  ephemeral,
  parentCVersion,
});
const closed = (...paths: string[]): TxnBody => ({ type: 'closeSession', paths });

/** Alice (0x1) has two ephemerals, Bob (0x2) none; timeouts are 10 s, ticks 2 s, server 1 leads. */
function story(): TraceBuilder {
  const trace = new TraceBuilder().lead(1, 1);
  trace.session(ALICE, 1);
  trace.session(BOB, 2);
  by(trace, ALICE_SESSION, created('/e1', 1, true), 1);
  by(trace, ALICE_SESSION, created('/e2', 2, true), 2);
  return trace;
}
const ALICE_SESSION = sessionId('0x1');
const BOB_SESSION = sessionId('0x2');

function by(trace: TraceBuilder, session: SessionId, body: TxnBody, cxid: number): TraceBuilder {
  trace.broadcast(body, { sessionId: session, cxid });
  return trace;
}

const expired = (session: SessionId) =>
  ({ type: 'sessionExpired', sessionId: session, timeOut: 10_000 }) as const;
const request = { type: 'request', xid: 9, body: { op: 'ping' } } as const;
const ping = (session: SessionId) =>
  ({ type: 'PING', zxid: makeZxid(1, 0), touched: [{ sessionId: session, timeOut: 10_000 }] }) as const;

describe(`${NAME}: the log`, () => {
  it('is quiet when a session is closed with its ephemerals', () => {
    const trace = story();
    by(trace, BOB_SESSION, { type: 'delete', path: '/e1' }, 1);
    by(trace, ALICE_SESSION, closed('/e2'), 3);
    by(trace, ALICE_SESSION, { type: 'error', err: ErrorCode.SESSIONEXPIRED }, 4);
    by(trace, ALICE_SESSION, closed(), 0);
    expect(trace.red).toEqual([]);
    expect(trace.checked(NAME)).toBeGreaterThan(7);
  });

  it('is red when an ephemeral outlives its session', () => {
    const trace = by(story(), ALICE_SESSION, closed('/e1'), 0);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('but it leaves /e2 behind');
  });

  it('is red when a session takes another node with it', () => {
    const trace = story();
    by(trace, BOB_SESSION, created('/p', 3), 1);
    by(trace, ALICE_SESSION, closed('/e1', '/e2', '/p'), 0);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('it deletes /p, which is no ephemeral of the session');
  });

  it('is red when a closed session creates an ephemeral', () => {
    const trace = by(story(), BOB_SESSION, closed(), 0);
    by(trace, BOB_SESSION, created('/late', 3, true), 1);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /^0x100000006 \(create \/late of session 0x2\) was committed .*\nbut session 0x2 had been closed by 0x100000005/,
    );
  });

  it('is red when a session that was never created acts', () => {
    const trace = by(story(), sessionId('0x9'), created('/x', 3), 1);
    expect(trace.evidence(NAME)).toContain('session 0x9 had never been created');
  });

  it('is red when the old connection’s write takes effect after the new one’s', () => {
    const trace = by(story(), BOB_SESSION, created('/new', 3), 8);
    by(trace, BOB_SESSION, created('/old', 4), 7);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain(
      "it is the session's request 7, and request 8 took effect before it",
    );
  });

  it('allows the old connection’s write to be refused then, and xids to start again', () => {
    const trace = by(story(), BOB_SESSION, created('/new', 3), 2 ** 31 - 1);
    by(trace, BOB_SESSION, { type: 'error', err: ErrorCode.SESSIONMOVED }, 7);
    expect(by(trace, BOB_SESSION, created('/next', 4), 1).red).toEqual([]);
  });

  it('is red when a sequence number is handed out twice', () => {
    const trace = by(story(), BOB_SESSION, created('/n-0000000002', 3), 1);
    by(trace, BOB_SESSION, created('/m-0000000002', 3), 2);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('it is create 3 under /, and the one before was create 3');
  });

  it('counts anew under a node that was deleted and created again', () => {
    const trace = by(story(), BOB_SESSION, created('/q', 3), 1);
    by(trace, BOB_SESSION, created('/q/1', 1), 2);
    by(trace, BOB_SESSION, { type: 'delete', path: '/q/1' }, 3);
    by(trace, BOB_SESSION, { type: 'delete', path: '/q' }, 4);
    by(trace, BOB_SESSION, { type: 'multi', txns: [created('/q', 4), created('/q/1', 1)] }, 5);
    expect(trace.red).toEqual([]);
  });

  it('is red when somebody is answered for a session that is gone', () => {
    const trace = by(story(), BOB_SESSION, closed(), 0);
    trace.ask(BOB, BOB_SESSION, { op: 'sync', path: '/' }, makeZxid(1, 5));
    expect(trace.red).toEqual([NAME]);
  });
});

describe(`${NAME}: the leader’s clock`, () => {
  it('is quiet when a session is silent for its timeout, rounded up to the tick', () => {
    const trace = story().emit(1, { type: 'delivered', from: ALICE, packet: request });
    expect(trace.wait(11_500).emit(1, expired(ALICE_SESSION)).red).toEqual([]);
  });

  it.each([
    ['a request', ALICE, request],
    ['a learner’s PING', 2, ping(ALICE_SESSION)],
    ['a REVALIDATE', 2, { type: 'REVALIDATE', sessionId: ALICE_SESSION, timeOut: 10_000 }],
  ] as const)('is red when a session expires although %s came', (_, from, packet) => {
    const trace = story().wait(6000).emit(1, { type: 'delivered', from, packet });
    trace.wait(5000).emit(1, expired(ALICE_SESSION));
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /^server 1 .* expired session 0x1 \(timeout 10000 ms\) at .*\nbut its last sign of life, .* was at 6\d{3}\.000 ms/,
    );
  });

  it('does not hold it against the leader that a packet had only just arrived', () => {
    const trace = story().wait(12_000).emit(1, { type: 'delivered', from: ALICE, packet: request });
    expect(trace.emit(1, expired(ALICE_SESSION)).red).toEqual([]);
  });

  it('does not count what reached another server, or was only forwarded', () => {
    const trace = story().wait(6000).emit(2, { type: 'delivered', from: ALICE, packet: request });
    const forwarded = {
      type: 'REQUEST',
      sessionId: ALICE_SESSION,
      cxid: 3,
      body: { op: 'closeSession' },
    } as const;
    trace.emit(1, { type: 'delivered', from: 2, packet: forwarded });
    expect(trace.wait(5000).emit(1, expired(ALICE_SESSION)).red).toEqual([]);
  });

  it('is red when a new leader does not start with a fresh timeout', () => {
    const trace = story()
      .wait(9000)
      .emit(1, { type: 'crashed', lost: 0, durableZxid: makeZxid(1, 4) });
    trace
      .lead(2, 2, { acks: [2, 3] })
      .wait(3000)
      .emit(2, expired(ALICE_SESSION));
    expect(trace.red).toEqual([NAME]);
  });

  it('is red when a silent session does not expire', () => {
    const trace = story().wait(15_500).emit(1, { type: 'stoppedServing', reason: '' });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(/^session 0x1 \(timeout 10000 ms\) was still not expired/);
    expect(story().wait(14_900).emit(1, { type: 'stoppedServing', reason: '' }).red).toEqual([]);
  });

  it('is red at the end of the run, too, but not while the leader is paused', () => {
    const silent = story().wait(20_000).emit(2, { type: 'paused' });
    silent.suite.finish();
    expect(silent.red).toEqual([NAME]);
    const paused = story().emit(1, { type: 'paused' }).wait(20_000).emit(1, { type: 'resumed' }).wait(5000);
    paused.emit(2, { type: 'paused' }).suite.finish();
    expect(paused.red).toEqual([]);
  });
});

describe(`${NAME}: a leader’s clock that is off`, () => {
  const runs = (elapsedRate: number) =>
    ({ type: 'clockChanged', elapsedMs: 0, wallMs: 0, elapsedRate, wallRate: elapsedRate }) as const;
  const heard = { type: 'delivered', from: ALICE, packet: request } as const;

  it('is quiet when a fast clock expires a session early', () => {
    const trace = story().emit(1, runs(1.1)).emit(1, heard);
    expect(trace.wait(9100).emit(1, expired(ALICE_SESSION)).red).toEqual([]);
  });

  it('is red when even a fast clock does not show the timeout yet', () => {
    const trace = story().emit(1, runs(1.1)).emit(1, heard);
    trace.wait(9000).emit(1, expired(ALICE_SESSION));
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('of its own clock, which now stands at 99');
  });

  it('is red when a slow clock expires a session after its timeout by everybody else’s', () => {
    const trace = story().emit(1, runs(0.9)).emit(1, heard);
    expect(trace.wait(10_500).emit(1, expired(ALICE_SESSION)).red).toEqual([NAME]);
  });

  it('looks at the leader’s clock alone', () => {
    const trace = story().emit(2, runs(2)).emit(1, heard);
    expect(trace.wait(6000).emit(1, expired(ALICE_SESSION)).red).toEqual([NAME]);
  });

  it('does not count the time in which it stood still', () => {
    const still = story().emit(1, heard).emit(1, runs(0)).wait(60_000).emit(1, runs(1));
    expect(still.emit(1, { type: 'stoppedServing', reason: '' }).red).toEqual([]);
    const early = story().emit(1, heard).emit(1, runs(0)).wait(60_000).emit(1, runs(1)).wait(5000);
    expect(early.emit(1, expired(ALICE_SESSION)).red).toEqual([NAME]);
  });

  it('is red when a fast clock lets a silent session live', () => {
    const trace = story().emit(1, runs(2)).emit(1, heard).wait(8000);
    expect(trace.emit(1, { type: 'stoppedServing', reason: '' }).red).toEqual([NAME]);
  });
});

describe(`${NAME}: a client that was started again`, () => {
  it('may still be heard on a connection of its dead process, for the session that it had', () => {
    const trace = story().emit(ALICE, { type: 'started', incarnation: 2 });
    trace.wait(6000).emit(1, { type: 'delivered', from: ALICE, packet: request });
    expect(trace.wait(5000).emit(1, expired(ALICE_SESSION)).red).toEqual([]);
  });
});

describe(`${NAME}: what clients are told`, () => {
  const heard = { type: 'reply', xid: 1, zxid: makeZxid(1, 1), err: 0 } as const;

  it('is quiet when a client learns that its session was closed, or is being closed', () => {
    expect(by(story(), BOB_SESSION, closed(), 0).state(BOB, 'Expired', BOB_SESSION).red).toEqual([]);
    const closing = story().wait(11_000).emit(1, expired(BOB_SESSION)).state(BOB, 'Expired', BOB_SESSION);
    expect(closing.red).toEqual([]);
  });

  it('is quiet when a client has heard nothing for four thirds of its timeout', () => {
    const trace = story().emit(BOB, { type: 'delivered', from: 1, packet: heard });
    expect(trace.wait(13_334).state(BOB, 'Expired', BOB_SESSION).red).toEqual([]);
  });

  it('is red when a live session is told that it has expired', () => {
    const trace = story().emit(BOB, { type: 'delivered', from: 1, packet: heard });
    trace.wait(500).state(BOB, 'Expired', BOB_SESSION);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('but nobody had begun to close it');
  });

  it('allows a deposed leader not to know a session of its successor', () => {
    const trace = story().lead(2, 2, { acks: [2, 3] });
    trace.emit(BOB, { type: 'delivered', from: 1, packet: heard }).state(BOB, 'Expired', BOB_SESSION);
    expect(trace.red).toEqual([]);
  });
});

describe(`${NAME}: passwords`, () => {
  const ask = (passwd: string) =>
    ({
      type: 'connectRequest',
      lastZxidSeen: makeZxid(1, 0),
      timeOut: 10_000,
      sessionId: ALICE_SESSION,
      passwd,
    }) as const;
  const grant = (passwd: string, timeOut = 10_000) =>
    ({
      type: 'connectResponse',
      timeOut,
      sessionId: timeOut > 0 ? ALICE_SESSION : NO_SESSION,
      passwd,
    }) as const;

  /** Alice was told her password by server 1; then somebody asks server 2 for her session. */
  const asked = (passwd: string): TraceBuilder =>
    story()
      .emit(ALICE, { type: 'delivered', from: 1, packet: grant('a1') })
      .emit(2, { type: 'delivered', from: STRANGER, packet: ask(passwd) });

  it('is quiet when a session is taken up by its password', () => {
    const trace = asked('a1').emit(STRANGER, { type: 'delivered', from: 2, packet: grant('a1') });
    expect(trace.red).toEqual([]);
  });

  it('is quiet when a wrong password is refused', () => {
    const trace = asked('b2').emit(STRANGER, { type: 'delivered', from: 2, packet: grant('00', 0) });
    expect(trace.red).toEqual([]);
  });

  it('is red when a wrong password opens a session', () => {
    const trace = asked('b2').emit(STRANGER, { type: 'delivered', from: 2, packet: grant('a1') });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('a stranger asked server 2 (server2) for session 0x1');
  });

  it('looks at the last attempt at that very server', () => {
    const trace = asked('b2')
      .emit(2, { type: 'delivered', from: ALICE, packet: ask('a1') })
      .emit(ALICE, { type: 'delivered', from: 2, packet: grant('a1') })
      .emit(2, { type: 'delivered', from: STRANGER, packet: ask('a1') })
      .emit(STRANGER, { type: 'delivered', from: 2, packet: grant('a1') });
    expect(trace.red).toEqual([]);
  });
});
