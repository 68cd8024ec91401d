import type { Profile } from '../arbitrary/profiles.ts';
import { drawDraft } from '../fuzz-plan.ts';
import type { Lot, Search } from './search.ts';

/** Every run is drawn anew, whatever became of the others. */
export class RandomSearch implements Search {
  readonly #draw: (index: number) => Lot;
  readonly #indexes: Iterator<number, undefined>;
  #next: number | undefined;

  constructor(profile: Profile, seed: string, indexes: Iterator<number, undefined>) {
    this.#draw = (index) => freshLot(profile, seed, index);
    this.#indexes = indexes;
    this.#next = indexes.next().value;
  }

  get isOver(): boolean {
    return this.#next === undefined;
  }

  next(): Lot | undefined {
    const index = this.#next;
    if (index === undefined) return undefined;
    this.#next = this.#indexes.next().value;
    return this.#draw(index);
  }

  ended(): void {
    // Nothing is learnt.
  }
}

/** What run `index` of a campaign is where nothing was learnt. */
export function freshLot(profile: Profile, campaign: string, index: number): Lot {
  const seed = seedOfRun(campaign, index);
  return { index, seed, draft: drawDraft(profile, seed) };
}

export const seedOfRun = (campaign: string, index: number): string => `${campaign}/${index}`;
