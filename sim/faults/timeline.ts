import type { EventQueue } from '../event-queue.ts';
import type { Party } from '../party.ts';
import type { TimelineEntry, Trigger } from '../plan.ts';
import { textKey } from '../text-key.ts';
import { fromMs, type Micros } from '../time.ts';
import type { TraceEvent, TraceSink } from '../trace-events.ts';
import { matchesFields } from '../event-match.ts';
import type { Cast } from './cast.ts';
import type { FaultRunner } from './fault-runner.ts';
import { resolveTargets } from './targets.ts';

type When = Trigger & { readonly kind: 'when' };

/** An entry that waits for a trace event, and how many it has seen. */
interface Waiting {
  readonly entry: TimelineEntry;
  readonly address: number;
  readonly when: When;
  seen: number;
}

/**
 * The timeline: faults at a time, and faults at the n-th event of a kind. The latter strike right after an event that a process tells,
 * before the next effect of the step that caused it: "when the leader has sent NEWLEADER to its first follower" means exactly that.
 * After what the world tells (a delivery, a flush) they strike between the effects of the step that follows from it, or, where that
 * step tells nothing, right behind it.
 */
export class Timeline implements TraceSink {
  readonly #queue: EventQueue;
  readonly #runner: FaultRunner;
  readonly #cast: Cast;
  readonly #entries: readonly TimelineEntry[];
  #waiting: readonly Waiting[] = [];
  /** Triggered, and to strike as soon as the event has been recorded. */
  #due: Waiting[] = [];
  #isOver = false;

  constructor(init: {
    queue: EventQueue;
    runner: FaultRunner;
    cast: Cast;
    entries: readonly TimelineEntry[];
  }) {
    this.#queue = init.queue;
    this.#runner = init.runner;
    this.#cast = init.cast;
    this.#entries = init.entries;
  }

  start(): void {
    for (const [entry, address] of addressed(this.#entries)) {
      const { trigger } = entry;
      if (trigger.kind === 'when')
        this.#waiting = [...this.#waiting, { entry, address, when: trigger, seen: 0 }];
      else this.#queue.schedule(fromMs(trigger.atMs), () => this.#strike(entry, address));
    }
  }

  /** The story has ended: nothing more happens. */
  stop(): void {
    this.#isOver = true;
    this.#waiting = [];
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    const before = this.#due.length;
    for (const waiting of this.#waiting)
      if (waiting.when.event === event.type) this.#count(waiting, at, party, event);
    if (this.#due.length > before)
      this.#waiting = this.#waiting.filter(({ seen, when }) => seen < when.count);
  }

  /** Lets what is due strike. Called between two effects of a step. */
  afterEffect(): void {
    if (this.#due.length === 0) return;
    const due = this.#due;
    this.#due = [];
    for (const { entry, address, when } of due) {
      if (when.delayMs === 0) this.#strike(entry, address);
      else this.#queue.schedule(this.#queue.now + fromMs(when.delayMs), () => this.#strike(entry, address));
    }
  }

  #count(waiting: Waiting, at: Micros, party: Party, event: TraceEvent): void {
    const { when } = waiting;
    if (at < fromMs(when.afterMs) || !matchesFields(event, when.fields) || !this.#isOn(when, party)) return;
    if (++waiting.seen !== when.count) return;
    this.#due.push(waiting);
    this.#queue.schedule(this.#queue.now, () => this.afterEffect());
  }

  #isOn({ on }: When, party: Party): boolean {
    return on === undefined || resolveTargets([on], this.#cast, [], () => 0).includes(party);
  }

  #strike(entry: TimelineEntry, address: number): void {
    if (!this.#isOver) this.#runner.strike(entry, address);
  }
}

/**
 * Each entry with the key of its draws: its text, and how many of the same text come before it. An entry added or removed elsewhere
 * leaves the others' draws alone (law 5).
 */
function addressed(entries: readonly TimelineEntry[]): readonly (readonly [TimelineEntry, number])[] {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const nth = seen.get(entry.text) ?? 0;
    seen.set(entry.text, nth + 1);
    return [entry, nth * 2 ** 32 + textKey(entry.text)] as const;
  });
}
