import type { Host } from './host.ts';

/** Timers by name, each with what to do when it rings. Setting one again replaces it. */
export class Timers {
  readonly #host: Host;
  readonly #actions = new Map<string, () => void>();

  constructor(host: Host) {
    this.#host = host;
  }

  set(timer: string, delayMs: number, action: () => void): void {
    this.#actions.set(timer, action);
    this.#host.setTimer(timer, delayMs);
  }

  cancel(timer: string): void {
    if (this.#actions.delete(timer)) this.#host.cancelTimer(timer);
  }

  onTimer(timer: string): void {
    const action = this.#actions.get(timer);
    this.#actions.delete(timer);
    action?.();
  }
}

/** Long enough to read all that waits in a socket. */
const READING_MS = 1;

/**
 * A socket read timeout: rings when nothing was heard for `timeoutMs`. Hearing something costs nothing: the timer is
 * looked at only when it rings, and set again for what is left. One that rings late has slept through a pause of the process: then what
 * waits in the socket is read first, as NioSocketImpl tries to read before it looks at the time.
 */
export class ReadTimeout {
  readonly #host: Host;
  readonly #timers: Timers;
  readonly #name: string;
  readonly #onSilence: () => void;
  #timeoutMs = 0;
  #lastHeardMs = 0;
  /** When the timer was to ring. */
  #dueMs = 0;

  constructor(host: Host, timers: Timers, name: string, onSilence: () => void) {
    this.#host = host;
    this.#timers = timers;
    this.#name = name;
    this.#onSilence = onSilence;
  }

  /** Socket.setSoTimeout: counts from now. */
  start(timeoutMs: number): void {
    this.#timeoutMs = timeoutMs;
    this.#lastHeardMs = this.#host.elapsedMs;
    this.#arm(timeoutMs);
  }

  heard(): void {
    this.#lastHeardMs = this.#host.elapsedMs;
  }

  stop(): void {
    this.#timers.cancel(this.#name);
  }

  #arm(delayMs: number): void {
    this.#dueMs = this.#host.elapsedMs + delayMs;
    this.#timers.set(this.#name, delayMs, () => this.#onRing());
  }

  #onRing(): void {
    const leftMs = this.#lastHeardMs + this.#timeoutMs - this.#host.elapsedMs;
    if (leftMs > 0) this.#arm(leftMs);
    else if (this.#host.elapsedMs > this.#dueMs) this.#arm(READING_MS);
    else this.#onSilence();
  }
}
