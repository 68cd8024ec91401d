import type { Activity, Repeat } from '../../client-plan.ts';
import type { Ending, TimelineEntry, Trigger } from '../../fault-plan.ts';
import type { RunPlan } from '../../plan.ts';
import { withClients, withTimeline } from './cast.ts';
import { withActivity, withClient, withEntry } from './edit.ts';
import { minimizeNumber, roundNumber } from './minimize.ts';
import type { Attempt } from './passes.ts';

/** The story ends as early as it can. What would come later goes with it. */
export function duration(plan: () => RunPlan, attempt: Attempt): void {
  minimizeNumber(plan().durationMs, 1_000, (durationMs) => attempt(until(plan(), durationMs)));
}

function until(plan: RunPlan, durationMs: number): RunPlan {
  const clients = plan.clients
    .filter(({ startMs }) => startMs < durationMs)
    .map((client) => ({
      ...client,
      activities: client.activities
        .filter(({ startMs }) => startMs < durationMs)
        .map((activity) => ({ ...activity, repeat: endingBy(activity.repeat, durationMs) })),
    }));
  const shorter = withClients({ ...plan, durationMs }, clients);
  const timeline = shorter.timeline
    .filter(({ trigger }) => beginsAt(trigger) < durationMs)
    .map((entry) => ({
      ...entry,
      trigger: endingBy(entry.trigger, durationMs),
      ending: entry.ending?.kind === 'until' && entry.ending.atMs >= durationMs ? undefined : entry.ending,
    }));
  return withTimeline(shorter, timeline);
}

const beginsAt = (trigger: Trigger): number => {
  switch (trigger.kind) {
    case 'at':
      return trigger.atMs;
    case 'every':
      return trigger.fromMs;
    case 'when':
      return trigger.afterMs;
    case 'then':
      return 0;
  }
};

const endingBy = <Moment extends Repeat | Trigger>(moment: Moment, durationMs: number): Moment =>
  'untilMs' in moment ? { ...moment, untilMs: Math.min(moment.untilMs, durationMs) } : moment;

/** Less time in which nothing happens: whatever comes after it moves to an earlier time together. */
export function waits(plan: () => RunPlan, attempt: Attempt): void {
  for (let index = 0; index < momentsOf(plan()).length; index++) {
    const [base, moments] = [plan(), momentsOf(plan())];
    const [before = 0, after = 0] = [moments[index - 1], moments[index]];
    minimizeNumber(after - before, 1, (wait) => {
      const byMs = after - before - wait;
      return attempt(moved(base, (ms) => (ms < after ? ms : ms - byMs)));
    });
  }
}

/** When something begins, and the end of the story, in order. */
export const momentsOf = ({ clients, timeline, durationMs }: RunPlan): readonly number[] =>
  [
    ...new Set([
      ...clients.flatMap(({ startMs, activities }) => [startMs, ...activities.map((one) => one.startMs)]),
      ...timeline.map(({ trigger }) => beginsAt(trigger)),
      durationMs,
    ]),
  ]
    .filter((ms) => ms > 0)
    .sort((a, b) => a - b);

/** The same at other times. What came later comes later still. */
export function moved(plan: RunPlan, move: (ms: number) => number): RunPlan {
  const lasting = <Moment extends Repeat | Trigger>(moment: Moment): Moment =>
    'untilMs' in moment ? { ...moment, untilMs: move(moment.untilMs) } : moment;
  const activity = (one: Activity): Activity => ({
    ...one,
    startMs: move(one.startMs),
    repeat: lasting(one.repeat),
  });
  const clients = plan.clients.map((client) => ({
    ...client,
    startMs: move(client.startMs),
    activities: client.activities.map(activity),
  }));
  const timeline = plan.timeline.map((entry) => ({
    ...entry,
    trigger: beginningAt(lasting(entry.trigger), move(beginsAt(entry.trigger))),
    ending: endingMoved(entry.ending, move),
  }));
  return withTimeline({ ...plan, clients, durationMs: move(plan.durationMs) }, timeline);
}

