import type { ServerSpec } from '../../../protocol/config.ts';
import type { Fault, Target, TimelineEntry } from '../../fault-plan.ts';
import type { RunPlan } from '../../plan.ts';
import type { Dice } from '../dice.ts';
import { withTimeline } from './cast.ts';
import { moved, momentsOf } from './times.ts';

/** A story told a little differently: each of its parts with an even chance. */
export function retold(plan: RunPlan, dice: Dice): RunPlan {
  const { servers } = plan.ensemble;
  const clients = plan.clients.map((client) =>
    dice.chance(EVEN) ? { ...client, servers: [dice.oneOf(servers).sid] } : client,
  );
  const timeline = plan.timeline.map((entry) => {
    const fault = dice.chance(EVEN) ? named(entry.fault, servers, dice) : entry.fault;
    return dice.chance(EVEN) ? recounted({ ...entry, fault }, dice) : { ...entry, fault };
  });
  const otherwise = withTimeline({ ...plan, clients }, timeline);
  return dice.chance(EVEN) ? delayed(otherwise, dice) : otherwise;
}

const EVEN = 0.5;

/** One wait is longer, and all that comes after it later. */
function delayed(plan: RunPlan, dice: Dice): RunPlan {
  const fromMs = dice.oneOf(momentsOf(plan));
  const byMs = dice.ms(1, 2 * plan.ensemble.tickTime);
  return moved(plan, (ms) => (ms < fromMs ? ms : ms + byMs));
}

/** What waits for the n-th of something waits for another: fewer servers send, write and answer less. */
function recounted(entry: TimelineEntry, dice: Dice): TimelineEntry {
  const { trigger, fault } = entry;
  const drawn = (count: number): number => dice.int(1, 2 * count);
  const after = fault.kind === 'crash' ? fault.after : undefined;
  return {
    ...entry,
    trigger: trigger.kind === 'when' ? { ...trigger, count: drawn(trigger.count) } : trigger,
    fault:
      after === undefined ? fault : ({ ...fault, after: { ...after, count: drawn(after.count) } } as Fault),
  };
}

/** One or two drawn servers in the place of whoever plays a role. */
function named(fault: Fault, servers: readonly ServerSpec[], dice: Dice): Fault {
  const drawn: readonly Target[] = dice
    .shuffled(servers)
    .slice(0, dice.int(1, 2))
    .map(({ sid }) => ({ kind: 'server', sid }));
  const those = (targets: readonly Target[]): readonly Target[] => (targets.some(isRole) ? drawn : targets);
  if (fault.kind === 'heal') return fault;
  if (fault.kind === 'partition') {
    const [first = [], ...others] = fault.groups;
    return { ...fault, groups: [those(first), ...others] };
  }
  if ('between' in fault) return { ...fault, between: [those(fault.between[0]), fault.between[1]] };
  return { ...fault, target: those(fault.target) };
}

const isRole = ({ kind }: Target): boolean => !NAMED_OR_CLIENTS.has(kind);
const NAMED_OR_CLIENTS: ReadonlySet<Target['kind']> = new Set(['server', 'client', 'anyClient', 'clients']);
