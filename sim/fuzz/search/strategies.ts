import type { Profile } from '../arbitrary/profiles.ts';
import { GuidedSearch } from './guided-search.ts';
import { RandomSearch } from './random-search.ts';
import type { Search } from './search.ts';

/** How a campaign chooses its runs, by name. */
export const STRATEGIES = ['random', 'guided', 'priorities'] as const;
export type StrategyName = (typeof STRATEGIES)[number];
export const DEFAULT_STRATEGY: StrategyName = 'random';

export interface SearchPlan {
  readonly strategy: StrategyName;
  readonly profile: Profile;
  readonly seed: string;
  /** The numbers of the runs, ascending. */
  readonly indexes: () => Iterator<number, undefined>;
}

export function createSearch({ strategy, profile, seed, indexes }: SearchPlan): Search {
  switch (strategy) {
    case 'random':
      return new RandomSearch(profile, seed, indexes());
    case 'guided':
      return new GuidedSearch(profile, seed, indexes());
    case 'priorities':
      return new RandomSearch({ ...profile, priorities: 100 }, seed, indexes());
  }
}
