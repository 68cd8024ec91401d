import fc from 'fast-check';
import { defined } from '../../protocol/assert.ts';
import type { RunPlan } from '../plan.ts';
import { Random } from '../random.ts';
import { drafts, type Draft } from './arbitrary/draft.ts';
import { planOf } from './arbitrary/plan.ts';
import { PROFILE, type Profile, type ProfileName } from './arbitrary/profiles.ts';

export { PROFILES, type ProfileName } from './arbitrary/profiles.ts';

const WORDS = 2 ** 32;

/** The plan of a fuzzed run of which nothing was learnt: a function of profile and seed alone. */
export const fuzzPlan = (profile: ProfileName, seed: string): RunPlan =>
  planOf(drawDraft(PROFILE[profile], seed), seed);

export const drawDraft = (profile: Profile, seed: string): Draft => drawn(drafts(profile), seed);

/** One value: a function of the seed. */
export function drawn<T>(arbitrary: fc.Arbitrary<T>, seed: string): T {
  const word = new Random(seed).stream('fuzz').int(WORDS) - WORDS / 2;
  return defined(fc.sample(arbitrary, { seed: word, numRuns: 1 })[0], 'a value');
}
