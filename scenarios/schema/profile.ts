import { z } from 'zod';
import { ACTION_KINDS, PROFILES } from '../../sim/fuzz/arbitrary/profiles.ts';
import { MIX_NAMES } from '../../sim/fuzz/swarm/workload.ts';
import { share, wholeMs } from './quantities.ts';

/**
 * A profile: what the runs of a campaign are like (the table is in sim/fuzz/README.md). What is left out is as in the profile that it extends; a
 * key takes the place of all that is said there.
 */
const wholeNumber = (min: number, max: number): z.ZodInt => {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

const weight = wholeNumber(1, 1000);

/** Words by their weights. */
const weights = <Word extends string>(words: readonly Word[]) => {
  const shape = Object.fromEntries(words.map((word) => [word, weight.exactOptional()]));
  return z
    .strictObject(shape as Record<Word, z.ZodExactOptional<z.ZodInt>>, {
      error: 'each with its weight: { … : 3 }',
    })
    .refine((mapping) => Object.keys(mapping).length > 0, {
      error: 'one of them or more',
      when: ({ issues }) => issues.length === 0,
    });
};

/** Numbers by their weights: `{ 3: 12, 5: 6 }`; or one that it always is. `simplest`: those before it come last, as they are no simpler. */
const counts = (min: number, max: number, simplest = min) =>
  z
    .union([
      wholeNumber(min, max).transform((count): Counts => [[1, count]]),
      weights(Array.from({ length: max - min + 1 }, (_, i) => String(min + i))).transform(
        (mapping): Counts => {
          const numbers = Object.entries(mapping).map(([count, one]) => [one, Number(count)] as const);
          const isLate = (count: number): number => (count < simplest ? 1 : 0);
          return numbers.toSorted(([, a], [, b]) => isLate(a) - isLate(b) || a - b);
        },
      ),
    ])
    .describe('Numbers by their weights, or one number.');
type Counts = readonly (readonly [weight: number, count: number])[];

/** `5s..25s`; what stands alone is both ends. */
const range = (bound: z.ZodType<number, string>, expected: string) =>
  z
    .union([z.string(), z.number()], { error: expected })
    .transform((written, context): readonly [from: number, to: number] => {
      const ends = String(written)
        .split('..')
        .map((end) => bound.safeParse(end));
      const refuse = (message: string): never => {
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      };
      for (const end of ends) if (!end.success) return refuse(end.error.issues[0]?.message ?? expected);
      const [from = NaN, to = from] = ends.map((end) => end.data);
      if (ends.length > 2) return refuse(expected);
      return from <= to ? [from, to] : refuse('two ends, the lesser first');
    });

const REQUESTS = 'two whole numbers: 4..40';
const wholeSeconds = wholeMs.refine((ms) => ms % 1000 === 0, { error: 'a time of whole seconds' });
const requests = z.string().transform(Number).pipe(wholeNumber(1, 800));
const percent = share
  .transform((part) => Math.round(part * 100 * 1000) / 1000)
  .refine((whole) => Number.isInteger(whole), { error: 'a whole percentage' });

export const profileSchema = z
  .strictObject({
    extends: z.enum(PROFILES, { error: `one of ${PROFILES.join(', ')}` }).default('default'),
    participants: counts(1, 9, 3).optional(),
    observers: counts(0, 4).optional(),
    groups: percent.optional(),
    duration: range(wholeSeconds, 'two times: 5s..25s').optional(),
    clients: wholeNumber(1, 8).optional(),
    requests: range(requests, REQUESTS).optional(),
    workloads: z
      .array(z.enum(MIX_NAMES), { error: `a list of ${MIX_NAMES.join(', ')}` })
      .min(1, { error: 'one workload or more' })
      .optional(),
    actions: wholeNumber(0, 200).optional(),
    core: weights(ACTION_KINDS).optional(),
    kinds: counts(1, 16).optional(),
    faults: weights(ACTION_KINDS).optional(),
    limits: percent.optional(),
    tickTime: z.array(wholeMs, { error: 'a list of times' }).min(1, { error: 'one time or more' }).optional(),
    snapCount: z
      .array(wholeNumber(2, 1_000_000), { error: 'a list of numbers' })
      .min(1, { error: 'one number or more' })
      .optional(),
    lastZxids: percent.optional(),
    lastXids: percent.optional(),
    world: percent.optional(),
    lastRestarts: percent.optional(),
    priorities: percent.optional(),
  })
  .meta({ title: 'Zabsim profile', description: 'What the runs of a fuzzing campaign are like.' });

export type WrittenProfile = z.output<typeof profileSchema>;
