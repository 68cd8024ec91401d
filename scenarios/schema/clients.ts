import { z } from 'zod';
import { distribution } from './distribution.ts';
import { size, time } from './quantities.ts';

/**
 * Clients and what they do. An activity is one operation and when it happens: once (`at`), at intervals (`every`)
 * or as fast as answers come (`backToBack`). In paths and data, `{n}` counts repetitions from 1 and `{client}` is the
 * client's name.
 */
const path = z
  .string({ error: 'an absolute path such as /app/config' })
  .regex(/^\/([^/\0]+(\/[^/\0]+)*\/?)?$/, { error: 'an absolute path such as /app/config' })
  .meta({ id: 'path', description: 'Absolute path of a znode.' });

const data = z
  .union([z.string(), z.number(), z.boolean()], { error: 'text' })
  .transform((value) => String(value))
  .describe('Text; {n} and {client} are filled in.');
const version = z.int().min(-1).optional().describe('The version the znode must have; any if absent.');
const watch = z.boolean({ error: '`true` or `false`' }).optional().describe('Leave a watch.');
const flag = z.boolean({ error: '`true` or `false`' }).optional();

const create = {
  create: path,
  data: data.optional(),
  size: size.optional(),
  ephemeral: flag,
  sequential: flag,
};
const set = { set: path, data: data.optional(), size: size.optional(), version };
const remove = { delete: path, version };
const check = { check: path, version: z.int().min(-1) };

/** One part of a multi: no time of its own. */
const multiOp = z
  .union([z.strictObject(create), z.strictObject(set), z.strictObject(remove), z.strictObject(check)], {
    error: 'one of create, set, delete or check',
  })
  .meta({ id: 'multiOp' });

const timing = {
  at: time.optional().describe('Once, this long after the run began.'),
  every: distribution.optional().describe('Again and again at this interval, answered or not.'),
  backToBack: z.int().min(1).optional().describe('As fast as answers come, this many unanswered at most.'),
  from: time.optional().describe('When repetition begins; else when the client starts.'),
  until: time.optional().describe('When repetition ends; else with the story.'),
  times: z.int().min(1).optional().describe('Repetitions at most.'),
};

export const activity = z
  .union(
    [
      z.strictObject({ ...timing, ...create }),
      z.strictObject({ ...timing, ...set }),
      z.strictObject({ ...timing, ...remove }),
      z.strictObject({ ...timing, get: path, watch }),
      z.strictObject({ ...timing, exists: path, watch }),
      z.strictObject({ ...timing, children: path, watch }),
      z.strictObject({ ...timing, sync: path }),
      z.strictObject({ ...timing, multi: z.array(multiOp, { error: 'a list of operations' }).min(1) }),
      z.strictObject({ ...timing, close: z.literal('session') }),
    ],
    { error: 'an operation: one of create, set, delete, get, exists, children, sync, multi or close' },
  )
  .meta({ id: 'activity' });

const serverRef = z.union([z.string(), z.int()], { error: "a server's name or number" });

export const client = z
  .strictObject({
    servers: z
      .array(serverRef, { error: 'a list of servers' })
      .min(1)
      .optional()
      .describe('The connect string; every server if absent.'),
    session: time.optional().describe('Session timeout asked for; 10s if absent.'),
    reads: z
      .enum(['local', 'synced'])
      .optional()
      .describe('synced: its server catches up with the leader before it answers a read.'),
    disableAutoWatchReset: flag.describe('It does not set its watches again on a new connection.'),
    firstXid: z
      .int()
      .min(1, { error: 'a number from 1 to 4294967295' })
      .max(2 ** 32 - 1, { error: 'a number from 1 to 4294967295' })
      .optional()
      .describe('Which request its first one counts as, to see its request numbers run out; 1 if absent.'),
    count: z
      .int()
      .min(1, { error: 'one client or more' })
      .optional()
      .describe('So many of them, called name-1, name-2 and so on.'),
    start: time.optional().describe('When the client connects; at once if absent.'),
    does: z.array(activity, { error: 'a list of operations' }).optional(),
  })
  .meta({ id: 'client' });

export const clientName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, { error: 'a name: letters, digits, `_` and `-`' });

export type WrittenClient = z.output<typeof client>;
export type WrittenActivity = z.output<typeof activity>;
export type WrittenOperation = WrittenActivity | z.output<typeof multiOp>;
