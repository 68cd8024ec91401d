import fc from 'fast-check';
import type { MixName } from '../swarm/workload.ts';
import { actions, type ActionDraft } from './actions.ts';
import { details, sometimes, weighted } from './choices.ts';
import type { Profile } from './profiles.ts';

/**
 * What a fuzzed run is, before names and limits are worked out: independent parts, none of which is drawn from another, so that each can
 * shrink alone. Numbers called details are names of streams from which the rest of a part is drawn.
 */
export interface Draft {
  readonly seed: number;
  readonly participants: number;
  readonly observers: number;
  /** Undefined: every participant has one vote. */
  readonly groups: number | undefined;
  /** Undefined: ZooKeeper's own. */
  readonly limits: number | undefined;
  /** Undefined: a quiet data centre. */
  readonly world: number | undefined;
  readonly durationMs: number;
  readonly clients: readonly ClientDraft[];
  readonly actions: readonly ActionDraft[];
}

export interface ClientDraft {
  readonly mix: MixName;
  readonly requests: number;
  readonly details: number;
}

export function drafts(profile: Profile): fc.Arbitrary<Draft> {
  const [fewest, most] = profile.requests;
  const [shortest, longest] = profile.seconds;
  const client = record({
    mix: fc.constantFrom(...profile.mixes),
    requests: fc.integer({ min: fewest, max: most }),
    details,
  });
  return record({
    seed: details,
    participants: weighted(profile.participants),
    observers: weighted(profile.observers),
    groups: sometimes(profile.grouped),
    limits: sometimes(profile.drawnLimits),
    world: sometimes(profile.drawnWorld),
    durationMs: fc.noBias(fc.integer({ min: shortest * 1000, max: longest * 1000 })),
    clients: fc.array(client, { minLength: 1, maxLength: profile.clients, size: 'max' }),
    actions: actions(profile),
  });
}

const record = <T extends object>(parts: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(parts, { noNullPrototype: true }) as fc.Arbitrary<T>;
