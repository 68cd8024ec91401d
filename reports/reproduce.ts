/** What has to be said of a run to have it again, beside its seed. */
interface Run {
  readonly scenario: string;
  readonly release?: string | undefined;
}

/** The line that runs it again, ready to be pasted into a shell. */
export const reproduceCommand = (run: Run & { readonly seed: string }): string =>
  command(run, '--seed', run.seed);

export const campaignCommand = (run: Run, seeds: string): string => command(run, '--seeds', seeds);

function command({ scenario, release }: Run, option: string, value: string): string {
  // An option's value that begins with a dash has to be joined to it.
  const joint = value.startsWith('-') ? '=' : ' ';
  const line = `npx zabsim run ${shellWord(scenario)} ${option}${joint}${shellWord(value)}`;
  return release === undefined ? line : `${line} --release ${shellWord(release)}`;
}

/** In single quotes where the shell would read more into it than the word. */
function shellWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
