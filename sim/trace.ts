import { mixEvent } from './fingerprint/events.ts';
import { Fingerprint } from './fingerprint/fingerprint.ts';
import type { Party } from './party.ts';
import type { Micros } from './time.ts';
import type { TraceEvent, TraceSink } from './trace-events.ts';

export interface TraceRecord {
  readonly at: Micros;
  readonly party: Party;
  readonly event: TraceEvent;
}

/** How many of the last records an assertion failure can show. */
const RECENT = 50;

/**
 * Where everything that happens is reported, in order. Each event is taken into the fingerprint, kept among the last few, and
 * handed to every sink; nothing is formatted (trace-format.ts does that on demand).
 */
export class Trace {
  /** Events so far. */
  count = 0;

  readonly #fingerprint = new Fingerprint();
  readonly #sinks: TraceSink[] = [];
  /** A ring: event n is at n mod RECENT. Three arrays, so that a record costs no object. */
  readonly #at = new Float64Array(RECENT);
  readonly #party = new Int32Array(RECENT);
  readonly #event: TraceEvent[] = [];

  addSink(sink: TraceSink): void {
    this.#sinks.push(sink);
  }

  record(at: Micros, party: Party, event: TraceEvent): void {
    const slot = this.count++ % RECENT;
    this.#at[slot] = at;
    this.#party[slot] = party;
    this.#event[slot] = event;
    mixEvent(this.#fingerprint, at, party, event);
    for (const sink of this.#sinks) sink.onEvent(at, party, event);
  }

  /** 16 hex digits over every event so far. */
  fingerprint(): string {
    return this.#fingerprint.hex();
  }

  /** The last events, oldest first. */
  get recent(): readonly TraceRecord[] {
    const records: TraceRecord[] = [];
    for (let n = Math.max(0, this.count - RECENT); n < this.count; n++) {
      const slot = n % RECENT;
      const event = this.#event[slot];
      if (event !== undefined)
        records.push({ at: this.#at[slot] ?? 0, party: this.#party[slot] ?? 0, event });
    }
    return records;
  }
}

/** Keeps a whole run, to compare it with another or to render it. */
export class TraceRecorder implements TraceSink {
  readonly records: TraceRecord[] = [];

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    this.records.push({ at, party, event });
  }
}

export interface Difference {
  /** Position in the trace, from 0. */
  readonly index: number;
  /** Undefined: this run had already ended. */
  readonly first: TraceRecord | undefined;
  readonly second: TraceRecord | undefined;
}

/** The first event in which two runs differ; undefined when they are the same. */
export function firstDifference(
  first: readonly TraceRecord[],
  second: readonly TraceRecord[],
): Difference | undefined {
  const [one, two] = [new Fingerprint(), new Fingerprint()];
  for (let index = 0; index < Math.max(first.length, second.length); index++) {
    const a = first[index];
    const b = second[index];
    if (a !== undefined) mixEvent(one, a.at, a.party, a.event);
    if (b !== undefined) mixEvent(two, b.at, b.party, b.event);
    if (a === undefined || b === undefined || !one.equals(two)) return { index, first: a, second: b };
  }
  return undefined;
}
