import { describe, expect, it } from 'vitest';
import type { EventType, ReadRequest, ReplyBody } from '../../protocol/client-packets.ts';
import { type CreateTxn, OPEN_ACL_UNSAFE, type TxnBody } from '../../protocol/database/txn.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { sessionId } from '../../protocol/ids.ts';
import { makeZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import { ALICE, statOf, TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'watches';
const SESSION = sessionId('0x1');
const MADE_UP = -1 as Zxid;
const UNSAID = -1 as Zxid;
const z = (counter: number): Zxid => makeZxid(1, counter);

const created = (path: string, parentCVersion: number): CreateTxn => ({
  type: 'create',
  path,
  data: null,
  acl: OPEN_ACL_UNSAFE,
  ephemeral: false,
  parentCVersion,
});
const dataSet = (version: number): TxnBody => ({ type: 'setData', path: '/a', data: null, version });
const deleted: TxnBody = { type: 'delete', path: '/a' };

/**
 * Judges watches only: Alice's reads carry no data here, so other checkers have their own opinion of them. (1, 1) opens her session,
 * (1, 2) creates /a, whatever follows is told by each test.
 */
class Watching {
  readonly #trace: TraceBuilder;
  #cxid = 0;

  constructor(alice: { autoWatchReset?: boolean } = {}) {
    this.#trace = new TraceBuilder({ clients: [alice] }).lead(1, 1);
    this.#trace.session(ALICE, 1);
    this.change(created('/a', 1));
  }

  change(body: TxnBody): this {
    this.#trace.broadcast(body, { sessionId: SESSION, cxid: ++this.#cxid + 100 });
    return this;
  }

  read(op: ReadRequest['op'], path: string, zxid: Zxid, err = 0, body: ReplyBody = {}): this {
    this.#trace.ask(ALICE, SESSION, { op, path, watch: true }, zxid, { err, body });
    return this;
  }

  /** Any answer that shows the tree at `zxid`. */
  see(zxid: Zxid): this {
    this.#trace.ask(ALICE, SESSION, { op: 'sync', path: '/' }, zxid);
    return this;
  }

  event(eventType: EventType, path: string, zxid: Zxid): this {
    this.#trace.emit(ALICE, { type: 'watchEvent', eventType, path, zxid, watches: 1 });
    return this;
  }

  reconnect(): this {
    this.#trace.state(ALICE, 'Disconnected', SESSION).state(ALICE, 'SyncConnected', SESSION);
    return this;
  }

  /** Her process dies, and with it what she watched; another opens a session of its own. */
  restart(): this {
    this.#trace.emit(ALICE, { type: 'crashed', lost: 0, durableZxid: NO_TXNS });
    return this;
  }

  get isRed(): boolean {
    return this.#trace.red.includes(NAME);
  }

  get evidence(): string {
    return this.#trace.evidence(NAME);
  }

  get checked(): number {
    return this.#trace.checked(NAME);
  }
}

describe(NAME, () => {
  it.each<[string, (alice: Watching) => Watching]>([
    [
      'getData, then setData',
      (alice) =>
        alice.read('getData', '/a', z(2)).change(dataSet(1)).event('NodeDataChanged', '/a', z(3)).see(z(3)),
    ],
    [
      'exists on nothing, then create',
      (alice) =>
        alice
          .read('exists', '/b', z(2), ErrorCode.NONODE)
          .change(created('/b', 2))
          .event('NodeCreated', '/b', z(3))
          .see(z(3)),
    ],
    [
      'getChildren, then create and delete of a child',
      (alice) =>
        alice
          .read('getChildren', '/', z(2))
          .change(created('/b', 2))
          .event('NodeChildrenChanged', '/', z(3))
          .read('getChildren2', '/', z(3))
          .change({ type: 'delete', path: '/b' })
          .event('NodeChildrenChanged', '/', z(4))
          .see(z(4)),
    ],
    [
      'one event for a node watched in two ways',
      (alice) =>
        alice
          .read('getData', '/a', z(2))
          .read('getChildren', '/a', z(2))
          .change(deleted)
          .event('NodeDeleted', '/a', z(3))
          .see(z(3)),
    ],
    [
      'a multi that creates and changes: the first change wins',
      (alice) =>
        alice
          .read('exists', '/b', z(2), ErrorCode.NONODE)
          .change({
            type: 'multi',
            txns: [created('/b', 2), { type: 'delete', path: '/b' }],
          })
          .event('NodeCreated', '/b', z(3))
          .see(z(3)),
    ],
    [
      'getData on nothing sets no watch',
      (alice) => alice.read('getData', '/b', z(2), ErrorCode.NONODE).change(created('/b', 2)).see(z(3)),
    ],
    [
      'a server that has not got there yet',
      (alice) => alice.read('getData', '/a', z(2)).change(dataSet(1)).see(z(2)),
    ],
    [
      'a read that was answered after the change was committed elsewhere',
      (alice) =>
        alice.change(dataSet(1)).read('getData', '/a', z(2)).event('NodeDataChanged', '/a', z(3)).see(z(3)),
    ],
  ])('is quiet: %s', (_, tell) => {
    const alice = tell(new Watching());
    expect(alice.evidence).toBe('');
    expect(alice.isRed).toBe(false);
  });

  it('counts what it compares', () => {
    const alice = new Watching().read('getData', '/a', z(2)).change(dataSet(1));
    expect(alice.event('NodeDataChanged', '/a', z(3)).see(z(3)).checked).toBe(1);
  });

  it.each<[string, (alice: Watching) => Watching, string]>([
    [
      'a reply shows a change before its event came',
      (alice) => alice.read('getData', '/a', z(2)).change(dataSet(1)).see(z(3)),
      'but no event for /a, on which it has had a data watch since 0x100000002 and which 0x100000003 changed',
    ],
    [
      'the change had happened when the late read was answered',
      (alice) => alice.change(dataSet(1)).read('getData', '/a', z(2)).see(z(3)),
      'but no event for /a',
    ],
    [
      'the deletion of a watched parent goes unnoticed',
      (alice) => alice.read('getChildren', '/a', z(2)).change(deleted).see(z(3)),
      'a child watch since 0x100000002',
    ],
    [
      'a one-shot watch fires twice',
      (alice) =>
        alice
          .read('getData', '/a', z(2))
          .change(dataSet(1))
          .event('NodeDataChanged', '/a', z(3))
          .event('NodeDataChanged', '/a', z(3)),
      'it has no watch there, or had its one event already',
    ],
    [
      'an event comes without a change',
      (alice) =>
        alice.read('getData', '/a', z(2)).change(created('/b', 2)).event('NodeDataChanged', '/a', z(3)),
      'that is not what 0x100000003 did',
    ],
    [
      'an event has the wrong type',
      (alice) => alice.read('getData', '/a', z(2)).change(dataSet(1)).event('NodeDeleted', '/a', z(3)),
      'that is not what 0x100000003 did',
    ],
    [
      'an event is about a change from before the watch',
      (alice) => alice.change(dataSet(1)).read('getData', '/a', z(3)).event('NodeDataChanged', '/a', z(3)),
      'its watch is from after that change: a data watch since 0x100000003',
    ],
    [
      'events come in the wrong order',
      (alice) =>
        alice
          .read('getData', '/a', z(2))
          .read('getChildren', '/', z(2))
          .change(dataSet(1))
          .change(created('/b', 2))
          .event('NodeChildrenChanged', '/', z(4))
          .event('NodeDataChanged', '/a', z(3)),
      'an event of 0x100000004 came before it on this connection',
    ],
  ])('is red when %s', (_, tell, evidence) => {
    const alice = tell(new Watching());
    expect(alice.isRed).toBe(true);
    expect(alice.evidence).toMatch(/^client alice got .* at \d+\.000 ms\nbut /);
    expect(alice.evidence).toContain(evidence);
  });
});

describe(`${NAME}: across reconnection`, () => {
  it('is quiet when several changes come as one event that is made up', () => {
    const alice = new Watching().read('getData', '/a', z(2)).reconnect().change(dataSet(1)).change(deleted);
    expect(alice.event('NodeDeleted', '/a', MADE_UP).see(z(4)).isRed).toBe(false);
  });

  it('allows the second event that is made up for a node watched in two ways', () => {
    const alice = new Watching().read('getData', '/a', z(2)).read('getChildren', '/a', z(2));
    alice.reconnect().change(deleted).event('NodeDeleted', '/a', MADE_UP).event('NodeDeleted', '/a', MADE_UP);
    expect(alice.see(z(3)).isRed).toBe(false);
  });

  it('is red when a change while away is never announced', () => {
    const alice = new Watching().read('getData', '/a', z(2)).reconnect().change(dataSet(1)).see(z(3));
    expect(alice.isRed).toBe(true);
  });

  it('is red when an event is made up of nothing', () => {
    const alice = new Watching()
      .read('getData', '/a', z(2))
      .reconnect()
      .event('NodeDataChanged', '/a', MADE_UP);
    expect(alice.isRed).toBe(true);
    expect(alice.evidence).toContain('nothing has changed there since a data watch since 0x100000002');
  });

  it.each([
    ['an exists watch is told of a change', 'NodeDataChanged'],
    ['an exists watch is told of an end', 'NodeDeleted'],
  ] as const)('is red when %s to a node that was not there', (_, eventType) => {
    const alice = new Watching().read('exists', '/b', z(2), ErrorCode.NONODE).reconnect();
    alice.change(created('/b', 2)).event(eventType, '/b', MADE_UP);
    expect(alice.evidence).toContain('nothing to wait for with an exists watch since 0x100000002');
  });

  it('is red when a data watch is told of a birth, though the node was made anew', () => {
    const alice = () => new Watching().read('getData', '/a', z(2)).reconnect().change(deleted);
    const anew = created('/a', 2);
    expect(alice().change(anew).event('NodeDataChanged', '/a', MADE_UP).isRed).toBe(false);
    expect(alice().change(anew).event('NodeCreated', '/a', MADE_UP).isRed).toBe(true);
  });

  it('allows an exists watch to sleep through a node that came and went, and wants the next one announced', () => {
    const asleep = new Watching().read('exists', '/b', z(2), ErrorCode.NONODE).reconnect();
    asleep.change(created('/b', 2)).change({ type: 'delete', path: '/b' }).see(z(4));
    expect(asleep.isRed).toBe(false);
    expect(asleep.change(created('/b', 3)).see(z(5)).isRed).toBe(true);
  });

  it('is red when an exists watch sleeps without having been away', () => {
    const alice = new Watching().read('exists', '/b', z(2), ErrorCode.NONODE);
    alice.change(created('/b', 2)).change({ type: 'delete', path: '/b' });
    expect(alice.see(z(4)).isRed).toBe(true);
  });

  it('expects nothing of the watches of a client that does not set them again', () => {
    const alice = new Watching({ autoWatchReset: false }).read('getData', '/a', z(2));
    expect(alice.reconnect().change(dataSet(1)).see(z(3)).isRed).toBe(false);
    expect(alice.read('getData', '/a', z(3)).change(dataSet(2)).see(z(4)).isRed).toBe(true);
  });

  it('allows the same change to be seen again from a server that is behind', () => {
    const alice = new Watching()
      .read('getData', '/a', z(2))
      .change(dataSet(1))
      .event('NodeDataChanged', '/a', z(3));
    alice.reconnect().read('getData', '/a', z(2)).event('NodeDataChanged', '/a', z(3));
    expect(alice.see(z(3)).isRed).toBe(false);
  });
});

describe(`${NAME}: a client whose process has died`, () => {
  it('is owed no event for what it watched before', () => {
    const alice = new Watching().read('getData', '/a', z(2)).restart().change(dataSet(1)).see(z(3));
    expect(alice.isRed).toBe(false);
  });

  it('must not get one either', () => {
    const alice = new Watching().read('getData', '/a', z(2)).restart().change(dataSet(1));
    expect(alice.event('NodeDataChanged', '/a', z(3)).isRed).toBe(true);
  });
});

describe(`${NAME}: replies that do not say which state they show`, () => {
  const stat = statOf(z(3), 0, { czxid: z(2), pzxid: z(2) });

  it('show at least the last change in their Stat: what it brought is not announced again', () => {
    const alice = new Watching().change(dataSet(1)).read('getData', '/a', UNSAID, 0, { stat }).reconnect();
    expect(alice.event('NodeDataChanged', '/a', MADE_UP).isRed).toBe(true);
    expect(alice.evidence).toContain('nothing has changed there since a data watch since 0x100000003');
  });

  it('arm a watch that is owed the next change', () => {
    const alice = new Watching().change(dataSet(1)).read('getData', '/a', UNSAID, 0, { stat });
    alice.change(dataSet(2));
    expect(alice.see(z(4)).isRed).toBe(true);
  });

  it('may be older or newer, where they have no Stat', () => {
    const watching = () => new Watching().change(created('/b', 2)).read('getChildren', '/', UNSAID);
    expect(watching().event('NodeChildrenChanged', '/', z(3)).see(z(3)).isRed).toBe(false);
    expect(watching().see(z(3)).isRed).toBe(false);
  });
});
