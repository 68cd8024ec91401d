import type { Expectation } from '../../sim/plan.ts';

/** An expectation before it has its text and source, kind by kind. */
export type ExpectationPlan = Expectation extends infer E
  ? E extends Expectation
    ? Omit<E, 'text' | 'source'>
    : never
  : never;
