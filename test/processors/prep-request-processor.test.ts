import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { defined } from '../../protocol/assert.ts';
import type { CreateRequest, MultiOp, RequestBody } from '../../protocol/client-packets.ts';
import { OPEN_ACL_UNSAFE, type TxnBody } from '../../protocol/database/txn.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { connectionId, sessionId, type SessionId } from '../../protocol/ids.ts';
import { needsTxn } from '../../protocol/processors/prep-request-processor.ts';
import { DEFAULT_RELEASE } from '../../protocol/release/release.ts';
import { counterOf } from '../../protocol/zxid.ts';
import { moves, requestsOf } from '../support/histories.ts';
import { OneServer } from '../support/one-server.ts';
import { bytes } from '../support/tree.ts';

const ELSEWHERE = connectionId(99);
const STRANGER = sessionId('0xdead');
const LOCKED = [{ perms: 1, scheme: 'world', id: 'anyone' }];

const create = (path: string, init: Partial<CreateRequest> = {}): CreateRequest => ({
  op: 'create',
  path,
  data: null,
  acl: OPEN_ACL_UNSAFE,
  flags: 0,
  ...init,
});
const remove = (path: string, version = -1) => ({ op: 'delete', path, version }) as const;
const setData = (path: string, version = -1) => ({ op: 'setData', path, data: bytes('x'), version }) as const;
const check = (path: string, version = -1) => ({ op: 'check', path, version }) as const;
const multi = (...ops: MultiOp[]) => ({ op: 'multi', ops }) as const;

let server: OneServer;
let session: SessionId;

beforeEach(() => {
  server = new OneServer();
  session = server.newSession();
  const nodes = [
    create('/p'),
    create('/p/kid'),
    create('/e', { flags: 1 }),
    create('/locked', { acl: LOCKED }),
  ];
  for (const body of nodes) server.submit(session, body);
});

const txnOf = (body: RequestBody, owner = connectionId(0), id = session): TxnBody | undefined =>
  server.prepare(id, body, connectionId(0), owner).txn?.body;
const errOf = (...args: Parameters<typeof txnOf>): number => {
  const txn = txnOf(...args);
  return txn?.type === 'error' ? txn.err : 0;
};

describe('the order of checks: each request fails in everything from its own check on', () => {
  it.each([
    ['flags', create('a\0', { flags: 9, acl: [] }), STRANGER, ErrorCode.BADARGUMENTS],
    ['session', create('a\0', { acl: [] }), STRANGER, ErrorCode.SESSIONEXPIRED],
    ['path shape', create('a', { acl: [] }), undefined, ErrorCode.BADARGUMENTS],
    ['NUL', create('/none/a\0', { acl: [] }), undefined, ErrorCode.BADARGUMENTS],
    ['ACL', create('/none/.', { acl: [] }), undefined, ErrorCode.INVALIDACL],
    ['parent', create('/none/.'), undefined, ErrorCode.NONODE],
    ['parent of a path that ends in /', create('/none/'), undefined, ErrorCode.NONODE],
    ['right', create('/locked/.'), undefined, ErrorCode.NOAUTH],
    ['path', create('/e/.'), undefined, ErrorCode.BADARGUMENTS],
    ['empty name, the parent being the root', create('//a'), undefined, ErrorCode.BADARGUMENTS],
    ['node', create('/p/kid'), undefined, ErrorCode.NODEEXISTS],
    ['ephemeral parent', create('/e/a'), undefined, ErrorCode.NOCHILDRENFOREPHEMERALS],
    ['nothing', create('/p/new'), undefined, ErrorCode.OK],
  ])('create, %s', (_, body, id, err) => expect(errOf(body, undefined, id)).toBe(err));

  it.each([
    ['session', remove('a'), STRANGER, ErrorCode.SESSIONEXPIRED],
    ['path shape', remove('a'), undefined, ErrorCode.BADARGUMENTS],
    ['system node', remove('/zookeeper', 7), undefined, ErrorCode.BADARGUMENTS],
    ['root', remove('/'), undefined, ErrorCode.BADARGUMENTS],
    ['parent', remove('/none/a', 7), undefined, ErrorCode.NONODE],
    ['right, the parent’s', remove('/locked/a', 7), undefined, ErrorCode.NOAUTH],
    ['node', remove('/p/none', 7), undefined, ErrorCode.NONODE],
    ['version', remove('/p', 7), undefined, ErrorCode.BADVERSION],
    ['children', remove('/p', 0), undefined, ErrorCode.NOTEMPTY],
    ['nothing, though the node itself is locked', remove('/locked', 0), undefined, ErrorCode.OK],
  ])('delete, %s', (_, body, id, err) => expect(errOf(body, undefined, id)).toBe(err));

  it.each([
    ['session', setData(''), STRANGER, ErrorCode.SESSIONEXPIRED],
    ['path', setData('/p/', 7), undefined, ErrorCode.BADARGUMENTS],
    ['node', setData('/none', 7), undefined, ErrorCode.NONODE],
    ['right', setData('/locked', 7), undefined, ErrorCode.NOAUTH],
    ['version', setData('/p', 7), undefined, ErrorCode.BADVERSION],
    ['version −2, which is no wildcard', setData('/p', -2), undefined, ErrorCode.BADVERSION],
    ['nothing', setData('/p', 0), undefined, ErrorCode.OK],
  ])('setData, %s', (_, body, id, err) => expect(errOf(body, undefined, id)).toBe(err));

  it.each([
    ['session', check('', 7), STRANGER, ErrorCode.SESSIONEXPIRED],
    ['path', check('/p/', 7), undefined, ErrorCode.BADARGUMENTS],
    ['node', check('/none', 7), undefined, ErrorCode.NONODE],
    ['version', check('/p', 7), undefined, ErrorCode.BADVERSION],
    ['nothing, the node being readable', check('/locked', 0), undefined, ErrorCode.OK],
  ])('check, %s', (_, op, id, err) => {
    const txn = txnOf(multi(op), undefined, id);
    expect(txn).toEqual(
      err === ErrorCode.OK
        ? { type: 'multi', txns: [{ type: 'check', path: op.path, version: 1 }] }
        : { type: 'multi', txns: [{ type: 'error', err }] },
    );
  });

  it('answers a body that cannot be read before anything else', () => {
    expect(errOf({ ...create('/none/a', { flags: 9 }), malformed: true }, ELSEWHERE)).toBe(-5);
    expect(txnOf({ ...multi(remove('/none')), malformed: true })).toEqual({ type: 'error', err: -5 });
  });
});

