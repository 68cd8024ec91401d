import { z } from 'zod';
import { distribution } from './distribution.ts';
import { share, time } from './quantities.ts';

/**
 * The timeline: what goes wrong and when. An entry is one fault with either a time (`at`) or an event that sets it
 * off (`when`, and `after` for a delay). Whom it strikes is a name, a number or a role at that moment.
 */
const target = z
  .union([z.string(), z.int()], {
    error: "a server's name or number, a client's name, or a role such as leader",
  })
  .meta({
    id: 'target',
    description: 'A server by name or number, a client by name, or a role such as `leader`.',
  });

const targets = z.union([target, z.array(target).min(1)], { error: 'a target or a list of targets' });
const sides = z.tuple([targets, targets], { error: 'the two ends: [leader, zk2]' });

const scalar = z.union([z.string(), z.number(), z.boolean()], { error: 'text, a number, true or false' });
export const fields = z
  .record(z.string(), scalar, { error: "the event's fields and the values they must have" })
  .describe('Only events with these fields.');

const when = z
  .strictObject({
    event: z.string({ error: 'the name of an event, such as committed' }).describe('Name of a trace event.'),
    with: fields.optional(),
    on: target.optional().describe('Only on this server, or whoever has this role when it happens.'),
    count: z.int().min(1).optional().describe('Which one; the first if absent.'),
    since: time.optional().describe('Do not count events before.'),
  })
  .meta({ id: 'when' });

const trigger = {
  at: time.optional().describe('When, from the start of the run.'),
  when: when.optional().describe('The event that sets it off.'),
  after: time.optional().describe('Only with `when`: how long after the event.'),
};
const lasting = { for: time.optional().describe('It ends by itself after this long.') };

export const timelineEntry = z
  .union(
    [
      z
        .strictObject({
          ...trigger,
          crash: targets,
          power: z.enum(['kept', 'lost']).optional(),
          lose: z.enum(['none', 'some', 'all']).optional(),
          restartAfter: time.optional(),
        })
        .describe(
          'The process dies. power: lost takes the machine: nobody closes its sockets, and writes that no fsync covered go.',
        ),
      z.strictObject({ ...trigger, restart: targets }).describe('Starts what a crash left down.'),
      z.strictObject({ ...trigger, pause: targets, ...lasting }).describe('A stop-the-world collection.'),
      z.strictObject({ ...trigger, resume: targets }),
      z
        .strictObject({
          ...trigger,
          partition: z.array(targets, { error: 'a list of groups' }).min(2, { error: 'two groups or more' }),
          oneWay: z.boolean({ error: '`true` or `false`' }).optional(),
          ...lasting,
        })
        .describe('Nothing passes between groups; oneWay: nothing from the first group to the others.'),
      z.strictObject({ ...trigger, isolate: targets, ...lasting }).describe('Cut off from everybody.'),
      z
        .strictObject({ ...trigger, heal: z.literal('all') })
        .describe('Ends everything but crashes and pauses.'),
      z
        .strictObject({
          ...trigger,
          link: sides,
          latency: distribution.optional(),
          loss: share.optional(),
          ...lasting,
        })
        .describe('Links between the two ends get this latency and loss.'),
      z
        .strictObject({ ...trigger, disconnect: sides })
        .describe('Resets the connections between the two ends.'),
      z
        .strictObject({ ...trigger, slowDisk: targets, fsync: distribution, ...lasting })
        .describe('Each fsync takes this long.'),
    ],
    {
      error:
        'a fault: one of crash, restart, pause, resume, partition, isolate, heal, link, disconnect or slowDisk',
    },
  )
  .meta({ id: 'fault' });

export type WrittenEntry = z.output<typeof timelineEntry>;
export type WrittenWhen = z.output<typeof when>;
export type WrittenTarget = z.output<typeof target>;
export type WrittenTargets = z.output<typeof targets>;
