import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../../protocol/client-events.ts';
import type { RequestBody } from '../../../protocol/client-packets.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { sessionId, sid } from '../../../protocol/ids.ts';
import { makeZxid, NO_TXNS } from '../../../protocol/zxid.ts';
import { ExpectationWatcher } from '../../../sim/expectations/expectation-watcher.ts';
import type { FinalState } from '../../../sim/expectations/final-state.ts';
import { clientParty, type Party } from '../../../sim/party.ts';
import { fromMs } from '../../../sim/time.ts';
import type { TraceEvent } from '../../../sim/trace-events.ts';
import { HEAD, planOf } from '../../support/scenario-text.ts';

type Record = readonly [atMs: number, party: Party, event: TraceEvent];

const ALICE = clientParty(0);
const BOB = clientParty(1);
const NOBODY: FinalState = { servers: [], promises: [], liveness: { live: false } };

/** What a run with these events makes of `expect: [{ … }]`. */
function judge(entry: string, records: readonly Record[], final: FinalState = NOBODY) {
  const plan = planOf(`${HEAD}clients: { alice: {}, bob: {} }\nexpect: [{ ${entry}, text: it }]`);
  const watcher = new ExpectationWatcher(plan);
  for (const [atMs, party, event] of records) watcher.onEvent(fromMs(atMs), party, event);
  return watcher.finish(final)[0];
}

const established = (epoch: number): TraceEvent => ({
  type: 'established',
  epoch,
  acks: [sid(1), sid(2)],
  lastZxid: NO_TXNS,
  digest: 0,
});

describe('an expectation of leaders', () => {
  const leaders: Record[] = [
    [500, 3, established(1)],
    [5000, 2, established(2)],
  ];

  it.each([
    ['leader: any', { met: true, atMs: 500 }],
    ['leader: any, atLeast: 2', { met: true, atMs: 5000 }],
    ['leader: zk2', { met: true, atMs: 5000 }],
    ['leader: any, from: 1s, until: 5s', { met: false, seen: 'never; 2 times outside that time' }],
    ['leader: any, from: 5s', { met: true, atMs: 5000 }],
    ['leader: any, atLeast: 3', { met: false, seen: '2 times, the last at 5000.000 ms' }],
    ['leader: zk1', { met: false, seen: 'never' }],
    ['leader: zk1, times: 0', { met: true }],
    ['leader: zk2, times: 0', { met: false, seen: 'once, the last at 5000.000 ms' }],
    ['leader: any, atMost: 1', { met: false }],
  ])('%s', (entry, result) => {
    expect(judge(entry, leaders)).toMatchObject({ text: 'it', ...result });
  });
});

describe('an expectation of events', () => {
  const committed = (counter: number): TraceEvent => ({
    type: 'committed',
    epoch: 1,
    zxid: makeZxid(1, counter),
    acks: [sid(1), sid(3)],
  });
  const events: Record[] = [
    [1, 3, { type: 'delivered', from: 1, packet: { type: 'ACK', zxid: makeZxid(1, 1) } }],
    [2, 3, committed(1)],
    [3, 3, committed(2)],
    [4, 1, { type: 'crashed', lost: 0, durableZxid: NO_TXNS }],
  ];

  it.each([
    ['event: committed, times: 2', true],
    ['event: committed, on: zk1, times: 0', true],
    ['event: committed, on: zk3, with: { zxid: 0x100000002 }, times: 1', true],
    ['event: committed, with: { zxid: 0x100000003 }', false],
    ['event: delivered, with: { packet: ACK, from: zk1 }', true],
    ['event: delivered, with: { packet: ACK, from: alice }', false],
    ['event: crashed, times: 1', true],
    ['event: paused', false],
  ])('%s: %s', (entry, met) => {
    expect(judge(entry, events)?.met).toBe(met);
  });
});

describe('an expectation of answers', () => {
  const invoked = (op: number, body: RequestBody): ClientEvent => ({ type: 'invoked', op, body });
  const answered = (
    op: number,
    err: number,
    body?: Extract<ClientEvent, { type: 'answered' }>['body'],
  ): ClientEvent => ({
    type: 'answered',
    op,
    xid: op,
    err,
    sent: true,
    zxid: NO_TXNS,
    sessionId: sessionId('0x1'),
    body,
  });
  const create: RequestBody = { op: 'create2', path: '/a', data: null, acl: [], flags: 0 };
  const get: RequestBody = { op: 'getData', path: '/a', watch: false };
  const multi: RequestBody = { op: 'multi', ops: [create] };
  const history: Record[] = [
    [1, ALICE, invoked(1, create)],
    [1, BOB, invoked(1, get)],
    [2, ALICE, answered(1, ErrorCode.OK)],
    [3, BOB, answered(1, ErrorCode.NONODE)],
    [4, ALICE, invoked(2, create)],
    [5, ALICE, answered(2, ErrorCode.CONNECTIONLOSS)],
    [6, ALICE, invoked(3, multi)],
    [
      7,
      ALICE,
      answered(3, ErrorCode.OK, {
        results: [
          { type: 'error', err: ErrorCode.OK },
          { type: 'error', err: ErrorCode.BADVERSION },
          { type: 'error', err: ErrorCode.RUNTIMEINCONSISTENCY },
        ],
      }),
    ],
  ];

  it.each([
    ['answers: ok', 1],
    ['answers: ok, to: create, client: alice', 1],
    ['answers: ok, client: bob', 0],
    ['answers: ok, to: reads', 0],
    ['answers: failed', 2],
    ['answers: NONODE, to: get', 1],
    ['answers: NONODE, to: writes', 0],
    ['answers: unknown, to: create', 1],
    ['answers: CONNECTIONLOSS', 1],
    ['answers: BADVERSION, to: multi', 1],
    ['answers: ok, to: multi', 0],
  ])('%s: %d times', (entry, times) => {
    expect(judge(`${entry}, times: ${String(times)}`, history)).toMatchObject({ met: true });
    expect(judge(`${entry}, times: ${String(times + 1)}`, history)).toMatchObject({ met: false });
  });
});

