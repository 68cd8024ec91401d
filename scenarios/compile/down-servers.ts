import type { FaultKind, FaultOf, Target, TimelineEntry } from '../../sim/fault-plan.ts';
import { timeText } from '../../sim/plan-text/quantities.ts';
import { targetWord } from '../../sim/plan-text/targets.ts';
import type { Names } from './names.ts';
import type { Report } from './report.ts';

/** Faults that only somebody who runs can feel. */
const NEEDS_LIFE = [
  ...(['crash', 'pause', 'slowCpu', 'clock', 'flood'] as const),
  ...(['slowDisk', 'stallDisk', 'fullDisk', 'failWrites'] as const),
] as const;
/** After these nobody knows who is up: ZooKeeper ends itself where its disk or its data fail it. */
const LEAVES_OPEN = [
  ...(['fullDisk', 'failWrites', 'stallDisk', 'flipBit', 'loseSnapshot', 'loseLog'] as const),
  ...(['wipe', 'copyData', 'restore'] as const),
] as const;

type Vital = FaultOf<'restart' | (typeof NEEDS_LIFE)[number] | (typeof LEAVES_OPEN)[number]>;

const isIn = (kinds: readonly FaultKind[], kind: FaultKind): boolean => kinds.includes(kind);
const isVital = (fault: TimelineEntry['fault']): fault is Vital =>
  fault.kind === 'restart' || isIn(NEEDS_LIFE, fault.kind) || isIn(LEAVES_OPEN, fault.kind);

/** These change who is up. */
const changesLife = ({ fault }: TimelineEntry): boolean =>
  fault.kind === 'crash' || fault.kind === 'restart' || isIn(LEAVES_OPEN, fault.kind);

/**
 * Plays the timed crashes and restarts of servers and clients through and refuses what can't be meant: a fault on
 * one that is down at that time, a restart of one that is up or lost for good. Whatever depends on a role or an event
 * leaves them unknown, and unknown is never refused.
 */
export function checkDownServers(timeline: readonly TimelineEntry[], names: Names, report: Report): void {
  if (timeline.some((entry) => entry.trigger.kind !== 'at' && changesLife(entry))) return;
  const timed = timeline.flatMap((entry, index) =>
    entry.trigger.kind === 'at' ? [{ entry, index, atMs: entry.trigger.atMs }] : [],
  );
  const lives = new Lives([...names.serverNames(), ...names.clients]);
  for (const { entry, index, atMs } of timed.toSorted((a, b) => a.atMs - b.atMs || a.index - b.index)) {
    const { fault } = entry;
    if (!isVital(fault)) continue;
    for (const target of fault.target) {
      const complaint = lives.strike(fault, target, atMs, names);
      if (complaint !== undefined) report.vainKey(['timeline', index, fault.kind], ...complaint);
    }
  }
}

type Complaint = readonly [message: string, expected: string];

/** What is known of a server or a client: down since when and until when, up, or neither. */
interface Life {
  known: boolean;
  downSinceMs: number | undefined;
  restartMs: number;
  isLost: boolean;
  /** Its data may keep it from starting, or its disk from staying up. */
  isDoubtful: boolean;
}

class Lives {
  readonly #lives: ReadonlyMap<string, Life>;

  constructor(names: readonly string[]) {
    this.#lives = new Map(
      names.map((name) => [
        name,
        { known: true, downSinceMs: undefined, restartMs: NEVER, isLost: false, isDoubtful: false },
      ]),
    );
  }

  /** Takes note of it; answers why it can't be meant. */
  strike(fault: Vital, target: Target, atMs: number, names: Names): Complaint | undefined {
    const name = targetWord(target, names.nameOf);
    const life = this.#lives.get(name);
    if (life === undefined) {
      if (fault.kind === 'restart' || fault.kind === 'crash' || isIn(LEAVES_OPEN, fault.kind)) {
        for (const life of this.#lives.values()) life.known = false;
      }
      return undefined;
    }
    if (fault.kind === 'restart') return restart(life, name, atMs);
    if (isIn(NEEDS_LIFE, fault.kind) && isDown(life, atMs)) return alreadyDown(life, name);
    if (fault.kind === 'crash') crash(life, atMs, fault);
    else if (isIn(LEAVES_OPEN, fault.kind)) {
      life.known = false;
      life.isDoubtful = true;
    }
    return undefined;
  }
}

const NEVER = Number.POSITIVE_INFINITY;

const isDown = (life: Life, atMs: number): boolean =>
  life.known && life.downSinceMs !== undefined && atMs < life.restartMs;

function crash(life: Life, atMs: number, { after, restartAfterMs, forGood }: FaultOf<'crash'>): void {
  life.known = after === undefined && !life.isDoubtful;
  life.downSinceMs = atMs;
  life.restartMs = restartAfterMs === undefined ? NEVER : atMs + restartAfterMs;
  life.isLost = forGood;
}

function restart(life: Life, name: string, atMs: number): Complaint | undefined {
  if (life.isLost && life.known) {
    return [`${name} is lost for good since ${timeText(life.downSinceMs ?? 0)}`, 'a crash without `forGood`'];
  }
  const wasUp = life.known && !isDown(life, atMs);
  life.known = !life.isDoubtful;
  life.downSinceMs = undefined;
  return wasUp ? [`${name} is not down at ${timeText(atMs)}`, 'a server that a crash left down'] : undefined;
}

function alreadyDown({ downSinceMs, restartMs }: Life, name: string): Complaint {
  const since = `since ${timeText(downSinceMs ?? 0)}`;
  const until = Number.isFinite(restartMs) ? ` until ${timeText(restartMs)}` : '';
  return [`${name} is already down ${since}${until}`, 'a server that is up, or a restart before'];
}
