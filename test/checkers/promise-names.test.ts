import { expect, it } from 'vitest';
import { createCheckers } from '../../sim/checkers/index.ts';
import { PROMISES } from '../../sim/checkers/promise-names.ts';
import { ensembleOf, runPlan, serverSpecs } from '../support/plans.ts';

it('every checker’s promise can be named in a scenario, and no other', () => {
  const { checkers } = createCheckers(runPlan(ensembleOf(serverSpecs(3))));
  expect(checkers.map(({ name }) => name)).toEqual(PROMISES);
});
