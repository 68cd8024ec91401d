import { asTimeline } from '../../faults/chain.ts';
import type { NameOf } from '../../plan-text/names.ts';
import type { Fault, Target, TimelineEntry } from '../../fault-plan.ts';
import type { Dice } from '../dice.ts';

/** From the end of the story, when all is healed, until everybody starts once more. */
export const SETTLING_MS = 2000;
const RESTART_MS = 100;
const EVERYBODY: readonly Target[] = [{ kind: 'allServers' }];

/** In the end everybody starts once more: what is wrong on a disk shows when it is read. */
export function lastRestart(durationMs: number, dice: Dice, nameOf: NameOf): readonly TimelineEntry[] {
  const silent = dice.chance(0.5);
  const crash: Fault = {
    kind: 'crash',
    target: EVERYBODY,
    lose: silent ? dice.oneOf(['some', 'all'] as const) : 'none',
    silent,
    restartAfterMs: RESTART_MS,
    after: undefined,
    forGood: false,
  };
  const at = (atMs: number, fault: Fault): Omit<TimelineEntry, 'text'> => ({
    trigger: { kind: 'at', atMs },
    fault,
    ending: undefined,
    source: 'fuzz',
  });
  const entries = [
    at(durationMs - 1, { kind: 'heal' }),
    at(durationMs - 1, { kind: 'restart', target: EVERYBODY }),
    at(durationMs + SETTLING_MS - 1, crash),
  ];
  return asTimeline(entries, nameOf);
}
