import { DEFAULT_CONFIG, type EnsembleConfig } from '../../../protocol/config.ts';
import { QUIET_DISKS, QUIET_NETWORK, QUIET_PROCESSES } from '../../plan-defaults.ts';
import type { Activity, ClientPlan, Repeat, RunPlan, TimelineEntry, Trigger } from '../../plan.ts';
import { withClients, withoutServer, withTimeline } from './cast.ts';
import { minimizeList, minimizeNumber, roundNumber } from './minimize.ts';

/** Tries a smaller plan: true if it still fails, and then it is the plan from which the next attempt starts. */
export type Attempt = (smaller: RunPlan) => boolean;

/** One way to make a plan smaller. It looks at the plan anew after each attempt. */
export type Pass = (plan: () => RunPlan, attempt: Attempt) => void;

/** In the order in which they make later ones cheap: what takes most of a run goes first. */
export const PASSES: readonly Pass[] = [
  timelineEntries,
  clients,
  servers,
  activities,
  world,
  limits,
  duration,
  repetitions,
  endings,
  times,
];

function timelineEntries(plan: () => RunPlan, attempt: Attempt): void {
  minimizeList(plan().timeline, (timeline) => attempt(withTimeline(plan(), timeline)));
}

function clients(plan: () => RunPlan, attempt: Attempt): void {
  minimizeList(plan().clients, (left) => attempt(withClients(plan(), left)));
}

function servers(plan: () => RunPlan, attempt: Attempt): void {
  for (const { sid } of plan().ensemble.servers.toReversed()) {
    const smaller = withoutServer(plan(), sid);
    if (smaller !== undefined) attempt(smaller);
  }
}

function activities(plan: () => RunPlan, attempt: Attempt): void {
  for (const [index, client] of plan().clients.entries()) {
    minimizeList(client.activities, (left) =>
      attempt(withClient(plan(), index, { ...client, activities: left })),
    );
  }
}

/** What makes the world less than quiet, one thing after the other. */
function world(plan: () => RunPlan, attempt: Attempt): void {
  const quieter: readonly Partial<RunPlan>[] = [
    { network: QUIET_NETWORK },
    { disks: QUIET_DISKS },
    { processes: QUIET_PROCESSES },
    { clocks: [] },
  ];
  for (const change of quieter) tryChange(plan, attempt, change);
}

function limits(plan: () => RunPlan, attempt: Attempt): void {
  const { ensemble } = plan();
  const { tickTime } = DEFAULT_CONFIG;
  const usual: EnsembleConfig = {
    ...ensemble,
    ...DEFAULT_CONFIG,
    minSessionTimeout: 2 * tickTime,
    maxSessionTimeout: 20 * tickTime,
    initialCounter: ensemble.initialCounter,
    servers: ensemble.servers,
  };
  tryChange(plan, attempt, { ensemble: usual });
}

function tryChange(plan: () => RunPlan, attempt: Attempt, change: Partial<RunPlan>): void {
  const smaller = { ...plan(), ...change };
  if (JSON.stringify(smaller) !== JSON.stringify(plan())) attempt(smaller);
}

/** The story ends as early as it can. What would come later goes with it. */
function duration(plan: () => RunPlan, attempt: Attempt): void {
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
  if (trigger.kind === 'at') return trigger.atMs;
  return trigger.kind === 'every' ? trigger.fromMs : trigger.afterMs;
};

const endingBy = <Moment extends Repeat | Trigger>(moment: Moment, durationMs: number): Moment =>
  'untilMs' in moment ? { ...moment, untilMs: Math.min(moment.untilMs, durationMs) } : moment;

/** Once instead of again and again, or at least fewer times. */
function repetitions(plan: () => RunPlan, attempt: Attempt): void {
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
function endings(plan: () => RunPlan, attempt: Attempt): void {
  for (const [index, { ending }] of plan().timeline.entries()) {
    if (ending !== undefined) attempt(withEntry(plan(), index, { ending: undefined }));
  }
}

/** Rounder times are easier to read. */
function times(plan: () => RunPlan, attempt: Attempt): void {
  const isInStory = (ms: number): boolean => ms < plan().durationMs;
  for (const [index, { trigger, ending }] of plan().timeline.entries()) {
    const change = (by: Partial<TimelineEntry>): boolean => attempt(withEntry(plan(), index, by));
    if (trigger.kind === 'at')
      roundNumber(trigger.atMs, (atMs) => isInStory(atMs) && change({ trigger: { ...trigger, atMs } }));
    if (ending?.kind === 'for')
      roundNumber(ending.ms, (ms) => ms > 0 && change({ ending: { ...ending, ms } }));
  }
  for (const [at, client] of plan().clients.entries())
    for (const [index, { startMs }] of client.activities.entries())
      roundNumber(
        startMs,
        (rounder) =>
          isInStory(rounder) &&
          attempt(withActivity(plan(), at, index, (activity) => ({ ...activity, startMs: rounder }))),
      );
}

// ------------------------------------------------------------------------------------- a plan with one thing changed

const withEntry = (plan: RunPlan, index: number, change: Partial<TimelineEntry>): RunPlan =>
  withTimeline(
    plan,
    plan.timeline.map((entry, at) => (at === index ? { ...entry, ...change } : entry)),
  );

const withClient = (plan: RunPlan, index: number, client: ClientPlan): RunPlan => ({
  ...plan,
  clients: plan.clients.map((other, at) => (at === index ? client : other)),
});

function withActivity(
  plan: RunPlan,
  at: number,
  index: number,
  change: (activity: Activity) => Activity,
): RunPlan {
  const clients = plan.clients.map((client, position) =>
    position === at
      ? {
          ...client,
          activities: client.activities.map((activity, place) =>
            place === index ? change(activity) : activity,
          ),
        }
      : client,
  );
  return { ...plan, clients };
}
