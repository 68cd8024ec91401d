import { describe, expect, it } from 'vitest';
import { PING_XID, SET_WATCHES_XID, type RequestBody } from '../../protocol/client-packets.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { NO_SESSION, type SessionId } from '../../protocol/ids.ts';
import { makeZxid, NO_TXNS } from '../../protocol/zxid.ts';
import { clientParty } from '../../sim/party.ts';
import type { ClientPlan } from '../../sim/client-plan.ts';
import { ALICE, TraceBuilder, type Reply } from '../support/trace-builder.ts';

const NAME = 'requests-answered';
const LAST_XID = 2 ** 31 - 2;
const NOW = makeZxid(1, 1);
const SERVER = 1;
const SYNC = { op: 'sync', path: '/a' } as const;
const PING = { op: 'ping' } as const;
const MOVED = { err: ErrorCode.SESSIONMOVED };
const { CONNECTIONLOSS, SESSIONEXPIRED } = ErrorCode;

/** Alice on server 1: what she asks, what of it reaches the server, and what replies reach her. */
class Talk {
  readonly trace: TraceBuilder;
  readonly session: SessionId;

  constructor(plan: Partial<ClientPlan> = {}) {
    this.trace = new TraceBuilder({ clients: [plan] }).lead(SERVER, 1);
    this.session = this.trace.session(ALICE, 1);
  }

  /** Returns the operation's number. */
  ask(): number {
    return this.trace.invoke(ALICE, SYNC);
  }

  reaches(xid: number, body: RequestBody = SYNC): this {
    this.trace.emit(SERVER, { type: 'delivered', from: ALICE, packet: { type: 'request', xid, body } });
    return this;
  }

  ping(): this {
    return this.reaches(PING_XID, PING);
  }

  reply(xid: number): this {
    const packet = { type: 'reply', xid, zxid: NOW, err: 0 } as const;
    this.trace.emit(ALICE, { type: 'delivered', from: SERVER, packet });
    return this;
  }

  pong(): this {
    return this.reply(PING_XID);
  }

  told(op: number, reply: Reply = {}): this {
    this.trace.answer(ALICE, op, this.session, NOW, reply);
    return this;
  }

  lost(op: number, reply: Reply = {}): this {
    this.trace.answer(ALICE, op, this.session, NO_TXNS, { err: CONNECTIONLOSS, ...reply });
    return this;
  }

  state(state: 'SyncConnected' | 'Disconnected' | 'Expired' | 'Closed'): this {
    this.trace.state(ALICE, state, this.session);
    return this;
  }

  get evidence(): string {
    this.trace.suite.finish();
    return this.trace.evidence(NAME);
  }
}

describe(`${NAME} is quiet`, () => {
  it('when every request is answered in its turn, pings between them', () => {
    const talk = new Talk();
    const [first, second] = [talk.ask(), talk.ask()];
    talk.ping().reaches(1).reaches(2).ping().pong().reply(1).told(first).reply(2).told(second).pong();
    expect(talk.evidence).toBe('');
    expect(talk.trace.red).toEqual([]);
    expect(talk.trace.checked(NAME)).toBeGreaterThan(5);
  });

  it('when the xids begin again at 1 and an answer to one before that is still to come', () => {
    const talk = new Talk({ reads: 'synced', firstXid: LAST_XID });
    const op = talk.ask();
    // The library's own sync, which nobody waits for, then a read behind it.
    talk.reaches(LAST_XID).reaches(1, { op: 'getData', path: '/a', watch: false });
    talk.reply(LAST_XID).reply(1).told(op, { xid: 1 });
    expect(talk.evidence).toBe('');
    expect(talk.trace.red).toEqual([]);
  });

  it('when a request waits for long, and only pings from before it are answered', () => {
    const talk = new Talk();
    const op = talk.ask();
    talk.ping().ping().reaches(1).pong().pong().trace.wait(100_000);
    expect(talk.evidence).toBe('');
    talk.reply(1).told(op);
    expect(talk.evidence).toBe('');
  });

  it('when requests end with their connection, and arrive only then', () => {
    const talk = new Talk();
    const [first, second] = [talk.ask(), talk.ask()];
    talk.reaches(1).lost(first).lost(second).state('Disconnected').state('SyncConnected').reaches(2);
    const third = talk.ask();
    talk.reaches(3).ping().reply(3).told(third).pong();
    expect(talk.evidence).toBe('');
  });

  it('when xids come round again', () => {
    const talk = new Talk();
    const [first, second] = [talk.ask(), talk.ask()];
    talk.reaches(LAST_XID).reaches(1).reply(LAST_XID).told(first, { xid: LAST_XID });
    talk.reply(1).told(second, { xid: 1 });
    expect(talk.evidence).toBe('');
  });

  it('when watches are set again while a large xid waits', () => {
    const talk = new Talk();
    const op = talk.ask();
    const none = { dataWatches: [], existWatches: [], childWatches: [] };
    talk.reaches(SET_WATCHES_XID, { op: 'setWatches', relativeZxid: NOW, ...none }).reaches(LAST_XID);
    talk.reply(SET_WATCHES_XID).reply(LAST_XID).told(op, { xid: LAST_XID });
    expect(talk.evidence).toBe('');
  });

  it('when a synced read has sent a sync ahead, of which nobody hears', () => {
    const talk = new Talk({ reads: 'synced' });
    const read = { op: 'getData', path: '/a', watch: false } as const;
    const op = talk.trace.invoke(ALICE, read);
    talk
      .reaches(1)
      .reaches(2, read)
      .ping()
      .reply(1)
      .reply(2)
      .told(op, { xid: 2, err: ErrorCode.NONODE })
      .pong();
    expect(talk.evidence).toBe('');
  });

  it('when a client that was started again is talked to about what its dead process asked', () => {
    const talk = new Talk();
    talk.ask();
    talk.trace.emit(ALICE, { type: 'crashed', lost: 0, durableZxid: NO_TXNS });
    talk.state('SyncConnected').reaches(7).ping().pong().reply(1);
    expect(talk.evidence).toBe('');
  });

  it('when a client dies with what it had asked, and its next session ends', () => {
    const talk = new Talk();
    talk.ask();
    talk.trace.emit(ALICE, { type: 'crashed', lost: 0, durableZxid: NO_TXNS });
    talk.state('SyncConnected').state('Expired');
    expect(talk.evidence).toBe('');
  });

  it('when the connection ends after an answer SESSIONMOVED', () => {
    const talk = new Talk();
    const op = talk.ask();
    talk.reaches(1).reply(1).told(op, MOVED).state('Disconnected').state('SyncConnected').ping().pong();
    expect(talk.evidence).toBe('');
  });

  it('about the probe of the calm, which goes on after the end of its session', () => {
    const { trace } = new Talk();
    const probe = clientParty(1);
    trace.state(probe, 'Expired', NO_SESSION).invoke(probe, SYNC);
    trace.suite.finish();
    expect(trace.evidence(NAME)).toBe('');
  });
});