describe('what a write becomes', () => {
  it('has absolute values and the checked ACL', () => {
    const acl = [...OPEN_ACL_UNSAFE, ...OPEN_ACL_UNSAFE];
    expect(txnOf(create('/p/new', { op: 'create2', flags: 1, acl, data: bytes('d') }))).toEqual({
      type: 'create2',
      path: '/p/new',
      data: bytes('d'),
      acl: OPEN_ACL_UNSAFE,
      ephemeral: true,
      parentCVersion: 2,
    });
    expect(txnOf(setData('/p', 0))).toMatchObject({ type: 'setData', version: 1 });
    expect(txnOf(remove('/p/kid'))).toEqual({ type: 'delete', path: '/p/kid' });
  });

  it('has the zxid it was given, and the leader’s clock, whether it failed or not', () => {
    const [ok, failed] = [server.prepare(session, create('/x')), server.prepare(session, create('/x'))];
    expect(failed.txn?.body).toEqual({ type: 'error', err: ErrorCode.NODEEXISTS });
    expect([counterOf(ok.zxid), counterOf(failed.zxid)]).toEqual([6, 7]);
    for (const { txn, zxid } of [ok, failed])
      expect(txn).toMatchObject({ zxid, sessionId: session, cxid: 1 });
    expect((failed.txn?.time ?? 0) - (ok.txn?.time ?? 0)).toBe(7);
  });

  it.each([
    ['world without anyone', [{ perms: 31, scheme: 'world', id: 'me' }], ErrorCode.INVALIDACL],
    ['no scheme', [{ perms: 31, scheme: '', id: '' }], ErrorCode.INVALIDACL],
    ['a scheme without a provider', [{ perms: 31, scheme: 'kerberos', id: 'a' }], ErrorCode.INVALIDACL],
    ['auth without an identity', [{ perms: 31, scheme: 'auth', id: '' }], ErrorCode.INVALIDACL],
    ['digest', [{ perms: 31, scheme: 'digest', id: 'u:h' }], ErrorCode.OK],
  ])('takes or refuses an ACL with %s', (_, acl, err) => expect(errOf(create('/x', { acl }))).toBe(err));
});

