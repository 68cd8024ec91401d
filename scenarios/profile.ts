import { PROFILE, type Profile } from '../sim/fuzz/arbitrary/profiles.ts';
import { MOST_TICKS } from '../sim/fuzz/swarm/limits.ts';
import { DISK, type FileReader } from './files.ts';
import { type Problem, sortProblems, toProblem } from './problem.ts';
import { profileSchema, type WrittenProfile } from './schema/profile.ts';
import { validate } from './validate.ts';
import { YamlSource } from './yaml-source.ts';

/** Profile file → Profile, with every mistake that is in it. */
export type ProfileResult =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function loadProfile(path: string, files: FileReader = DISK): ProfileResult {
  const file = files.read(path);
  if (!file.ok) {
    const message = `can't read the profile: ${file.reason}`;
    return refuse([toProblem({ file: path, line: 1, column: 1 }, message, 'a profile file')]);
  }
  const source = YamlSource.parse(path, file.text);
  if (!(source instanceof YamlSource)) return refuse(source);
  const written = validate(source, profileSchema);
  if (Array.isArray(written)) return refuse(written);
  const profile = profileOf(written);
  return fits(profile) ? { ok: true, profile } : refuse([tooLong(profile, source)]);
}

const longestOf = ({ ticks }: Profile): number => (Math.max(...ticks) * MOST_TICKS) / 1000;

/** Whatever is drawn, one of the ticks is long enough for the story. */
const fits = (profile: Profile): boolean => profile.seconds[1] <= longestOf(profile);

function tooLong(profile: Profile, source: YamlSource): Problem {
  const key = source.at(['duration']) === undefined ? 'tickTime' : 'duration';
  const message = `a story of ${profile.seconds[1]}s has more than ${MOST_TICKS} of the longest tickTime`;
  const expected = `a duration of ${Math.floor(longestOf(profile))}s at most, or a longer tickTime`;
  return source.problem([key], message, expected);
}

const refuse = (problems: readonly Problem[]): ProfileResult => ({
  ok: false,
  problems: sortProblems(problems),
});

function profileOf(written: WrittenProfile): Profile {
  const base = PROFILE[written.extends];
  const { duration } = written;
  return {
    participants: written.participants ?? base.participants,
    observers: written.observers ?? base.observers,
    seconds: duration === undefined ? base.seconds : [duration[0] / 1000, duration[1] / 1000],
    clients: written.clients ?? base.clients,
    requests: written.requests ?? base.requests,
    mixes: written.workloads ?? base.mixes,
    actions: written.actions ?? base.actions,
    core: written.core ?? written.faults ?? base.core,
    kinds: written.kinds ?? base.kinds,
    weights: written.faults ?? base.weights,
    ticks: written.tickTime ?? base.ticks,
    snapCounts: written.snapCount ?? base.snapCounts,
    maxSessionTicks: base.maxSessionTicks,
    lastZxids: written.lastZxids ?? base.lastZxids,
    lastXids: written.lastXids ?? base.lastXids,
    drawnLimits: written.limits ?? base.drawnLimits,
    drawnWorld: written.world ?? base.drawnWorld,
    lastRestarts: written.lastRestarts ?? base.lastRestarts,
    priorities: written.priorities ?? base.priorities,
    grouped: written.groups ?? base.grouped,
  };
}
