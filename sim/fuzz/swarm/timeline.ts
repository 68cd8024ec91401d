import { faultText } from '../../faults/fault-text.ts';
import type { Ending, FaultKind, Target, TimelineEntry, Trigger, When } from '../../fault-plan.ts';
import type { TraceEventType } from '../../trace-events.ts';
import type { Dice } from '../dice.ts';
import { HEROIC, type Drawn, drawFault, drawLossForGood, type Stage, SWARM_KINDS } from './fault-kinds.ts';

export interface Story {
  readonly timeline: readonly TimelineEntry[];
  readonly text: string;
}

type Moments = readonly (readonly [weight: number, event: TraceEventType, packets?: readonly string[]])[];

/** Moments at which phases change and one more fault hurts most. */
const MOMENTS: Moments = [
  [2, 'elected'],
  [2, 'epochFixed'],
  [2, 'epochAcked'],
  [2, 'syncDecision'],
  [3, 'newLeaderSent'],
  [2, 'newLeaderAcked'],
  [3, 'established'],
  [3, 'serving'],
  [2, 'proposed'],
  [2, 'committed'],
  [1, 'applied'],
  [1, 'stoppedServing'],
  [1, 'snapshotStarted'],
  [1, 'snapshotTaken'],
  [1, 'snapshotInstalled'],
  [1, 'truncated'],
  [2, 'logFlushed'],
  [2, 'epochWritten'],
  [1, 'snapshotWritten'],
  [1, 'started'],
  [1, 'recovered'],
  [1, 'sessionMoved'],
  [1, 'sessionExpired'],
  [1, 'sessionAttached'],
  [1, 'fault'],
  [1, 'faultEnded'],
  [6, 'delivered', ['NEWLEADER', 'UPTODATE', 'ACKEPOCH', 'LEADERINFO', 'FOLLOWERINFO', 'notification']],
  [6, 'delivered', ['PROPOSAL', 'ACK', 'COMMIT', 'INFORM', 'DIFF', 'TRUNC', 'SNAP', 'REQUEST', 'REVALIDATE']],
];

/** Moments at which the others have got on without whom a fault keeps away. */
export const NEW_PHASES: Moments = [
  [1, 'elected'],
  [2, 'newLeaderAcked'],
  [4, 'established'],
  [4, 'serving'],
  [2, 'stoppedServing'],
  [1, 'crashed'],
  [1, 'sessionExpired'],
];

/** A fault that may last so long may last to the end. */
const LONG_TICKS = 30;

/** How many faults, of which kinds, when and for how long. Each run has a few kinds only: what all of them hide, some bring out. */
export function drawTimeline(
  stage: Stage,
  durationMs: number,
  nameOf: (sid: number) => string,
  isDoomed: boolean,
): Story {
  const { dice } = stage;
  const kinds = dice.some(SWARM_KINDS, dice.oneOf([0.08, 0.15, 0.3, 0.6]));
  const count = dice.weighted([
    [1, 0],
    [4, dice.int(1, 4)],
    [3, dice.int(4, 12)],
    [1, dice.int(12, 30)],
  ]);
  const drawn = Array.from({ length: kinds.length === 0 ? 0 : count }, () =>
    drawFault(dice.oneOf(kinds), stage),
  );
  const lost = Array.from({ length: isDoomed ? stage.expendable.length : dice.chance(0.05) ? 1 : 0 }, () =>
    drawLossForGood(stage),
  );
  const faults = [...drawn, ...lost].filter((fault) => fault !== undefined);
  const timeline = faults.map((fault) => toEntry(fault, stage, durationMs, nameOf));
  return { timeline, text: describe(timeline, isDoomed) };
}

function toEntry(
  { fault, maxTicks }: Drawn,
  stage: Stage,
  durationMs: number,
  nameOf: (sid: number) => string,
): TimelineEntry {
  const trigger = drawTrigger(stage, durationMs);
  const ending = maxTicks > 0 ? drawEnding(stage, trigger, durationMs, maxTicks) : undefined;
  return { trigger, fault, ending, text: faultText(fault, ending, nameOf), source: 'swarm' };
}

function drawTrigger({ dice, tickTime }: Stage, durationMs: number): Trigger {
  return dice.weighted<() => Trigger>([
    [5, () => ({ kind: 'at', atMs: dice.int(0, durationMs - 1) })],
    [
      4,
      () => ({
        kind: 'when',
        ...drawWhen(dice, durationMs),
        delayMs: dice.oneOf([0, 0, 0, 1, 20, tickTime]),
        afterPrevious: false,
      }),
    ],
    [1, () => drawEvery(dice, tickTime, durationMs)],
  ])();
}

/** Again and again, a few times. */
export function drawEvery(dice: Dice, tickTime: number, durationMs: number): Trigger {
  const fromMs = dice.int(0, Math.floor(durationMs / 2));
  const interval = { kind: 'exponential', minMs: tickTime, meanMs: dice.ms(tickTime, 6 * tickTime) } as const;
  return { kind: 'every', interval, fromMs, untilMs: durationMs, times: dice.int(2, 6) };
}

/** The n-th event of a kind at which phases change; n is drawn up to one of `counts`. */
export function drawWhen(
  dice: Dice,
  durationMs: number,
  {
    moments = MOMENTS,
    counts = [1, 3, 30],
    hero,
  }: {
    readonly moments?: Moments;
    readonly counts?: readonly number[];
    readonly hero?: Target | undefined;
  } = {},
): When {
  const [, event, packets] = dice.weighted(moments.map((moment) => [moment[0], moment] as const));
  const on = dice.weighted<Target | undefined>([
    [3, undefined],
    [1, { kind: 'leader' }],
    [1, { kind: 'lastStruck' }],
  ]);
  return {
    event,
    fields: packets === undefined ? {} : { packet: dice.oneOf(packets) },
    on: on?.kind === 'lastStruck' ? undefined : on,
    count: dice.int(1, dice.oneOf(counts)),
    afterMs: dice.int(0, Math.floor(durationMs * 0.8)),
    ...(hero !== undefined && dice.chance(HEROIC) && { on: hero }),
  };
}

/** What may last long ends by itself, at an event, at a time or with the story; what may not, only by itself. */
function drawEnding(
  { dice, tickTime }: Stage,
  trigger: Trigger,
  durationMs: number,
  maxTicks: number,
): Ending | undefined {
  const shortly: Ending = { kind: 'for', ms: dice.ms(10, maxTicks * tickTime) };
  if (trigger.kind === 'every' || maxTicks < LONG_TICKS) return shortly;
  return dice.weighted<() => Ending | undefined>([
    [12, () => shortly],
    [2, () => ({ kind: 'untilEvent', ...drawWhen(dice, 1), afterMs: 0 })],
    [1, () => untilTime(dice, trigger, durationMs)],
    [1, () => undefined],
  ])();
}

function untilTime(dice: Dice, trigger: Trigger, durationMs: number): Ending {
  const fromMs = trigger.kind === 'at' ? trigger.atMs : 0;
  return { kind: 'until', atMs: dice.int(fromMs + 1, durationMs + 1) };
}

function describe(timeline: readonly TimelineEntry[], isDoomed: boolean): string {
  const counts = new Map<FaultKind, number>();
  for (const { fault } of timeline) counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
  const kinds = [...counts].map(([kind, count]) => (count === 1 ? kind : `${count} × ${kind}`));
  const text = kinds.length === 0 ? 'none' : kinds.join(', ');
  return isDoomed ? `${text}; more is lost for good than a quorum can do without` : text;
}
