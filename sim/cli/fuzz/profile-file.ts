import { PROFILE, PROFILES, type Profile } from '../../fuzz/arbitrary/profiles.ts';
import type { CommandLineDeps } from '../deps.ts';
import { BadInput, UsageError } from '../errors.ts';
import { notOneOf } from './not-one-of.ts';

/** What the runs of a campaign are like, and what reports call it: as the user did. */
export interface NamedProfile {
  readonly name: string;
  readonly profile: Profile;
}

/** One of ours by its name, or one's own in a file: UsageError or BadInput where there is no such. */
export async function readProfile(deps: CommandLineDeps, nameOrFile: string): Promise<NamedProfile> {
  const ours = PROFILES.find((name) => name === nameOrFile);
  if (ours !== undefined) return { name: ours, profile: PROFILE[ours] };
  if (!isFile(nameOrFile)) throw new UsageError(noSuchProfile(nameOrFile));
  const { loadProfile } = await deps.scenarios();
  const loaded = loadProfile(nameOrFile);
  if (!loaded.ok) throw new BadInput(loaded.problems);
  return { name: nameOrFile, profile: loaded.profile };
}

const isFile = (name: string): boolean => name.includes('/') || /\.(yaml|yml|json)$/.test(name);

const noSuchProfile = (name: string): string => `--profile: ${notOneOf(PROFILES, name, ', or a .yaml file')}`;
