import { isAsTold, type Exhibit } from '../../../reports/history/exhibit.ts';
import { listJson } from '../../../reports/history/history-json.ts';
import { listText, releaseText } from '../../../reports/history/list-text.ts';
import { storyText } from '../../../reports/history/story-text.ts';
import type { CommandLineDeps } from '../deps.ts';
import { UsageError } from '../errors.ts';
import { ExitStatus } from '../exit-status.ts';
import { tableStyle, textStyle } from '../outputs.ts';
import { givenSeed, type SeedOptions } from '../seeds.ts';
import { compare } from './both-sides.ts';
import { checkMuseum } from './check.ts';
import { findExhibit, openMuseum } from './museum.ts';
import { whatItHas } from './release-has.ts';

/** `zabsim history`: the defects of older releases, one by one or all of them. */
export interface HistoryOptions extends SeedOptions {
  readonly check?: boolean;
  readonly json?: boolean;
  /** Only what this one has. */
  readonly release?: string;
}

/** Where no seed is given: what is shown should be the same for everybody. */
const USUAL_SEED = '1';

export async function showHistory(
  deps: CommandLineDeps,
  issue: string | undefined,
  options: HistoryOptions,
): Promise<ExitStatus> {
  refuse(issue, options);
  const { check = false, json = false } = options;
  const museum = await openMuseum(deps);
  const seed = givenSeed(options, deps) ?? USUAL_SEED;
  const seeds = options.seeds ?? { text: seed, count: 1, at: () => seed };
  if (issue !== undefined) {
    const exhibit = findExhibit(museum, issue);
    return check || json ? checkMuseum(deps, [exhibit], seeds, json) : showExhibit(deps, exhibit, seed);
  }
  const has = options.release === undefined ? undefined : whatItHas(museum, options.release);
  if (check) return checkMuseum(deps, has?.here ?? museum, seeds, json);
  const style = tableStyle(deps);
  if (json) deps.stdout.write(listJson(has?.here ?? museum));
  else deps.stdout.write(has === undefined ? listText(museum, style) : releaseText(has, style));
  return ExitStatus.GREEN;
}

function refuse(issue: string | undefined, { check, seed, seeds, release }: HistoryOptions): void {
  if (seeds !== undefined && check !== true) throw new UsageError('--seeds goes with --check');
  if (seed !== undefined && check !== true && issue === undefined)
    throw new UsageError('--seed goes with an issue or with --check');
  if (release !== undefined && issue !== undefined)
    throw new UsageError(`--release asks what a release has of all, and ${issue} is named`);
}

async function showExhibit(deps: CommandLineDeps, exhibit: Exhibit, seed: string): Promise<ExitStatus> {
  const simulator = await deps.simulator();
  const compared = await compare({ deps, simulator, exhibit, seed });
  if (compared === undefined) return ExitStatus.INTERRUPTED;
  deps.stdout.write(storyText(compared, textStyle(deps)));
  return isAsTold(compared) ? ExitStatus.GREEN : ExitStatus.RED;
}
