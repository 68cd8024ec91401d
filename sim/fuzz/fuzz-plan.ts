import fc from 'fast-check';
import { defined } from '../../protocol/assert.ts';
import type { RunPlan } from '../plan.ts';
import { Random } from '../random.ts';
import { drafts } from './arbitrary/draft.ts';
import { planOf } from './arbitrary/plan.ts';
import { PROFILE, type ProfileName } from './arbitrary/profiles.ts';

export { PROFILES, type ProfileName } from './arbitrary/profiles.ts';

const WORDS = 2 ** 32;

/** The plan of a fuzzed run: a function of profile and seed alone. */
export function fuzzPlan(profile: ProfileName, seed: string): RunPlan {
  const word = new Random(seed).stream('fuzz').int(WORDS) - WORDS / 2;
  const [draft] = fc.sample(drafts(PROFILE[profile]), { seed: word, numRuns: 1 });
  return planOf(defined(draft, 'a draft'), seed);
}
