import { describe, expect, it } from 'vitest';
import type { CreateRequest, MultiOp, RequestBody } from '../../../protocol/client-packets.ts';
import { type CreateTxn, OPEN_ACL_UNSAFE, type TxnBody } from '../../../protocol/database/txn.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { sessionId } from '../../../protocol/ids.ts';
import { makeZxid } from '../../../protocol/zxid.ts';
import { statDiffers } from '../../../sim/checkers/model/compare.ts';
import { Draft } from '../../../sim/checkers/model/draft.ts';
import { expectedOutcome, type Outcome } from '../../../sim/checkers/model/expected-outcome.ts';
import { ReferenceTree } from '../../../sim/checkers/model/reference-tree.ts';
import { statOf } from '../../support/trace-builder.ts';

const S = sessionId('0x1');
const T = sessionId('0x2');
const z = (counter: number) => makeZxid(1, counter);

const create = (path: string, flags = 0, data: Uint8Array | null = null): CreateRequest => ({
  op: 'create2',
  path,
  data,
  acl: OPEN_ACL_UNSAFE,
  flags,
});
const created = (path: string, parentCVersion: number, ephemeral = false): CreateTxn => ({
  type: 'create2',
  path,
  data: null,
  acl: OPEN_ACL_UNSAFE,
  ephemeral,
  parentCVersion,
});

/** /a with children /a/x and /a/e (T's ephemeral), and /b at version 1; all by txns 1 to 5, at wall clock 100 times that. */
function tree(): ReferenceTree {
  const model = new ReferenceTree();
  const bodies: TxnBody[] = [
    created('/a', 1),
    created('/a/x', 1),
    created('/a/e', 2, true),
    created('/b', 2),
    { type: 'setData', path: '/b', data: new Uint8Array(3), version: 1 },
  ];
  for (const [i, body] of bodies.entries())
    expect(model.apply({ zxid: z(i + 1), sessionId: T, cxid: 0, time: (i + 1) * 100, body })).toBeUndefined();
  return model;
}

const NOTHING: TxnBody = { type: 'error', err: 0 };

function outcomeOf(body: RequestBody, decided: TxnBody = NOTHING, model = tree()): Outcome {
  const draft = new Draft(model, z(6), 600);
  return expectedOutcome(body, decided, { tree: model, draft, sessionId: S });
}

