import fc from 'fast-check';
import type { Distribution, LinkQuality, LossBursts } from '../../../sim/world-plan.ts';

/** Amounts on the grain on which scenario files have them: whole microseconds, whole bytes, hundredths of a percent. */
const micros = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min, max }).map((us) => us / 1000);

/** From `minMs` to `maxMs`, on the microsecond or, where there is one, on the next millisecond. */
export const timeBetween = (minMs: number, maxMs: number): fc.Arbitrary<number> =>
  fc
    .tuple(micros(Math.ceil(minMs * 1000), Math.floor(maxMs * 1000)), fc.boolean())
    .map(([ms, isRound]) => (isRound && Math.ceil(ms) <= maxMs ? Math.ceil(ms) : ms));

export const time = fc.oneof(timeBetween(0, 10_000), fc.constantFrom(60_000, 3_600_000));
export const timeAbove = timeBetween(1, 10_000);
export const share = fc.integer({ min: 0, max: 10_000 }).map((n) => n / 10_000);
export const bytes = fc
  .tuple(fc.integer({ min: 1, max: 2000 }), fc.constantFrom(1, 1024, 1024 * 1024))
  .map(([n, unit]) => n * unit);

const innermost: fc.Arbitrary<Distribution> = fc.oneof(
  time.map((ms) => ({ kind: 'constant', ms }) as const),
  fc.tuple(time, time).map(([a, b]) => ({
    kind: 'uniform' as const,
    minMs: Math.min(a, b),
    maxMs: Math.max(a, b),
  })),
  fc.record({ kind: fc.constant('exponential' as const), minMs: time, meanMs: time }),
  fc.record({
    kind: fc.constant('logNormal' as const),
    medianMs: time,
    sigma: fc.double({ min: 0, max: 3, noNaN: true }).map((sigma) => sigma + 0),
  }),
  fc.record({
    kind: fc.constant('recorded' as const),
    ms: fc.array(time, { minLength: 1, maxLength: 4 }),
  }),
);

export const distribution: fc.Arbitrary<Distribution> = fc.oneof(
  { weight: 4, arbitrary: innermost },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('bimodal' as const),
      fast: innermost,
      slow: innermost,
      slowShare: share,
    }),
  },
);

/** An interval in which time passes. */
export const interval: fc.Arbitrary<Distribution> = fc.oneof(
  timeAbove.map((ms) => ({ kind: 'constant', ms }) as const),
  timeAbove.map((maxMs) => ({ kind: 'uniform', minMs: 0, maxMs }) as const),
  timeAbove.map((meanMs) => ({ kind: 'exponential', minMs: 0, meanMs }) as const),
);

const bursts: fc.Arbitrary<LossBursts> = fc
  .tuple(timeAbove, timeAbove, share)
  .map(([a, b, loss]) => ({ everyMs: Math.max(a, b), forMs: Math.min(a, b), loss }));

export const linkQuality = {
  latency: distribution,
  jitter: distribution,
  loss: share,
  bursts: fc.option(bursts, { nil: undefined }),
  bandwidth: fc.option(bytes, { nil: undefined }),
};

export const linkChange: fc.Arbitrary<Partial<LinkQuality>> = fc
  .record(
    { latency: distribution, jitter: distribution, loss: share, bursts, bandwidth: bytes },
    { requiredKeys: [] },
  )
  .filter((change) => Object.keys(change).length > 0);
