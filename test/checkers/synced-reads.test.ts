import { describe, expect, it } from 'vitest';
import { OPEN_ACL_UNSAFE } from '../../protocol/database/txn.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { sid } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import type { ClientPlan } from '../../sim/client-plan.ts';
import type { RunPlan } from '../../sim/plan.ts';
import { at, serverTarget } from '../support/faults.ts';
import { ALICE, BOB, statOf, TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'synced-reads';
const data = (text: string): Uint8Array => new TextEncoder().encode(text);
const getData = { op: 'getData', path: '/a', watch: false } as const;
const sync = { op: 'sync', path: '/a' } as const;

/** Bob creates /a with `one`, then sets it to `two`, and is told of both; Alice only reads. */
function story(reads: ClientPlan['reads'] = 'local', plan: Partial<RunPlan> = {}) {
  const trace = new TraceBuilder({ clients: [{ reads }, {}], plan }).lead(1, 1);
  const alice = trace.session(ALICE, 1);
  const bob = trace.session(BOB, 2);
  const node = { path: '/a', data: data('one'), acl: OPEN_ACL_UNSAFE };
  const create = { type: 'create', ...node, ephemeral: false, parentCVersion: 1 } as const;
  const one = trace.write(BOB, bob, { op: 'create', ...node, flags: 0 }, create, { body: { path: '/a' } });
  const early = trace.invoke(ALICE, sync);
  const set = { path: '/a', data: data('two') };
  const op = trace.invoke(BOB, { op: 'setData', ...set, version: -1 });
  const two = trace.broadcast({ type: 'setData', ...set, version: 1 }, { sessionId: bob, cxid: op });
  const before = { data: data('one'), stat: statOf(one.zxid, one.time, { dataLength: 3 }) };
  const stat = { ...before.stat, mzxid: two.zxid, mtime: two.time, version: 1 };
  const after = { data: data('two'), stat };
  trace.answer(BOB, op, bob, two.zxid, { body: { stat } });
  /** Alice reads what was there before, which others were told is gone. */
  const readOld = (): TraceBuilder => trace.ask(ALICE, alice, getData, one.zxid, { body: before });
  return { trace, alice, bob, one, two, after, early, readOld };
}

describe(NAME, () => {
  it('is quiet when a read shows all that others had been told about when its sync was asked for', () => {
    const { trace, alice, two, after } = story();
    trace.ask(ALICE, alice, sync, two.zxid).ask(ALICE, alice, getData, two.zxid, { body: after });
    expect(trace.red).toEqual([]);
    expect(trace.checked(NAME)).toBe(2);
  });

  it('is quiet when a read without sync is behind what others were told', () => {
    const { trace, readOld } = story('local');
    readOld();
    expect([trace.red, trace.checked(NAME)]).toEqual([[], 0]);
  });

  it('is quiet when a read misses what others were told only after its sync was asked for', () => {
    const { trace, alice, one, early, readOld } = story();
    trace.answer(ALICE, early, alice, one.zxid);
    readOld();
    expect([trace.red, trace.checked(NAME)]).toEqual([[], 2]);
  });

  it('allows a synced read to be behind what was answered only after it was asked', () => {
    const { trace, alice, bob, two, after } = story('synced');
    const op = trace.invoke(ALICE, getData);
    trace.write(BOB, bob, { op: 'delete', path: '/a', version: -1 }, { type: 'delete', path: '/a' });
    expect(trace.answer(ALICE, op, alice, two.zxid, { body: after }).red).toEqual([]);
  });

  it('is red when a read of a client with synced reads is behind, and says who was told of what', () => {
    const { trace, readOld } = story('synced');
    expect(readOld().red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /^client alice's operation 2 \(getData \/a\) was answered at .* as of 0x100000003\nbut the write 0x100000004 had been answered to client bob at .*\nand it was invoked after that/,
    );
  });

  it('is red when a synced read does not find a node that others were told about', () => {
    const { trace, alice } = story('synced');
    trace.ask(ALICE, alice, getData, makeZxid(1, 2), { err: ErrorCode.NONODE });
    expect(trace.red).toEqual([NAME]);
  });

  it('is red when a sync is answered from the past', () => {
    const { trace, alice, one } = story();
    expect(trace.ask(ALICE, alice, sync, one.zxid).red).toEqual([NAME]);
  });

  it('is red when the read after a sync falls behind it', () => {
    const { trace, alice, two, readOld } = story();
    trace.ask(ALICE, alice, sync, two.zxid);
    expect(readOld().red).toEqual(['session-reads', NAME]);
    expect(trace.evidence(NAME)).toContain("and client alice's operation 2 (sync /a) was invoked after that");
  });

  it('does not forget a sync for an older one that is answered later', () => {
    const { trace, alice, one, two, early, readOld } = story();
    trace.ask(ALICE, alice, sync, two.zxid);
    trace.answer(ALICE, early, alice, one.zxid);
    readOld();
    expect(trace.red).toContain(NAME);
  });

  it('asks nothing of a session for a sync of the one before', () => {
    const { trace, two, alice, readOld } = story();
    trace.ask(ALICE, trace.nobody, sync, two.zxid);
    expect(alice).not.toBe(trace.nobody);
    expect(readOld().red).toEqual([]);
  });
});

describe(`${NAME}, where a release of ZooKeeper's does not promise it`, () => {
  const upgrade = at(5000, { kind: 'restart', target: [serverTarget(2)], release: '3.9.5' });

  it.each<[string, Partial<RunPlan>]>([
    ['all servers', { release: 'ZOOKEEPER-1675' }],
    ['all servers, by its version', { release: '3.4.13' }],
    ['one server', { serverReleases: [{ sid: sid(3), release: '3.9.5' }] }],
    ['one server from a restart on', { timeline: [upgrade] }],
  ])('tells a miss as a known gap when it is the release of %s', (_, plan) => {
    const { trace, readOld } = story('synced', plan);
    expect(readOld().red).toEqual([]);
    expect(trace.knownGap(NAME)).toContain('but the write 0x100000004 had been answered to client bob');
  });

  it('is red all the same when the plan asks for it', () => {
    const { trace, readOld } = story('synced', { release: 'ZOOKEEPER-1675', gaps: 'broken' });
    expect(readOld().red).toEqual([NAME]);
    expect(trace.knownGap(NAME)).toBe('');
  });

  it('is red when the release is another old one that has nothing to do with it', () => {
    const { trace, readOld } = story('synced', { release: 'ZOOKEEPER-1294' });
    expect(readOld().red).toEqual([NAME]);
    expect(trace.knownGap(NAME)).toBe('');
  });
});
