import type { EnsembleConfig, ServerSpec } from '../../../protocol/config.ts';
import { type Sid, sid } from '../../../protocol/ids.ts';
import type { Dice } from '../dice.ts';

/** Who is there: 1 to 9 participants, mostly few, up to 4 observers, sometimes groups with weights. */
export interface Topology {
  readonly servers: readonly ServerSpec[];
  readonly quorums: Pick<EnsembleConfig, 'groups' | 'weights'>;
  readonly text: string;
}

const PARTICIPANTS = [
  [1, 1],
  [1, 2],
  [10, 3],
  [3, 4],
  [6, 5],
  [1, 6],
  [2, 7],
  [1, 8],
  [1, 9],
] as const;
const OBSERVERS = [
  [10, 0],
  [4, 1],
  [2, 2],
  [1, 3],
  [1, 4],
] as const;

export function drawTopology(
  dice: Dice,
  given: { readonly participants?: number; readonly observers?: number },
): Topology {
  const participants = given.participants ?? dice.weighted(PARTICIPANTS);
  const observers = given.observers ?? dice.weighted(OBSERVERS);
  const servers = Array.from({ length: participants + observers }, (_, i) => server(i + 1, i < participants));
  const isGrouped = participants >= 3 && dice.chance(0.12);
  const text = `${participants} participants, ${observers} observers`;
  if (!isGrouped) return { servers, quorums: {}, text };
  const quorums = drawGroups(dice, servers.slice(0, participants));
  return { servers, quorums, text: `${text}, ${quorums.groups.size} groups with weights` };
}

export const server = (n: number, votes: boolean): ServerSpec => ({
  sid: sid(n),
  host: `zk${n}`,
  quorumPort: 2888,
  electionPort: 3888,
  clientPort: 2181,
  learnerType: votes ? 'PARTICIPANT' : 'OBSERVER',
});

/** Every participant in one group; a weight of 0 only where the group keeps one with a vote. */
export function drawGroups(
  dice: Dice,
  participants: readonly ServerSpec[],
): { readonly groups: ReadonlyMap<number, readonly Sid[]>; readonly weights: ReadonlyMap<Sid, number> } {
  const count = dice.int(1, Math.min(3, participants.length));
  const groups = new Map<number, Sid[]>();
  const weights = new Map<Sid, number>();
  for (const [index, { sid }] of participants.entries()) {
    const group = 1 + (index % count);
    const isFirst = !groups.has(group);
    groups.set(group, [...(groups.get(group) ?? []), sid]);
    weights.set(sid, dice.int(isFirst ? 1 : 0, 3));
  }
  return { groups, weights };
}
