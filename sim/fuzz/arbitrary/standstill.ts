import type { Fault, Target, Trigger } from '../../plan.ts';
import type { Dice } from '../dice.ts';
import type { Step } from './step.ts';

/** What a standstill is drawn from. */
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
 * Nothing gets done for a while, and meanwhile a client loses its connection, its session or its process, once or more: sessions are at their
 * most interesting between what was proposed and what is committed.
 */
export function standstill(scene: Scene, trigger: Trigger): readonly Step[] {
  const { dice, tickTime, clients } = scene;
  const lastsMs = tickTime * dice.oneOf(TICKS);
  const client: readonly Target[] = [{ kind: 'client', name: dice.oneOf(clients) }];
  const [first, ...others] = obstacles(scene, lastsMs);
  const losses = Array.from({ length: dice.int(1, 3) }, () => ({
    trigger: after(dice.oneOf([0, 0, 1, 20, tickTime / 2, tickTime, 2 * tickTime])),
    fault: lossOf(dice, client),
    ending: undefined,
  }));
  return [{ trigger, ...first }, ...others.map((other) => ({ trigger: after(0), ...other })), ...losses];
}

const after = (delayMs: number): Trigger => ({ kind: 'then', delayMs });

type Obstacle = Pick<Step, 'fault' | 'ending'>;

/** What keeps the ensemble from getting on. */
function obstacles({ dice, tickTime, hero }: Scene, ms: number): readonly [Obstacle, ...Obstacle[]] {
  const lasting = (fault: Fault, part = 1): Obstacle => ({
    fault,
    ending: { kind: 'for', ms: Math.ceil(ms * part) },
  });
  const follower: readonly Target[] = [hero ?? { kind: 'anyFollower' }];
  const held = lasting({ kind: 'hold', between: [follower, LEADER], oneWay: dice.chance(0.4) });
  const disks = dice.oneOf(['followers', 'majority', 'allServers'] as const);
  return dice.weighted<readonly [Obstacle, ...Obstacle[]]>([
    [5, [lasting({ kind: 'stallDisk', target: [{ kind: disks }] })]],
    [2, [held]],
    // For a while clients can't but come to servers that can't do anything for them.
    [2, [held, lasting({ kind: 'refuse', target: LEADER, port: 'client' }, dice.oneOf([0.2, 0.5]))]],
    [1, [lasting({ kind: 'slowCpu', target: LEADER, stage: { kind: 'constant', ms: tickTime / 4 } })]],
  ]);
}

const lossOf = (dice: Dice, client: readonly Target[]): Fault =>
  dice.weighted<Fault>([
    [3, { kind: 'expire', target: client }],
    [3, { kind: 'disconnect', between: [client, EVERYBODY], told: dice.oneOf(['both', 'first'] as const) }],
    [
      2,
      {
        kind: 'crash',
        target: client,
        lose: 'none',
        silent: false,
        restartAfterMs: dice.oneOf([0, 10, 100]),
        after: undefined,
        forGood: false,
      },
    ],
  ]);
