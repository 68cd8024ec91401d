import type { LearnerType } from '../../../protocol/packets.ts';
import type { ClientPlan } from '../../client-plan.ts';
import type { Target } from '../../fault-plan.ts';
import type { RunPlan } from '../../plan.ts';
import { strikingOne, withClients, withTimeline } from './cast.ts';
import { withActivity, withClient } from './edit.ts';
import { intervals } from './distributions.ts';
import { retellings, servers, threeServers } from './fewer-servers.ts';
import { minimizeList } from './minimize.ts';
import { limits, majority, world } from './quiet.ts';
import { duration, endings, repetitions, times, triggers, waits } from './times.ts';

/** Tries a smaller plan: true if it still fails, and then it is the plan from which the next attempt starts. */
export type Attempt = (smaller: RunPlan) => boolean;

/** One way to make a plan smaller. It looks at the plan anew after each attempt. */
export type Pass = (plan: () => RunPlan, attempt: Attempt) => void;

/** Who is there, what they do, what strikes them, and when; then what the world is like. */
export const PASSES: readonly Pass[] = [
  threeServers,
  majority,
  servers,
  clients,
  activities,
  operations,
  timelineEntries,
  drawnTargets,
  retellings,
  duration,
  waits,
  repetitions,
  endings,
  triggers,
  intervals,
  world,
  limits,
  settings,
];

/** For the eye only: what is round may be longer than what is shortest, so these come when nothing can be left out any more. */
export const POLISH: readonly Pass[] = [times];

function timelineEntries(plan: () => RunPlan, attempt: Attempt): void {
  minimizeList(plan().timeline, (timeline) => attempt(withTimeline(plan(), timeline)));
}

function clients(plan: () => RunPlan, attempt: Attempt): void {
  minimizeList(plan().clients, (left) => attempt(withClients(plan(), left)));
}

/** One server in the place of any: a draw among fewer servers would strike somebody else. */
function drawnTargets(plan: () => RunPlan, attempt: Attempt): void {
  for (const [index, { fault }] of plan().timeline.entries()) {
    const [target] = 'target' in fault ? fault.target : [];
    const type = target === undefined ? undefined : DRAWN_FROM.get(target.kind);
    for (const { sid, learnerType } of type === undefined ? [] : plan().ensemble.servers) {
      const named = learnerType === type ? strikingOne(plan(), index, { kind: 'server', sid }) : undefined;
      if (named !== undefined && attempt(named)) break;
    }
  }
}

/** Whom a target is drawn from. */
const DRAWN_FROM: ReadonlyMap<Target['kind'], LearnerType> = new Map([
  ['anyServer', 'PARTICIPANT'],
  ['anyFollower', 'PARTICIPANT'],
  ['anyObserver', 'OBSERVER'],
]);

function activities(plan: () => RunPlan, attempt: Attempt): void {
  for (const [index, client] of plan().clients.entries())
    minimizeList(client.activities, (left) => attempt(withClient(plan(), index, { activities: left })));
}

/** A multi of fewer operations. */
function operations(plan: () => RunPlan, attempt: Attempt): void {
  for (const [at, { activities }] of plan().clients.entries())
    for (const [index, { operation }] of activities.entries())
      if (operation.op === 'multi')
        minimizeList(
          operation.ops,
          (ops) =>
            ops.length > 0 &&
            attempt(withActivity(plan(), at, index, (one) => ({ ...one, operation: { ...operation, ops } }))),
        );
}

/** What is nothing out of the ordinary about a client need not be said. */
function settings(plan: () => RunPlan, attempt: Attempt): void {
  const all = plan().ensemble.servers.map(({ sid }) => sid);
  const usual: readonly Partial<ClientPlan>[] = [{ startMs: 0 }, { reads: 'local' }, { servers: all }];
  for (const [index, client] of plan().clients.entries())
    for (const change of usual)
      if (Object.entries(change).some(([key, value]) => isOther(client[key as keyof ClientPlan], value)))
        attempt(withClient(plan(), index, change));
}

const isOther = (is: unknown, usual: unknown): boolean => JSON.stringify(is) !== JSON.stringify(usual);
