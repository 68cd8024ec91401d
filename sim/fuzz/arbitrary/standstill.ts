import type { Ending, Fault, Target, Trigger } from '../../fault-plan.ts';
import type { Dice } from '../dice.ts';
import { after, type Step } from './step.ts';

/** What a standstill or a handover is drawn from. */
export interface Scene {
  readonly dice: Dice;
  readonly tickTime: number;
  readonly clients: readonly string[];
  readonly hero: Target | undefined;
}

const LEADER: readonly Target[] = [{ kind: 'leader' }];
const EVERYBODY: readonly Target[] = [{ kind: 'allServers' }];
const TICKS = [1, 2, 4, 8, 15];

/**
 * Nothing gets done for a while, and meanwhile clients lose their connections, sessions or processes, once or more: sessions are at their most
 * interesting between what was proposed and what is committed.
 */
export function standstill(scene: Scene, trigger: Trigger): readonly Step[] {
  const { dice, tickTime, clients } = scene;
  const ending: Ending = { kind: 'for', ms: tickTime * dice.oneOf(TICKS) };
  const struck: Target = dice.chance(ONE_ALONE)
    ? { kind: 'client', name: dice.oneOf(clients) }
    : { kind: 'clients' };
  const obstacle = { trigger, fault: obstacleOf(scene), ending };
  const losses = Array.from({ length: dice.int(1, 3) }, () => ({
    trigger: after(dice.oneOf([0, 0, 1, 20, tickTime / 2, tickTime, 2 * tickTime])),
    fault: lossOf(dice, [struck]),
    ending: undefined,
  }));
  return [obstacle, ...losses];
}

/** Else all clients at once. */
const ONE_ALONE = 0.7;

/** What keeps the ensemble from getting on. */
function obstacleOf({ dice, tickTime, hero }: Scene): Fault {
  const follower: readonly Target[] = [hero ?? { kind: 'anyFollower' }];
  const disks = dice.oneOf(['followers', 'majority', 'allServers'] as const);
  return dice.weighted<Fault>([
    [5, { kind: 'stallDisk', target: [{ kind: disks }] }],
    [1, { kind: 'hold', between: [follower, LEADER], oneWay: dice.chance(0.4) }],
    [1, { kind: 'slowCpu', target: LEADER, stage: { kind: 'constant', ms: tickTime / 4 } }],
  ]);
}

const lossOf = (dice: Dice, struck: readonly Target[]): Fault =>
  dice.weighted<Fault>([
    [5, { kind: 'expire', target: struck }],
    [2, { kind: 'disconnect', between: [struck, EVERYBODY], told: dice.oneOf(['both', 'first'] as const) }],
    [4, restarting(dice, struck)],
  ]);

const restarting = (dice: Dice, target: readonly Target[]): Fault => ({
  kind: 'crash',
  target,
  lose: 'none',
  silent: false,
  restartAfterMs: dice.oneOf([0, 10, 100]),
  after: undefined,
  forGood: false,
});
