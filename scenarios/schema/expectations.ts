import { z } from 'zod';
import { time } from './quantities.ts';
import { fields } from './triggers.ts';

/**
 * What must be seen for the story to have been told. Promises are checked in every run anyway; expectations say
 * that this run was not an empty one: that there was a second leader, that a session really expired.
 */
const count = {
  times: z.int().min(0).optional().describe('Exactly so often.'),
  atLeast: z.int().min(0).optional().describe('1 if nothing is said.'),
  atMost: z.int().min(0).optional(),
};
const window = {
  from: time.optional().describe('From the start of the run.'),
  until: time.optional().describe('Until the end of the run if absent.'),
};
const text = {
  text: z.string().optional().describe('How reports put it; else it is made up from the rest.'),
};
const server = z.union([z.string(), z.int()], { error: "a server's name or number" });
const client = z.string({ error: "a client's name" });
const path = z.string({ error: 'a path' }).regex(/^\//, { error: 'an absolute path' });

export const OPERATIONS = [
  'create',
  'set',
  'delete',
  'get',
  'exists',
  'children',
  'sync',
  'multi',
  'close',
] as const;
const operation = z.enum([...OPERATIONS, 'reads', 'writes', 'all']);
const EVENT_TYPES = ['NodeCreated', 'NodeDeleted', 'NodeDataChanged', 'NodeChildrenChanged'] as const;
const SESSION_STATES = ['SyncConnected', 'Disconnected', 'Expired', 'Closed'] as const;
const SERVER_STATES = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING', 'DOWN'] as const;

export const expectation = z
  .union(
    [
      z
        .strictObject({ leader: server.describe('`any`, or a server.'), ...window, ...count, ...text })
        .describe('Leaders that were established.'),
      z
        .strictObject({
          event: z.string({ error: 'the name of an event, such as committed' }),
          with: fields.optional(),
          on: server.optional(),
          ...window,
          ...count,
          ...text,
        })
        .describe('Trace events.'),
      z
        .strictObject({
          answers: z.string({ error: 'ok, failed, unknown or an error’s name such as NODEEXISTS' }),
          to: z.union([operation, z.array(operation).min(1)], { error: 'operations' }).optional(),
          client: client.optional(),
          ...window,
          ...count,
          ...text,
        })
        .describe('Answers that clients got.'),
      z
        .strictObject({
          watch: z.enum([...EVENT_TYPES, 'any']),
          path: path.optional(),
          client: client.optional(),
          ...window,
          ...count,
          ...text,
        })
        .describe('Watch events that clients saw.'),
      z
        .strictObject({ session: z.enum(SESSION_STATES), client, ...window, ...count, ...text })
        .describe('State changes that a client saw.'),
      z
        .strictObject({
          znode: path,
          exists: z.boolean().optional(),
          data: z
            .union([z.string(), z.number(), z.boolean()], { error: 'text' })
            .transform((value) => String(value))
            .optional(),
          children: z.int().min(0).optional(),
          ...text,
        })
        .describe('A znode at the end, on every server alive.'),
      z
        .strictObject({ server, state: z.enum(SERVER_STATES), ...text })
        .describe("A server's state at the end."),
      z
        .strictObject({
          promise: z.string({ error: 'the name of a promise, such as atomicity' }),
          is: z.enum(['kept', 'broken', 'void']).describe('void: broken, but by a fault outside the model.'),
          ...text,
        })
        .describe('What became of a promise.'),
      z
        .strictObject({ live: z.boolean({ error: '`true` or `false`' }), ...text })
        .describe('Whether calm returned, or could not.'),
    ],
    {
      error: 'an expectation: one of leader, event, answers, watch, session, znode, server, promise or live',
    },
  )
  .meta({ id: 'expectation' });

export type WrittenExpectation = z.output<typeof expectation>;
export type WrittenOperationName = z.output<typeof operation>;
