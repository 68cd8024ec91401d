import fc from 'fast-check';

/** Each by its weight; shrinks to the first. */
export const weighted = <T>(choices: readonly (readonly [weight: number, value: T])[]): fc.Arbitrary<T> =>
  fc.oneof(
    { withCrossShrink: true },
    ...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })),
  );

/**
 * Where the details of a part come from: a name for a stream of draws. It never shrinks, as a nearby number stands for something else
 * altogether, and is not drawn with a bias, as small numbers are no special ones.
 */
export const details = fc.noShrink(fc.noBias(fc.integer({ min: 0, max: 2 ** 31 - 1 })));

/** In so many runs of a hundred `details`, else nothing; shrinks to nothing. */
export const sometimes = (percent: number): fc.Arbitrary<number | undefined> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: 100 - percent, arbitrary: fc.constant(undefined) },
    { weight: percent, arbitrary: details },
  );
