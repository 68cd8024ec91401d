import type { Party } from '../sim/party.ts';
import type { Micros } from '../sim/time.ts';
import type { TraceEvent, TraceSink } from '../sim/trace-events.ts';

/** `--trace`: every event as one line, handed on in large pieces, as a run has hundreds of thousands. */
const PIECE = 64 * 1024;

export type FormatEvent = (at: Micros, party: Party, event: TraceEvent) => string;

export class TraceText implements TraceSink {
  readonly #format: FormatEvent;
  readonly #write: (text: string) => void;
  #pending = '';

  constructor(format: FormatEvent, write: (text: string) => void) {
    this.#format = format;
    this.#write = write;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    this.#pending += `${this.#format(at, party, event)}\n`;
    if (this.#pending.length >= PIECE) this.finish();
  }

  /** Hands on what is left. */
  finish(): void {
    if (this.#pending !== '') this.#write(this.#pending);
    this.#pending = '';
  }
}
