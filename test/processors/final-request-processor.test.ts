import { beforeEach, describe, expect, it } from 'vitest';
import type { RequestBody } from '../../protocol/client-packets.ts';
import { OPEN_ACL_UNSAFE } from '../../protocol/database/txn.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { connectionId, type SessionId } from '../../protocol/ids.ts';
import { DEFAULT_RELEASE, releaseWithIssue } from '../../protocol/release/release.ts';
import { OneServer } from '../support/one-server.ts';
import { bytes, C1, C2 } from '../support/tree.ts';

const WRITE_ONLY = [{ perms: 2, scheme: 'world', id: 'anyone' }];
const create = (path: string, op: 'create' | 'create2' = 'create', acl = OPEN_ACL_UNSAFE) =>
  ({ op, path, data: bytes('d'), acl, flags: 0 }) as const;
const setData = (path: string) => ({ op: 'setData', path, data: bytes('new'), version: -1 }) as const;
const remove = (path: string) => ({ op: 'delete', path, version: -1 }) as const;
const read = (op: 'exists' | 'getData' | 'getChildren' | 'getChildren2', path: string, watch = false) =>
  ({ op, path, watch }) as const;

let server: OneServer;
let session: SessionId;
const submit = (body: RequestBody, connection = C1) => server.submit(session, body, connection);
const eventsOf = (connection = C1) =>
  server.takeEvents(connection).map(({ eventType, path }) => `${eventType} ${path}`);

function start(release = DEFAULT_RELEASE): void {
  server = new OneServer(release);
  session = server.newSession();
  for (const body of [create('/p'), create('/p/b'), create('/p/a'), create('/wo', 'create', WRITE_ONLY)])
    submit(body);
}

beforeEach(() => start());

describe('a write', () => {
  it.each([
    [create('/x'), { path: '/x' }],
    [create('/x', 'create2'), { path: '/x', stat: { dataLength: 1, version: 0 } }],
    [setData('/p'), { stat: { version: 1, dataLength: 3 } }],
  ])('%j is answered with what it did', (body, expected) => {
    expect(submit(body)).toMatchObject({ err: 0, body: expected });
  });

  it('that only needs a header gets no body', () => {
    expect(submit(remove('/p/a'))).not.toHaveProperty('body');
    expect(submit(create('/p'))).toMatchObject({ err: ErrorCode.NODEEXISTS });
    expect(submit(create('/p'))).not.toHaveProperty('body');
    expect(submit({ op: 'closeSession' })).toMatchObject({ err: 0 });
  });

  it('through an owner that lost the session is answered by closing the connection', () => {
    const elsewhere = connectionId(9);
    const stolen = [
      setData('/p'),
      read('getData', '/p'),
      { op: 'multi', ops: [create('/x'), setData('/p')] } as const,
    ];
    for (const body of stolen) {
      expect(server.submit(session, body, C1, elsewhere).err).toBe(ErrorCode.SESSIONMOVED);
    }
  });

  it('in a multi of a session that has moved was only one more result that failed before 3.6.0', () => {
    start(releaseWithIssue('ZOOKEEPER-2886'));
    const multi = { op: 'multi', ops: [create('/x'), setData('/p')] } as const;
    const results = [ErrorCode.SESSIONMOVED, ErrorCode.RUNTIMEINCONSISTENCY].map((err) => ({
      type: 'error',
      err,
    }));
    expect(server.submit(session, multi, C1, connectionId(9))).toMatchObject({ err: 0, body: { results } });
    expect(server.submit(session, setData('/p'), C1, connectionId(9)).err).toBe(ErrorCode.SESSIONMOVED);
  });
});

describe('a multi', () => {
  const ops = [
    create('/m'),
    create('/m/2', 'create2'),
    setData('/m'),
    { op: 'check', path: '/m', version: 1 } as const,
    remove('/m/2'),
  ];

  it('is answered with one result an operation', () => {
    expect(submit({ op: 'multi', ops })).toMatchObject({
      err: 0,
      body: {
        results: [
          { type: 'create', path: '/m' },
          { type: 'create2', path: '/m/2', stat: { version: 0 } },
          { type: 'setData', stat: { version: 1, numChildren: 1 } },
          { type: 'check' },
          { type: 'delete' },
        ],
      },
    });
  });

  it('has an OK header even when it fails, and errors only', () => {
    const results = [0, ErrorCode.NONODE, ErrorCode.RUNTIMEINCONSISTENCY].map((err) => ({
      type: 'error',
      err,
    }));
    const failing = { op: 'multi', ops: [create('/m'), remove('/none'), create('/n')] } as const;
    expect(submit(failing)).toMatchObject({ err: 0, body: { results } });
  });

  it('answers a create2 like a create before 3.8.2', () => {
    start({ ...DEFAULT_RELEASE, create2InMultiAnswersCreate: true });
    const { body } = submit({ op: 'multi', ops: [create('/m', 'create2')] });
    expect(body).toEqual({ results: [{ type: 'create', path: '/m' }] });
  });
});

