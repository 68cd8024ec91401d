import { NO_TXNS, formatZxid } from '../protocol/zxid.ts';
import type { ServerEvent } from '../protocol/events.ts';
import type { Sid } from '../protocol/ids.ts';
import type { ZabState } from '../protocol/packets.ts';
import type { TraceEvent, WorldEvent } from '../sim/trace-events.ts';
import { counted, grouped } from './numbers.ts';
import type { Note } from './timeline-rows.ts';

/** The words of the timeline: which events of a server deserve a note in its column, and what it says. Pure. */
type StateEvent = Extract<ServerEvent, { type: 'state' }>;

/** Events that change nothing a reader follows server by server, or that are counted in bulk, have no note. */
export function noteOf(event: TraceEvent): Note | undefined {
  switch (event.type) {
    case 'started':
      return { text: event.incarnation === 1 ? 'starts' : 'restarts' };
    case 'recovered':
      return event.lastZxid > NO_TXNS ? { text: `recovers ${formatZxid(event.lastZxid)}` } : undefined;
    case 'epochFixed':
      return { text: `epoch ${String(event.epoch)} fixed` };
    case 'newLeaderAcked':
      return { text: 'synced' };
    case 'established':
      return established(String(event.epoch));
    case 'serving':
      return { text: 'serving' };
    case 'truncated':
      return { text: `log cut at ${formatZxid(event.zxid)}` };
    case 'learnerDropped':
      return { text: `drops ${String(event.learner)}: ${event.reason}` };
    case 'crashed':
      return { text: event.lost > 0 ? `CRASHED, ${counted(event.lost, 'txn')} lost` : 'CRASHED' };
    case 'exited':
      return { text: `EXITED ${String(event.code)}: ${event.reason}` };
    case 'paused':
    case 'resumed':
      return { text: event.type };
    case 'zabState':
      return phase(event.to);
    case 'clockChanged':
      return clockNote(event.elapsedRate, event.wallRate);
    case 'writeFailed':
      return { text: `cannot write its ${event.write}`, shorter: ['cannot write'] };
    case 'dataDamaged':
      return damageNote(event);
    default:
      return undefined;
  }
}

const established = (epoch: string): Note => ({
  text: `established epoch ${epoch}`,
  shorter: [`leads epoch ${epoch}`],
});

/** How far it was set the fault says. */
function clockNote(elapsedRate: number, wallRate: number): Note {
  if (elapsedRate === 0) return { text: 'clocks stand still' };
  if (wallRate === 0) return { text: 'wall clock stands still' };
  const ppm = Math.round((elapsedRate - 1) * 1_000_000);
  if (ppm === 0) return { text: 'clock set' };
  return { text: `clocks run ${ppm > 0 ? '+' : '−'}${grouped(Math.abs(ppm))} ppm` };
}

function damageNote({ what, before, lastZxid, refuses }: Extract<WorldEvent, { type: 'dataDamaged' }>): Note {
  if (refuses) return { text: `DATA: ${what}, unreadable` };
  return {
    text: `DATA: ${what}, ${formatZxid(before)} → ${formatZxid(lastZxid)}`,
    shorter: [`DATA: ${what}`],
  };
}

/** ELECTION is what LOOKING says already. */
function phase(to: ZabState): Note | undefined {
  if (to === 'ELECTION') return undefined;
  return to === 'SYNCHRONIZATION' ? { text: to, shorter: ['SYNCHRON.'] } : { text: to };
}

/** `elected`: whom this server has just elected, when that is what changed its state. */
export function stateNote(event: StateEvent, self: Sid, elected: Sid | undefined): Note | undefined {
  switch (event.to) {
    case 'LOOKING':
      if (event.from === 'LOOKING') return undefined;
      return { text: event.reason === '' ? 'LOOKING' : `LOOKING: ${event.reason}` };
    case 'LEADING':
      return elected === self ? { text: 'elected, LEADING', shorter: ['LEADING'] } : { text: 'LEADING' };
    case 'FOLLOWING':
      return follows(event.to, 'follows', elected);
    case 'OBSERVING':
      return follows(event.to, 'observes', elected);
  }
}

function follows(state: string, verb: string, elected: Sid | undefined): Note {
  if (elected === undefined) return { text: state };
  return { text: `${state} ${String(elected)}`, shorter: [`${verb} ${String(elected)}`] };
}

/** Shown in the learner's column: how the leader brings it up to date. */
export function syncNote(event: Extract<ServerEvent, { type: 'syncDecision' }>): Note {
  if (event.queued === 0) return { text: event.mode };
  return {
    text: `${event.mode} and ${counted(event.queued, 'txn')}`,
    shorter: [`${event.mode} +${grouped(event.queued)}`],
  };
}

const VOTE = 'votes ';

/** Votes that follow each other closely share a note: `votes 1→3`. */
export function voteNote(leader: Sid, before: Note | undefined): Note {
  const isVote = before?.text.startsWith(VOTE) === true;
  return { text: isVote ? `${before.text}→${String(leader)}` : `${VOTE}${String(leader)}` };
}
