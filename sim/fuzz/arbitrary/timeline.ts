import type { ServerSpec } from '../../../protocol/config.ts';
import { exp, log } from '../../exact-math.ts';
import { asTimeline } from '../../faults/chain.ts';
import type { NameOf } from '../../plan-text/names.ts';
import type { ClientPlan } from '../../client-plan.ts';
import type { Ending, Target, TimelineEntry, Trigger } from '../../fault-plan.ts';
import {
  drawDroppedClient,
  drawFault,
  drawLossForGood,
  drawPowerCut,
  type Drawn,
  type Stage,
} from '../swarm/fault-kinds.ts';
import type { Limits } from '../swarm/limits.ts';
import { drawEvery, drawWhen, NEW_PHASES } from '../swarm/timeline.ts';
import type { ActionDraft, LengthDraft, LIMITS, WhenDraft } from './actions.ts';
import type { Dice } from '../dice.ts';
import { diceOf } from './dice-of.ts';
import { handover } from './handover.ts';
import { overthrow } from './overthrow.ts';
import type { ActionKind } from './profiles.ts';
import { standstill } from './standstill.ts';
import type { Step } from './step.ts';

/** What actions are worked out against. */
export interface Setting {
  readonly limits: Limits;
  readonly clients: readonly ClientPlan[];
  readonly durationMs: number;
  readonly observers: readonly ServerSpec[];
  /** Participants that may all be damaged for good. */
  readonly expendable: readonly ServerSpec[];
  /** Whom the story is about: many things happen to it. */
  readonly hero: Target | undefined;
  readonly nameOf: NameOf;
}

const SHORTEST_MS = 5;
/** A fault may last so many ticks by itself, at most. */
const LONGEST_TICKS = 15;
/** Mostly the next event of its kind. */
const COUNTS = [1, 1, 3, 10];
/** Between the moment at which a phase changes and the fault, ms; the tick stands for itself. */
const DELAYS = [0, 0, 0, 1, 20, 'tick'] as const;

/** An action that finds nobody here whom it may strike is left out. */
export function timelineOf(actions: readonly ActionDraft[], setting: Setting): readonly TimelineEntry[] {
  const steps: Step[] = [];
  for (const action of actions) steps.push(...stepsOf(action, steps.at(-1)?.trigger, setting));
  return asTimeline(
    steps.map((step) => ({ ...step, source: 'fuzz' })),
    setting.nameOf,
  );
}

function stepsOf(action: ActionDraft, before: Trigger | undefined, setting: Setting): readonly Step[] {
  const { kind, details } = action;
  const trigger = triggerOf(action.when, before, setting);
  if (kind === 'overthrow') return overthrow(diceOf('fault', details), trigger, setting.limits.tickTime);
  if (kind === 'handover') return handover(stageOf(details, setting), trigger);
  if (kind === 'standstill') return standstill(stageOf(details, setting), trigger);
  const drawn = faultOf(kind, details, setting);
  if (drawn === undefined) return [];
  const { fault, maxTicks } = drawn;
  const ending = maxTicks === 0 ? undefined : endingOf(action.length, trigger, maxTicks, setting);
  return [{ trigger, fault, ending }];
}

const stageOf = (details: number, setting: Setting): Stage & Pick<Setting, 'hero'> => ({
  dice: diceOf('fault', details),
  tickTime: setting.limits.tickTime,
  clients: setting.clients.map((client) => client.name),
  observers: setting.observers,
  expendable: setting.expendable,
  hero: setting.hero,
  isBrisk: true,
});

function faultOf(
  kind: Exclude<ActionKind, 'overthrow' | 'standstill' | 'handover'>,
  details: number,
  setting: Setting,
): Drawn | undefined {
  const stage = stageOf(details, setting);
  switch (kind) {
    case 'lossForGood':
      return drawLossForGood(stage);
    case 'powerCut':
      return drawPowerCut(stage);
    case 'dropClient':
      return drawDroppedClient(stage);
    default:
      return drawFault(kind, stage);
  }
}