describe('sequential nodes', () => {
  const pathOf = (body: RequestBody) => {
    const txn = txnOf(body);
    return txn?.type === 'create' ? txn.path : txn;
  };

  it('are numbered by all creates under the parent, also outstanding ones', () => {
    expect([2, 0, 2, 3].map((flags) => pathOf(create('/p/n', { flags })))).toEqual([
      '/p/n0000000001',
      '/p/n',
      '/p/n0000000003',
      '/p/n0000000004',
    ]);
    expect(pathOf(create('/p/', { flags: 2 }))).toBe('/p/0000000005');
  });

  it('begin at 0 in a fresh root', () => {
    const fresh = new OneServer();
    const request = fresh.prepare(fresh.newSession(), create('/s', { flags: 2 }));
    expect(request.txn?.body).toMatchObject({ path: '/s0000000000' });
  });

  it('use up no number in a failed create, nor in a failed multi (ZOOKEEPER-1624)', () => {
    expect(errOf(create('/p/.', { acl: [], flags: 2 }))).toBe(ErrorCode.INVALIDACL);
    server.prepare(
      session,
      multi(create('/p/n', { flags: 2 }), create('/p/n', { flags: 2 }), remove('/none')),
    );
    expect(pathOf(create('/p/n', { flags: 2 }))).toBe('/p/n0000000001');
    server.prepare(session, multi(create('/p/n', { flags: 2 }), remove('/none')));
    expect(pathOf(create('/p/n', { flags: 2 }))).toBe('/p/n0000000002');
  });
});

describe('a version', () => {
  it.each([
    ['rises by one', 4, 5],
    ['wraps past the largest int', 2147483647, -2147483648],
    ['skips −1, which no client could expect (ZOOKEEPER-4743)', -2, 0],
  ])('%s', (_, current, next) => {
    defined(server.database.tree.getNode('/p'), '/p').version = current;
    expect(txnOf(setData('/p', current))).toMatchObject({ type: 'setData', version: next });
  });
});

describe('a multi', () => {
  it('sees its own earlier operations', () => {
    const txn = txnOf(
      multi(create('/m'), setData('/m', 0), check('/m', 1), create('/m/a'), remove('/m/a'), remove('/m', 1)),
    );
    expect(txn).toMatchObject({ type: 'multi' });
    expect(txn?.type === 'multi' && txn.txns.map(({ type }) => type)).toEqual([
      'create',
      'setData',
      'check',
      'create',
      'delete',
      'delete',
    ]);
  });

  it('fails as a whole: 0 before the culprit, its code, −2 after it', () => {
    const txn = txnOf(multi(create('/m'), remove('/m'), setData('/none'), create('/n'), remove('/none')));
    expect(txn?.type === 'multi' && txn.txns).toEqual(
      [0, 0, -101, -2, -2].map((err) => ({ type: 'error', err })),
    );
  });

  it('leaves no trace when it fails, and puts back what was outstanding before it', () => {
    server.prepare(session, setData('/p', 0));
    const before = server.prep.outstandingChanges;
    server.prepare(session, multi(setData('/p', 1), setData('/p', 2), create('/m'), remove('/none')));
    expect(server.prep.outstandingChanges).toBe(before);
    expect(errOf(setData('/p', 1))).toBe(0);
    expect(errOf(remove('/m'))).toBe(ErrorCode.NONODE);
  });

  it('may be empty, and then asks nobody whose session it is', () => {
    expect(txnOf(multi(), ELSEWHERE, STRANGER)).toEqual({ type: 'multi', txns: [] });
  });

  it('with an unknown create flag fails at that operation before 3.8.2', () => {
    server = new OneServer({ ...DEFAULT_RELEASE, unknownFlagsInMultiFailTheOperation: true });
    session = server.newSession();
    const errors = (...errs: number[]) => ({ txns: errs.map((err) => ({ type: 'error', err })) });
    const unknown = create('/x', { flags: 9 });
    expect(txnOf(multi(check('/'), unknown, check('/')))).toMatchObject(
      errors(0, ErrorCode.BADARGUMENTS, -2),
    );
    expect(txnOf(multi(check('/none'), unknown))).toMatchObject(errors(ErrorCode.NONODE, -2));
  });

  it('cannot be decoded with an unknown create flag', () => {
    expect(txnOf(multi(create('/m'), create('/n', { flags: 7 })))).toEqual({ type: 'error', err: -5 });
  });
});

