import { describe, expect, it } from 'vitest';
import type { RequestBody } from '../../protocol/client-packets.ts';
import { OPEN_ACL_UNSAFE } from '../../protocol/database/txn.ts';
import type { DataPlan, OperationPlan } from '../../sim/client-plan.ts';
import { compileOperation } from '../../sim/workload/operations.ts';

const NONE: DataPlan = { kind: 'none' };
const text = (value: string): DataPlan => ({ kind: 'text', text: value });
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

const created = (path: string, data: Uint8Array | null, flags: number): RequestBody => ({
  op: 'create2',
  path,
  data,
  acl: OPEN_ACL_UNSAFE,
  flags,
});

describe('compileOperation', () => {
  it.each<[OperationPlan, RequestBody]>([
    [{ op: 'create', path: '/a', data: NONE, ephemeral: false, sequential: false }, created('/a', null, 0)],
    [{ op: 'create', path: '/a', data: NONE, ephemeral: true, sequential: false }, created('/a', null, 1)],
    [{ op: 'create', path: '/a', data: NONE, ephemeral: false, sequential: true }, created('/a', null, 2)],
    [
      { op: 'create', path: '/a', data: text(''), ephemeral: true, sequential: true },
      created('/a', bytes(''), 3),
    ],
    [
      {
        op: 'create',
        path: '/{client}/{n}-{n}',
        data: text('{n} für {client}'),
        ephemeral: false,
        sequential: false,
      },
      created('/alice/7-7', bytes('7 für alice'), 0),
    ],
    [
      { op: 'setData', path: '/a{n}', data: { kind: 'size', bytes: 30 }, version: 2 },
      { op: 'setData', path: '/a7', data: bytes('abcdefghijklmnopqrstuvwxyzabcd'), version: 2 },
    ],
    [
      { op: 'delete', path: '/{client}', version: -1 },
      { op: 'delete', path: '/alice', version: -1 },
    ],
    [
      { op: 'check', path: '/a', version: 3 },
      { op: 'check', path: '/a', version: 3 },
    ],
    [
      { op: 'exists', path: '/a', watch: true },
      { op: 'exists', path: '/a', watch: true },
    ],
    [
      { op: 'getData', path: '/a{n}', watch: false },
      { op: 'getData', path: '/a7', watch: false },
    ],
    [
      { op: 'getChildren', path: '/', watch: true },
      { op: 'getChildren', path: '/', watch: true },
    ],
    [
      { op: 'sync', path: '/a' },
      { op: 'sync', path: '/a' },
    ],
    [{ op: 'close' }, { op: 'closeSession' }],
    [
      {
        op: 'multi',
        ops: [
          { op: 'check', path: '/a', version: 1 },
          { op: 'create', path: '/b{n}', data: NONE, ephemeral: false, sequential: false },
        ],
      },
      { op: 'multi', ops: [{ op: 'check', path: '/a', version: 1 }, created('/b7', null, 0)] } as RequestBody,
    ],
  ])('%j becomes its request', (plan, request) => {
    expect(compileOperation(plan, 'alice')(7)).toEqual(request);
  });

  it('shares one request between the repetitions of what does not change', () => {
    const operation = compileOperation(
      { op: 'setData', path: '/{client}', data: text('x'), version: -1 },
      'alice',
    );
    expect(operation(2)).toBe(operation(1));
  });

  it('takes a name literally, whatever characters it has', () => {
    const operation = compileOperation({ op: 'sync', path: '/{client}/{n}' }, '$&{n}');
    expect(operation(3)).toEqual({ op: 'sync', path: '/$&{n}/3' });
  });
});
