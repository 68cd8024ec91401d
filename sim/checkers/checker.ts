import type { SessionId } from '../../protocol/ids.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';
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
  /** So far, oldest first; kept to the first few. */
  readonly contradictions: readonly Contradiction[];
  /** Why it can't tell: a limit was reached. Then the promise counts as neither kept nor broken. */
  readonly undecided?: string | undefined;
  /** What ZooKeeper is known not to promise happened: told, and not held against it. */
  readonly knownGap?: Contradiction | undefined;
  /** The run is over. */
  finish(): void;
}

/** Two events that contradict each other. */
export interface Contradiction {
  readonly about: About;
  /** Two to four plain lines a person can act on, the two events first. */
  readonly evidence: readonly string[];
}

/**
 * What a contradiction is about: the slice of the trace that is shown with it consists of the events within this time that
 * have to do with any of these.
 */
export interface About {
  /** The earlier of the two events; the beginning of the run if absent. */
  readonly from?: Micros;
  /** The later one. */
  readonly until: Micros;
  readonly zxids?: readonly Zxid[];
  readonly epochs?: readonly number[];
  readonly sessions?: readonly SessionId[];
  readonly paths?: readonly string[];
  /** By client and number. */
  readonly operations?: readonly { readonly client: Party; readonly op: number }[];
  /** Whose own steps matter (state, crash, recovery, …), whatever they are about. */
  readonly parties?: readonly Party[];
}
