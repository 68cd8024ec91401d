import { drawText } from '../../draw-text.ts';
import type { Party } from '../../party.ts';
import type { PartyNames } from '../../party-names.ts';
import type { Micros } from '../../time.ts';
import { formatTraceEvent } from '../../trace-format.ts';
import type { TraceEvent, TraceEventType, TraceSink } from '../../trace-events.ts';
import type { Draw } from '../../witnessed-random.ts';

/** Too many, and each is told again by what it brings about; shown only where there is one moment. */
const MESSAGES: ReadonlySet<TraceEventType> = new Set<TraceEventType>(['delivered', 'ignored', 'connected']);

/** What happens in a run, and what is drawn, from one moment until right before another. */
export class Window implements TraceSink {
  readonly events: string[] = [];
  readonly #draws = new Set<string>();
  readonly #init: WindowInit;

  constructor(init: WindowInit) {
    this.#init = init;
  }

  /** Whose they are, each once. */
  get draws(): readonly string[] {
    return [...this.#draws];
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    const { hasMessages, nameOf } = this.#init;
    if (this.#isOutside(at) || (!hasMessages && MESSAGES.has(event.type))) return;
    this.events.push(formatTraceEvent(at, party, event, nameOf));
  }

  onDraw(at: Micros, draw: Draw): void {
    if (!this.#isOutside(at)) this.#draws.add(drawText(draw, this.#init.nameOf));
  }

  #isOutside(at: Micros): boolean {
    return at < this.#init.from || at >= this.#init.to;
  }
}

interface WindowInit {
  readonly from: Micros;
  readonly to: Micros;
  readonly hasMessages: boolean;
  readonly nameOf: PartyNames;
}
