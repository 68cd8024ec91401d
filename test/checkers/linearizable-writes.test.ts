import { describe, expect, it } from 'vitest';
import type {
  CreateRequest,
  MultiRequest,
  ReadRequest,
  SetDataRequest,
} from '../../protocol/client-packets.ts';
import { type CreateTxn, OPEN_ACL_UNSAFE, type Txn } from '../../protocol/database/txn.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import type { SessionId } from '../../protocol/ids.ts';
import type { Party } from '../../sim/party.ts';
import type { RunPlan } from '../../sim/plan.ts';
import { ALICE, BOB, statOf, TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'linearizable-writes';

const create = (path: string, flags = 0): CreateRequest => ({
  op: 'create',
  path,
  data: null,
  acl: OPEN_ACL_UNSAFE,
  flags,
});
const created = (path: string, parentCVersion: number, ephemeral = false): CreateTxn => ({
  type: 'create',
  path,
  data: null,
  acl: OPEN_ACL_UNSAFE,
  ephemeral,
  parentCVersion,
});
const setData = (path: string, version = -1): SetDataRequest => ({
  op: 'setData',
  path,
  data: null,
  version,
});
const dataSet = (path: string, version: number) => ({ type: 'setData', path, data: null, version }) as const;
const getData = (path: string): ReadRequest => ({ op: 'getData', path, watch: false });
const failed = (err: number) => ({ type: 'error', err }) as const;
const CLOSE = { op: 'closeSession' } as const;

const SEQUENTIAL = 2;
const EPHEMERAL = 1;

/** Alice and Bob have sessions, and /a exists. What is checked here is what they are told; the log is another promise's. */
function story(options: ConstructorParameters<typeof TraceBuilder>[0] = {}) {
  const trace = new TraceBuilder(options).lead(1, 1);
  const alice = trace.session(ALICE, 1);
  const bob = trace.session(BOB, 2);
  const a = trace.write(ALICE, alice, create('/a'), created('/a', 1), { body: { path: '/a' } });
  const version = (txn: Txn, number: number, more: { numChildren?: number; cversion?: number } = {}) => ({
    body: { stat: statOf(a.zxid, a.time, { mzxid: txn.zxid, mtime: txn.time, version: number, ...more }) },
  });
  /** A setData that is committed and answered with this version. */
  const set = (client: Party, session: SessionId, number: number, told = number): Txn => {
    const op = trace.invoke(client, setData('/a'));
    const txn = trace.broadcast(dataSet('/a', number), { sessionId: session, cxid: op });
    trace.answer(client, op, session, txn.zxid, version(txn, told));
    return txn;
  };
  const isRed = (): boolean => {
    trace.suite.finish();
    return trace.red.includes(NAME);
  };
  return { trace, alice, bob, a, version, set, isRed };
}

const lost = { err: ErrorCode.CONNECTIONLOSS };

describe(NAME, () => {
  it('is quiet when one write follows the other', () => {
    const { trace, alice, bob, set, isRed } = story();
    set(ALICE, alice, 1);
    set(BOB, bob, 2);
    const failure = { err: ErrorCode.BADVERSION };
    trace.write(BOB, bob, setData('/a', 0), failed(ErrorCode.BADVERSION), failure);
    expect(isRed()).toBe(false);
    expect(trace.checked(NAME)).toBe(4);
    expect(trace.red).toEqual([]);
  });

  it('is red when a write takes effect and is taken back', () => {
    const { trace, alice, bob, set, isRed } = story();
    const first = set(ALICE, alice, 1);
    const second = set(BOB, bob, 1);
    expect(isRed()).toBe(true);
    expect(trace.evidence(NAME)).toMatch(
      new RegExp(
        [
          `client bob's operation 1 \\(setData /a\\), invoked at .* ms, was answered OK, version 1, .* as 0x${second.zxid.toString(16)}`,
          `but it can come no earlier than behind client alice's operation 2 \\(setData /a\\), .* as 0x${first.zxid.toString(16)}`,
          'there the answer would be OK, version 2',
        ].join('\n'),
      ),
    );
  });

  it('is red when a version skips a write that nobody made', () => {
    const { alice, set, isRed } = story();
    set(ALICE, alice, 2);
    expect(isRed()).toBe(true);
  });

  it('is red when a compare-and-set succeeds on a version that had gone', () => {
    const { trace, alice, bob, set, version, isRed } = story();
    set(ALICE, alice, 1);
    const op = trace.invoke(BOB, setData('/a', 0));
    const txn = trace.broadcast(dataSet('/a', 2), { sessionId: bob, cxid: op });
    trace.answer(BOB, op, bob, txn.zxid, version(txn, 2));
    expect(isRed()).toBe(true);
    expect(trace.evidence(NAME)).toContain('there the answer would be BADVERSION');
  });

  it('is red when a write is answered with the place of one that was answered before it was asked for', () => {
    const { trace, alice, bob, version, isRed } = story();
    const early = trace.broadcast(dataSet('/a', 1), { sessionId: bob, cxid: 1 });
    const op = trace.invoke(ALICE, setData('/a'));
    const late = trace.broadcast(dataSet('/a', 2), { sessionId: alice, cxid: op });
    trace.answer(ALICE, op, alice, late.zxid, version(late, 2));
    trace.ask(BOB, bob, setData('/a'), early.zxid, version(early, 1));
    expect(isRed()).toBe(true);
    expect(trace.evidence(NAME)).toMatch(
      /^client alice's operation 2 .* was answered OK, version 2, .*\nbut client bob's operation 1 .* was invoked only at/,
    );
  });

  it('allows that two writes overlap and take effect the other way round', () => {
    const { trace, alice, bob, version, isRed } = story();
    const first = trace.invoke(ALICE, setData('/a'));
    const second = trace.invoke(BOB, setData('/a'));
    const bobs = trace.broadcast(dataSet('/a', 1), { sessionId: bob, cxid: second });
    const alices = trace.broadcast(dataSet('/a', 2), { sessionId: alice, cxid: first });
    trace.answer(ALICE, first, alice, alices.zxid, version(alices, 2));
    trace.answer(BOB, second, bob, bobs.zxid, version(bobs, 1));
    expect(isRed()).toBe(false);
  });

  describe('of a write that was lost', () => {
    it('allows that it took effect', () => {
      const { trace, alice, bob, set, isRed } = story();
      const op = trace.invoke(ALICE, setData('/a'));
      trace.answer(ALICE, op, alice, trace.zero, lost);
      trace.broadcast(dataSet('/a', 1), { sessionId: alice, cxid: op });
      set(BOB, bob, 2);
      expect(isRed()).toBe(false);
    });

    it('allows that it did not', () => {
      const { trace, alice, bob, set, isRed } = story();
      trace.answer(ALICE, trace.invoke(ALICE, setData('/a')), alice, trace.zero, lost);
      set(BOB, bob, 1);
      expect(isRed()).toBe(false);
    });

    it('finds that it took effect though the log does not show it', () => {
      const { trace, alice, bob, set, isRed } = story();
      trace.answer(ALICE, trace.invoke(ALICE, setData('/a')), alice, trace.zero, lost);
      set(BOB, bob, 2);
      expect(isRed()).toBe(false);
    });

    it('allows that it was refused as its session had moved', () => {
      const { trace, alice, bob, set, isRed } = story();
      const op = trace.invoke(ALICE, setData('/a'));
      trace.answer(ALICE, op, alice, trace.zero, lost);
      trace.broadcast(failed(ErrorCode.SESSIONMOVED), { sessionId: alice, cxid: op });
      set(BOB, bob, 1);
      expect(isRed()).toBe(false);
    });

    it('is red when it took effect twice', () => {
      const { trace, alice, bob, set, isRed } = story();
      const op = trace.invoke(ALICE, setData('/a'));
      trace.answer(ALICE, op, alice, trace.zero, lost);
      trace.broadcast(dataSet('/a', 1), { sessionId: alice, cxid: op });
      trace.broadcast(dataSet('/a', 2), { sessionId: alice, cxid: op });
      set(BOB, bob, 3);
      expect(isRed()).toBe(true);
    });

    it('is red when it took effect before it was asked for', () => {
      const { trace, alice, bob, set, isRed } = story();
      trace.broadcast(dataSet('/a', 1), { sessionId: alice, cxid: 2 });
      set(BOB, bob, 2);
      trace.answer(ALICE, trace.invoke(ALICE, setData('/a')), alice, trace.zero, lost);
      expect(isRed()).toBe(true);
    });

    it('is red when it was never sent and took effect', () => {
      const { trace, alice, bob, set, isRed } = story();
      const op = trace.invoke(ALICE, setData('/a'));
      trace.answer(ALICE, op, alice, trace.zero, { ...lost, sent: false, xid: 0 });
      trace.broadcast(dataSet('/a', 1), { sessionId: alice, cxid: op });
      set(BOB, bob, 2);
      expect(isRed()).toBe(true);
    });
  });

  it('allows for what a client was waiting for when it crashed', () => {
    const { trace, alice, bob, set, isRed } = story();
    const op = trace.invoke(ALICE, setData('/a'));
    trace.emit(ALICE, { type: 'crashed', lost: 0, durableZxid: trace.zero });
    trace.broadcast(dataSet('/a', 1), { sessionId: alice, cxid: op });
    trace.emit(ALICE, { type: 'started', incarnation: 2 });
    const again = trace.session(ALICE, 3);
    set(ALICE, again, 2);
    set(BOB, bob, 3);
    expect(isRed()).toBe(false);
  });

  it('allows for what clients are waiting for at the end', () => {
    const { trace, alice, bob, set, isRed } = story();
    const op = trace.invoke(ALICE, setData('/a'));
    trace.broadcast(dataSet('/a', 1), { sessionId: alice, cxid: op });
    set(BOB, bob, 2);
    expect(isRed()).toBe(false);
  });

  it('is red when a sequential name is given twice', () => {
    const { trace, alice, bob, isRed } = story();
    const body = { path: '/a/n-0000000000' };
    trace.write(ALICE, alice, create('/a/n-', SEQUENTIAL), created(body.path, 1), { body });
    trace.write(BOB, bob, create('/a/n-', SEQUENTIAL), created(body.path, 2), { body });
    expect(isRed()).toBe(true);
    expect(trace.evidence(NAME)).toContain('there the answer would be OK, /a/n-0000000001');
  });

  describe('of a multi', () => {
    const multi: MultiRequest = { op: 'multi', ops: [setData('/a'), create('/a/x')] };
    const NODEEXISTS = [
      { type: 'error', err: ErrorCode.OK },
      { type: 'error', err: ErrorCode.NODEEXISTS },
    ] as const;

    /** Bob's multi fails, and then he writes and is told of this version. */
    function withFailedMulti(next: number) {
      const told = story();
      const { trace, alice, bob, version } = told;
      trace.write(ALICE, alice, create('/a/x'), created('/a/x', 1), { body: { path: '/a/x' } });
      const txns = NODEEXISTS.map(({ err }) => failed(err));
      trace.write(BOB, bob, multi, { type: 'multi', txns }, { body: { results: NODEEXISTS } });
      const op = trace.invoke(BOB, setData('/a'));
      const txn = trace.broadcast(dataSet('/a', next), { sessionId: bob, cxid: op });
      trace.answer(BOB, op, bob, txn.zxid, version(txn, next, { numChildren: 1, cversion: 1 }));
      return told;
    }

    it('is quiet when all of it failed', () => {
      expect(withFailedMulti(1).isRed()).toBe(false);
    });

    it('is red when a part of it was done', () => {
      const { trace, isRed } = withFailedMulti(2);
      expect(isRed()).toBe(true);
      expect(trace.evidence(NAME)).toContain('there the answer would be OK, version 1');
    });
  });

  describe('of the end of a session', () => {
    /** Alice has an ephemeral. */
    function withEphemeral() {
      const told = story();
      const body = { path: '/e' };
      told.trace.write(ALICE, told.alice, create('/e', EPHEMERAL), created('/e', 2, true), { body });
      return told;
    }

    it('allows that the servers brought it about', () => {
      const { trace, alice, bob, isRed } = withEphemeral();
      trace.broadcast({ type: 'closeSession', paths: ['/e'] }, { sessionId: alice });
      trace.write(BOB, bob, create('/e'), created('/e', 3), { body: { path: '/e' } });
      expect(isRed()).toBe(false);
    });

    it('is red when its ephemerals outlive its answer', () => {
      const { trace, alice, bob, isRed } = withEphemeral();
      trace.write(ALICE, alice, CLOSE, { type: 'closeSession', paths: [] });
      const err = ErrorCode.NODEEXISTS;
      trace.write(BOB, bob, create('/e'), failed(err), { err });
      expect(isRed()).toBe(true);
    });

    it('allows that the session is refused whatever it asks', () => {
      const { trace, alice, isRed } = withEphemeral();
      const err = ErrorCode.SESSIONEXPIRED;
      trace.write(ALICE, alice, setData('/a'), failed(err), { err });
      expect(isRed()).toBe(false);
    });
  });

  describe('of reads', () => {
    /** Bob reads what was before Alice's write, after she was told of it. */
    function stale(bobs: RunPlan['clients'][number]['reads'], plan: Partial<RunPlan> = {}) {
      const told = story({ clients: [{}, { reads: bobs }], plan });
      const { trace, alice, bob, a, set, version } = told;
      set(ALICE, alice, 1);
      const { stat } = version(a, 0).body;
      trace.ask(BOB, bob, getData('/a'), a.zxid, { body: { stat, data: null } });
      return told;
    }

    it('is red when a synced one misses a write', () => {
      const { trace, isRed } = stale('synced');
      expect(isRed()).toBe(true);
      expect(trace.evidence(NAME)).toMatch(
        /client alice's operation 2 .*\nbut client bob's operation 1 \(getData/,
      );
    });

    /** Alice reads at the new leader, which is at (2, 0); then Bob at a follower, which is at the last write, or the one before. */
    function acrossEpochs(isLate: boolean): boolean {
      const clients = [{ reads: 'synced' }, { reads: 'synced' }] as const;
      const { trace, alice, bob, a, set, version, isRed } = story({ clients });
      const last = set(ALICE, alice, 1);
      trace.lead(1, 2);
      const read = (txn: Txn, number: number) => ({ body: { ...version(txn, number).body, data: null } });
      trace.ask(ALICE, alice, getData('/a'), makeZxid(2, 0), read(last, 1));
      const [zxid, seen] = isLate ? [a.zxid, read(a, 0)] : [last.zxid, read(last, 1)];
      trace.ask(BOB, bob, getData('/a'), zxid, seen);
      return isRed();
    }

    it('allows that one of them has the zxid of a new epoch, and the next the last one of the old', () => {
      expect(acrossEpochs(false)).toBe(false);
    });

    it('is red when the next one is older than what the new epoch began with', () => {
      expect(acrossEpochs(true)).toBe(true);
    });

    it('asks nothing of those that are not synced', () => {
      expect(stale('local').isRed()).toBe(false);
    });

    it('asks it of synced ones only on request where a release is known not to keep it', () => {
      expect(stale('synced', { release: 'ZOOKEEPER-1675' }).isRed()).toBe(false);
      expect(stale('synced', { release: 'ZOOKEEPER-1675', gaps: 'broken' }).isRed()).toBe(true);
    });
  });
});
