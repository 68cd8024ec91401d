import { describe, expect, it } from 'vitest';
import { NO_TXNS } from '../../../protocol/zxid.ts';
import { isRead } from '../../../sim/checkers/history.ts';
import { judge } from '../../../sim/checkers/linearizability/judge.ts';
import { partsOf } from '../../../sim/checkers/linearizability/parts.ts';
import { findOrder } from '../../../sim/checkers/linearizability/search.ts';
import { ZnodeModel } from '../../../sim/checkers/linearizability/znode-model.ts';
import { onZxidClock } from '../../../sim/checkers/linearizability/zxid-clock.ts';
import {
  byZxid,
  isRightInOrder,
  overtakingIn,
  type PlacedOperation,
} from '../../../sim/checkers/linearizability/zxid-order.ts';
import { PLAIN_TREES, type Shape, someOrderFits, znodeHistory } from '../../support/operation-histories.ts';

const PLENTY = { steps: 100_000, situations: 100_000 };
const HISTORIES = 3000;

const isAnswered = ({ answered }: PlacedOperation): boolean => answered !== Infinity;

const shapeOf = (n: number, spoilt: number): Shape => ({
  count: 3 + (n % 6),
  reach: 2 + (n % 17),
  open: n % 2 === 0 ? 0.3 : 0.1,
  spoilt,
});

const shortcut = (history: readonly PlacedOperation[]): boolean => {
  const order = byZxid(history);
  return overtakingIn(order) === undefined && isRightInOrder(order);
};

const search = (history: readonly PlacedOperation[]): string =>
  findOrder(new ZnodeModel(history), history, PLENTY).verdict.kind;

/** The log knows nothing of them. */
const withoutLog = (history: readonly PlacedOperation[]): readonly PlacedOperation[] =>
  history.map((operation) => (isAnswered(operation) ? operation : { ...operation, zxid: NO_TXNS }));

/** Whether zxids and real time agree. */
const isInTime = (history: readonly PlacedOperation[]): boolean =>
  overtakingIn(byZxid(history.filter(isAnswered))) === undefined;

interface Rising {
  readonly tree: typeof PLAIN_TREES.init;
  readonly zxid: number;
}

/** Tries every order in which zxids rise: a write's is new, a read's is that of what it sees. */
function someOrderOfZxidsFits(history: readonly PlacedOperation[]): boolean {
  const step = (state: Rising, operation: PlacedOperation): Rising | undefined => {
    const tree = PLAIN_TREES.step(state.tree, operation);
    if (tree === undefined || !isAnswered(operation)) return tree && { ...state, tree };
    const floor = isRead(operation.request) ? state.zxid : state.zxid + 1;
    return operation.zxid < floor ? undefined : { tree, zxid: operation.zxid };
  };
  return someOrderFits({ step }, { tree: PLAIN_TREES.init, zxid: 0 }, history);
}

describe('the order of the zxids', () => {
  it('is found, and so is an order by the search, where there really was one', () => {
    for (let n = 0; n < HISTORIES; n++) {
      const history = znodeHistory(String(n), shapeOf(n, 0));
      expect([shortcut(history), search(history)]).toEqual([true, 'linearizable']);
    }
  });

  it('is never an order where the search finds none', () => {
    const seen = { both: 0, search: 0, neither: 0 };
    for (let n = 0; n < HISTORIES; n++) {
      const history = znodeHistory(String(n), shapeOf(n, 0.5));
      const isShort = shortcut(history);
      const isFound = search(history) === 'linearizable';
      expect(!isShort || isFound).toBe(true);
      seen[isShort ? 'both' : isFound ? 'search' : 'neither']++;
    }
    expect(Math.min(seen.both, seen.search, seen.neither)).toBeGreaterThan(HISTORIES / 20);
  });

  it('leaves it to the search where the log lacks what took effect', () => {
    let left = 0;
    for (let n = 0; n < HISTORIES; n++) {
      const history = withoutLog(znodeHistory(String(n), shapeOf(n, 0)));
      if (!shortcut(history)) left++;
      expect(judge(history, PLENTY)).toEqual({ kind: 'linearizable' });
    }
    expect(left).toBeGreaterThan(HISTORIES / 20);
  });
});

