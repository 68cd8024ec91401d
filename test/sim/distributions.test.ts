import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sample } from '../../sim/distributions.ts';
import type { Distribution } from '../../sim/world-plan.ts';
import { Random } from '../../sim/random.ts';

const samples = (distribution: Distribution): number[] => {
  const stream = new Random('samples').stream(distribution.kind);
  return Array.from({ length: 20_000 }, () => sample(distribution, stream.unit(), stream.unit())).sort(
    (a, b) => a - b,
  );
};
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const quantile = (values: readonly number[], q: number): number =>
  values[Math.floor(q * values.length)] ?? NaN;
const within = (actual: number, expected: number, share: number): void => {
  expect(Math.abs(actual - expected)).toBeLessThan(share * expected);
};

describe('a distribution of times', () => {
  it('is constant', () => {
    expect(sample({ kind: 'constant', ms: 1.5 }, 0.3, 0.7)).toBe(1500);
  });

  it('is uniform between its bounds', () => {
    const values = samples({ kind: 'uniform', minMs: 2, maxMs: 6 });
    expect(values[0]).toBeGreaterThanOrEqual(2000);
    expect(values.at(-1)).toBeLessThanOrEqual(6000);
    within(mean(values), 4000, 0.02);
  });

  it('is exponential above its minimum', () => {
    const values = samples({ kind: 'exponential', minMs: 1, meanMs: 2 });
    expect(values[0]).toBeGreaterThanOrEqual(1000);
    within(mean(values), 3000, 0.03);
    within(quantile(values, 0.5), 1000 + 2000 * Math.LN2, 0.03);
  });

  it('is log-normal around its median', () => {
    const values = samples({ kind: 'logNormal', medianMs: 10, sigma: 0.5 });
    within(quantile(values, 0.5), 10_000, 0.03);
    within(quantile(values, 0.841), 10_000 * Math.exp(0.5), 0.04);
    within(quantile(values, 0.159), 10_000 * Math.exp(-0.5), 0.04);
  });

  it('has two modes, each with its share and its own form', () => {
    const values = samples({
      kind: 'bimodal',
      fast: { kind: 'uniform', minMs: 1, maxMs: 3 },
      slow: { kind: 'uniform', minMs: 100, maxMs: 300 },
      slowShare: 0.1,
    });
    const fast = values.filter((value) => value <= 3000);
    const slow = values.filter((value) => value >= 100_000);
    expect(fast.length + slow.length).toBe(values.length);
    within(slow.length, 0.1 * values.length, 0.1);
    within(mean(fast), 2000, 0.02);
    within(mean(slow), 200_000, 0.03);
  });

  it.each([
    [0, 1000],
    [1, 9000],
  ])('of two modes has only one when the share of the slow one is %d', (slowShare, expected) => {
    const values = samples({
      kind: 'bimodal',
      fast: { kind: 'constant', ms: 1 },
      slow: { kind: 'constant', ms: 9 },
      slowShare,
    });
    expect(new Set(values)).toEqual(new Set([expected]));
  });

  it('is one of those that were recorded, each as likely as any other', () => {
    const values = samples({ kind: 'recorded', ms: [7, 0.5, 7, 1] });
    expect([...new Set(values)]).toEqual([500, 1000, 7000]);
    within(values.filter((value) => value === 7000).length, values.length / 2, 0.03);
  });

  it('is 0 for a median of 0, however wide the spread', () => {
    const distribution = { kind: 'logNormal', medianMs: 0, sigma: 100 } as const;
    expect(sample(distribution, 0.999999999, 0)).toBe(0);
  });

  it('gives whole µs, never negative and never beyond reckoning', () => {
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const ms = fc.double({ min: -1000, max: 1e12, noNaN: true });
    const distribution = fc.oneof(
      fc.record({ kind: fc.constant('constant' as const), ms }),
      fc.record({ kind: fc.constant('uniform' as const), minMs: ms, maxMs: ms }),
      fc.record({ kind: fc.constant('exponential' as const), minMs: ms, meanMs: ms }),
      fc.record({
        kind: fc.constant('logNormal' as const),
        medianMs: ms,
        sigma: fc.double({ min: 0, max: 100, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(distribution, unit, unit, (one, u1, u2) => {
        const value = sample(one, u1, u2);
        expect(Number.isSafeInteger(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