describe('what a single write comes to', () => {
  it.each<[string, RequestBody, keyof typeof ErrorCode]>([
    ['a flag that does not exist', create('/n', 4), 'BADARGUMENTS'],
    ['a bad flag before a missing parent', create('/no/n', 9), 'BADARGUMENTS'],
    ['no slash', create('n'), 'BADARGUMENTS'],
    ['an empty ACL before a missing parent', { ...create('/no/n'), acl: [] }, 'INVALIDACL'],
    [
      'an ACL for nobody before a missing parent',
      { ...create('/no/n'), acl: [{ perms: 31, scheme: 'auth', id: '' }] },
      'INVALIDACL',
    ],
    ['a missing parent', create('/no/n'), 'NONODE'],
    ['a trailing slash, whose parent is missing', create('/n/'), 'NONODE'],
    ['an empty name', create('//n'), 'BADARGUMENTS'],
    ['a dot', create('/.'), 'BADARGUMENTS'],
    ['a node that exists', create('/a/x'), 'NODEEXISTS'],
    ['a child of an ephemeral', create('/a/e/c'), 'NOCHILDRENFOREPHEMERALS'],
    ['the root, created', create('/'), 'NODEEXISTS'],
    ['a system node', { op: 'delete', path: '/zookeeper', version: -1 }, 'BADARGUMENTS'],
    ['the root, deleted', { op: 'delete', path: '/', version: -1 }, 'BADARGUMENTS'],
    ['a child of a missing parent', { op: 'delete', path: '/no/n', version: -1 }, 'NONODE'],
    ['a missing child', { op: 'delete', path: '/a/no', version: -1 }, 'NONODE'],
    ['the wrong version before children', { op: 'delete', path: '/a', version: 7 }, 'BADVERSION'],
    ['a node with children', { op: 'delete', path: '/a', version: 0 }, 'NOTEMPTY'],
    ['data at an invalid path', { op: 'setData', path: '/a/', data: null, version: -1 }, 'BADARGUMENTS'],
    ['data of a missing node', { op: 'setData', path: '/no', data: null, version: -1 }, 'NONODE'],
    ['the configuration', { op: 'setData', path: '/zookeeper/config', data: null, version: 7 }, 'NOAUTH'],
    ['a child of the configuration', create('/zookeeper/config/n'), 'NOAUTH'],
    ['no child of the configuration', { op: 'delete', path: '/zookeeper/config/n', version: 7 }, 'NOAUTH'],
    ['what no server can read', { ...create(''), malformed: true }, 'MARSHALLINGERROR'],
    ['a multi that no server can read', { op: 'multi', ops: [], malformed: true }, 'MARSHALLINGERROR'],
    ['data at an old version', { op: 'setData', path: '/b', data: null, version: 0 }, 'BADVERSION'],
  ])('%s: it fails', (_, body, error) => {
    expect(outcomeOf(body)).toEqual({ kind: 'failed', err: ErrorCode[error] });
  });

  it.each([
    [create('/a/n-', 2), '/a/n-0000000002'],
    [create('/a/', 3), '/a/0000000002'],
    [create('/n-', 2), '/n-0000000002'],
    [create('/b/n-', 2), '/b/n-0000000000'],
  ])('a sequential create under %o counts the creates of its parent', (body, path) => {
    expect(outcomeOf(body)).toMatchObject({ kind: 'created', path });
  });

  it('an ephemeral belongs to its session', () => {
    const outcome = outcomeOf(create('/n', 1));
    expect(outcome).toMatchObject({
      ephemeral: true,
      parentCVersion: 3,
      state: { ephemeralOwner: S, czxid: z(6) },
    });
  });

  it('setData counts versions, skips -1 and keeps what it does not touch', () => {
    const body = { op: 'setData', path: '/b', data: null, version: 1 } as const;
    const state = { version: 2, mzxid: z(6), mtime: 600, czxid: z(4), ctime: 400 };
    expect(outcomeOf(body)).toMatchObject({ kind: 'dataSet', state });
    const model = tree();
    const last = { type: 'setData', path: '/b', data: null, version: -2 } as const;
    model.apply({ zxid: z(5), sessionId: T, cxid: 0, time: 0, body: last });
    expect(outcomeOf({ ...body, version: -2 }, NOTHING, model)).toMatchObject({ state: { version: 0 } });
  });

  it('a refused session is the leader’s knowledge, any other error is not', () => {
    const refused = { type: 'error', err: ErrorCode.SESSIONMOVED } as const;
    expect(outcomeOf(create('/n'), refused)).toEqual({ kind: 'failed', err: ErrorCode.SESSIONMOVED });
    expect(outcomeOf(create('/n'), { type: 'error', err: ErrorCode.NONODE })).toMatchObject({
      kind: 'created',
    });
  });

  it('a node whose ephemerals went with their session may look full for a while', () => {
    const model = tree();
    model.apply({ zxid: z(4), sessionId: T, cxid: 0, time: 0, body: { type: 'delete', path: '/a/x' } });
    model.apply({
      zxid: z(5),
      sessionId: T,
      cxid: 0,
      time: 0,
      body: { type: 'closeSession', paths: ['/a/e'] },
    });
    const body = { op: 'delete', path: '/a', version: -1 } as const;
    const full = { type: 'error', err: ErrorCode.NOTEMPTY } as const;
    expect(outcomeOf(body, full, model)).toEqual({ kind: 'failed', err: ErrorCode.NOTEMPTY });
    expect(outcomeOf(body, { type: 'delete', path: '/a' }, model)).toMatchObject({ kind: 'deleted' });
    expect(outcomeOf({ op: 'delete', path: '/b', version: -1 }, full, model)).toMatchObject({
      kind: 'deleted',
    });
  });
});

