import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType, TraceSink } from '../trace-events.ts';
import type { About, Checker, Contradiction } from './checker.ts';

/** Evidence of more than this many contradictions helps nobody: the first ones are the cause, the rest follows from them. */
const KEPT_VIOLATIONS = 3;

/** A sink that says which events it wants, so that the others cost it nothing. */
export interface Reader extends TraceSink {
  readonly reads: readonly TraceEventType[];
}

/** What all checkers share: counting what was compared, and keeping the first contradictions. */
export abstract class PromiseChecker implements Checker, Reader {
  abstract readonly name: string;
  abstract readonly promise: string;
  abstract readonly reads: readonly TraceEventType[];
  readonly #contradictions: Contradiction[] = [];
  #checked = 0;

  get checked(): number {
    return this.#checked;
  }

  get contradictions(): readonly Contradiction[] {
    return this.#contradictions;
  }

  abstract onEvent(at: Micros, party: Party, event: TraceEvent): void;

  finish(): void {
    // Most promises are judged as the run goes; the others override this.
  }

  /** One comparison in which a contradiction could have shown and did not. */
  protected kept(): void {
    this.#checked++;
  }

  /** A contradiction, and what it is about: the slice of the trace that is shown with it. */
  protected contradicted(about: About, ...evidence: readonly string[]): void {
    if (this.#contradictions.length < KEPT_VIOLATIONS) this.#contradictions.push({ about, evidence });
  }
}
