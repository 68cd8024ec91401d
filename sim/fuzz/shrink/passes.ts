import type { LearnerType } from '../../../protocol/packets.ts';
import type { ClientPlan, RunPlan, Target } from '../../plan.ts';
import { strikingOne, withClients, withServers, withTimeline } from './cast.ts';
import { withClient } from './edit.ts';
import { minimizeList } from './minimize.ts';
import { limits, majority, withoutGroups, world } from './quiet.ts';
import { duration, endings, repetitions, times, triggers, waits } from './times.ts';

/** Tries a smaller plan: true if it still fails, and then it is the plan from which the next attempt starts. */
export type Attempt = (smaller: RunPlan) => boolean;

/** One way to make a plan smaller. It looks at the plan anew after each attempt. */
export type Pass = (plan: () => RunPlan, attempt: Attempt) => void;

/** In the order in which they make later ones cheap: what takes most of a run goes first. */
export const PASSES: readonly Pass[] = [
  timelineEntries,
  clients,
  drawnTargets,
  threeServers,
  majority,
  servers,
  activities,
  world,
  limits,
  duration,
  waits,
  repetitions,
  endings,
  triggers,
  settings,
  times,
];

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

/** Any three that vote, with a plain majority: what needs luck gets many tries with little. */
function threeServers(plan: () => RunPlan, attempt: Attempt): void {
  const { servers: all } = plan().ensemble;
  const voters = all.filter(({ learnerType }) => learnerType === 'PARTICIPANT');
  if (all.length <= 3) return;
  for (const [first, one] of voters.entries())
    for (const [second, other] of voters.slice(first + 1).entries())
      for (const third of voters.slice(first + second + 2)) {
        const smaller = withServers(withoutGroups(plan()), [one, other, third]);
        if (smaller !== undefined && attempt(smaller)) return;
      }
}

/** One or a few in a row, and then any two: a quorum often stays what it is only without two of them. */
function servers(plan: () => RunPlan, attempt: Attempt): void {
  const leaving = (left: RunPlan['ensemble']['servers']): boolean => {
    const smaller = withServers(plan(), left);
    return smaller !== undefined && attempt(smaller);
  };
  minimizeList(plan().ensemble.servers, leaving);
  for (const first of plan().ensemble.servers)
    for (const second of plan().ensemble.servers) {
      const left = plan().ensemble.servers.filter((one) => one !== first && one !== second);
      if (first.sid < second.sid && left.length === plan().ensemble.servers.length - 2) leaving(left);
    }
}

function activities(plan: () => RunPlan, attempt: Attempt): void {
  for (const [index, client] of plan().clients.entries())
    minimizeList(client.activities, (left) => attempt(withClient(plan(), index, { activities: left })));
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
