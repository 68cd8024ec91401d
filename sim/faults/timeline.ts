import { matchesFields } from '../event-match.ts';
import type { EventQueue } from '../event-queue.ts';
import { sample } from '../distributions.ts';
import type { Party } from '../party.ts';
import type { TimelineEntry, Trigger, When } from '../fault-plan.ts';
import type { KeyedDraws, Random } from '../random.ts';
import { textKey } from '../text-key.ts';
import { fromMs, type Micros } from '../time.ts';
import type { TraceEvent, TraceSink } from '../trace-events.ts';
import type { Cast } from './cast.ts';
import { isChained } from './chain.ts';
import type { ActiveFault, FaultRunner } from './fault-runner.ts';
import { resolveTargets } from './targets.ts';

/** Something that waits for a trace event, and how many it has seen. */
interface Waiting {
  readonly when: When;
  /** Counts from here on. */
  readonly since: Micros;
  readonly happen: () => void;
  seen: number;
}

/** An entry with the key of its draws. */
interface Addressed {
  readonly entry: TimelineEntry;
  readonly address: number;
  readonly index: number;
}

type Every = Extract<Trigger, { readonly kind: 'every' }>;

/**
 * The timeline: faults at a time, again and again, and at the n-th event of a kind; and when they end. What waits for an event strikes right
 * after one that a process tells, before the next effect of the step that caused it: "when the leader has sent NEWLEADER to its first
 * follower" means exactly that. After what the world tells (a delivery, a flush) it strikes between the effects of the step that follows
 * from it, or, where that step tells nothing, right behind it.
 */
export class Timeline implements TraceSink {
  readonly #queue: EventQueue;
  readonly #runner: FaultRunner;
  readonly #cast: Cast;
  readonly #draws: KeyedDraws;
  readonly #entries: readonly TimelineEntry[];
  #waiting: readonly Waiting[] = [];
  /** Triggered, and to happen as soon as the event has been recorded. */
  #due: Waiting[] = [];
  #addressed: readonly Addressed[] = [];
  /** What ends when the entry below strikes, by its index. */
  readonly #untilNext = new Map<number, readonly ActiveFault[]>();
  #isOver = false;

  constructor(init: {
    queue: EventQueue;
    runner: FaultRunner;
    cast: Cast;
    random: Random;
    entries: readonly TimelineEntry[];
  }) {
    this.#queue = init.queue;
    this.#runner = init.runner;
    this.#cast = init.cast;
    this.#draws = init.random.key('timeline');
    this.#entries = init.entries;
  }

  start(): void {
    this.#addressed = withAddresses(this.#entries);
    for (const addressed of this.#addressed) if (!isChained(addressed.entry.trigger)) this.#arm(addressed, 0);
  }

  /** `since`: when the entry above struck, for what comes after it. */
  #arm(addressed: Addressed, since: Micros): void {
    const { trigger } = addressed.entry;
    switch (trigger.kind) {
      case 'at':
        this.#at(fromMs(trigger.atMs), () => this.#strike(addressed, 0, `at ${String(trigger.atMs)} ms`));
        break;
      case 'every':
        this.#repeat(addressed, trigger, fromMs(trigger.fromMs), 0);
        break;
      case 'then':
        this.#after(trigger.delayMs, () => this.#strike(addressed, 0, `${String(trigger.delayMs)} ms later`));
        break;
      case 'when':
        this.#await(trigger, since, () =>
          this.#after(trigger.delayMs, () => this.#strike(addressed, 0, causeOf(trigger))),
        );
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

  /** Lets what is due happen. Called between two effects of a step. */
  afterEffect(): void {
    if (this.#due.length === 0) return;
    const due = this.#due;
    this.#due = [];
    for (const { happen } of due) if (!this.#isOver) happen();
  }

  // -------------------------------------------------------------------------------------------- when

  #at(at: Micros, happen: () => void): void {
    this.#queue.schedule(Math.max(at, this.#queue.now), () => {
      if (!this.#isOver) happen();
    });
  }

  #after(ms: number, happen: () => void): void {
    if (ms === 0) happen();
    else this.#at(this.#queue.now + fromMs(ms), happen);
  }

