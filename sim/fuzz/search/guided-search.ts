import type { Profile } from '../arbitrary/profiles.ts';
import type { FuzzOutcome } from '../outcome.ts';
import { defined } from '../../../protocol/assert.ts';
import { Dice } from '../dice.ts';
import { Random } from '../../random.ts';
import { ISLANDS, islandOf } from '../shard.ts';
import { Corpus } from './corpus.ts';
import { continued, varied } from './mutate.ts';
import { freshLot } from './random-search.ts';
import type { Lot, Search } from './search.ts';

/** Runs that learn from one another. */
export class GuidedSearch implements Search {
  readonly #islands: readonly Island[];
  readonly #indexes: Iterator<number, undefined>;
  /** Runs whose turn it would be, but that wait for others of their island; in the order of their numbers. */
  readonly #waiting: number[] = [];
  #next: number | undefined;

  constructor(profile: Profile, seed: string, indexes: Iterator<number, undefined>) {
    this.#islands = Array.from({ length: ISLANDS }, () => new Island(profile, seed));
    this.#indexes = indexes;
    this.#next = indexes.next().value;
  }

  get isOver(): boolean {
    return this.#next === undefined && this.#waiting.length === 0;
  }

  next(): Lot | undefined {
    const index = this.#fromWaiting() ?? this.#fromRest();
    return index === undefined ? undefined : this.#islandOf(index).next(index);
  }

  ended(outcome: FuzzOutcome): void {
    this.#islandOf(outcome.index).ended(outcome);
  }

  #fromWaiting(): number | undefined {
    const at = this.#waiting.findIndex((index) => this.#islandOf(index).isReady);
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  #fromRest(): number | undefined {
    for (let given = 0; given < ISLANDS && this.#next !== undefined; given++) {
      const index = this.#next;
      // A run of an island waits behind those of the same island that wait already.
      if (this.#waiting.length >= ISLANDS) return undefined;
      this.#next = this.#indexes.next().value;
      if (
        this.#islandOf(index).isReady &&
        !this.#waiting.some((other) => islandOf(other) === islandOf(index))
      )
        return index;
      this.#waiting.push(index);
    }
    return undefined;
  }

  #islandOf(index: number): Island {
    return defined(this.#islands[islandOf(index)], 'an island');
  }
}

/** Of 100 runs so many are drawn anew, and of the others so many go on from a situation. */
const FRESH = 0.35;
const CONTINUED = 0.75;

/** How many runs of an island may be under way: what a run is made of depends on those that were so many before it, and earlier. */
export const LAG = 4;

/**
 * Runs that learn from those before them, on an island of their own: the runs of other islands have no influence, so that islands can be shared out
 * among machines. Each run is a function of the campaign's seed, its number and what became of the runs at least LAG before it.
 */
export class Island {
  readonly #profile: Profile;
  readonly #seed: string;
  readonly #corpus = new Corpus();
  readonly #pending: { readonly lot: Lot; outcome?: FuzzOutcome }[] = [];

  constructor(profile: Profile, seed: string) {
    this.#profile = profile;
    this.#seed = seed;
  }

  get isReady(): boolean {
    return this.#pending.length < LAG || this.#pending[0]?.outcome !== undefined;
  }

  next(index: number): Lot {
    if (this.#pending.length >= LAG) this.#learn();
    const lot = this.#draw(index);
    this.#pending.push({ lot });
    return lot;
  }

  ended(outcome: FuzzOutcome): void {
    const run = this.#pending.find(({ lot }) => lot.index === outcome.index);
    defined(run, 'a run of this island').outcome = outcome;
  }

  #learn(): void {
    const { lot, outcome } = defined(this.#pending.shift(), 'a run');
    this.#corpus.add(lot, outcome?.situations ?? []);
  }

  #draw(index: number): Lot {
    const fresh = freshLot(this.#profile, this.#seed, index);
    const dice = new Dice(new Random(fresh.seed).stream('guided'));
    const find = dice.chance(FRESH) ? undefined : this.#corpus.choose(dice);
    if (find === undefined) return fresh;
    const change = dice.chance(CONTINUED) ? continued : varied;
    return { index, seed: find.seed, draft: change(find, this.#profile, dice, `${fresh.seed}/guided`) };
  }
}
