/**
 * How one thing that a client does is repeated: once, at intervals, or as fast as the answers come. Every method is a step of
 * the client's process.
 */
import { type Micros, fromMs } from '../time.ts';
import type { Operation } from './operations.ts';
import type { RequestBody } from '../../protocol/client-packets.ts';

/** What an activity may do. */
export interface ActivityHost {
  readonly now: Micros;
  /** False once the client was closed or its session has expired. */
  readonly isOpen: boolean;
  /** Asks for `body`; with `activity`, its onAnswered follows in a step of its own. */
  submit(body: RequestBody, activity?: RunningActivity): void;
  schedule(at: Micros, step: () => void): void;
}

export interface RunningActivity {
  begin(): void;
  /** Its process died and was started again after `begin` was due. */
  goOn(): void;
  onAnswered?(): void;
}

/** Where a repetition ends: never at or after `untilMs`, never more than `times`. */
interface Limits {
  readonly untilMs: number;
  readonly times: number;
}

/** Counts repetitions, and knows when there are no more. */
class Repetitions {
  readonly #host: ActivityHost;
  readonly #until: Micros;
  readonly #times: number;
  readonly #operation: Operation;
  #count = 0;

  constructor(host: ActivityHost, operation: Operation, limits: Limits) {
    this.#host = host;
    this.#operation = operation;
    this.#until = fromMs(limits.untilMs);
    this.#times = limits.times;
  }

  /** A session that is over ends what is repeated: nobody asks a dead handle again and again. */
  get isOver(): boolean {
    return this.#count >= this.#times || this.#host.now >= this.#until || !this.#host.isOpen;
  }

  next(): RequestBody {
    return this.#operation(++this.#count);
  }
}

/** Said explicitly, so also done when the session is over: it fails with SESSIONEXPIRED then. */
export class Once implements RunningActivity {
  readonly #host: ActivityHost;
  readonly #operation: Operation;
  #isDone = false;

  constructor(host: ActivityHost, operation: Operation) {
    this.#host = host;
    this.#operation = operation;
  }

  begin(): void {
    this.#isDone = true;
    this.#host.submit(this.#operation(1));
  }

  goOn(): void {
    if (!this.#isDone) this.begin();
  }
}

/**
 * At intervals, answered or not. The interval runs from when the last one was really asked, so a client that was paused does not
 * catch up in a burst.
 */
export class Every implements RunningActivity {
  readonly #host: ActivityHost;
  readonly #repetitions: Repetitions;
  readonly #interval: () => Micros;

  constructor(host: ActivityHost, operation: Operation, limits: Limits, interval: () => Micros) {
    this.#host = host;
    this.#repetitions = new Repetitions(host, operation, limits);
    this.#interval = interval;
  }

  begin(): void {
    if (this.#repetitions.isOver) return;
    this.#host.submit(this.#repetitions.next());
    // An interval of nothing would stop the clock.
    this.#host.schedule(this.#host.now + Math.max(1, this.#interval()), () => this.begin());
  }

  goOn(): void {
    this.begin();
  }
}

/** Always `inFlight` unanswered: each answer makes room for the next. */
export class BackToBack implements RunningActivity {
  readonly #host: ActivityHost;
  readonly #repetitions: Repetitions;
  readonly #inFlight: number;
  #room: number;

  constructor(host: ActivityHost, operation: Operation, limits: Limits, inFlight: number) {
    this.#host = host;
    this.#repetitions = new Repetitions(host, operation, limits);
    this.#inFlight = inFlight;
    this.#room = inFlight;
  }

  begin(): void {
    while (this.#room > 0 && !this.#repetitions.isOver) {
      this.#room--;
      this.#host.submit(this.#repetitions.next(), this);
    }
  }

  onAnswered(): void {
    this.#room++;
    this.begin();
  }

  /** Of what was in flight nothing is heard any more. */
  goOn(): void {
    this.#room = this.#inFlight;
    this.begin();
  }
}
