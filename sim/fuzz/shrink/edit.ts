import type { Activity, ClientPlan } from '../../client-plan.ts';
import type { TimelineEntry } from '../../fault-plan.ts';
import type { RunPlan } from '../../plan.ts';
import { withTimeline } from './cast.ts';

/** A plan with one thing changed. */

export const withEntry = (plan: RunPlan, index: number, change: Partial<TimelineEntry>): RunPlan =>
  withTimeline(
    plan,
    replaced(plan.timeline, index, (entry) => ({ ...entry, ...change })),
  );

export const withClient = (plan: RunPlan, index: number, change: Partial<ClientPlan>): RunPlan => ({
  ...plan,
  clients: replaced(plan.clients, index, (client) => ({ ...client, ...change })),
});

/** The `index`-th activity of the `at`-th client. */
export const withActivity = (
  plan: RunPlan,
  at: number,
  index: number,
  change: (activity: Activity) => Activity,
): RunPlan => ({
  ...plan,
  clients: replaced(plan.clients, at, (client) => ({
    ...client,
    activities: replaced(client.activities, index, change),
  })),
});

const replaced = <T>(items: readonly T[], index: number, change: (item: T) => T): readonly T[] =>
  items.map((item, at) => (at === index ? change(item) : item));
