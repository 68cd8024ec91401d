import { join } from 'node:path';
import type { FuzzReport } from '../../../reports/fuzz/fuzz-report.ts';
import { PROFILE } from '../../fuzz/arbitrary/profiles.ts';
import { DEFAULT_STRATEGY, STRATEGIES, type StrategyName } from '../../fuzz/search/strategies.ts';
import { ISLANDS, type Shard } from '../../fuzz/shard.ts';
import type { CommandLineDeps } from '../deps.ts';
import { UsageError } from '../errors.ts';
import { checkRelease } from '../release.ts';
import { chooseSeeds } from '../seeds.ts';
import { readJournal, type Begun, type Past } from './journal.ts';
import { notOneOf } from './not-one-of.ts';
import type { FuzzOptions } from './options.ts';
import { readProfile } from './profile-file.ts';
import { goOn, type Wanted } from './resume.ts';

const FOLDER = '.zabsim';
const USUAL = { profile: 'default', draws: PROFILE.default, asked: { runs: 1000 } };

/** A campaign before its first run, or where an earlier process has left it. */
export interface Beginning {
  readonly begun: Begun;
  readonly past?: Past;
}

/** What was asked for, to the last default; UsageError where it makes no sense. */
export async function beginning(deps: CommandLineDeps, options: FuzzOptions): Promise<Beginning> {
  const wanted = await given(deps, options);
  if (options.resume === true) return resumed(deps, journalPath(options), wanted);
  const { strategy = options.only === undefined ? DEFAULT_STRATEGY : 'random', shard } = wanted;
  if (strategy === 'guided') refuseTooManyShards(shard);
  const seed = chooseSeeds(options.seed === undefined ? {} : { seed: options.seed }, deps).at(0);
  return { begun: { ...USUAL, ...wanted, version: deps.version, seed, strategy } };
}

/** A shard's has the shard in its name, so that several can live in one folder. */
export function journalPath({ journal, shard }: FuzzOptions): string {
  if (journal !== undefined) return journal;
  const part = shard === undefined ? '' : `-${shard.part}-of-${shard.of}`;
  return join(FOLDER, `campaign${part}.jsonl`);
}

/** What stands on the command line. */
async function given(deps: CommandLineDeps, options: FuzzOptions): Promise<Wanted> {
  const { seed, profile, strategy, release, shard } = options;
  if (release !== undefined) checkRelease(release);
  const named = profile === undefined ? undefined : await readProfile(deps, profile);
  const asked = askedFor(options);
  return {
    ...(seed !== undefined && { seed }),
    ...(named !== undefined && { profile: named.name, draws: named.profile }),
    ...(strategy !== undefined && { strategy: strategyNamed(strategy, options) }),
    ...(release !== undefined && { release }),
    ...(shard !== undefined && { shard }),
    ...(asked !== undefined && { asked }),
  };
}

function askedFor({ runs, time, only }: FuzzOptions): FuzzReport['asked'] | undefined {
  if (time !== undefined) return { timeMs: time };
  if (only !== undefined) return { runs: 1 };
  return runs === undefined ? undefined : { runs };
}

/** A run that is drawn alone has learnt nothing. */
function strategyNamed(name: string, { only }: FuzzOptions): StrategyName {
  const found = STRATEGIES.find((strategy) => strategy === name);
  if (found === undefined) throw new UsageError(`--strategy: ${notOneOf(STRATEGIES, name)}`);
  if (only !== undefined && found === 'guided')
    throw new UsageError(
      '--only: a run of a guided search depends on those before it; use --strategy random',
    );
  return found;
}

function refuseTooManyShards(shard: Shard | undefined): void {
  if (shard !== undefined && shard.of > ISLANDS)
    throw new UsageError(
      `--shard: a guided search has at most ${ISLANDS} shards; use --strategy random for more`,
    );
}

function resumed({ files, version }: CommandLineDeps, path: string, wanted: Wanted): Required<Beginning> {
  const text = files.read(path);
  if (text === undefined) throw new UsageError(`--resume: there is no journal ${path}`);
  const past = readJournal(text);
  if (past === undefined) throw new UsageError(`--resume: ${path} is no journal of a campaign`);
  return { begun: goOn(past.begun, wanted, version), past };
}
