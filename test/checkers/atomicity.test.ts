import { describe, expect, it } from 'vitest';
import type { CreateRequest, MultiRequest, SetDataRequest } from '../../protocol/client-packets.ts';
import { type CreateTxn, OPEN_ACL_UNSAFE } from '../../protocol/database/txn.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { ALICE, BOB, statOf, TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'atomicity';

const create = (path: string, flags = 0): CreateRequest => ({
  op: 'create',
  path,
  data: null,
  acl: OPEN_ACL_UNSAFE,
  flags,
});
const created = (path: string, parentCVersion: number): CreateTxn => ({
  type: 'create',
  path,
  data: null,
  acl: OPEN_ACL_UNSAFE,
  ephemeral: false,
  parentCVersion,
});
const setData = (path: string, version = -1): SetDataRequest => ({
  op: 'setData',
  path,
  data: null,
  version,
});
const dataSet = (path: string, version: number) => ({ type: 'setData', path, data: null, version }) as const;
const failed = (err: number) => ({ type: 'error', err }) as const;

/** Alice and Bob have sessions, and /a exists. */
function story() {
  const trace = new TraceBuilder().lead(1, 1);
  const alice = trace.session(ALICE, 1);
  const bob = trace.session(BOB, 2);
  const a = trace.write(ALICE, alice, create('/a'), created('/a', 1), { body: { path: '/a' } });
  return { trace, alice, bob, a };
}

describe(NAME, () => {
  it('is quiet when every write happened as answered', () => {
    const { trace, alice, bob, a } = story();
    const op = trace.invoke(ALICE, setData('/a', 0));
    const txn = trace.broadcast(dataSet('/a', 1), { sessionId: alice, cxid: op });
    const stat = statOf(a.zxid, a.time, { mzxid: txn.zxid, version: 1, mtime: txn.time });
    trace.answer(ALICE, op, alice, txn.zxid, { body: { stat } });
    trace.write(BOB, bob, setData('/a', 0), failed(ErrorCode.BADVERSION), { err: ErrorCode.BADVERSION });
    trace.write(BOB, bob, create('/a/n-', 2), created('/a/n-0000000000', 1), {
      body: { path: '/a/n-0000000000' },
    });
    trace.suite.finish();
    expect(trace.evidence(NAME)).toBe('');
    expect(trace.red).toEqual([]);
    expect(trace.checked(NAME)).toBeGreaterThan(10);
  });

  it('is red when a failure is answered as a success', () => {
    const { trace, bob } = story();
    trace.write(BOB, bob, create('/a'), failed(ErrorCode.NODEEXISTS), { body: { path: '/a' } });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('the client was told OK instead of NODEEXISTS');
  });

  it('is red when an operation fails that had to succeed', () => {
    const { trace, bob } = story();
    trace.write(BOB, bob, create('/b'), failed(ErrorCode.NODEEXISTS), { err: ErrorCode.NODEEXISTS });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /^client bob's operation 1 \(create \/b\) was committed as 0x100000004.*\nbut on the tree just before it the txn is error NODEEXISTS instead of create \/b/,
    );
  });

  it('is red when a Stat is wrong', () => {
    const { trace, alice } = story();
    trace.write(ALICE, alice, setData('/a'), dataSet('/a', 1), { body: { stat: statOf(makeZxid(1, 3), 0) } });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('mzxid is 4294967299 instead of 4294967300');
  });

  it('is red when a sequence number is not the parent’s count', () => {
    const { trace, alice } = story();
    const path = '/a/n-0000000005';
    trace.write(ALICE, alice, create('/a/n-', 2), created(path, 1), { body: { path } });
    expect(trace.red).toEqual([NAME]);
  });

  it('is red when an answer comes before the commit', () => {
    const { trace, alice } = story();
    const op = trace.invoke(ALICE, create('/b'));
    const txn = trace.propose(created('/b', 2), { sessionId: alice, cxid: op });
    trace.answer(ALICE, op, alice, txn.zxid, { body: { path: '/b' } });
    expect(trace.red).toContain(NAME);
    expect(trace.evidence(NAME)).toContain(
      'nothing is committed with that zxid: the committed log ends at 0x100000003',
    );
  });

  it('is red when an answer belongs to another request', () => {
    const { trace, alice, bob } = story();
    const op = trace.invoke(ALICE, create('/b'));
    const txn = trace.write(BOB, bob, create('/b'), created('/b', 2), { body: { path: '/b' } });
    trace.answer(ALICE, op, alice, txn.zxid, { body: { path: '/b' } });
    expect(trace.red).toEqual([NAME]);
  });

  it('is red when one request is committed twice', () => {
    const { trace, alice } = story();
    trace.broadcast(dataSet('/a', 1), { sessionId: alice, cxid: 1 });
    expect(trace.red).toEqual([NAME, 'sessions-and-ephemerals']);
    expect(trace.evidence(NAME)).toContain('for request 1 of session 0x1');
  });

  it('is red when a write that was invoked later became an earlier txn', () => {
    const { trace, alice, bob } = story();
    const early = trace.propose(created('/b', 2), { sessionId: alice, cxid: 2 });
    trace.flush(early.zxid).commit(early.zxid).apply(early);
    trace.write(BOB, bob, create('/c'), created('/c', 3), { body: { path: '/c' } });
    trace.answer(ALICE, trace.invoke(ALICE, create('/b')), alice, early.zxid, { body: { path: '/b' } });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('but 0x100000005 had been answered before it was invoked');
  });

  it('is red when a committed txn makes no sense', () => {
    const { trace } = story();
    trace.broadcast({ type: 'delete', path: '/nowhere' }, { sessionId: trace.nobody });
    expect(trace.red).toContain(NAME);
    expect(trace.evidence(NAME)).toContain('it deletes /nowhere, which does not exist');
  });
});

