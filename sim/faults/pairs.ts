import type { Party } from '../party.ts';

/** A directed link by its ends: from, to. */
export type Pair = readonly [from: Party, to: Party];

/** The members of two sides; the links go both ways unless the fault says otherwise. */
export type Sides = readonly [left: readonly Party[], right: readonly Party[]];

export const pairsFrom = (senders: readonly Party[], receivers: readonly Party[]): readonly Pair[] =>
  senders.flatMap((from) => receivers.filter((to) => to !== from).map((to) => [from, to] as const));

export const pairsBetween = ([left, right]: Sides, oneWay = false): readonly Pair[] =>
  oneWay ? pairsFrom(left, right) : [...pairsFrom(left, right), ...pairsFrom(right, left)];

/** Every link between members of different groups; `oneWay`: from the first group only. */
export const pairsAcross = (groups: readonly (readonly Party[])[], oneWay = false): readonly Pair[] =>
  groups.flatMap((from, i) =>
    oneWay && i > 0 ? [] : groups.flatMap((to, j) => (i === j ? [] : pairsFrom(from, to))),
  );

/** The links by which a member of the ring would hear a server that is not next to it. */
export function pairsOffRing(ring: readonly Party[], servers: readonly Party[]): readonly Pair[] {
  return ring.flatMap((to, i) => {
    const neighbours = [ring.at(i - 1), ring[(i + 1) % ring.length]];
    return pairsFrom(
      servers.filter((from) => !neighbours.includes(from)),
      [to],
    );
  });
}
