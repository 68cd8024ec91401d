import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosTurn, exp, log } from '../../sim/exact-math.ts';

const near = (actual: number, expected: number): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
};
const double = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

describe('exact mathematics', () => {
  it('has the exponential', () => {
    fc.assert(
      fc.property(double(-700, 700), (x) => {
        expect(exp(x) / Math.exp(x)).toBeCloseTo(1, 12);
      }),
      { numRuns: 2000 },
    );
    expect([exp(0), exp(-2000), exp(2000)]).toEqual([1, 0, Infinity]);
  });

  it('has the natural logarithm', () => {
    fc.assert(
      fc.property(double(Number.MIN_VALUE, 1), double(1, 1e300), (small, large) => {
        near(log(small), Math.log(small));
        near(log(large), Math.log(large));
      }),
      { numRuns: 2000 },
    );
    expect([log(1), log(0)]).toEqual([0, -Infinity]);
  });

  it('has the cosine of a part of a turn', () => {
    fc.assert(
      fc.property(double(0, 1), (u) => near(cosTurn(u), Math.cos(2 * Math.PI * u))),
      { numRuns: 2000 },
    );
    expect([cosTurn(0), cosTurn(0.25), cosTurn(0.5), cosTurn(0.75)]).toEqual([1, 0, -1, 0]);
  });

  it('gives these bits on every machine', () => {
    expect([exp(1), exp(-3.75), log(2), log(0.1), cosTurn(0.1), cosTurn(0.9)]).toMatchInlineSnapshot(`
      [
        2.7182818284590455,
        0.023517745856009107,
        0.6931471805599453,
        -2.3025850929940455,
        0.8090169943749475,
        0.8090169943749475,
      ]
    `);
  });
});
