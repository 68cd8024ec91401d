import { describe, expect, it } from 'vitest';
import { defined } from '../../../protocol/assert.ts';
import type { RequestBody } from '../../../protocol/client-packets.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { makeZxid } from '../../../protocol/zxid.ts';
import { Ensemble } from '../../support/ensemble.ts';
import { ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { RawClient } from '../../support/raw-client.ts';
import { createNode, readNode } from '../../support/requests.ts';

/** Three servers of a release that had this; server 3 leads. */
function ensembleWith(issue: string): { ensemble: Ensemble; raw: RawClient } {
  const ensemble = new Ensemble(runPlan(ensembleOf(serverSpecs(3)), { release: issue }));
  ensemble.untilServing();
  expect(ensemble.leader.sid).toBe(3);
  return { ensemble, raw: new RawClient(ensemble) };
}

describe('a session that has moved', () => {
  const remove = { op: 'delete', path: '/after', version: -1 } as const;
  const multi = { op: 'multi', ops: [remove] } as const;
  const moved = { type: 'error', err: ErrorCode.SESSIONMOVED };

  it.each([
    ['before 3.3.0', 'ZOOKEEPER-710', remove, { err: ErrorCode.SESSIONMOVED }],
    ['in a multi before 3.6.0', 'ZOOKEEPER-2886', multi, { err: 0, body: { results: [moved] } }],
  ] as const)('is told so %s, and keeps its old connection', (_, issue, body, answer) => {
    const { ensemble, raw } = ensembleWith(issue);
    const first = raw.introduce(1);
    const { sessionId, passwd } = defined(first.response, 'a session');
    const second = raw.introduce(2, { sessionId, passwd });
    second.send(1, createNode('/after'));
    ensemble.until(() => second.replies.length === 1);
    for (const xid of [1, 2]) first.send(xid, body);
    ensemble.until(() => first.replies.length === 2);
    expect(first.replies).toMatchObject([answer, answer]);
    ensemble.forMs(1000);
    expect(first.isClosed).toBe(false);
    expect(ensemble.events('sessionMovedRefused')).toEqual([]);
    expect(ensemble.server(2).peer?.znode('/after')).toBeDefined();
  });
});

describe('the reply to a read before 3.4.4', () => {
  const asked = (home: number, ...bodies: readonly RequestBody[]): readonly number[] => {
    const { ensemble, raw } = ensembleWith('ZOOKEEPER-1412');
    const session = raw.introduce(home);
    for (const [index, body] of bodies.entries()) session.send(index + 1, body);
    ensemble.until(() => session.replies.length === bodies.length);
    return session.replies.map(({ zxid }) => zxid);
  };

  it('has no zxid on a follower', () => {
    expect(asked(1, createNode('/a'), readNode('/a'))).toEqual([makeZxid(1, 2), -1]);
  });

  it('has on the leader the zxid that the last proposal had when the read arrived', () => {
    expect(asked(3, createNode('/a'), readNode('/a'), createNode('/b'))).toEqual([
      makeZxid(1, 2),
      makeZxid(1, 2),
      makeZxid(1, 3),
    ]);
  });
});
