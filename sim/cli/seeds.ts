import type { CommandLineDeps } from './deps.ts';

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

/** Where none is given one is drawn and printed, before anything else can go wrong. */
export function chooseSeeds(options: SeedOptions, deps: CommandLineDeps): Seeds {
  if (options.seeds !== undefined) return options.seeds;
  const given = givenSeed(options, deps);
  const seed = given ?? deps.drawSeed();
  if (given === undefined) deps.stderr.write(`seed ${seed} (drawn; give --seed ${seed} to run it again)\n`);
  return { text: seed, count: 1, at: () => seed };
}