describe('what a multi comes to', () => {
  const multi = (...ops: MultiOp[]): Outcome => outcomeOf({ op: 'multi', ops });

  it('sees its own earlier operations', () => {
    const outcome = multi(
      create('/p'),
      create('/p/n-', 2),
      create('/p/n-', 2),
      { op: 'setData', path: '/p', data: new Uint8Array(2), version: 0 },
      { op: 'delete', path: '/p/n-0000000000', version: -1 },
      { op: 'check', path: '/p', version: 1 },
    );
    expect(outcome).toMatchObject({
      kind: 'multi',
      isFailed: false,
      results: [
        { path: '/p' },
        { path: '/p/n-0000000000' },
        { path: '/p/n-0000000001' },
        { kind: 'dataSet', state: { version: 1, numChildren: 2, cversion: 2 } },
        { kind: 'deleted' },
        { kind: 'checked' },
      ],
    });
  });

  it('fails as a whole: 0, the culprit’s error, RUNTIMEINCONSISTENCY', () => {
    const outcome = multi(create('/p'), { op: 'check', path: '/b', version: 9 }, create('/q'));
    const errors = [0, ErrorCode.BADVERSION, ErrorCode.RUNTIMEINCONSISTENCY];
    expect(outcome).toEqual({
      kind: 'multi',
      isFailed: true,
      results: errors.map((err) => ({ kind: 'failed', err })),
    });
  });

  it('of nothing succeeds with nothing', () => {
    expect(multi()).toEqual({ kind: 'multi', isFailed: false, results: [] });
  });

  it('with a flag that does not exist is refused while it is decoded, which is not judged', () => {
    expect(multi(create('/p', 7))).toEqual({ kind: 'unjudged' });
  });
});

describe('Stats', () => {
  it('count creates and deletes of children, and remember the last of them', () => {
    const model = tree();
    const stat = statOf(z(1), 100, { cversion: 2, numChildren: 2, pzxid: z(3) });
    const at = (counter: number) => model.at('/a', z(counter));
    expect(statDiffers(stat, at(5) ?? failure())).toBeUndefined();
    model.apply({ zxid: z(6), sessionId: T, cxid: 0, time: 0, body: { type: 'delete', path: '/a/x' } });
    expect(
      statDiffers({ ...stat, cversion: 3, numChildren: 1, pzxid: z(6) }, at(6) ?? failure()),
    ).toBeUndefined();
    expect(statDiffers(stat, at(5) ?? failure())).toBeUndefined();
  });

  it('start where ZooKeeper’s do', () => {
    const model = new ReferenceTree();
    const cversionOf = (path: string): number => {
      const node = model.at(path, z(0)) ?? failure();
      return 2 * node.cversion - node.numChildren;
    };
    expect(['/', '', '/zookeeper', '/zookeeper/quota'].map(cversionOf)).toEqual([-1, -1, -2, 0]);
  });

  it.each([
    'czxid',
    'mzxid',
    'pzxid',
    'version',
    'cversion',
    'aversion',
    'numChildren',
    'dataLength',
    'ctime',
    'mtime',
  ] as const)('are compared in %s', (field) => {
    const node = tree().at('/a/x', z(5)) ?? failure();
    expect(statDiffers(statOf(z(2), 200), node)).toBeUndefined();
    expect(statDiffers({ ...statOf(z(2), 200), [field]: 77 }, node)).toContain(`${field} is 77 instead of`);
  });

  it('are compared in ephemeralOwner', () => {
    const node = tree().at('/a/e', z(5)) ?? failure();
    expect(statDiffers(statOf(z(3), 300, { ephemeralOwner: T }), node)).toBeUndefined();
    expect(statDiffers(statOf(z(3), 300), node)).toContain('ephemeralOwner is 0x0 instead of 0x2');
  });
});

describe('a txn that its leader cannot have decided on this tree', () => {
  it.each<[TxnBody, string]>([
    [created('/a', 3), 'it creates /a, which exists'],
    [created('/no/n', 1), 'it creates /no/n without a parent'],
    [{ type: 'delete', path: '/no' }, 'it deletes /no, which does not exist'],
    [{ type: 'delete', path: '/a' }, 'it deletes /a, which has children'],
    [
      { type: 'setData', path: '/no', data: null, version: 1 },
      'it sets the data of /no, which does not exist',
    ],
    [{ type: 'multi', txns: [created('/p', 3), created('/p', 4)] }, 'it creates /p, which exists'],
  ])('is named: %o', (body, why) => {
    expect(tree().apply({ zxid: z(6), sessionId: S, cxid: 0, time: 0, body })).toBe(why);
  });
});

function failure(): never {
  throw new Error('the node is missing');
}
