import { defined } from '../protocol/assert.ts';
import { cosTurn, exp, log } from './exact-math.ts';
import type { Distribution } from './world-plan.ts';
import { type Micros, fromMs } from './time.ts';

/** About 35 years: whatever is drawn, now plus it stays a whole number of µs. */
const LONGEST: Micros = 2 ** 50;

/**
 * One length of time in whole µs, 0 or more. `u1` and `u2` are independent draws in [0, 1); a log-normal uses both. The
 * same draws give the same time on every machine (exact-math.ts).
 */
export function sample(distribution: Distribution, u1: number, u2: number): Micros {
  return Math.min(LONGEST, Math.max(0, fromMs(sampleMs(distribution, u1, u2))));
}

function sampleMs(distribution: Distribution, u1: number, u2: number): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.ms;
    case 'uniform':
      return distribution.minMs + (distribution.maxMs - distribution.minMs) * u1;
    case 'exponential':
      return distribution.minMs - distribution.meanMs * log(1 - u1);
    case 'logNormal':
      return distribution.medianMs * spread(distribution.sigma * standardNormal(u1, u2));
    case 'bimodal': {
      // One draw says which mode and where in it: what is left of it is as uniform as it was.
      const { fast, slow, slowShare } = distribution;
      return u1 < slowShare
        ? sampleMs(slow, u1 / slowShare, u2)
        : sampleMs(fast, (u1 - slowShare) / (1 - slowShare), u2);
    }
    case 'recorded':
      return defined(distribution.ms[Math.floor(u1 * distribution.ms.length)], 'a recorded time');
  }
}

/** e to this power, but finite: a median of 0 stays 0 however wide the spread. */
const spread = (power: number): number => Math.min(Number.MAX_VALUE, exp(power));

/** Box–Muller. */
const standardNormal = (u1: number, u2: number): number => Math.sqrt(-2 * log(1 - u1)) * cosTurn(u2);
