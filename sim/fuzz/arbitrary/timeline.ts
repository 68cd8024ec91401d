import type { ServerSpec } from '../../../protocol/config.ts';
import { exp, log } from '../../exact-math.ts';
import { faultText } from '../../faults/fault-text.ts';
import type { NameOf } from '../../plan-text/names.ts';
import type { ClientPlan, Ending, TimelineEntry, Trigger } from '../../plan.ts';
import {
  drawDroppedClient,
  drawFault,
  drawLossForGood,
  drawPowerCut,
  type Drawn,
  type Stage,
} from '../swarm/fault-kinds.ts';
import type { Limits } from '../swarm/limits.ts';
import { drawEvery, drawWhen } from '../swarm/timeline.ts';
import type { ActionDraft, LengthDraft, LIMITS, WhenDraft } from './actions.ts';
import type { Dice } from '../dice.ts';
import { diceOf } from './dice-of.ts';

/** What actions are worked out against. */
export interface Setting {
  readonly limits: Limits;
  readonly clients: readonly ClientPlan[];
  readonly durationMs: number;
  readonly observers: readonly ServerSpec[];
  /** Participants that may all be damaged for good. */
  readonly expendable: readonly ServerSpec[];
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
  const timeline: TimelineEntry[] = [];
  for (const action of actions) {
    const drawn = faultOf(action, setting);
    if (drawn === undefined) continue;
    const { fault, maxTicks } = drawn;
    const trigger = triggerOf(action.when, timeline.at(-1)?.trigger, setting);
    const ending = maxTicks === 0 ? undefined : endingOf(action.length, trigger, maxTicks, setting);
    timeline.push({ trigger, fault, ending, text: faultText(fault, ending, setting.nameOf), source: 'fuzz' });
  }
  return timeline;
}

function faultOf({ kind, details }: ActionDraft, setting: Setting): Drawn | undefined {
  const { limits, clients, observers, expendable } = setting;
  const stage: Stage = {
    dice: diceOf('fault', details),
    tickTime: limits.tickTime,
    clients: clients.map((client) => client.name),
    observers,
    expendable,
  };
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
  { durationMs, limits: { tickTime } }: Setting,
): Trigger {
  switch (when.kind) {
    case 'at':
      return { kind: 'at', atMs: timeOf(when.share, durationMs) };
    case 'together':
      return before ?? { kind: 'at', atMs: 0 };
    case 'every':
      return drawEvery(diceOf('when', when.details), tickTime, durationMs);
    case 'when':
      return followUp(when.details, before, { durationMs, tickTime });
    case 'moment':
      return { kind: 'at', atMs: when.atMs };
    case 'next':
      return { ...whenOf(diceOf('when', when.details), 1, tickTime), afterMs: when.atMs };
  }
}

/** A share of the story, in thousandths, as a time. */
export const timeOf = (share: number, durationMs: number): number => Math.floor((durationMs * share) / 1000);

/** Whether these details mean an event that the action before it in the list may have brought about: mostly. */
export const isFollowUp = (details: number): boolean => diceOf('follow-up', details).chance(0.75);

function followUp(
  details: number,
  before: Trigger | undefined,
  { durationMs, tickTime }: { readonly durationMs: number; readonly tickTime: number },
): Trigger {
  const dice = diceOf('when', details);
  const trigger = whenOf(dice, durationMs, tickTime);
  if (!isFollowUp(details) || before === undefined || before.kind === 'every') return trigger;
  return { ...trigger, afterMs: before.kind === 'at' ? before.atMs : before.afterMs };
}

function whenOf(dice: Dice, durationMs: number, tickTime: number): Extract<Trigger, { kind: 'when' }> {
  const delay = dice.oneOf(DELAYS);
  return {
    kind: 'when',
    ...drawWhen(dice, durationMs, COUNTS),
    delayMs: delay === 'tick' ? tickTime : delay,
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
      return { kind: 'untilEvent', ...drawWhen(diceOf('until', length.details), 1), afterMs: 0 };
    case 'story':
      return isShort ? { kind: 'for', ms: longestMs } : undefined;
  }
}

/** Short ones as likely as long ones: evenly over the logarithm. */
const onScale = (share: number, longestMs: number): number =>
  Math.round(SHORTEST_MS * exp((share / 100) * log(longestMs / SHORTEST_MS)));

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
