import fc from 'fast-check';
import { details, weighted } from './choices.ts';
import { diceOf } from './dice-of.ts';
import type { ActionKind, Profile } from './profiles.ts';

/** One timed action. Whom it strikes and how is drawn from `details` and means a role, so that it makes sense in any smaller run. */
export interface ActionDraft {
  readonly kind: ActionKind;
  readonly when: WhenDraft;
  readonly length: LengthDraft;
  readonly details: number;
}

export type WhenDraft =
  /** This share of the story, in thousandths. */
  | { readonly kind: 'at'; readonly share: number }
  /** At the moment of the action before it in the list. */
  | { readonly kind: 'together' }
  /** When a phase changes. */
  | { readonly kind: 'when'; readonly details: number }
  /** At a moment that another run has shown to be of interest. */
  | { readonly kind: 'moment'; readonly atMs: number }
  /** When a phase changes after such a moment. */
  | { readonly kind: 'next'; readonly atMs: number; readonly details: number }
  | { readonly kind: 'every'; readonly details: number };

/** Limits of ZooKeeper: what is over just before one is another story than what is over just after it. */
export const LIMITS = ['tick', 'syncLimit', 'initLimit', 'session'] as const;

/** How long what lasts may last. */
export type LengthDraft =
  /** On a scale from very short, 0, to the longest that the fault may last, 100. */
  | { readonly kind: 'scale'; readonly share: number }
  | { readonly kind: 'limit'; readonly limit: (typeof LIMITS)[number]; readonly plusMs: -1 | 0 | 1 }
  | { readonly kind: 'untilEvent'; readonly details: number }
  /** Until the action after it in the list strikes. */
  | { readonly kind: 'next' }
  | { readonly kind: 'story' };

const when: fc.Arbitrary<WhenDraft> = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 999 }).map((share) => ({ kind: 'at', share }) as const) },
  { weight: 12, arbitrary: details.map((details) => ({ kind: 'when', details }) as const) },
  { weight: 4, arbitrary: fc.constant({ kind: 'together' } as const) },
  { weight: 1, arbitrary: details.map((details) => ({ kind: 'every', details }) as const) },
);

const length: fc.Arbitrary<LengthDraft> = fc.oneof(
  { weight: 10, arbitrary: fc.nat({ max: 100 }).map((share) => ({ kind: 'scale', share }) as const) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...LIMITS), fc.constantFrom(0 as const, 1 as const, -1 as const))
      .map(([limit, plusMs]) => ({ kind: 'limit', limit, plusMs }) as const),
  },
  { weight: 8, arbitrary: details.map((details) => ({ kind: 'untilEvent', details }) as const) },
  { weight: 4, arbitrary: fc.constant({ kind: 'next' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'story' } as const) },
);

/**
 * A flat list, as only that shrinks well, of a few kinds each time. Which kinds a run has is settled before, and never shrinks: it is not
 * part of the run.
 */
export const actions = (profile: Profile): fc.Arbitrary<readonly ActionDraft[]> =>
  fc.tuple(weighted(profile.kinds), details).chain(([count, seed]) => {
    const kinds = paletteOf(profile, count, seed);
    return fc.noBias(fc.array(action(kinds), { maxLength: profile.actions, size: 'max' }));
  });

const action = (kinds: readonly (readonly [weight: number, kind: ActionKind])[]): fc.Arbitrary<ActionDraft> =>
  fc.record({ kind: weighted(kinds), when, length, details }, { noNullPrototype: true });

/** So many draws of a kind, each by its weight, a kind that is drawn twice counting twice; and one of the core, as often as all of them. */
function paletteOf(
  profile: Profile,
  count: number,
  seed: number,
): readonly (readonly [number, ActionKind])[] {
  const dice = diceOf('kinds', seed);
  const one = (weights: Profile['weights']): ActionKind =>
    dice.weighted(Object.entries(weights).map(([kind, weight]) => [weight, kind as ActionKind] as const));
  const core = [count, one(profile.core)] as const;
  return [core, ...Array.from({ length: count }, () => [1, one(profile.weights)] as const)];
}
