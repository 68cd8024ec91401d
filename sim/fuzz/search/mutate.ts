import type { ActionDraft, WhenDraft } from '../arbitrary/actions.ts';
import { actions } from '../arbitrary/actions.ts';
import { isFollowUp, timeOf } from '../arbitrary/timeline.ts';
import type { Draft } from '../arbitrary/draft.ts';
import type { Profile } from '../arbitrary/profiles.ts';
import type { Dice } from '../dice.ts';
import { drawn } from '../fuzz-plan.ts';
import type { Find } from './corpus.ts';

const MICROSECOND = 0.001;
const MOST_AT_ONCE = 4;
/** Within so long after a moment of interest something new strikes, ms. */
const SOON_MS = 2000;

/**
 * The same run up to the moment at which it came into its situation, for every draw of it has an address; from there on other faults, mostly at once.
 * In this way one can get to what takes several rare steps one step at a time.
 */
export function continued({ draft, atMs }: Find, profile: Profile, dice: Dice, seed: string): Draft {
  const past = untilMoment(draft, atMs);
  const fresh = drawn(actions(profile), seed);
  const next = fresh.slice(0, dice.int(1, MOST_AT_ONCE)).map((action) => soon(action, atMs, dice));
  const later = fresh.slice(next.length).filter(({ when }) => isLater(when, atMs, draft.durationMs));
  return { ...draft, actions: [...past, ...next, ...later] };
}

/** The same run with one thing changed: an action left out, drawn anew, or struck at another time. */
export function varied({ draft }: Find, profile: Profile, dice: Dice, seed: string): Draft {
  const { length } = draft.actions;
  const fresh = drawn(actions(profile), seed).slice(0, 1);
  if (length === 0) return { ...draft, actions: fresh };
  const at = dice.int(0, length - 1);
  const others = dice.oneOf([() => [], () => fresh, () => redrawn(draft.actions[at], dice)])();
  return { ...draft, actions: draft.actions.toSpliced(at, 1, ...others) };
}

/**
 * The list up to the last action that may have struck by then. What is left out comes after all of these in the list: how one of them strikes
 * may depend on those above it, and when it ends on the one below.
 */
function untilMoment({ actions, durationMs }: Draft, atMs: number): readonly ActionDraft[] {
  let [wasPast, end] = [true, 0];
  for (const [index, { when, length, kind }] of actions.entries()) {
    const hangs = when.kind === 'together' || (when.kind === 'when' && isFollowUp(when.details));
    if (!hangs) wasPast = !isLater(when, atMs, durationMs);
    const mayEndWithNext = length.kind === 'next' || kind === 'overthrow';
    if (wasPast) end = index + (mayEndWithNext ? 2 : 1);
  }
  return actions.slice(0, end);
}

function isLater(when: WhenDraft, atMs: number, durationMs: number): boolean {
  if (when.kind === 'at') return timeOf(when.share, durationMs) > atMs;
  return 'atMs' in when && when.atMs > atMs;
}

function soon(action: ActionDraft, atMs: number, dice: Dice): ActionDraft {
  const when = dice.weighted<() => WhenDraft>([
    // Just behind it: what is scheduled for the moment itself comes before all that happens at it.
    [4, () => ({ kind: 'moment', atMs: atMs + MICROSECOND })],
    [2, () => ({ kind: 'moment', atMs: atMs + dice.ms(1, SOON_MS) })],
    [5, () => ({ kind: 'next', atMs, details: dice.int(0, 2 ** 31 - 1) })],
  ])();
  return { ...action, when };
}

/** Whom it strikes, when, or for how long: by other draws. */
function redrawn(action: ActionDraft | undefined, dice: Dice): readonly ActionDraft[] {
  if (action === undefined) return [];
  const details = dice.int(0, 2 ** 31 - 1);
  return dice.oneOf<readonly ActionDraft[]>([
    [{ ...action, details }],
    [{ ...action, when: { kind: 'when', details } }],
    [{ ...action, length: { kind: 'scale', share: dice.int(0, 100) } }],
  ]);
}
