/** A part of a campaign that one machine takes: the `part`-th of `of`, from 1. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

export const WHOLE: Shard = { part: 1, of: 1 };

/** The runs of a campaign live on so many islands, in turn: those of one can learn from one another, those of different ones cannot. */
export const ISLANDS = 4;
export const islandOf = (index: number): number => index % ISLANDS;

/** All shards together take each run once. A shard takes whole islands, as long as there are enough of them. */
export const isInShard = ({ part, of }: Shard, index: number): boolean =>
  (of > ISLANDS ? index : islandOf(index)) % of === part - 1;

/** The numbers of the runs that a shard takes, of `runs`; Infinity: for ever. */
export function* indexesOf(shard: Shard, runs: number): Generator<number, undefined> {
  for (let index = 0; index < runs; index++) if (isInShard(shard, index)) yield index;
  return undefined;
}

/** How many of `runs` runs a shard takes. */
export function runsOfShard(shard: Shard, runs: number): number {
  const round = shard.of > ISLANDS ? shard.of : ISLANDS;
  const count = (until: number): number => [...indexesOf(shard, until)].length;
  return Math.floor(runs / round) * count(round) + count(runs % round);
}
