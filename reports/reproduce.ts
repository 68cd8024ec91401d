import type { RunResult } from '../sim/result.ts';

/** The line that runs it again, ready to be pasted into a shell. */
export const reproduceCommand = ({ scenario, seed }: Pick<RunResult, 'scenario' | 'seed'>): string =>
  command(scenario, '--seed', seed);

export const campaignCommand = (scenario: string, seeds: string): string =>
  command(scenario, '--seeds', seeds);

function command(scenario: string, option: string, value: string): string {
  // An option's value that begins with a dash has to be joined to it.
  const joint = value.startsWith('-') ? '=' : ' ';
  return `npx zabsim run ${shellWord(scenario)} ${option}${joint}${shellWord(value)}`;
}

/** In single quotes where the shell would read more into it than the word. */
function shellWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
