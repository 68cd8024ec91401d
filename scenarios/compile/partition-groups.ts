import type { Target } from '../../sim/fault-plan.ts';
import type { Path } from '../yaml-source.ts';
import type { Names } from './names.ts';
import type { Report } from './report.ts';

/**
 * The groups of a partition must not share a member. Names are compared here; of roles, those pairs that share
 * somebody whoever has them at the time. What else may coincide (`leader` and a server by name) is settled when the
 * partition strikes.
 */
export function checkGroups(
  groups: readonly (readonly Target[])[],
  path: Path,
  names: Names,
  report: Report,
): void {
  for (const [index, group] of groups.entries()) {
    for (const target of group) {
      const other = groups
        .slice(0, index)
        .findIndex((earlier) => earlier.some((member) => overlap(member, target)));
      if (other < 0) continue;
      const message = `${describe(target, names)} is in group ${String(other + 1)} already`;
      report.problem([...path, index], message, 'groups without a common member');
    }
  }
}

const OVERLAPPING = new Set([
  'leader+minorityWithLeader',
  'anyFollower+followers',
  'followers+minority',
  'anyObserver+observers',
  'anyClient+clients',
  'client+clients',
]);
const CLIENTS: ReadonlySet<Target['kind']> = new Set<Target['kind']>(['client', 'anyClient', 'clients']);
/** One of several, drawn anew each time. */
const DRAWN: ReadonlySet<Target['kind']> = new Set<Target['kind']>([
  ...(['anyServer', 'anyFollower', 'anyObserver', 'anyClient'] as const),
]);

function overlap(a: Target, b: Target): boolean {
  if (a.kind === 'server' && b.kind === 'server') return a.sid === b.sid;
  if (a.kind === 'client' && b.kind === 'client') return a.name === b.name;
  if (CLIENTS.has(a.kind) !== CLIENTS.has(b.kind)) return false;
  if (a.kind === 'allServers' || b.kind === 'allServers') return a.kind !== 'rest' && b.kind !== 'rest';
  if (a.kind === b.kind) return !DRAWN.has(a.kind);
  return OVERLAPPING.has(`${a.kind}+${b.kind}`) || OVERLAPPING.has(`${b.kind}+${a.kind}`);
}

function describe(target: Target, names: Names): string {
  if (target.kind === 'server') return names.nameOf(target.sid);
  return target.kind === 'client' ? target.name : `a member of this group`;
}
