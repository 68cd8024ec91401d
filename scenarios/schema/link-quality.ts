import { z } from 'zod';
import { distribution } from './distribution.ts';
import { rate, share, time } from './quantities.ts';

/** What a direction of a link is like: of the whole network, or of some links while a fault changes them. */
const bursts = z
  .strictObject({
    every: time.refine((ms) => ms > 0, { error: 'a time above zero' }),
    for: time.refine((ms) => ms > 0, { error: 'a time above zero' }),
    loss: share.optional().describe('Within a burst; 100% if absent.'),
  })
  .refine((written) => written.for <= written.every, {
    error: 'a time not longer than `every`',
    path: ['for'],
  })
  .transform((written) => ({ everyMs: written.every, forMs: written.for, loss: written.loss ?? 1 }))
  .meta({ id: 'bursts', description: 'Loss that comes in bursts: one in each `every`, for this long.' });

export const linkQuality = {
  latency: distribution.optional().describe('One way; 0.5ms in the median if absent.'),
  jitter: distribution.optional().describe('Drawn for each segment and added to its latency.'),
  loss: share.optional().describe('Share of transmissions that are lost and sent again.'),
  bursts: bursts.optional(),
  bandwidth: rate.optional().describe('Segments queue behind one another; as wide as it takes if absent.'),
};
