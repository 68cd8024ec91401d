import { DEFAULT_STRATEGY, type StrategyName } from '../sim/fuzz/search/strategies.ts';

/** What has to be said of a run to have it again, beside its seed. */
interface Run {
  readonly scenario: string;
  readonly release?: string | undefined;
}

/** The line that runs it again, ready to be pasted into a shell. */
export const reproduceCommand = (run: Run & { readonly seed: string }): string =>
  command(run, '--seed', run.seed);

/** A failure file knows the rest. */
export const replayCommand = (file: string): string => `npx zabsim replay ${shellWord(file)}`;

/** One run of a fuzzing campaign, by its number. One that has learnt from those before it takes them too. */
export function fuzzCommand(run: {
  readonly seed: string;
  readonly index: number;
  readonly profile: string;
  readonly strategy: StrategyName;
  readonly release?: string | undefined;
}): string {
  const { seed, index, profile, strategy, release } = run;
  const [which, usual] =
    strategy === 'guided' ? [`--runs ${index + 1}`, DEFAULT_STRATEGY] : [`--only ${index}`, 'random'];
  const how = strategy === usual ? '' : ` --strategy ${strategy}`;
  const line = `npx zabsim fuzz ${option('--seed', seed)} ${which}${how}`;
  const words = [line, ...(profile === 'default' ? [] : [`--profile ${shellWord(profile)}`])];
  return [...words, ...(release === undefined ? [] : [`--release ${shellWord(release)}`])].join(' ');
}

export const campaignCommand = (run: Run, seeds: string): string => command(run, '--seeds', seeds);

function command({ scenario, release }: Run, name: string, value: string): string {
  const line = `npx zabsim run ${shellWord(scenario)} ${option(name, value)}`;
  return release === undefined ? line : `${line} --release ${shellWord(release)}`;
}

/** A value that begins with a dash has to be joined to its option. */
const option = (name: string, value: string): string =>
  `${name}${value.startsWith('-') ? '=' : ' '}${shellWord(value)}`;

/** In single quotes where the shell would read more into it than the word. */
function shellWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
