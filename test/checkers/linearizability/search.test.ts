import { describe, expect, it } from 'vitest';
import type { TimedOperation } from '../../../sim/checkers/linearizability/candidates.ts';
import { findOrder, type SequentialModel } from '../../../sim/checkers/linearizability/search.ts';
import { ZnodeModel } from '../../../sim/checkers/linearizability/znode-model.ts';
import {
  fits,
  PLAIN_TREES,
  REGISTER_MODEL,
  registerHistory,
  type Shape,
  someOrderFits,
  znodeHistory,
} from '../../support/operation-histories.ts';

const PLENTY = { steps: 100_000, situations: 100_000 };
const HISTORIES = 10_000;

/** The n-th history has 1 to 8 operations, most of them 5 or more. */
const shapeOf = (n: number, spoilt: number): Shape => ({
  count: n % 8 === 0 ? 1 + (n % 4) : 5 + (n % 4),
  reach: 2 + (n % 17),
  open: n % 3 === 0 ? 0.4 : 0.1,
  spoilt: n % 10 === 0 ? 0 : spoilt,
});

/** How many there were of each kind. */
const shares = (verdicts: readonly boolean[]) => {
  const yes = verdicts.filter((verdict) => verdict).length;
  return Math.min(yes, verdicts.length - yes) / verdicts.length;
};

/** What the search says, held against every order there is. */
function agrees<State, Plain, Operation extends TimedOperation>(
  model: SequentialModel<State, Operation>,
  plain: Pick<SequentialModel<Plain, Operation>, 'init' | 'step'>,
  history: readonly Operation[],
): boolean {
  const { verdict } = findOrder(model, history, PLENTY);
  const isLinearizable = someOrderFits(plain, plain.init, history);
  expect(verdict.kind).toBe(isLinearizable ? 'linearizable' : 'not linearizable');
  if (verdict.kind === 'linearizable') expect(fits(plain, history, verdict.order)).toBe(true);
  return isLinearizable;
}

describe('the search for an order', () => {
  it('agrees with trying every order on 10,000 histories of a register', () => {
    const verdicts = Array.from({ length: HISTORIES }, (_, n) =>
      agrees(REGISTER_MODEL, REGISTER_MODEL, registerHistory(String(n), shapeOf(n, 0.8))),
    );
    expect(shares(verdicts)).toBeGreaterThan(0.25);
  });

  it('agrees with trying every order on 10,000 histories of a tree of znodes', () => {
    const verdicts = Array.from({ length: HISTORIES }, (_, n) => {
      const history = znodeHistory(String(n), shapeOf(n, 1));
      return agrees(new ZnodeModel(history), PLAIN_TREES, history);
    });
    expect(shares(verdicts)).toBeGreaterThan(0.25);
  });

  it('says no more than that it does not know when it reaches a limit', () => {
    let unknown = 0;
    for (let n = 0; n < 1000; n++) {
      const history = registerHistory(String(n), { count: 8, reach: 60, open: 0.2, spoilt: 0.2 });
      const { verdict: truth } = findOrder(REGISTER_MODEL, history, PLENTY);
      for (const limits of [
        { steps: n % 30, situations: 100 },
        { steps: 1000, situations: n % 20 },
      ]) {
        const { verdict, steps } = findOrder(REGISTER_MODEL, history, limits);
        expect(steps).toBeLessThanOrEqual(limits.steps);
        if (verdict.kind === 'unknown') unknown++;
        else expect(verdict).toEqual(truth);
      }
    }
    expect(unknown).toBeGreaterThan(500);
  });

  it('says how far it came, and what did not fit there', () => {
    const operation = (value: number, invoked: number, answered: number) =>
      ({ request: { kind: 'read' }, reply: value, place: 0, invoked, answered }) as const;
    const history = [operation(0, 1, 4), operation(0, 2, 6), operation(2, 5, 8), operation(0, 9, 10)];
    const { verdict } = findOrder(REGISTER_MODEL, history, PLENTY);
    expect(verdict).toEqual({ kind: 'not linearizable', order: [0, 1], misfit: 2 });
  });

  it('is done with nothing to order', () => {
    expect(findOrder(REGISTER_MODEL, [], PLENTY).verdict).toEqual({ kind: 'linearizable', order: [] });
  });
});