describe('sessions', () => {
  it('are created under the connection that asked, and closed under any', () => {
    expect(txnOf({ op: 'createSession', timeOut: 4000 }, ELSEWHERE, STRANGER)).toEqual({
      type: 'createSession',
      timeOut: 4000,
    });
    expect(errOf(create('/x'), ELSEWHERE, STRANGER)).toBe(0);
    expect(errOf(create('/y'), undefined, STRANGER)).toBe(ErrorCode.SESSIONMOVED);
    expect(txnOf({ op: 'closeSession' }, undefined, STRANGER)).toMatchObject({ type: 'closeSession' });
    expect(errOf(create('/y'), ELSEWHERE, STRANGER)).toBe(ErrorCode.SESSIONEXPIRED);
  });

  it('are refused to be created once they have expired', () => {
    txnOf({ op: 'closeSession' });
    expect(txnOf({ op: 'createSession', timeOut: 4000 })).toEqual({
      type: 'error',
      err: ErrorCode.SESSIONEXPIRED,
    });
  });

  it('that moved make a write an error txn, in a multi its culprit, and a read refused', () => {
    expect(errOf(setData('/p'), ELSEWHERE)).toBe(ErrorCode.SESSIONMOVED);
    expect(txnOf(multi(setData('/p')), ELSEWHERE)).toMatchObject({ txns: [{ type: 'error', err: -118 }] });
    const read = server.prepare(
      session,
      { op: 'getData', path: '/p', watch: false },
      connectionId(1),
      ELSEWHERE,
    );
    expect([read.txn, read.err, counterOf(read.zxid)]).toEqual([undefined, ErrorCode.SESSIONMOVED, 7]);
  });

  it('take their ephemerals along, outstanding ones too, without deleted ones, in the order of ZooKeeper’s set', () => {
    for (const path of ['/e3', '/e2']) server.submit(session, create(path, { flags: 1 }));
    for (const body of [remove('/e3'), create('/e1', { flags: 1 }), remove('/e2'), create('/e2')]) {
      server.prepare(session, body);
    }
    expect(txnOf({ op: 'closeSession' })).toEqual({ type: 'closeSession', paths: ['/e', '/e1'] });
    expect(txnOf({ op: 'closeSession' })).toEqual({ type: 'closeSession', paths: [] });
  });

  it('leave a parent empty that only their ephemeral was in, before that is applied', () => {
    const other = server.newSession();
    server.submit(other, create('/q'));
    server.submit(session, create('/q/e', { flags: 1 }));
    expect(errOf(remove('/q'), undefined, other)).toBe(ErrorCode.NOTEMPTY);
    server.prepare(session, { op: 'closeSession' });
    expect(errOf(remove('/q'), undefined, other)).toBe(ErrorCode.OK);
  });
});

describe('outstanding changes', () => {
  it('go when their txn is applied, each with its own', () => {
    const requests = [setData('/p', 0), setData('/p', 1), create('/x')].map((body) =>
      server.prepare(session, body),
    );
    expect(server.prep.outstandingChanges).toBe(4);
    const left = requests.map((request) => {
      server.apply(request);
      return server.prep.outstandingChanges;
    });
    expect(left).toEqual([3, 2, 0]);
  });

  it('make no difference: preparing ahead gives the same txns as preparing one at a time', () => {
    fc.assert(
      fc.property(
        fc.array(moves, { maxLength: 50, size: 'max' }),
        fc.array(fc.nat(4), { minLength: 1, maxLength: 9 }),
        (history, lags) => {
          const [ahead, inStep] = [new OneServer(), new OneServer()];
          for (const { session: id, body } of requestsOf(history, inStep)) inStep.submit(id, body);
          const queue: ReturnType<OneServer['prepare']>[] = [];
          for (const { session: id, body } of requestsOf(history, ahead)) {
            queue.push(ahead.prepare(id, body));
            const lag = lags[queue.length % lags.length] ?? 0;
            for (const request of queue.splice(0, Math.max(0, queue.length - lag))) ahead.apply(request);
          }
          expect(ahead.txns).toEqual(inStep.txns);
          for (const request of queue) ahead.apply(request);
          expect(ahead.database.tree.digest).toBe(inStep.database.tree.digest);
          expect(ahead.prep.outstandingChanges).toBe(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('needsTxn', () => {
  it('parts writes from what only passes', () => {
    const bodies: RequestBody[] = [
      { op: 'sync', path: '/' },
      { op: 'ping' },
      { op: 'exists', path: '/', watch: false },
      create('/a'),
      multi(),
      { op: 'closeSession' },
    ];
    expect(bodies.map(needsTxn)).toEqual([false, false, false, true, true, true]);
  });
});