function beginningAt(trigger: Trigger, ms: number): Trigger {
  switch (trigger.kind) {
    case 'at':
      return { ...trigger, atMs: ms };
    case 'every':
      return { ...trigger, fromMs: ms };
    case 'when':
      return { ...trigger, afterMs: ms };
    case 'then':
      return trigger;
  }
}

function endingMoved(ending: Ending | undefined, move: (ms: number) => number): Ending | undefined {
  if (ending?.kind === 'until') return { ...ending, atMs: move(ending.atMs) };
  return ending?.kind === 'untilEvent' ? { ...ending, afterMs: move(ending.afterMs) } : ending;
}

/** Once instead of again and again, or at least fewer times. */
export function repetitions(plan: () => RunPlan, attempt: Attempt): void {
  for (const [at, client] of plan().clients.entries()) {
    for (const [index, { repeat }] of client.activities.entries()) {
      if (repeat.kind === 'once') continue;
      const limit = Math.min(repeat.times, 1_000);
      minimizeNumber(limit, 1, (times) =>
        attempt(withActivity(plan(), at, index, (activity) => asking(activity, times))),
      );
    }
  }
}

const asking = (activity: Activity, times: number): Activity => {
  if (activity.repeat.kind === 'once') return activity;
  return { ...activity, repeat: times === 1 ? { kind: 'once' } : { ...activity.repeat, times } };
};

/** A fault that lasts with the story instead of for a while. */
export function endings(plan: () => RunPlan, attempt: Attempt): void {
  for (const [index, { ending }] of plan().timeline.entries())
    if (ending !== undefined) attempt(withEntry(plan(), index, { ending: undefined }));
}

/** At once and the first time instead of later and the n-th; at a time instead of again and again. */
export function triggers(plan: () => RunPlan, attempt: Attempt): void {
  for (const [index, { trigger }] of plan().timeline.entries()) {
    const current = (): Trigger => plan().timeline[index]?.trigger ?? trigger;
    const tryTrigger = (smaller: Partial<Trigger>): boolean =>
      attempt(withEntry(plan(), index, { trigger: { ...current(), ...smaller } as Trigger }));
    if (trigger.kind === 'when') {
      minimizeNumber(trigger.count, 1, (count) => tryTrigger({ count }));
      if (trigger.afterPrevious) tryTrigger({ afterPrevious: false });
      if (trigger.delayMs > 0) tryTrigger({ delayMs: 0 });
    }
    if (trigger.kind === 'then' && trigger.delayMs > 0) tryTrigger({ delayMs: 0 });
    if (trigger.kind === 'every')
      minimizeNumber(Math.min(trigger.times, 1_000), 1, (times) => tryTrigger({ times }));
  }
}

/** Rounder times are easier to read. */
export function times(plan: () => RunPlan, attempt: Attempt): void {
  const { durationMs } = plan();
  roundNumber(durationMs, (ms) => ms >= durationMs && attempt({ ...plan(), durationMs: ms }));
  const isInStory = (ms: number): boolean => ms < plan().durationMs;
  for (const [index, { trigger, ending }] of plan().timeline.entries()) {
    const change = (by: Partial<TimelineEntry>): boolean => attempt(withEntry(plan(), index, by));
    roundNumber(beginsAt(trigger), (ms) => isInStory(ms) && change({ trigger: beginningAt(trigger, ms) }));
    if (ending?.kind === 'for')
      roundNumber(ending.ms, (ms) => ms > 0 && change({ ending: { ...ending, ms } }));
  }
  for (const [at, client] of plan().clients.entries()) {
    const earliest = Math.min(Infinity, ...client.activities.map(({ startMs }) => startMs));
    roundNumber(
      client.startMs,
      (startMs) => startMs <= earliest && isInStory(startMs) && attempt(withClient(plan(), at, { startMs })),
    );
    for (const [index, { startMs }] of client.activities.entries())
      roundNumber(
        startMs,
        (rounder) =>
          isInStory(rounder) &&
          rounder >= (plan().clients[at]?.startMs ?? 0) &&
          attempt(withActivity(plan(), at, index, (activity) => ({ ...activity, startMs: rounder }))),
      );
  }
}
