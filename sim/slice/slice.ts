import type { About } from '../checkers/checker.ts';
import type { Party } from '../party.ts';
import { partyNames, type PartyNames } from '../party-names.ts';
import type { RunPlan } from '../plan.ts';
import type { Micros } from '../time.ts';
import { formatTraceEvent } from '../trace-format.ts';
import type { TraceEvent, TraceEventType, TraceSink } from '../trace-events.ts';
import { isRelevant } from './relevance.ts';

const MAX_LINES = 12;
const MAX_WIDTH = 180;

const TURNS: ReadonlySet<TraceEventType> = new Set<TraceEventType>([
  'fault',
  'crashed',
  'exited',
  'recovered',
  'dataDamaged',
  'established',
]);

/**
 * The events between two that contradict each other, as far as they have to do with them: a few lines instead of the whole trace.
 * Nothing is kept of a run until it is found broken; then the run is done once more, with this sink, since it is the same run.
 */
export class Slice implements TraceSink {
  readonly #about: About;
  readonly #nameOf: PartyNames;
  readonly #kept: Line[] = [];
  /** Lines that were left out, behind the first. */
  #left = 0;

  constructor(plan: RunPlan, about: About) {
    this.#about = about;
    this.#nameOf = partyNames(plan);
  }

  /** Oldest first. */
  get lines(): readonly string[] {
    const [first, ...others] = this.#kept.map(({ text }) => text);
    if (first === undefined) return [];
    return [first, ...(this.#left === 0 ? [] : [`… and ${String(this.#left)} more`]), ...others];
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    const { from = 0, until } = this.#about;
    if (at < from || at > until || !isRelevant(this.#about, party, event)) return;
    const line = formatTraceEvent(at, party, event, this.#nameOf);
    const text = line.length > MAX_WIDTH ? `${line.slice(0, MAX_WIDTH - 1)}…` : line;
    this.#kept.push({ text, isTurn: TURNS.has(event.type) });
    if (this.#kept.length > MAX_LINES) this.#drop();
  }

  /** What is said first stays, and faults and what they did; the newest of the others say how it went wrong. */
  #drop(): void {
    const oldest = this.#kept.findIndex(({ isTurn }, index) => index > 0 && !isTurn);
    this.#kept.splice(Math.max(1, oldest), 1);
    this.#left++;
  }
}

interface Line {
  readonly text: string;
  readonly isTurn: boolean;
}