describe('the judgement', () => {
  it('agrees with trying every order in which zxids rise', () => {
    const seen = { linearizable: 0, overtaken: 0, misfit: 0, unknown: 0 };
    for (let n = 0; n < HISTORIES; n++) {
      const history = withoutLog(znodeHistory(String(n), shapeOf(n, 0.5)));
      const { kind } = judge(history, PLENTY);
      seen[kind]++;
      expect(kind === 'overtaken').toBe(!isInTime(history) && !shortcut(history));
      if (isInTime(history)) expect(kind === 'linearizable').toBe(someOrderOfZxidsFits(history));
    }
    expect(Math.min(seen.linearizable, seen.overtaken, seen.misfit)).toBeGreaterThan(HISTORIES / 20);
    expect(seen.unknown).toBe(0);
  });

  it('is the same for a history and for its independent parts', () => {
    let parts = 0;
    for (let n = 0; n < HISTORIES; n++) {
      const history = znodeHistory(
        String(n),
        { ...shapeOf(n, 0.5), count: 8 },
        { paths: ['/a', '/a/x', '/b', '/c', '/c/y'] },
      );
      const verdicts = partsOf(history).map(search);
      parts += verdicts.length;
      const isEach = verdicts.every((verdict) => verdict === 'linearizable');
      expect(search(history)).toBe(isEach ? 'linearizable' : 'not linearizable');
    }
    expect(parts).toBeGreaterThan(1.5 * HISTORIES);
  });

  it('is unknown where a limit is reached, and never that the promise was kept', () => {
    let unknown = 0;
    for (let n = 0; n < HISTORIES; n++) {
      const history = withoutLog(znodeHistory(String(n), shapeOf(n, 0.5)));
      const truth = judge(history, PLENTY);
      for (const limits of [
        { steps: n % 10, situations: 100 },
        { steps: 1000, situations: n % 8 },
      ]) {
        const { kind } = judge(history, limits);
        if (kind === 'unknown') unknown++;
        else expect(kind).toBe(truth.kind);
      }
    }
    expect(unknown).toBeGreaterThan(HISTORIES / 20);
  });
});

describe('10,000 operations', () => {
  const COUNT = 10_000;
  const world = {
    paths: ['/a', '/a/x', '/b', '/b/q-', '/c', '/c/1', '/d', '/e', '/f', '/g'],
    ends: 0.01,
  };
  /** Up to ten under way at any time. */
  const shape = { count: COUNT, reach: 100, open: 0.002, spoilt: 0 };
  const onClock = (history: readonly PlacedOperation[]): readonly PlacedOperation[] =>
    onZxidClock(
      byZxid(history.filter(isAnswered)),
      history.filter((operation) => !isAnswered(operation)),
    );

  it('take the shortcut if the log knows what was lost', () => {
    expect(shortcut(znodeHistory('long', { ...shape, open: 0.1 }, world))).toBe(true);
  });

  it('are searched for what was lost in hardly more steps than there are operations', () => {
    const history = onClock(znodeHistory('long', shape, world));
    const { verdict, steps } = findOrder(new ZnodeModel(history), history, PLENTY);
    expect(verdict.kind).toBe('linearizable');
    expect(steps).toBeLessThan(1.2 * COUNT);
  });

  it('are searched without any zxids in a few steps each', () => {
    const history = znodeHistory('long', { ...shape, reach: 30, open: 0 }, world);
    const { verdict, steps } = findOrder(new ZnodeModel(history), history, PLENTY);
    expect(verdict.kind).toBe('linearizable');
    expect(steps).toBeLessThan(4 * COUNT);
  });

  it('are given up at the limit where too much was lost', () => {
    const history = onClock(znodeHistory('long', { ...shape, open: 0.1 }, world));
    const { verdict, steps } = findOrder(new ZnodeModel(history), history, PLENTY);
    expect(verdict.kind).toBe('unknown');
    expect(steps).toBeLessThanOrEqual(PLENTY.steps);
  });
});
