import { defined } from '../protocol/assert.ts';
import { Queue } from '../protocol/queue.ts';
import { mixEvent } from './fingerprint/events.ts';
import { Fingerprint } from './fingerprint/fingerprint.ts';
import type { TraceRecord } from './trace.ts';
import type { TraceSink } from './trace-events.ts';

/** Where two runs that began alike go different ways. */
export interface PartingPoint {
  /** How many events they have in common. */
  readonly events: number;
  /** The last of these, oldest first. */
  readonly common: readonly TraceRecord[];
  /** What each did from there on, as far as it was kept. Empty for a run that ended there. */
  readonly first: readonly TraceRecord[];
  readonly second: readonly TraceRecord[];
}

/** How much is kept before the parting, and of each run after it. */
const BEFORE = 16;
const AFTER = 64;

/**
 * Compares two runs event by event while they go on: `first` and `second` are their sinks. Only what one run is ahead of the other is
 * held, so let them take turns. Two events are the same if the fingerprint takes them for the same.
 */
export class Parting {
  readonly first: TraceSink;
  readonly second: TraceSink;
  readonly #one = new Side();
  readonly #two = new Side();
  readonly #common: TraceRecord[] = [];
  #events = 0;
  #isParted = false;

  constructor() {
    this.first = { onEvent: (at, party, event) => this.#onEvent(this.#one, { at, party, event }) };
    this.second = { onEvent: (at, party, event) => this.#onEvent(this.#two, { at, party, event }) };
  }

  /** To be asked when both runs are over. Undefined: they were the same. */
  point(): PartingPoint | undefined {
    const first = this.#one.next();
    const second = this.#two.next();
    if (first.length === 0 && second.length === 0) return undefined;
    return { events: this.#events, common: this.#common, first, second };
  }

  #onEvent(side: Side, record: TraceRecord): void {
    if (this.#isParted && side.ahead.size >= AFTER) return;
    side.ahead.push(record);
    if (!this.#isParted && this.#one.ahead.size > 0 && this.#two.ahead.size > 0) this.#compare();
  }

  #compare(): void {
    const record = this.#one.mix();
    this.#two.mix();
    this.#isParted = !this.#one.fingerprint.equals(this.#two.fingerprint);
    if (this.#isParted) return;
    this.#one.ahead.shift();
    this.#two.ahead.shift();
    this.#events++;
    this.#common.push(record);
    if (this.#common.length > BEFORE) this.#common.shift();
  }
}

/** One of the two runs. */
class Side {
  /** All events that were compared. */
  readonly fingerprint = new Fingerprint();
  /** Those that the other has not had yet, or not in the same way. */
  readonly ahead = new Queue<TraceRecord>();

  /** Takes in the oldest that waits. */
  mix(): TraceRecord {
    const record = defined(this.ahead.first, 'the event to compare');
    mixEvent(this.fingerprint, record.at, record.party, record.event);
    return record;
  }

  next(): readonly TraceRecord[] {
    return [...this.ahead].slice(0, AFTER);
  }
}
