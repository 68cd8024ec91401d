import fc from 'fast-check';
import { FOR_EVER } from '../../../sim/plan-defaults.ts';
import type { Activity, DataPlan, OperationPlan, Repeat } from '../../../sim/client-plan.ts';
import { interval, timeBetween } from './amounts.ts';

const path = fc.constantFrom('/a', '/a/b', '/{client}-{n}', "/it's", '/with blank', '/0x10', '/ä: #');
const version = fc.integer({ min: -1, max: 9 });
const data: fc.Arbitrary<DataPlan> = fc.oneof(
  fc.constant({ kind: 'none' } as const),
  fc.string({ unit: 'binary' }).map((text) => ({ kind: 'text', text }) as const),
  fc.constantFrom('true', '12', '', '- a', '1ms').map((text) => ({ kind: 'text', text }) as const),
  fc.nat({ max: 1_000_000 }).map((bytes) => ({ kind: 'size', bytes }) as const),
);

const writes: fc.Arbitrary<OperationPlan>[] = [
  fc.record({
    op: fc.constant('create' as const),
    path,
    data,
    ephemeral: fc.boolean(),
    sequential: fc.boolean(),
  }),
  fc.record({ op: fc.constant('setData' as const), path, data, version }),
  fc.record({ op: fc.constant('delete' as const), path, version }),
];
const check = fc.record({ op: fc.constant('check' as const), path, version });

const operation: fc.Arbitrary<OperationPlan> = fc.oneof(
  ...writes,
  fc.record({
    op: fc.constant('multi' as const),
    ops: fc.array(fc.oneof(...writes, check), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    op: fc.constantFrom('exists' as const, 'getData' as const, 'getChildren' as const),
    path,
    watch: fc.boolean(),
  }),
  fc.record({ op: fc.constant('sync' as const), path }),
  fc.constant({ op: 'close' as const }),
);

export const times = fc.oneof(fc.constant(FOR_EVER), fc.integer({ min: 1, max: 1000 }));

/** Between the client's start and the story's end. */
export const activity = (fromMs: number, durationMs: number): fc.Arbitrary<Activity> =>
  timeBetween(fromMs, durationMs - 0.001).chain((startMs) => {
    const untilMs = fc.oneof(fc.constant(durationMs), timeBetween(startMs + 0.001, durationMs));
    const repeat: fc.Arbitrary<Repeat> = fc.oneof(
      fc.constant({ kind: 'once' } as const),
      fc.record({ kind: fc.constant('every' as const), interval, untilMs, times }),
      fc.record({
        kind: fc.constant('backToBack' as const),
        inFlight: fc.integer({ min: 1, max: 9 }),
        untilMs,
        times,
      }),
    );
    return fc.record({ startMs: fc.constant(startMs), repeat, operation });
  });