describe('a read', () => {
  it.each([
    [read('exists', '/p'), { stat: { numChildren: 2 } }],
    [read('getData', '/p'), { data: bytes('d'), stat: { dataLength: 1 } }],
    [read('getChildren', '/p'), { children: ['a', 'b'] }],
    [read('getChildren2', '/p'), { children: ['a', 'b'], stat: { cversion: 2 } }],
  ])('%j finds what it asks for', (body, expected) => {
    expect(submit(body)).toMatchObject({ err: 0, body: expected });
  });

  it.each([
    [read('getData', '/none'), ErrorCode.NONODE],
    [read('getChildren', '/none'), ErrorCode.NONODE],
    [read('exists', '/none'), ErrorCode.NONODE],
    [read('getData', '/p/'), ErrorCode.NONODE],
    [read('getData', '/p\0'), ErrorCode.NONODE],
    [read('exists', '/p\0'), ErrorCode.BADARGUMENTS],
    [read('getData', '/wo'), ErrorCode.NOAUTH],
    [read('getChildren2', '/wo'), ErrorCode.NOAUTH],
    [read('exists', '/wo'), ErrorCode.NOAUTH],
    [{ ...read('exists', ''), malformed: true as const }, ErrorCode.MARSHALLINGERROR],
    [{ ...read('getData', ''), malformed: true as const }, ErrorCode.MARSHALLINGERROR],
  ])('%j is refused', (body, err) => {
    expect(submit(body)).toMatchObject({ err });
    expect(submit(body)).not.toHaveProperty('body');
  });

  it('of whether a node exists needed no right before 3.8.4', () => {
    start({ ...DEFAULT_RELEASE, existsIgnoresAcl: true });
    expect(submit(read('exists', '/wo'))).toMatchObject({ err: 0, body: { stat: { version: 0 } } });
  });

  it('knows the root under its empty name too', () => {
    expect(submit(read('getData', ''))).toEqual(submit(read('getData', '/')));
  });

  it('carries the zxid of the state that it saw, and takes none', () => {
    const before = submit(read('exists', '/p')).zxid;
    expect(submit(read('exists', '/p')).zxid).toBe(before);
    expect(submit(setData('/p')).zxid).toBeGreaterThan(before);
  });
});

describe('which reads arm a watch', () => {
  it.each([
    [read('exists', '/none', true), create('/none'), ['NodeCreated /none']],
    [read('exists', '/p', true), setData('/p'), ['NodeDataChanged /p']],
    [read('getData', '/p', true), setData('/p'), ['NodeDataChanged /p']],
    [read('getChildren', '/p', true), remove('/p/a'), ['NodeChildrenChanged /p']],
    [read('getChildren2', '/p', true), create('/p/c'), ['NodeChildrenChanged /p']],
    [read('getData', '/none', true), create('/none'), []],
    [read('getChildren', '/none', true), create('/none'), []],
    [read('exists', '/wo', true), setData('/wo'), []],
    [read('getData', '/p', false), setData('/p'), []],
  ])('%j', (body, write, expected) => {
    submit(body);
    submit(write, C2);
    expect(eventsOf()).toEqual(expected);
    expect(eventsOf(C2)).toEqual([]);
  });

  it('tells a client of its own write before it answers it', () => {
    submit(read('getData', '/p', true));
    const request = server.prepare(session, setData('/p'), C1);
    server.apply(request);
    expect(eventsOf()).toEqual(['NodeDataChanged /p']);
  });
});

describe('the rest', () => {
  it('sync gives the path back, whatever it is', () => {
    expect(submit({ op: 'sync', path: 'no path' })).toMatchObject({ err: 0, body: { path: 'no path' } });
  });

  it('ping and setWatches answer with a header, setWatches after its events', () => {
    expect(submit({ op: 'ping' })).toMatchObject({ err: 0 });
    const lists = { dataWatches: ['/gone'], existWatches: ['/later'], childWatches: [] };
    const request = { op: 'setWatches', relativeZxid: server.database.lastProcessedZxid, ...lists } as const;
    expect(submit(request)).toMatchObject({ err: 0 });
    submit(create('/later'), C2);
    expect(eventsOf()).toEqual(['NodeDeleted /gone', 'NodeCreated /later']);
    expect(submit({ ...request, malformed: true })).toMatchObject({ err: ErrorCode.MARSHALLINGERROR });
  });

  it('a check outside a multi is not implemented', () => {
    expect(submit({ op: 'check', path: '/p', version: 0 })).toMatchObject({ err: ErrorCode.UNIMPLEMENTED });
  });
});
