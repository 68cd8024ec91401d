import { defined } from '../../../protocol/assert.ts';
import { profileOf, QUESTS } from '../../fuzz/detection/quests.ts';
import type { Detection } from '../../fuzz/detection/results.ts';
import type { StrategyName } from '../../fuzz/search/strategies.ts';
import { firstFailure } from './first-failure.ts';

/** One campaign that looks for one defect. */
export interface Task {
  readonly issue: string;
  readonly promise: string;
  readonly strategy: StrategyName;
  /** The base seed. */
  readonly base: number;
  readonly cap: number;
}

/** How many runs the campaign takes. */
export function detect({ issue, promise, strategy, base, cap }: Task): Detection {
  const quest = QUESTS.find((one) => one.issue === issue);
  const profile = profileOf(defined(quest, issue));
  const found = firstFailure({ strategy, profile, seed: String(base), runs: cap, release: issue, promise });
  return found?.runs ?? { atLeast: cap };
}
