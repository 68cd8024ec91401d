import { describe, expect, it } from 'vitest';
import { NO_PASSWORD, type RequestBody } from '../../protocol/client-packets.ts';
import { connectionId, NO_SESSION, sessionId } from '../../protocol/ids.ts';
import { passwordOf } from '../../protocol/server/session-id.ts';
import { makeZxid, NO_TXNS } from '../../protocol/zxid.ts';
import { LearnerBench } from '../support/learner-bench.ts';
import { commit, proposal, txnAt } from '../support/server-bench.ts';

const z = makeZxid;
const CLIENT = connectionId(-1);
const SESSION = sessionId('0x77');
const WRITE: RequestBody = { op: 'setData', path: '/', data: null, version: -1 };
const READ: RequestBody = { op: 'exists', path: '/', watch: false };

/** A follower in broadcast with one client's connection. */
class Bench extends LearnerBench {
  constructor() {
    super();
    this.joins(1);
    this.told({ type: 'DIFF', zxid: NO_TXNS }, { type: 'NEWLEADER', zxid: z(1, 0) });
    this.settle();
    this.told({ type: 'UPTODATE' });
    this.settle();
    this.context.cnxns.onAccept(CLIENT, 'client:1');
    this.host.take();
  }

  /** The client asks for this session, and sends a write before it has its answer. */
  resumes(passwd = passwordOf(SESSION)): void {
    this.accept(CLIENT, {
      type: 'connectRequest',
      lastZxidSeen: NO_TXNS,
      timeOut: 6000,
      sessionId: SESSION,
      passwd,
    });
    this.requests(1, WRITE);
    this.settle();
  }

  requests(xid: number, body: RequestBody): void {
    this.accept(CLIENT, { type: 'request', xid, body });
  }

  revalidated(valid: boolean): void {
    this.told({ type: 'REVALIDATE', sessionId: SESSION, timeOut: 6000, valid });
    this.settle();
  }

  /** What the leader has been told since the last take(). */
  get forwarded(): readonly string[] {
    return this.sentOn(this.connection).map((packet) =>
      packet.type === 'REQUEST' ? `${packet.body.op} ${packet.cxid}` : packet.type,
    );
  }

  get answers(): readonly string[] {
    return this.sentOn(CLIENT).map((packet) =>
      packet.type === 'reply' ? `reply ${packet.xid}` : packet.type,
    );
  }
}

const resumed = (): Bench => {
  const bench = new Bench();
  bench.resumes();
  bench.revalidated(true);
  bench.host.take();
  return bench;
};

describe('a client that brings its session to a learner', () => {
  it('waits until the leader has found it valid, and so does what it sends meanwhile', () => {
    const bench = new Bench();
    bench.resumes();
    expect([bench.forwarded, bench.answers]).toEqual([['REVALIDATE'], []]);
    bench.revalidated(true);
    expect(bench.sentOn(CLIENT)).toEqual([
      { type: 'connectResponse', sessionId: SESSION, timeOut: 6000, passwd: passwordOf(SESSION) },
    ]);
    expect(bench.forwarded).toEqual(['REVALIDATE', 'setData 1']);
  });

  it('is sent away when the leader does not know the session, and nothing of it is passed on', () => {
    const bench = new Bench();
    bench.resumes();
    bench.revalidated(false);
    expect(bench.sentOn(CLIENT)).toMatchObject([{ timeOut: 0, sessionId: NO_SESSION, passwd: NO_PASSWORD }]);
    expect(bench.forwarded).toEqual(['REVALIDATE']);
    expect(bench.host.effects).toContainEqual(['close', CLIENT]);
  });

  it('with a wrong password is sent away without a question', () => {
    const bench = new Bench();
    bench.resumes(NO_PASSWORD);
    expect([bench.forwarded, bench.answers]).toEqual([[], ['connectResponse']]);
  });

  it('and has left before the answer is forgotten', () => {
    const bench = new Bench();
    bench.resumes();
    bench.closed(CLIENT);
    bench.revalidated(true);
    expect([bench.answers, bench.eventsOf('sessionAttached')]).toEqual([[], []]);
  });

  it('is told of to the leader with the next answer to a PING', () => {
    const bench = resumed();
    bench.told({ type: 'PING', zxid: z(1, 0), touched: [] });
    expect(bench.sent).toEqual([
      { type: 'PING', zxid: z(1, 0), touched: [{ sessionId: SESSION, timeOut: 6000 }] },
    ]);
  });
});

describe('a request at a learner', () => {
  it('that writes goes to the leader, and is answered when its txn is applied here', () => {
    const bench = resumed();
    bench.requests(2, READ);
    const body = { type: 'error', err: -101 } as const;
    const txn = { ...txnAt(1, 1, body), sessionId: SESSION, cxid: 1 };
    bench.told(proposal(txn));
    bench.settle();
    expect(bench.answers).toEqual([]);
    bench.told(commit(z(1, 1)));
    bench.settle();
    expect(bench.sentOn(CLIENT)).toMatchObject([
      { type: 'reply', xid: 1, zxid: z(1, 1), err: -101 },
      { type: 'reply', xid: 2, zxid: z(1, 1), err: 0 },
    ]);
  });

  it('that reads is answered here, while another session’s write is under way', () => {
    const bench = new Bench();
    bench.resumes();
    bench.revalidated(true);
    const other = connectionId(-2);
    const session = sessionId('0x78');
    bench.context.cnxns.onAccept(other, 'other:1');
    const passwd = passwordOf(session);
    bench.accept(other, {
      type: 'connectRequest',
      lastZxidSeen: NO_TXNS,
      timeOut: 6000,
      sessionId: session,
      passwd,
    });
    bench.told({ type: 'REVALIDATE', sessionId: session, timeOut: 6000, valid: true });
    bench.accept(other, { type: 'request', xid: 1, body: READ });
    bench.settle();
    expect(bench.sentOn(other).map((packet) => packet.type)).toEqual(['connectResponse', 'reply']);
    expect(bench.forwarded).toEqual(['REVALIDATE', 'setData 1', 'REVALIDATE']);
  });

  it('that syncs is answered when the leader has answered it, in the order of the questions', () => {
    const bench = resumed();
    bench.told(proposal({ ...txnAt(1, 1), sessionId: SESSION, cxid: 1 }), commit(z(1, 1)));
    for (const xid of [2, 3]) bench.requests(xid, { op: 'sync', path: '/' });
    bench.settle();
    expect([bench.forwarded, bench.answers]).toEqual([['sync 2', 'sync 3', 'ACK'], ['reply 1']]);
    for (const xid of [2, 3]) {
      bench.told({ type: 'SYNC' });
      bench.settle();
      expect(bench.answers.at(-1)).toBe(`reply ${xid}`);
    }
  });
});

describe('a session that ends elsewhere', () => {
  it('takes its connection here with it', () => {
    const bench = resumed();
    bench.told(proposal({ ...txnAt(1, 1), sessionId: SESSION, cxid: 1 }), commit(z(1, 1)));
    const close = { ...txnAt(1, 2, { type: 'closeSession', paths: [] }), sessionId: SESSION, cxid: 0 };
    bench.told(proposal(close), commit(z(1, 2)));
    bench.settle();
    expect(bench.host.effects).toContainEqual(['close', CLIENT]);
  });
});
