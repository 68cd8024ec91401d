import { z } from 'zod';
import type { Distribution } from '../../sim/world-plan.ts';
import { share, time } from './quantities.ts';

/** A length of time that is drawn anew each time: a fixed `1ms`, or one of several shapes. */
const uniform = z
  .strictObject({
    uniform: z
      .tuple([time, time], { error: 'the least and the greatest time: [0.5ms, 2ms]' })
      .refine(([min, max]) => min <= max, { error: 'two times, the lesser first' }),
  })
  .describe('Every time between the two is equally likely.');

const exponential = z
  .strictObject({ exponential: z.strictObject({ mean: time, min: time.optional() }) })
  .describe('`min` plus an exponential with this mean.');

const logNormal = z
  .strictObject({
    logNormal: z.strictObject({
      median: time,
      sigma: z.number().min(0).max(3).describe('Spread: 0.3 is narrow, 1 has a long tail.'),
    }),
  })
  .describe('Half of all times are below the median; a few are far above.');

const inner = z.lazy((): z.ZodType<Distribution> => distribution);

const bimodal = z
  .strictObject({ bimodal: z.strictObject({ fast: inner, slow: inner, slowShare: share }) })
  .describe('Two modes: `slow` with this probability, else `fast`.');

const recorded = z
  .strictObject({
    recorded: z.array(time, { error: 'a list of times' }).min(1, { error: 'one time or more' }),
  })
  .describe('What was measured somewhere, each as likely as any other.');

export const distribution = z
  .union([time, uniform, exponential, logNormal, bimodal, recorded], {
    error:
      'a time such as 1ms, or {uniform: …}, {exponential: …}, {logNormal: …}, {bimodal: …} or {recorded: …}',
  })
  .transform(toDistribution)
  .meta({ id: 'distribution', description: 'A length of time, fixed or drawn.' });

type Written =
  | number
  | z.output<typeof uniform>
  | z.output<typeof exponential>
  | z.output<typeof logNormal>
  | z.output<typeof bimodal>
  | z.output<typeof recorded>;

function toDistribution(written: Written): Distribution {
  if (typeof written === 'number') return { kind: 'constant', ms: written };
  if ('uniform' in written) {
    return { kind: 'uniform', minMs: written.uniform[0], maxMs: written.uniform[1] };
  }
  if ('exponential' in written) {
    const { mean, min } = written.exponential;
    return { kind: 'exponential', minMs: min ?? 0, meanMs: mean };
  }
  if ('logNormal' in written) {
    return { kind: 'logNormal', medianMs: written.logNormal.median, sigma: written.logNormal.sigma };
  }
  return 'bimodal' in written
    ? { kind: 'bimodal', ...written.bimodal }
    : { kind: 'recorded', ms: written.recorded };
}