describe('an expectation of watches and sessions', () => {
  const fired = (path: string): TraceEvent => ({
    type: 'watchEvent',
    eventType: 'NodeDeleted',
    path,
    zxid: NO_TXNS,
    watches: 1,
  });
  const expired: TraceEvent = {
    type: 'keeperState',
    state: 'Expired',
    sessionId: sessionId('0x1'),
    server: '',
    reason: '',
  };
  const events: Record[] = [
    [10, BOB, fired('/a')],
    [11, BOB, fired('/b')],
    [12, ALICE, expired],
  ];

  it.each([
    ['watch: any, times: 2', true],
    ['watch: NodeDeleted, path: /a, client: bob, times: 1', true],
    ['watch: NodeDeleted, client: alice', false],
    ['watch: NodeCreated', false],
    ['session: Expired, client: alice, times: 1', true],
    ['session: Expired, client: bob', false],
    ['session: Closed, client: alice', false],
  ])('%s: %s', (entry, met) => {
    expect(judge(entry, events)?.met).toBe(met);
  });
});

describe('an expectation of the end', () => {
  const final: FinalState = {
    servers: [
      {
        sid: sid(1),
        state: 'FOLLOWING',
        znode: (path) => (path === '/a' ? { data: 'x', children: 2 } : undefined),
      },
      {
        sid: sid(2),
        state: 'LEADING',
        znode: (path) => (path === '/a' || path === '/b' ? { data: 'x', children: 3 } : undefined),
      },
      { sid: sid(3), state: 'DOWN', znode: () => undefined },
    ],
    promises: [
      { name: 'atomicity', kept: true, checked: 3 },
      { name: 'watches', kept: false, checked: 3 },
      { name: 'session-reads', kept: false, checked: 3, voidedBy: 'wipe: zk3 at 12.000 s' },
    ],
    liveness: { live: false, excuse: 'no quorum can start: zk2 is lost for good' },
  };

  it.each([
    ['znode: /a', undefined],
    ['znode: /a, data: x', undefined],
    ['znode: /a, data: y', 'server 1: it holds "x"; server 2: it holds "x"'],
    ['znode: /a, children: 2', 'server 2: it has 3 children'],
    ['znode: /b', 'server 1: it is not there'],
    ['znode: /b, exists: false', 'server 2: it is there'],
    ['znode: /c, exists: false', undefined],
    ['server: zk2, state: LEADING', undefined],
    ['server: zk1, state: LEADING', 'it is FOLLOWING'],
    ['server: zk3, state: DOWN', undefined],
    ['promise: atomicity, is: kept', undefined],
    ['promise: atomicity, is: void', 'it is kept'],
    ['promise: watches, is: broken', undefined],
    ['promise: watches, is: kept', 'it is broken'],
    ['promise: session-reads, is: void', undefined],
    ['promise: session-reads, is: broken', 'it is void: wipe: zk3 at 12.000 s'],
    ['promise: quorum-commits, is: kept', 'nobody has checked it'],
    ['live: false', undefined],
    ['live: true', 'no quorum can start: zk2 is lost for good'],
  ])('%s: %s', (entry, seen) => {
    const expected = seen === undefined ? { text: 'it', met: true } : { text: 'it', met: false, seen };
    expect(judge(entry, [], final)).toEqual(expected);
  });

  it('is not met by an ensemble of which nobody is left', () => {
    expect(judge('znode: /c, exists: false', [])).toEqual({
      text: 'it',
      met: false,
      seen: 'no server is alive',
    });
  });
});

describe('several expectations', () => {
  it('are judged in the order of the file', () => {
    const plan = planOf(`${HEAD}expect: [{ leader: any }, { znode: /a }, { event: crashed, times: 0 }]`);
    const results = new ExpectationWatcher(plan).finish(NOBODY);
    expect(results.map((result) => result.met)).toEqual([false, false, true]);
  });
});
