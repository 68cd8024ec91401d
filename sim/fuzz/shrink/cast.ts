import type { ServerSpec } from '../../../protocol/config.ts';
import type { Sid } from '../../../protocol/ids.ts';
import { asTimeline } from '../../faults/chain.ts';
import { scenarioNames } from '../../plan-text/names.ts';
import type { ClientPlan } from '../../client-plan.ts';
import type { Ending, Fault, Target, TimelineEntry, Trigger } from '../../fault-plan.ts';
import type { RunPlan } from '../../plan.ts';

/** Plans with fewer people in them: whoever is gone is struck by nothing any more. */

/**
 * The same with these servers only. A client that knew none of them knows all. Undefined where that is no ensemble: no participant is left, or one of a
 * group would be missing.
 */
export function withServers(plan: RunPlan, servers: readonly ServerSpec[]): RunPlan | undefined {
  const { ensemble, serverReleases } = plan;
  const left = servers.map(({ sid }) => sid);
  const isGone = ({ sid }: { readonly sid: Sid }): boolean => !left.includes(sid);
  const losesVoters = ensemble.servers.some((one) => one.learnerType === 'PARTICIPANT' && isGone(one));
  const isGrouped = ensemble.groups !== undefined && losesVoters;
  if (isGrouped || !servers.some(({ learnerType }) => learnerType === 'PARTICIPANT')) return undefined;
  const clients = plan.clients.map((client) => {
    const known = client.servers.filter((sid) => left.includes(sid));
    return { ...client, servers: known.length === 0 ? left : known };
  });
  const smaller = {
    ...plan,
    ensemble: { ...ensemble, servers },
    clients,
    clocks: plan.clocks.filter((clock) => !isGone(clock)),
    ...(serverReleases && { serverReleases: serverReleases.filter((server) => !isGone(server)) }),
  };
  return withTimeline(
    smaller,
    without(plan.timeline, (target) => target.kind === 'server' && isGone(target)),
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
    timeline: asTimeline(timeline, nameOf),
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

/** The `index`-th fault strikes this one. Undefined where it strikes two sides, or nobody. */
export function strikingOne(plan: RunPlan, index: number, target: Target): RunPlan | undefined {
  const fault = plan.timeline[index]?.fault;
  if (fault === undefined || !('target' in fault)) return undefined;
  const struck: Fault = { ...fault, target: [target] };
  return withTimeline(
    plan,
    plan.timeline.map((entry, at) => (at === index ? { ...entry, fault: struck } : entry)),
  );
}
