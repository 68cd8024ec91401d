import type { TraceSink } from '../trace-events.ts';

/**
 * A promise of ZooKeeper's and how it is judged. Checkers read the trace, the client histories in it and the configuration; never
 * protocol internals. A broken promise is a verdict with evidence, never an exception.
 */
export interface Checker extends TraceSink {
  /** Short and stable: it is the `name` in results. */
  readonly name: string;
  /** The promise in one sentence. */
  readonly promise: string;
  /** How many times a contradiction could have shown and did not. */
  readonly checked: number;
  /** Contradictions so far, oldest first; each is a few lines a person can act on. Kept to the first few. */
  readonly violations: readonly (readonly string[])[];
  /** The run is over. */
  finish(): void;
}