describe(`${NAME} is red`, () => {
  it('when a ping is answered that was sent after a request without an answer', () => {
    const talk = new Talk();
    talk.ask();
    talk.ping().reaches(1).ping().pong();
    expect(talk.evidence).toBe('');
    talk.pong();
    expect(talk.trace.red).toEqual([NAME]);
    expect(talk.evidence).toMatch(
      /^client alice's request 1 \(sync \/a\) reached server 1 .*\nbut the next reply that the client got, .* was to a ping/,
    );
  });

  it('when the reply to a request has the number of a ping, so that its client takes it for one', () => {
    const talk = new Talk();
    talk.ask();
    expect(talk.reaches(-2).reply(-2).evidence).toContain('request -2 (sync /a)');
  });

  it('when a reply overtakes another, or the other never comes', () => {
    const talk = new Talk();
    const [first, second] = [talk.ask(), talk.ask()];
    talk.reaches(1).reaches(2).reply(2).lost(first).lost(second).state('Disconnected');
    expect(talk.evidence).toContain('was to its request 2');
    expect(talk.trace.red).toEqual([NAME]);
  });

  it('when a reply comes twice', () => {
    const talk = new Talk();
    const op = talk.ask();
    talk.reaches(1).reply(1).told(op).reply(1);
    expect(talk.evidence).toContain('got a reply to its request 1');
  });

  it('when an application hears twice of an operation', () => {
    const talk = new Talk();
    const op = talk.ask();
    expect(talk.told(op).told(op).evidence).toContain('operation 1 was answered OK');
  });

  it('when an application hears of a later operation first', () => {
    const talk = new Talk();
    const [first, second] = [talk.ask(), talk.ask()];
    expect(talk.told(second).told(first).evidence).toContain('but operation 2, which was asked later');
  });

  it.each([['Expired'], ['Closed']] as const)(
    'when an operation is forgotten as its session is %s',
    (state) => {
      const talk = new Talk();
      const [first] = [talk.ask(), talk.ask()];
      talk.state(state).lost(first, { err: SESSIONEXPIRED });
      expect(talk.evidence).toContain('but of 1 operations its application has never heard again');
    },
  );

  it.each([
    ['a request', MOVED],
    ['a multi', { body: { results: [{ type: 'error', err: ErrorCode.SESSIONMOVED }] } }],
  ] as const)('when %s is answered SESSIONMOVED on a connection that goes on', (_, reply) => {
    const talk = new Talk();
    const [first, second] = [talk.ask(), talk.ask()];
    talk.reaches(1).reply(1).told(first, reply);
    expect(talk.evidence).toBe('');
    talk.reaches(2).reply(2).told(second, reply);
    expect(talk.evidence).toMatch(
      /^client alice's operation 1 \(sync \/a\) was answered SESSIONMOVED .*\nbut the connection was not ended/,
    );
  });
});
