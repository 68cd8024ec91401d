import fc from 'fast-check';
import { OPERATION_NAMES } from '../../../scenarios/compile/operation-names.ts';
import type { ExpectationPlan } from '../../../scenarios/compile/expectation-plan.ts';
import { OPERATIONS } from '../../../scenarios/schema/expectations.ts';
import { PROMISES } from '../../../sim/checkers/promise-names.ts';
import { FOR_EVER } from '../../../sim/plan-defaults.ts';
import { timeAbove } from './amounts.ts';
import type { Cast } from './timeline.ts';

export type { Cast } from './timeline.ts';

const limits = fc
  .record({
    fromMs: fc.nat({ max: 1000 }),
    untilMs: fc.oneof(
      fc.constant(FOR_EVER),
      timeAbove.map((ms) => 1001 + Math.floor(ms)),
    ),
    min: fc.nat({ max: 5 }),
    max: fc.oneof(fc.constant(FOR_EVER), fc.integer({ min: 5, max: 9 })),
  })
  .filter(({ min, max }) => min > 0 || max < FOR_EVER);

export function expectation({ servers, clients }: Cast): fc.Arbitrary<ExpectationPlan> {
  const server = fc.constantFrom(...servers.map(({ sid }) => sid));
  const client = fc.option(fc.constantFrom(...clients), { nil: undefined });
  const ops = fc
    .uniqueArray(fc.constantFrom(...OPERATIONS, 'reads', 'writes', 'all'), { minLength: 1, maxLength: 4 })
    .map((words) => [...new Set(words.flatMap((word) => OPERATION_NAMES[word]))]);
  const counted = fc.oneof(
    fc.record({
      kind: fc.constant('leader' as const),
      server: fc.option(server, { nil: undefined }),
    }),
    fc.record({
      kind: fc.constant('event' as const),
      event: fc.constant('syncDecision' as const),
      fields: server.map((learner) => ({ learner, mode: 'DIFF' })),
      server: fc.option(server, { nil: undefined }),
    }),
    fc.record({
      kind: fc.constant('answers' as const),
      client,
      ops,
      result: fc.constantFrom('ok', 'failed', 'unknown', 'NODEEXISTS'),
    }),
    fc.record({
      kind: fc.constant('watch' as const),
      client,
      eventType: fc.constantFrom('NodeCreated' as const, 'NodeDeleted' as const, undefined),
      path: fc.constantFrom('/a', undefined),
    }),
    fc.record({
      kind: fc.constant('session' as const),
      client: fc.constantFrom(...clients),
      state: fc.constantFrom('Expired' as const, 'SyncConnected' as const),
    }),
  );
  return fc.oneof(
    fc.tuple(counted, limits).map(([what, limits]) => ({ ...what, ...limits })),
    fc.record({
      kind: fc.constant('znode' as const),
      path: fc.constant('/a'),
      exists: fc.constant(true),
      data: fc.option(fc.string(), { nil: undefined }),
      children: fc.option(fc.nat(), { nil: undefined }),
    }),
    fc.constant({
      kind: 'znode' as const,
      path: '/b',
      exists: false,
      data: undefined,
      children: undefined,
    }),
    fc.record({
      kind: fc.constant('state' as const),
      server,
      state: fc.constantFrom('LEADING' as const, 'DOWN' as const),
    }),
    fc.record({
      kind: fc.constant('promise' as const),
      promise: fc.constantFrom(...PROMISES),
      is: fc.constantFrom('kept' as const, 'broken' as const, 'void' as const),
    }),
    fc.record({ kind: fc.constant('live' as const), live: fc.boolean() }),
  );
}
