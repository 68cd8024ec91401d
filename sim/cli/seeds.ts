import { defined } from '../../protocol/assert.ts';
import type { CommandLineDeps } from './deps.ts';
import type { PlanSource } from './load.ts';

/** Which seeds to run: one that was given, one that is drawn, or a range. */
export interface Seeds {
  /** As it was asked for. */
  readonly text: string;
  readonly count: number;
  at(index: number): string;
}

export interface SeedOptions {
  readonly seed?: string;
  readonly seeds?: Seeds;
}

const RANGE = /^(\d{1,15})\.\.(\d{1,15})$/;

/** `1..500`; undefined when it is not a range of whole numbers that rises. */
export function parseSeedRange(text: string): Seeds | undefined {
  const match = RANGE.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2]);
  if (last < first) return undefined;
  return { text, count: last - first + 1, at: (index) => String(first + index) };
}

/** Any string is a seed. An empty ZABSIM_SEED counts as none. */
export function givenSeed({ seed }: SeedOptions, { env }: CommandLineDeps): string | undefined {
  if (seed !== undefined) return seed;
  return env.ZABSIM_SEED === '' ? undefined : env.ZABSIM_SEED;
}

/** What to run a scenario with. A failure file brings its seed along, and only --seed and --seeds go before that. */
export function seedsFor(
  sources: readonly PlanSource[],
  options: SeedOptions,
  deps: CommandLineDeps,
): (source: PlanSource) => Seeds {
  const isAsked = options.seed !== undefined || options.seeds !== undefined;
  const ownSeed = ({ recorded }: PlanSource): string | undefined => (isAsked ? undefined : recorded?.seed);
  const isForAll = sources.every((source) => ownSeed(source) !== undefined);
  const others = isForAll ? undefined : chooseSeeds(options, deps);
  return (source) => {
    const seed = ownSeed(source);
    return seed === undefined ? defined(others, 'seeds for those without one of their own') : oneSeed(seed);
  };
}

/** Where none is given one is drawn and printed, before anything else can go wrong. */
export function chooseSeeds(options: SeedOptions, deps: CommandLineDeps): Seeds {
  if (options.seeds !== undefined) return options.seeds;
  const given = givenSeed(options, deps);
  const seed = given ?? deps.drawSeed();
  if (given === undefined) deps.stderr.write(`seed ${seed} (drawn; give --seed ${seed} to run it again)\n`);
  return oneSeed(seed);
}

const oneSeed = (seed: string): Seeds => ({ text: seed, count: 1, at: () => seed });
