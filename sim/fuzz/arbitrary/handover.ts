import type { Ending, Fault, Target, Trigger } from '../../fault-plan.ts';
import type { Scene } from './standstill.ts';
import { after, until, type Step } from './step.ts';

const LEADER: readonly Target[] = [{ kind: 'leader' }];
const FOLLOWERS: readonly Target[] = [{ kind: 'followers' }];
const EVERYBODY: readonly Target[] = [{ kind: 'allServers' }];
const TICKS = [1, 2, 4];

/**
 * A client has to move, and comes to a server whose questions to the leader are slow to arrive: it gives up and finds another one. What the
 * first has asked for it arrives when it is the other's already.
 */
export function handover({ dice, tickTime, clients, hero }: Scene, trigger: Trigger): readonly Step[] {
  const client: Target = { kind: 'client', name: dice.oneOf(clients) };
  const slow = dice.chance(0.5) ? FOLLOWERS : [hero ?? ({ kind: 'anyFollower' } as const)];
  const hold: Fault = { kind: 'hold', between: [slow, LEADER], oneWay: dice.chance(0.4) };
  const forTicks: Ending = { kind: 'for', ms: tickTime * dice.oneOf(TICKS) };
  // What is repeated can't wait for an event.
  const waiting = (event: Ending): Ending => (trigger.kind === 'every' ? forTicks : event);
  const ending = dice.chance(0.7) ? waiting(connects(client)) : forTicks;
  const notTheLeader: Step = { trigger: after(0), fault: REFUSED, ending: waiting(tries(client)) };
  const drop: Fault = { kind: 'disconnect', between: [[client], EVERYBODY], told: 'both' };
  return [
    { trigger, fault: hold, ending },
    ...(dice.chance(0.5) ? [notTheLeader] : []),
    { trigger: after(dice.oneOf([0, 0, 1, 20, tickTime])), fault: drop, ending: undefined },
  ];
}

const REFUSED: Fault = { kind: 'refuse', target: LEADER, port: 'client' };

/** Another server has its session. */
const connects = (client: Target): Ending => until('keeperState', client, { state: 'SyncConnected' });

/** A server has accepted its connection. */
const tries = (client: Target): Ending => until('connected', client);
