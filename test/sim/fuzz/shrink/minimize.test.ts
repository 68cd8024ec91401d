import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimizeList, minimizeNumber, roundNumber } from '../../../../sim/fuzz/shrink/minimize.ts';

describe('minimizeList', () => {
  it('finds the few items that matter, in their order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(200), { maxLength: 60 }), fc.nat(4), (items, count) => {
        const needed = items.slice(0, count * 3).filter((_, index) => index % 3 === 0);
        const left = minimizeList(items, (some) => needed.every((item) => some.includes(item)));
        expect(left).toEqual(needed);
      }),
    );
  });

  it('takes few attempts where little matters', () => {
    let attempts = 0;
    const items = Array.from({ length: 64 }, (_, index) => index);
    minimizeList(items, (left) => {
      attempts++;
      return left.includes(17);
    });
    expect(attempts).toBeLessThan(20);
  });

  it('leaves everything where everything matters', () => {
    expect(minimizeList([1, 2, 3], (left) => left.length === 3)).toEqual([1, 2, 3]);
  });
});

describe('minimizeNumber', () => {
  it('finds the smallest value that fails, where all larger ones do', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), fc.nat(50_000), (edge, more) => {
        expect(minimizeNumber(edge + more, 0, (value) => value >= edge)).toBe(edge);
      }),
    );
  });

  it('never answers a value that was not seen to fail', () => {
    const fails = (value: number): boolean => value % 7 === 3;
    expect(fails(minimizeNumber(94_363, 0, fails))).toBe(true);
  });
});

describe('roundNumber', () => {
  it.each([
    [12_345, () => true, 10_000],
    [12_345, (ms: number) => ms > 12_340 && ms < 12_400, 12_350],
    [12_345, () => false, 12_345],
    [500, () => true, 0],
  ] as const)('%i may become', (ms, fails, rounder) => {
    expect(roundNumber(ms, fails)).toBe(rounder);
  });
});
