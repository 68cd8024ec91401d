import { cosTurn, exp, log } from './exact-math.ts';
import type { Distribution } from './plan.ts';
import { type Micros, fromMs } from './time.ts';

/** About 35 years: whatever is drawn, now plus it stays a whole number of µs. */
const LONGEST: Micros = 2 ** 50;

/**
 * One length of time in whole µs, 0 or more. `u1` and `u2` are independent draws in [0, 1); only the log-normal uses both. The
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
      return distribution.medianMs * exp(distribution.sigma * standardNormal(u1, u2));
  }
}

/** Box–Muller. */
const standardNormal = (u1: number, u2: number): number => Math.sqrt(-2 * log(1 - u1)) * cosTurn(u2);
