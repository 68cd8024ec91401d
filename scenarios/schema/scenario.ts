import { z } from 'zod';
import { client, clientName } from './clients.ts';
import { distribution } from './distribution.ts';
import { ensemble } from './ensemble.ts';
import { ISSUES } from '../../protocol/release/release.ts';
import { PROMISES } from '../../sim/checkers/promise-names.ts';
import { expectation } from './expectations.ts';
import { linkQuality } from './link-quality.ts';
import { drift, rate, signedTime, time } from './quantities.ts';
import { release } from './release.ts';
import { timelineEntry } from './timeline.ts';

const clock = z.strictObject({
  offset: signedTime.optional().describe('How far the wall clock is ahead.'),
  drift: drift.optional().describe('How much too fast both clocks run.'),
});

/**
 * A scenario file. This definition validates it, gives the types of what was written, and is printed as the JSON
 * Schema that editors complete from (scenario.schema.json).
 */
export const scenarioSchema = z
  .strictObject({
    name: z.string({ error: 'a name' }).regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'a name in kebab-case' }),
    description: z.string({ error: 'a sentence or more that tells the story' }).min(1),
    ensemble,
    release: release
      .optional()
      .describe(
        'The version that servers and clients run, or issues whose behaviour alone they have; else the newest, repaired.',
      ),
    network: z
      .strictObject({
        ...linkQuality,
        offset: distribution.optional().describe('Drawn once for each pair of hosts and always added.'),
      })
      .optional(),
    disks: z
      .strictObject({
        fsync: distribution.optional().describe('1.5ms in the median if absent.'),
        throughput: rate.optional().describe('Of what is written; as fast as it takes if absent.'),
      })
      .optional(),
    clocks: z
      .record(z.string(), clock, { error: 'a mapping from servers to what is wrong with their clocks' })
      .optional()
      .describe('Server → how its clocks are off from the beginning.'),
    processes: z
      .strictObject({
        boot: distribution.optional().describe('From start-up to a server’s first step.'),
        stage: distribution.optional().describe('From waking a thread to its run.'),
      })
      .optional(),
    clients: z
      .record(clientName, client, { error: 'a mapping from names to clients' })
      .optional()
      .describe('Name → what the client does.'),
    timeline: z.array(timelineEntry, { error: 'a list of faults' }).optional(),
    expect: z.array(expectation, { error: 'a list of expectations' }).optional(),
    duration: time.describe(
      'How long the story takes. Then clients stop, faults heal, and calm must return.',
    ),
    calm: time.optional().describe('How long calm may take to return.'),
    gaps: z
      .literal('broken', { error: '`broken`' })
      .optional()
      .describe('What ZooKeeper is known not to promise, though many believe so, counts as a promise.'),
    history: z
      .strictObject({
        issue: z.enum(ISSUES, { error: 'an issue whose behaviour Zabsim can put back' }),
        title: z.string().min(1),
        breaks: z.enum(PROMISES, { error: 'the name of a promise' }),
      })
      .optional()
      .describe('The defect of an older release that this story shows.'),
    recorded: z
      .strictObject({
        seed: z.string({ error: 'a seed, in quotes' }),
        promise: z.enum(PROMISES, { error: 'the name of a promise' }),
        version: z.string(),
        fingerprint: z.string().regex(/^[0-9a-f]{16}$/, { error: '16 hex digits' }),
      })
      .optional()
      .describe('The run that this was written for: `zabsim replay` holds against it.'),
    generated: z
      .boolean({ error: '`true` or `false`' })
      .optional()
      .describe('Nobody wrote this by hand: a fault that can strike nobody is no mistake here.'),
  })
  .meta({
    title: 'Zabsim scenario',
    description: 'A ZooKeeper ensemble, its clients, and what happens to them.',
  });

export type WrittenScenario = z.output<typeof scenarioSchema>;

/** The JSON Schema (draft 7, which editors understand) of what a person may write, as the text of a file. */
export function scenarioJsonSchema(): string {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
