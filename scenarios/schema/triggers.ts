import { z } from 'zod';
import { distribution } from './distribution.ts';
import { time } from './quantities.ts';
import { target } from './targets.ts';

/**
 * When a fault strikes: at a time (`at`), again and again (`every`, with `from`, `until` and `times`), or at an event
 * (`when`, and `after` for a delay), or `then`: so long after the entry above. And when one that lasts is over: `for` so long, or `until`
 * a time, an event or the `next` entry.
 */
const scalar = z.union([z.string(), z.number(), z.boolean()], { error: 'text, a number, true or false' });
export const fields = z
  .record(z.string(), scalar, { error: "the event's fields and the values they must have" })
  .describe('Only events with these fields.');

const event = {
  event: z.string({ error: 'the name of an event, such as committed' }).describe('Name of a trace event.'),
  with: fields.optional(),
  on: target.optional().describe('Only on this server, or whoever has this role when it happens.'),
  count: z.int().min(1).optional().describe('Which one; the first if absent.'),
};

const when = z
  .strictObject({
    ...event,
    since: z
      .union([time, z.literal('previous')], { error: 'a time such as 3s, or `previous`' })
      .optional()
      .describe('Do not count events before; `previous`: before the entry above has struck.'),
  })
  .meta({ id: 'when' });

const untilEvent = z.strictObject({
  ...event,
  since: time.optional().describe('Do not count events before.'),
});

const until = z
  .union([time, z.literal('next'), untilEvent], {
    error: 'a time such as 20s, an event such as { event: established }, or `next`: the entry below',
  })
  .meta({ id: 'until' });

export const trigger = {
  at: time.optional().describe('When, from the start of the run.'),
  every: distribution.optional().describe('Again and again, first after one such interval.'),
  from: time.optional().describe('Only with `every`: when the first interval begins.'),
  times: z.int().min(1).optional().describe('Only with `every`: how often at most.'),
  when: when.optional().describe('The event that sets it off.'),
  then: time.optional().describe('So long after the entry above has struck; 0s: at the same moment.'),
  after: time.optional().describe('Only with `when`: how long after the event.'),
  until: until.optional().describe('With `every`: when it strikes no more. Else: when it ends by itself.'),
};

export const lasting = { for: time.optional().describe('It ends by itself after this long.') };

export type WrittenUntil = z.output<typeof until>;
