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
  readonly limits: LimitsDraft | undefined;
  /** Undefined: a quiet data centre. */
  readonly world: number | undefined;
  /** Undefined: nothing goes before anything else. */
  readonly priorities: number | undefined;
  /** Undefined: nobody starts once more in the end. */
  readonly lastRestart: number | undefined;
  readonly durationMs: number;
  readonly clients: readonly ClientDraft[];
  readonly actions: readonly ActionDraft[];
}

export interface LimitsDraft {
  readonly ticks: readonly number[];
  readonly snapCounts: readonly number[];
  readonly maxSessionTicks: readonly number[];
  readonly lastZxids: number;
  readonly details: number;
}

export interface ClientDraft {
  readonly mix: MixName;
  readonly requests: number;
  /** Which request the first one counts as, where it is not the first. */
  readonly firstXid: number | undefined;
  readonly details: number;
}

export function drafts(profile: Profile): fc.Arbitrary<Draft> {
  const [fewest, most] = profile.requests;
  const [shortest, longest] = profile.seconds;
  const client = record({
    mix: fc.constantFrom(...profile.mixes),
    requests: fc.integer({ min: fewest, max: most }),
    firstXid: firstXid(profile),
    details,
  });
  return record({
    seed: details,
    participants: weighted(profile.participants),
    observers: weighted(profile.observers),
    groups: sometimes(profile.grouped),
    limits: limits(profile),
    world: sometimes(profile.drawnWorld),
    priorities: sometimes(profile.priorities),
    lastRestart: sometimes(profile.lastRestarts),
    durationMs: fc.noBias(fc.integer({ min: shortest * 1000, max: longest * 1000 })),
    clients: fc.array(client, { minLength: 1, maxLength: profile.clients, size: 'max' }),
    actions: actions(profile),
  });
}

const limits = ({
  drawnLimits,
  ticks,
  snapCounts,
  maxSessionTicks,
  lastZxids,
}: Profile): fc.Arbitrary<LimitsDraft | undefined> =>
  sometimes(drawnLimits).map((details) =>
    details === undefined ? undefined : { ticks, snapCounts, maxSessionTicks, lastZxids, details },
  );

/** The last ones before the numbers run out, as an int and as 32 bits without a sign. */
const firstXid = ({ lastXids }: Profile): fc.Arbitrary<number | undefined> =>
  sometimes(lastXids).map((details) =>
    details === undefined ? undefined : (details % 2 === 0 ? 2 ** 31 : 2 ** 32) - 1 - (details % MOST_LEFT),
  );
const MOST_LEFT = 12;

const record = <T extends object>(parts: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(parts, { noNullPrototype: true }) as fc.Arbitrary<T>;