function triggerOf(
  when: WhenDraft,
  before: Trigger | undefined,
  { durationMs, limits: { tickTime }, hero }: Setting,
): Trigger {
  switch (when.kind) {
    case 'at':
      return { kind: 'at', atMs: timeOf(when.share, durationMs) };
    case 'together':
      return before === undefined ? { kind: 'at', atMs: 0 } : { kind: 'then', delayMs: 0 };
    case 'every':
      return drawEvery(diceOf('when', when.details), tickTime, durationMs);
    case 'when':
      return followUp(when.details, before, { durationMs, tickTime, hero });
    case 'moment':
      return { kind: 'at', atMs: when.atMs };
    case 'next':
      return {
        ...whenOf(diceOf('when', when.details), { durationMs: 1, tickTime, hero }),
        afterMs: when.atMs,
      };
  }
}

/** A share of the story, in thousandths, as a time. */
export const timeOf = (share: number, durationMs: number): number => Math.floor((durationMs * share) / 1000);

/** Whether these details mean an event that the action before it in the list may have brought about: mostly. */
export const isFollowUp = (details: number): boolean => diceOf('follow-up', details).chance(0.75);

type Course = Pick<Setting, 'durationMs' | 'hero'> & { readonly tickTime: number };

/** After the action before it has struck, mostly. */
const CHAINED = 0.7;

function followUp(details: number, before: Trigger | undefined, course: Course): Trigger {
  const dice = diceOf('when', details);
  const trigger = whenOf(dice, course);
  if (!isFollowUp(details) || before === undefined || before.kind === 'every') return trigger;
  const fromMs = earliestOf(before);
  if (fromMs === undefined || dice.chance(CHAINED)) return { ...trigger, afterMs: 0, afterPrevious: true };
  return { ...trigger, afterMs: fromMs };
}

/** Undefined: only after something else. */
function earliestOf(trigger: Exclude<Trigger, { kind: 'every' }>): number | undefined {
  switch (trigger.kind) {
    case 'at':
      return trigger.atMs;
    case 'when':
      return trigger.afterPrevious ? undefined : trigger.afterMs;
    case 'then':
      return undefined;
  }
}

function whenOf(dice: Dice, { durationMs, tickTime, hero }: Course): Extract<Trigger, { kind: 'when' }> {
  const delay = dice.oneOf(DELAYS);
  return {
    kind: 'when',
    ...drawWhen(dice, durationMs, { counts: COUNTS, hero }),
    delayMs: delay === 'tick' ? tickTime : delay,
    afterPrevious: false,
  };
}

/** What comes again and again, or may not last long, ends by itself. */
function endingOf(
  length: LengthDraft,
  trigger: Trigger,
  maxTicks: number,
  setting: Setting,
): Ending | undefined {
  const longestMs = Math.min(maxTicks, LONGEST_TICKS) * setting.limits.tickTime;
  const isShort = maxTicks < LONGEST_TICKS || trigger.kind === 'every';
  switch (length.kind) {
    case 'scale':
      return { kind: 'for', ms: onScale(length.share, longestMs) };
    case 'limit':
      return { kind: 'for', ms: Math.min(limitMs(length.limit, setting) + length.plusMs, 4 * longestMs) };
    case 'untilEvent':
      if (isShort) return { kind: 'for', ms: SHORTEST_MS };
      return {
        kind: 'untilEvent',
        ...drawWhen(diceOf('until', length.details), 1, {
          moments: NEW_PHASES,
          counts: [1],
          hero: setting.hero,
        }),
        afterMs: 0,
      };
    case 'next':
      return isShort ? { kind: 'for', ms: longestMs } : { kind: 'untilNext' };
    case 'story':
      return isShort ? { kind: 'for', ms: longestMs } : undefined;
  }
}

/** Times of every magnitude, though more of the long ones than evenly over the logarithm: for others to get on takes a while. */
const onScale = (share: number, longestMs: number): number =>
  Math.round(SHORTEST_MS * exp(Math.sqrt(share / 100) * log(longestMs / SHORTEST_MS)));

function limitMs(limit: (typeof LIMITS)[number], { limits, clients }: Setting): number {
  const { tickTime, syncLimit, initLimit } = limits;
  switch (limit) {
    case 'tick':
      return tickTime;
    case 'syncLimit':
      return syncLimit * tickTime;
    case 'initLimit':
      return initLimit * tickTime;
    case 'session':
      return clients[0]?.sessionTimeoutMs ?? 2 * tickTime;
  }
}
