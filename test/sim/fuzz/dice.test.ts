import { describe, expect, it } from 'vitest';
import { Dice } from '../../../sim/fuzz/dice.ts';
import { Random } from '../../../sim/random.ts';

const dice = (name = 'test'): Dice => new Dice(new Random('1').stream(name));
const many = <T>(draw: (dice: Dice) => T, times = 2000): readonly T[] => {
  const same = dice();
  return Array.from({ length: times }, () => draw(same));
};

describe('dice', () => {
  it('draw whole numbers within both bounds, and each of them', () => {
    expect(new Set(many((d) => d.int(3, 6)))).toEqual(new Set([3, 4, 5, 6]));
  });

  it('draw times within their bounds, small ones as often as large ones', () => {
    const times = many((d) => d.ms(10, 10_000));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...times)).toBeLessThanOrEqual(10_000);
    const below = times.filter((ms) => ms < 316).length;
    expect(below).toBeGreaterThan(900);
    expect(below).toBeLessThan(1100);
  });

  it('draw by weight, and never what weighs nothing', () => {
    const drawn = many((d) =>
      d.weighted([
        [3, 'often'],
        [1, 'seldom'],
        [0, 'never'],
      ] as const),
    );
    const often = drawn.filter((item) => item === 'often').length;
    expect(often).toBeGreaterThan(1400);
    expect(often).toBeLessThan(1600);
    expect(drawn).not.toContain('never');
  });

  it('shuffle without losing anybody', () => {
    expect([...dice().shuffled([1, 2, 3, 4, 5])].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  });

  it('choose some in their order, and nobody from nothing', () => {
    const some = dice().some([1, 2, 3, 4, 5, 6, 7, 8], 0.5);
    expect([...some].sort((a, b) => a - b)).toEqual(some);
    expect(dice().anyOf<number>([])).toBeUndefined();
  });
});
