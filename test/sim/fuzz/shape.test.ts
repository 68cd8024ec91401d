import { describe, expect, it } from 'vitest';
import { museumNames } from '../../../scenarios/library.ts';
import { runOne } from '../../../sim/fuzz/run-one.ts';
import { shapeOf } from '../../../sim/fuzz/shape.ts';
import { libraryPlan } from '../../support/library-plan.ts';

/** The shapes that a defect of the museum leaves, over seeds. */
function shapesOf(issue: string, seeds: readonly string[]): ReadonlySet<string> {
  const plan = { ...libraryPlan(issue), release: issue };
  return new Set(
    seeds.flatMap((seed) => {
      const broken = runOne(0, seed, plan).broken.filter(({ promise }) => promise === plan.history?.breaks);
      return broken.map(({ promise, evidence }) => shapeOf(promise, evidence));
    }),
  );
}

describe('the shape of a failure', () => {
  it.each(museumNames())('is the same whatever the seed (%s)', (issue) => {
    expect(shapesOf(issue, ['1', '2', 'three'])).toHaveProperty('size', 1);
  });

  it('differs where the evidence differs', () => {
    const told = ['ZOOKEEPER-1366', 'ZOOKEEPER-1496', 'ZOOKEEPER-1412', 'ZOOKEEPER-1667', 'ZOOKEEPER-4394'];
    const apart = [...told, 'ZOOKEEPER-4685', 'ZOOKEEPER-1419', 'ZOOKEEPER-1277', 'ZOOKEEPER-790'];
    const shapes = apart.flatMap((issue) => [...shapesOf(issue, ['1'])]);
    expect(new Set(shapes).size).toBe(apart.length);
  });

  it.each([
    ['times and zxids', 'committed 0x300000001 at 4.500 ms', 'committed 0x1ffffffff at 17000.123 ms'],
    [
      'servers',
      'server 1 (zk1) did, server 3 (zk3) did not',
      'server 12 (a.b-c) did, server 1 (zk1) did not',
    ],
    [
      'clients',
      "client alice's operation 3 (sync /a) was late",
      "client b_2's operation 40 (exists /) was late",
    ],
    ['sessions', 'session 0x100090c00330000 had been closed', 'session 0x3000e1fd3ce0000 had been closed'],
    ['paths', 'it creates /a/b-0000000001, which exists', 'it creates /x, which exists'],
    ['digests', 'had faf7db7f after the same txn', 'had abcdefabc after the same txn'],
    ['how many voters there are', 'none of {1, 2, 3}; ends at 1: 0x1, 2: 0x2', 'none of {4}; ends at 4: 0x7'],
    [
      'who was where',
      'who was where: 1 DOWN, 2 LOOKING for 2 at 0x0',
      'who was where: 1 LOOKING for 3 at 0x5, 2 FOLLOWING in DISCOVERY at 0x0',
    ],
  ])('does not depend on %s', (_what, one, other) => {
    expect(shapeOf('liveness', [one])).toBe(shapeOf('liveness', [other]));
  });

  it.each([
    ['the promise', shapeOf('atomicity', ['it was so']), shapeOf('watches', ['it was so'])],
    ['an error', shapeOf('watches', ['told NONODE']), shapeOf('watches', ['told NODEEXISTS'])],
    [
      'whether it is the same server',
      shapeOf('watches', ['server 1 (zk1) lost it', 'server 1 (zk1) had it']),
      shapeOf('watches', ['server 1 (zk1) lost it', 'server 2 (zk2) had it']),
    ],
    [
      'whether somebody led',
      shapeOf('liveness', ['who was where: 1 LOOKING for 2 at 0x0']),
      shapeOf('liveness', ['who was where: 1 LEADING in BROADCAST at 0x0']),
    ],
  ])('depends on %s', (_what, one, other) => {
    expect(one).not.toBe(other);
  });
});