  /** Strikes after one interval, then again: each time with draws of its own. */
  #repeat(addressed: Addressed, every: Every, from: Micros, repetition: number): void {
    if (repetition >= every.times) return;
    const u1 = this.#draws.draw(addressed.address, repetition, 0, 0);
    const u2 = this.#draws.draw(addressed.address, repetition, 0, 1);
    // Not at the same moment again, or there would be no end of it.
    const at = from + Math.max(1, sample(every.interval, u1, u2));
    if (at >= fromMs(every.untilMs)) return;
    this.#at(at, () => {
      this.#strike(addressed, repetition, `every, time ${String(repetition + 1)}`);
      this.#repeat(addressed, every, at, repetition + 1);
    });
  }

  #await(when: When, since: Micros, happen: () => void): void {
    this.#waiting = [...this.#waiting, { when, since, happen, seen: 0 }];
  }

  #count(waiting: Waiting, at: Micros, party: Party, event: TraceEvent): void {
    const { when, since } = waiting;
    if (at < since || at < fromMs(when.afterMs)) return;
    if (!matchesFields(event, when.fields) || !this.#isOn(when, party)) return;
    if (++waiting.seen !== when.count) return;
    this.#due.push(waiting);
    this.#queue.schedule(this.#queue.now, () => this.afterEffect());
  }

  #isOn({ on }: When, party: Party): boolean {
    return on === undefined || resolveTargets([on], this.#cast, [], () => 0).includes(party);
  }

  // -------------------------------------------------------------------------------------------- strikes and ends

  #strike({ entry, address, index }: Addressed, repetition: number, cause: string): void {
    const active = this.#runner.strike(entry, { address, repetition }, cause);
    if (active !== undefined) this.#awaitEnd(active, index);
    if (repetition === 0) this.#follow(index);
  }

  /** The entry with this index has struck: the one above may end with it, and the one below come after it. */
  #follow(index: number): void {
    const lasting = this.#untilNext.get(index - 1) ?? [];
    for (const active of lasting) this.#runner.end(active, 'as what comes next struck');
    const next = this.#addressed[index + 1];
    if (next !== undefined && isChained(next.entry.trigger)) this.#arm(next, this.#queue.now);
  }

  #awaitEnd(active: ActiveFault, index: number): void {
    const { ending } = active.entry;
    if (ending === undefined) return;
    const { now } = this.#queue;
    switch (ending.kind) {
      case 'for':
        this.#at(now + fromMs(ending.ms), () => this.#runner.end(active, `after ${String(ending.ms)} ms`));
        return;
      case 'until':
        this.#at(fromMs(ending.atMs), () => this.#runner.end(active, `at ${String(ending.atMs)} ms`));
        return;
      case 'untilNext':
        this.#untilNext.set(index, [...(this.#untilNext.get(index) ?? []), active]);
        return;
      case 'untilEvent':
        this.#await(ending, now, () => this.#runner.end(active, causeOf(ending)));
    }
  }
}

const causeOf = ({ event, count }: When): string => `when ${event}, number ${String(count)}`;

/**
 * Each entry with the key of its draws: its text, and how many of the same text come before it. An entry added or removed elsewhere
 * leaves the others' draws alone (law 5).
 */
function withAddresses(entries: readonly TimelineEntry[]): readonly Addressed[] {
  const seen = new Map<string, number>();
  return entries.map((entry, index) => {
    const nth = seen.get(entry.text) ?? 0;
    seen.set(entry.text, nth + 1);
    return { entry, index, address: nth * 2 ** 32 + textKey(entry.text) };
  });
}
