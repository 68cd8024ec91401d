import { describe, expect, it } from 'vitest';
import { OPEN_ACL_UNSAFE } from '../../protocol/database/txn.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { ALICE, BOB, statOf, TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'session-reads';
const data = (text: string): Uint8Array => new TextEncoder().encode(text);
const getData = { op: 'getData', path: '/a', watch: false } as const;
const getChildren = { op: 'getChildren', path: '/', watch: false } as const;

/** Bob creates /a with `one`, then sets it to `two`; Alice only reads. */
function story() {
  const trace = new TraceBuilder().lead(1, 1);
  const alice = trace.session(ALICE, 1);
  const bob = trace.session(BOB, 2);
  const node = { path: '/a', data: data('one'), acl: OPEN_ACL_UNSAFE };
  const create = { type: 'create', ...node, ephemeral: false, parentCVersion: 1 } as const;
  const one = trace.write(BOB, bob, { op: 'create', ...node, flags: 0 }, create, { body: { path: '/a' } });
  const set = { path: '/a', data: data('two') };
  const op = trace.invoke(BOB, { op: 'setData', ...set, version: -1 });
  const two = trace.broadcast({ type: 'setData', ...set, version: 1 }, { sessionId: bob, cxid: op });
  const before = { data: data('one'), stat: statOf(one.zxid, one.time, { dataLength: 3 }) };
  const stat = { ...before.stat, mzxid: two.zxid, mtime: two.time, version: 1 };
  const after = { data: data('two'), stat };
  trace.answer(BOB, op, bob, two.zxid, { body: { stat } });
  return { trace, alice, bob, one, two, before, after };
}

describe(NAME, () => {
  it('is quiet when reads show the tree that their header names, old ones too', () => {
    const { trace, alice, one, two, before, after } = story();
    trace.ask(ALICE, alice, getData, makeZxid(1, 2), { err: ErrorCode.NONODE });
    trace.ask(ALICE, alice, getData, one.zxid, { body: before });
    trace.ask(ALICE, alice, getChildren, one.zxid, { body: { children: ['zookeeper', 'a'] } });
    trace.ask(ALICE, alice, { ...getData, op: 'exists' }, two.zxid, { body: { stat: after.stat } });
    trace.ask(ALICE, alice, { ...getData, path: '/zookeeper/config' }, two.zxid, { body: after });
    expect(trace.evidence(NAME)).toBe('');
    expect(trace.red).toEqual([]);
    expect(trace.checked(NAME)).toBeGreaterThan(8);
  });

  it('is quiet when an idle new leader answers as of (e, 0)', () => {
    const { trace, alice, after } = story();
    trace.lead(2, 2).ask(ALICE, alice, getData, makeZxid(2, 0), { body: after });
    expect(trace.red).toEqual([]);
  });

  it('is quiet when a read that nobody can read is refused, and only then', () => {
    const { trace, alice, two } = story();
    const refused = { err: ErrorCode.MARSHALLINGERROR };
    trace.ask(ALICE, alice, { ...getData, malformed: true }, two.zxid, refused);
    expect(trace.red).toEqual([]);
    expect(trace.ask(ALICE, alice, getData, two.zxid, refused).red).toEqual([NAME]);
  });

  it('is red when a read shows another tree than its header says', () => {
    const { trace, alice, two, before } = story();
    trace.ask(ALICE, alice, getData, two.zxid, { body: before });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /^client alice's operation 1 \(getData \/a\) .* as of 0x100000004\nbut the data is another/,
    );
  });

  it('is red when a read finds, or misses, a node wrongly', () => {
    const missing = story();
    missing.trace.ask(ALICE, missing.alice, getData, missing.one.zxid, { err: ErrorCode.NONODE });
    expect(missing.trace.evidence(NAME)).toContain('the node existed, but the answer is NONODE');
    const ghost = story();
    ghost.trace.ask(ALICE, ghost.alice, getData, makeZxid(1, 2), { body: ghost.before });
    expect(ghost.trace.evidence(NAME)).toContain('the node did not exist, but the answer is OK');
  });

  it.each([[['a']], [['a', 'a']], [['a', 'b']], [['a', 'zookeeper', 'zookeeper']]])(
    'is red when the children are said to be %j',
    (children) => {
      const { trace, alice, two } = story();
      trace.ask(ALICE, alice, getChildren, two.zxid, { body: { children } });
      expect(trace.red).toEqual([NAME]);
    },
  );

  it('is red when a read shows what is not committed', () => {
    const { trace, alice, after } = story();
    trace.propose({ type: 'error', err: -101 });
    trace.ask(ALICE, alice, getData, makeZxid(1, 5), { body: after });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain(
      'that state is not committed: the committed log ends at 0x100000004',
    );
  });

  it('is red when a session goes back', () => {
    const { trace, alice, one, two, before, after } = story();
    trace.ask(ALICE, alice, getData, two.zxid, { body: after });
    trace.ask(ALICE, alice, getData, one.zxid, { body: before });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain(
      'with zxid 0x100000003\nbut operation 1 of the same session had been answered with 0x100000004',
    );
  });

  it('is red when answers overtake one another', () => {
    const { trace, alice, two, after } = story();
    const first = trace.invoke(ALICE, getData);
    const second = trace.invoke(ALICE, getData);
    trace.answer(ALICE, second, alice, two.zxid, { body: after });
    trace.answer(ALICE, first, alice, two.zxid, { body: after });
    expect(trace.red).toContain(NAME);
  });
});
