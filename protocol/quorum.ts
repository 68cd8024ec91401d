/**
 * Quorum verifiers (quorum/flexible: QuorumMaj, QuorumHierarchical) and the tracker that counts acknowledgements
 * (SyncedLearnerTracker). Pure arithmetic over sids.
 */
import type { EnsembleConfig } from './config.ts';
import type { Sid } from './ids.ts';

export interface QuorumVerifier {
  /** Servers that vote. */
  readonly votingMembers: ReadonlySet<Sid>;
  /** A server of weight 0 never becomes leader. */
  weightOf(sid: Sid): number;
  containsQuorum(acks: ReadonlySet<Sid>): boolean;
}

/** More than half of the voters. */
export class QuorumMaj implements QuorumVerifier {
  readonly votingMembers: ReadonlySet<Sid>;
  readonly #half: number;

  constructor(votingMembers: ReadonlySet<Sid>) {
    this.votingMembers = votingMembers;
    this.#half = Math.floor(votingMembers.size / 2);
  }

  /** QuorumMaj.getWeight: 1 for anyone. */
  weightOf(): number {
    return 1;
  }

  containsQuorum(acks: ReadonlySet<Sid>): boolean {
    let voters = 0;
    for (const sid of acks) if (this.votingMembers.has(sid)) voters++;
    return voters > this.#half;
  }
}

/** A majority of the groups, each by a majority of its weight. Groups of weight 0 don't count. */
export class QuorumHierarchical implements QuorumVerifier {
  readonly votingMembers: ReadonlySet<Sid>;
  readonly #groups: readonly Group[];
  readonly #weights: ReadonlyMap<Sid, number>;

  constructor(groups: ReadonlyMap<number, readonly Sid[]>, weights: ReadonlyMap<Sid, number>) {
    this.votingMembers = new Set([...groups.values()].flat());
    this.#weights = weights;
    this.#groups = [...groups.values()]
      .map((members) => ({ members, weight: sum(members, (sid) => this.weightOf(sid)) }))
      .filter((group) => group.weight > 0);
  }

  weightOf(sid: Sid): number {
    return this.#weights.get(sid) ?? 1;
  }

  containsQuorum(acks: ReadonlySet<Sid>): boolean {
    const won = this.#groups.filter((group) => this.#isWon(group, acks)).length;
    return won > Math.floor(this.#groups.length / 2);
  }

  #isWon(group: Group, acks: ReadonlySet<Sid>): boolean {
    const acked = sum(group.members, (sid) => (acks.has(sid) ? this.weightOf(sid) : 0));
    return acked > Math.floor(group.weight / 2);
  }
}

interface Group {
  readonly members: readonly Sid[];
  readonly weight: number;
}

const sum = (sids: readonly Sid[], value: (sid: Sid) => number): number =>
  sids.reduce((total, sid) => total + value(sid), 0);

/** Observers vote in no verifier. */
export function createVerifier(config: EnsembleConfig): QuorumVerifier {
  if (config.groups !== undefined) return new QuorumHierarchical(config.groups, config.weights ?? new Map());
  const participants = config.servers.filter((server) => server.learnerType === 'PARTICIPANT');
  return new QuorumMaj(new Set(participants.map((server) => server.sid)));
}

/** Acknowledgements of one thing. Whoever does not vote is not counted (SyncedLearnerTracker.addAck). */
export class AckTracker {
  readonly #verifier: QuorumVerifier;
  readonly #acks = new Set<Sid>();

  constructor(verifier: QuorumVerifier) {
    this.#verifier = verifier;
  }

  get acks(): ReadonlySet<Sid> {
    return this.#acks;
  }

  add(sid: Sid): void {
    if (this.#verifier.votingMembers.has(sid)) this.#acks.add(sid);
  }

  remove(sid: Sid): void {
    this.#acks.delete(sid);
  }

  get hasQuorum(): boolean {
    return this.#verifier.containsQuorum(this.#acks);
  }
}