describe(`${NAME}: connections lost`, () => {
  const lost = { err: ErrorCode.CONNECTIONLOSS };

  it('allows a lost write to happen before, after, or never', () => {
    const { trace, alice } = story();
    const before = trace.invoke(ALICE, create('/b'));
    trace.broadcast(created('/b', 2), { sessionId: alice, cxid: before });
    trace.answer(ALICE, before, alice, trace.zero, lost);
    const after = trace.invoke(ALICE, create('/c'));
    trace.answer(ALICE, after, alice, trace.zero, lost);
    trace.broadcast(created('/c', 3), { sessionId: alice, cxid: after });
    trace.ask(ALICE, alice, create('/d'), trace.zero, lost);
    trace.suite.finish();
    expect(trace.red).toEqual([]);
  });

  it('is red when a lost write happens twice', () => {
    const { trace, alice } = story();
    const op = trace.invoke(ALICE, setData('/a'));
    trace.broadcast(dataSet('/a', 1), { sessionId: alice, cxid: op });
    trace.answer(ALICE, op, alice, trace.zero, lost);
    trace.broadcast(dataSet('/a', 2), { sessionId: alice, cxid: op });
    expect(trace.red).toContain(NAME);
  });

  it('is red when what happened is not what was asked', () => {
    const { trace, alice } = story();
    const op = trace.invoke(ALICE, create('/b'));
    trace.answer(ALICE, op, alice, trace.zero, lost);
    trace.broadcast(created('/c', 2), { sessionId: alice, cxid: op });
    expect(trace.red).toEqual([NAME]);
  });

  it('is red when a write that was never sent happens', () => {
    const { trace, alice } = story();
    const op = trace.invoke(ALICE, create('/b'));
    trace.answer(ALICE, op, alice, trace.zero, { ...lost, sent: false });
    trace.broadcast(created('/b', 2), { sessionId: alice, cxid: op });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('its client reported that this request was never sent');
  });

  it('is red when something happens that nobody asked for', () => {
    const { trace, alice } = story();
    trace.ask(ALICE, alice, create('/b'), trace.zero, { ...lost, sent: false, xid: 0 });
    trace.broadcast(created('/b', 2), { sessionId: alice, cxid: 2 });
    expect(trace.red).toEqual([]);
    trace.suite.finish();
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain(
      '1 writes of client alice were committed that it has had no answer for',
    );
  });
});

describe(`${NAME}: multi`, () => {
  const multi: MultiRequest = {
    op: 'multi',
    ops: [create('/b'), { op: 'check', path: '/a', version: 3 }, create('/c')],
  };
  const errors = [0, ErrorCode.BADVERSION, ErrorCode.RUNTIMEINCONSISTENCY];
  const results = errors.map((err) => ({ type: 'error', err }) as const);

  it('is quiet when all of it failed', () => {
    const { trace, alice } = story();
    trace.write(ALICE, alice, multi, { type: 'multi', txns: results }, { body: { results } });
    expect(trace.red).toEqual([]);
  });

  it('is red when half of it happened', () => {
    const { trace, alice } = story();
    const half = [created('/b', 2), failed(ErrorCode.BADVERSION), failed(ErrorCode.RUNTIMEINCONSISTENCY)];
    trace.write(ALICE, alice, multi, { type: 'multi', txns: half }, { body: { results } });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain(
      'operation 1 of the multi: the txn is create /b instead of error OK',
    );
  });

  it('is red when its answer names another error', () => {
    const { trace, alice } = story();
    const wrong = [0, ErrorCode.NONODE, ErrorCode.RUNTIMEINCONSISTENCY].map(
      (err) => ({ type: 'error', err }) as const,
    );
    trace.write(ALICE, alice, multi, { type: 'multi', txns: results }, { body: { results: wrong } });
    expect(trace.red).toEqual([NAME]);
  });
});
