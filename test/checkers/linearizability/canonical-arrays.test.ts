import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CanonicalArrays } from '../../../sim/checkers/linearizability/canonical-arrays.ts';

const SIZE = 13;
const writes = fc.array(fc.tuple(fc.nat(SIZE - 1), fc.nat(3)), { maxLength: 30 });

/** The array that these writes make of zeros, and the same as a plain one. */
function write(arrays: CanonicalArrays, all: readonly (readonly [number, number])[]) {
  const plain = Array.from({ length: SIZE }, () => 0);
  let array = 0;
  for (const [index, value] of all) {
    array = arrays.with(array, index, value);
    plain[index] = value;
  }
  return { array, plain };
}

describe('canonical arrays', () => {
  it('hold what was written last', () => {
    fc.assert(
      fc.property(writes, (all) => {
        const arrays = new CanonicalArrays(SIZE);
        const { array, plain } = write(arrays, all);
        expect(plain.map((_, index) => arrays.get(array, index))).toEqual(plain);
      }),
    );
  });

  it('are the same number if and only if they are equal', () => {
    fc.assert(
      fc.property(writes, writes, (some, others) => {
        const arrays = new CanonicalArrays(SIZE);
        const one = write(arrays, some);
        const other = write(arrays, others);
        const isEqual = one.plain.every((value, index) => value === other.plain[index]);
        expect(one.array === other.array).toBe(isEqual);
      }),
    );
  });

  it('stay as they are when another is made of them', () => {
    const arrays = new CanonicalArrays(SIZE);
    const before = arrays.with(0, 5, 7);
    const after = arrays.with(before, 5, 8);
    expect([arrays.get(before, 5), arrays.get(after, 5)]).toEqual([7, 8]);
    expect(arrays.with(after, 5, 0)).toBe(0);
  });
});
