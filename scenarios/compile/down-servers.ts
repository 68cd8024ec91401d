import type { Sid } from '../../protocol/ids.ts';
import type { Target, TimelineEntry } from '../../sim/plan.ts';
import { formatTime } from '../schema/quantities.ts';
import type { Names } from './names.ts';
import type { Report } from './report.ts';

/**
 * Plays the timed crashes and restarts of named servers through and refuses what can't be meant: a fault on a
 * server that is down at that time, a restart of one that is up. Whatever depends on a role or an event leaves the
 * servers unknown, and unknown is never refused.
 */
export function checkDownServers(timeline: readonly TimelineEntry[], names: Names, report: Report): void {
  const states = new Map(names.servers.map((server) => [server.sid, new Life()]));
  if (timeline.some((entry) => entry.trigger.kind === 'when' && bringsDownOrUp(entry))) return;
  const timed = timeline.flatMap((entry, index) =>
    entry.trigger.kind === 'at' ? [{ entry, index, atMs: entry.trigger.atMs }] : [],
  );
  for (const { entry, index, atMs } of timed.toSorted((a, b) => a.atMs - b.atMs || a.index - b.index)) {
    const complain: Complain = (message, expected) =>
      report.keyProblem(['timeline', index, entry.fault.kind], message, expected);
    strike(entry, atMs, states, names, complain);
  }
}

type Complain = (message: string, expected: string) => void;

/** What is known of a server: down since when and until when, up, or neither. */
class Life {
  known = true;
  downSinceMs: number | undefined;
  restartMs = Number.POSITIVE_INFINITY;

  isDown(atMs: number): boolean {
    return this.known && this.downSinceMs !== undefined && atMs < this.restartMs;
  }

  isUp(atMs: number): boolean {
    return this.known && !this.isDown(atMs);
  }
}

const bringsDownOrUp = ({ fault }: TimelineEntry): boolean =>
  fault.kind === 'crash' || fault.kind === 'restart';

function strike(
  entry: TimelineEntry,
  atMs: number,
  states: ReadonlyMap<Sid, Life>,
  names: Names,
  complain: Complain,
): void {
  const { fault } = entry;
  if (
    fault.kind !== 'crash' &&
    fault.kind !== 'restart' &&
    fault.kind !== 'pause' &&
    fault.kind !== 'slowDisk'
  )
    return;
  for (const target of fault.target) {
    if (target.kind !== 'server') {
      if (bringsDownOrUp(entry)) for (const life of states.values()) life.known = false;
      continue;
    }
    const life = states.get(target.sid);
    if (life === undefined) continue;
    if (fault.kind === 'restart') restart(life, target, atMs, names, complain);
    else if (life.isDown(atMs)) complain(...alreadyDown(target.sid, life, names));
    else if (fault.kind === 'crash') crash(life, atMs, fault.restartAfterMs);
  }
}

function crash(life: Life, atMs: number, restartAfterMs: number | undefined): void {
  life.known = true;
  life.downSinceMs = atMs;
  life.restartMs = restartAfterMs === undefined ? Number.POSITIVE_INFINITY : atMs + restartAfterMs;
}

function restart(
  life: Life,
  target: Extract<Target, { kind: 'server' }>,
  atMs: number,
  names: Names,
  complain: Complain,
): void {
  if (life.isUp(atMs)) {
    complain(
      `${names.nameOf(target.sid)} is not down at ${formatTime(atMs)}`,
      'a server that a crash left down',
    );
  }
  life.known = true;
  life.downSinceMs = undefined;
}

function alreadyDown(sid: Sid, life: Life, names: Names): [message: string, expected: string] {
  const since = `since ${formatTime(life.downSinceMs ?? 0)}`;
  const until = Number.isFinite(life.restartMs) ? ` until ${formatTime(life.restartMs)}` : '';
  return [
    `${names.nameOf(sid)} is already down ${since}${until}`,
    'a server that is up, or a restart before',
  ];
}
