import type { EnsembleConfig } from '../../protocol/config.ts';
import type { Sid } from '../../protocol/ids.ts';

/**
 * Which sets of servers are a quorum: the checkers' own arithmetic (ZooKeeper's is in QuorumMaj and QuorumHierarchical).
 * Majority: more than half of the participants. With groups: a group counts when more than half of its weight is there, and
 * more than half of the groups must count; groups without weight are left out. Observers never count.
 */
export class Quorums {
  readonly voters: readonly Sid[];
  readonly #groups: readonly Group[] | undefined;

  constructor(config: EnsembleConfig) {
    this.voters = config.servers.filter((s) => s.learnerType === 'PARTICIPANT').map((s) => s.sid);
    this.#groups = config.groups === undefined ? undefined : weightedGroups(config, this.voters);
  }

  /** Whether the voters for which `has` is true are a quorum. */
  isQuorum(has: (sid: Sid) => boolean): boolean {
    return this.#groups === undefined ? this.#isMajority(has) : isMajorityOfGroups(this.#groups, has);
  }

  containsQuorum(sids: readonly Sid[]): boolean {
    return this.isQuorum((sid) => sids.includes(sid));
  }

  #isMajority(has: (sid: Sid) => boolean): boolean {
    let count = 0;
    for (const voter of this.voters) if (has(voter)) count++;
    return count * 2 > this.voters.length;
  }
}

interface Group {
  readonly members: readonly { readonly sid: Sid; readonly weight: number }[];
  readonly weight: number;
}

function weightedGroups(config: EnsembleConfig, voters: readonly Sid[]): Group[] {
  const groups: Group[] = [];
  for (const sids of config.groups?.values() ?? []) {
    const members = sids
      .filter((sid) => voters.includes(sid))
      .map((sid) => ({ sid, weight: config.weights?.get(sid) ?? 1 }));
    const weight = members.reduce((sum, member) => sum + member.weight, 0);
    if (weight > 0) groups.push({ members, weight });
  }
  return groups;
}

function isMajorityOfGroups(groups: readonly Group[], has: (sid: Sid) => boolean): boolean {
  let count = 0;
  for (const group of groups) {
    let weight = 0;
    for (const member of group.members) if (has(member.sid)) weight += member.weight;
    if (weight * 2 > group.weight) count++;
  }
  return count * 2 > groups.length;
}
