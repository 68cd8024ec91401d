/**
 * Random histories of requests, small enough in paths and sessions that nodes, parents and sessions come and go and come again.
 */
import fc from 'fast-check';
import type { CreateRequest, MultiOp, RequestBody } from '../../protocol/client-packets.ts';
import { OPEN_ACL_UNSAFE } from '../../protocol/database/txn.ts';
import type { SessionId } from '../../protocol/ids.ts';
import type { OneServer } from './one-server.ts';
import { bytes } from './tree.ts';

/** A request of one of three sessions; `reopen` closes it and opens another in its place. */
export type Move =
  | { readonly kind: 'request'; readonly session: number; readonly body: RequestBody }
  | { readonly kind: 'reopen'; readonly session: number };

const paths = fc.constantFrom('/a', '/b', '/a/x', '/a/y', '/b/x', '/a/x/1', '/a/x/2');
const versions = fc.constantFrom(-1, -1, -1, 0, 1);
const datas = fc.constantFrom(null, bytes(''), bytes('one'), bytes('two'));

const createOf = (
  op: 'create' | 'create2',
  path: string,
  data: Uint8Array | null,
  flags: number,
): CreateRequest => ({
  op,
  path,
  data,
  acl: OPEN_ACL_UNSAFE,
  flags,
});
const creates = fc
  .tuple(fc.constantFrom('create', 'create2'), paths, datas, fc.constantFrom(0, 0, 0, 1, 1, 2, 3))
  .map(([op, path, data, flags]) => createOf(op, path, data, flags));

export const multiOps: fc.Arbitrary<MultiOp> = fc.oneof(
  { weight: 4, arbitrary: creates },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('delete' as const), path: paths, version: versions }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('setData' as const),
      path: paths,
      data: datas,
      version: versions,
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('check' as const), path: paths, version: versions }) },
);

const bodies: fc.Arbitrary<RequestBody> = fc.oneof(
  { weight: 5, arbitrary: multiOps.filter((op) => op.op !== 'check') },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant('multi' as const), ops: fc.array(multiOps, { maxLength: 4 }) }),
  },
);

const sessions = fc.nat(2);

export const moves: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('request' as const), session: sessions, body: bodies }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const), session: sessions }) },
);

/** The requests that moves stand for, each with the session that sends it: session n of the k-th opening. */
export function* requestsOf(
  history: readonly Move[],
  server: OneServer,
): Generator<{ session: SessionId; body: RequestBody }> {
  const open = Array.from({ length: 3 }, () => server.reserveSession());
  for (const session of open) yield { session, body: { op: 'createSession', timeOut: 30_000 } };
  for (const move of history) {
    const session = open[move.session];
    if (session === undefined) continue;
    if (move.kind === 'request') yield { session, body: move.body };
    else {
      const next = server.reserveSession();
      open[move.session] = next;
      yield { session, body: { op: 'closeSession' } };
      yield { session: next, body: { op: 'createSession', timeOut: 30_000 } };
    }
  }
}
