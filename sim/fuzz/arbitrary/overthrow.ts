import type { Ending, Fault, Target, Trigger } from '../../fault-plan.ts';
import type { Dice } from '../dice.ts';
import { after, until, type Step } from './step.ts';

const LEADER: readonly Target[] = [{ kind: 'leader' }];
const FOLLOWERS: readonly Target[] = [{ kind: 'followers' }];
const OTHERS: readonly Target[] = [{ kind: 'rest' }];
/** What is repeated can't wait for an event. */
const TICKS = 10;

/** The leader is gone, or so it seems to the others, until they have got on without it. Then it is back, with what it has done meanwhile. */
export function overthrow(dice: Dice, trigger: Trigger, tickTime: number): readonly Step[] {
  const ending: Ending =
    trigger.kind === 'every' ? { kind: 'for', ms: TICKS * tickTime } : untilTheyHaveGotOn(dice);
  const lasting = (fault: Fault): readonly Step[] => [{ trigger, fault, ending }];
  const partition = (oneWay: boolean): Fault => ({ kind: 'partition', groups: [LEADER, OTHERS], oneWay });
  return dice.weighted<() => readonly Step[]>([
    [4, () => lasting(partition(false))],
    [1, () => lasting(partition(true))],
    [3, () => [{ trigger, fault: HALF_OPEN, ending: undefined }, ...chained(lasting(partition(false)))]],
    [2, () => lasting({ kind: 'pause', target: LEADER })],
    [1, () => lasting({ kind: 'stallDisk', target: LEADER })],
    [1, () => lasting({ kind: 'clog', target: LEADER })],
  ])();
}

/** The followers notice at once, the leader only by its timeouts. */
const HALF_OPEN: Fault = { kind: 'disconnect', between: [FOLLOWERS, LEADER], told: 'first' };

const chained = (steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ({ ...step, trigger: after(0) }));

const untilTheyHaveGotOn = (dice: Dice): Ending =>
  dice.weighted<Ending>([
    [4, until('established')],
    [2, until('serving')],
    [3, until('committed')],
    [1, until('stoppedServing')],
    [2, { kind: 'untilNext' }],
  ]);
