import type { Target } from '../fault-plan.ts';
import type { Flow } from './flow.ts';
import type { NameOf } from './names.ts';

export type Role = Exclude<Target['kind'], 'server' | 'client'>;

/** Roles, as scenario files write them. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  leader: 'leader',
  anyFollower: 'any follower',
  followers: 'followers',
  anyObserver: 'any observer',
  observers: 'observers',
  anyServer: 'any server',
  minority: 'minority',
  minorityWithLeader: 'minority with leader',
  majority: 'majority',
  allServers: 'all',
  anyClient: 'any client',
  clients: 'clients',
  lastStruck: 'last struck',
  rest: 'rest',
};

export function targetWord(target: Target, nameOf: NameOf): string {
  switch (target.kind) {
    case 'server':
      return nameOf(target.sid);
    case 'client':
      return target.name;
    default:
      return ROLE_WORDS[target.kind];
  }
}

/** One target bare, several as a list. */
export function targetWords(targets: readonly Target[], nameOf: NameOf): Flow {
  const words = targets.map((target) => targetWord(target, nameOf));
  return words.length === 1 ? (words[0] ?? []) : words;
}
