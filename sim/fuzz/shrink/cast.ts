import type { Sid } from '../../../protocol/ids.ts';
import { faultText } from '../../faults/fault-text.ts';
import { scenarioNames } from '../../plan-text/names.ts';
import type { ClientPlan, Ending, Fault, RunPlan, Target, TimelineEntry, Trigger } from '../../plan.ts';

/** Plans with fewer people in them: whoever is gone is struck by nothing any more. */

/** Undefined where it cannot be done without: it is the last participant, a client's only server, or one of a group. */
export function withoutServer(plan: RunPlan, sid: Sid): RunPlan | undefined {
  const { ensemble } = plan;
  const servers = ensemble.servers.filter((server) => server.sid !== sid);
  const clients = plan.clients.map((client) => ({
    ...client,
    servers: client.servers.filter((other) => other !== sid),
  }));
  const isMeaningless =
    ensemble.groups !== undefined ||
    !servers.some(({ learnerType }) => learnerType === 'PARTICIPANT') ||
    clients.some((client) => client.servers.length === 0);
  if (isMeaningless) return undefined;
  return withTimeline(
    {
      ...plan,
      ensemble: { ...ensemble, servers },
      clients,
      clocks: plan.clocks.filter((clock) => clock.sid !== sid),
      ...(plan.serverReleases !== undefined && {
        serverReleases: plan.serverReleases.filter((server) => server.sid !== sid),
      }),
    },
    without(plan.timeline, (target) => target.kind === 'server' && target.sid === sid),
  );
}

export function withClients(plan: RunPlan, clients: readonly ClientPlan[]): RunPlan {
  const names = new Set(clients.map(({ name }) => name));
  const isGone = (target: Target): boolean => target.kind === 'client' && !names.has(target.name);
  return withTimeline({ ...plan, clients }, without(plan.timeline, isGone));
}

/** The same with another timeline, each fault called as a scenario file says it. */
export function withTimeline(plan: RunPlan, timeline: readonly TimelineEntry[]): RunPlan {
  const names = plan.clients.map(({ name }) => name);
  const nameOf = scenarioNames(plan.ensemble.servers, names);
  return {
    ...plan,
    timeline: timeline.map((entry) => ({ ...entry, text: faultText(entry.fault, entry.ending, nameOf) })),
  };
}

const without = (
  timeline: readonly TimelineEntry[],
  isGone: (target: Target) => boolean,
): readonly TimelineEntry[] =>
  timeline.flatMap((entry) => {
    const fault = strikingLess(entry.fault, isGone);
    const waitsForNobody = isWaitingFor(entry.trigger, isGone) || isWaitingFor(entry.ending, isGone);
    return fault === undefined || waitsForNobody ? [] : [{ ...entry, fault }];
  });

const isWaitingFor = (moment: Trigger | Ending | undefined, isGone: (target: Target) => boolean): boolean =>
  moment !== undefined && 'on' in moment && moment.on !== undefined && isGone(moment.on);

/** Undefined where nobody is left to be struck. */
function strikingLess(fault: Fault, isGone: (target: Target) => boolean): Fault | undefined {
  const those = (targets: readonly Target[]): readonly Target[] => targets.filter((one) => !isGone(one));
  if (fault.kind === 'heal') return fault;
  if (fault.kind === 'partition') {
    const groups = fault.groups.map(those).filter((group) => group.length > 0);
    return groups.length < 2 ? undefined : { ...fault, groups };
  }
  if ('between' in fault) {
    const [left, right] = [those(fault.between[0]), those(fault.between[1])];
    return left.length === 0 || right.length === 0 ? undefined : { ...fault, between: [left, right] };
  }
  if (fault.kind === 'copyData' && isGone(fault.from)) return undefined;
  const target = those(fault.target);
  return target.length === 0 ? undefined : { ...fault, target };
}
