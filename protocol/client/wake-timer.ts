/**
 * What SendThread's select(timeout) and sleeps are here: one moment at which the client wants to be woken. Moving it later
 * costs nothing, as the timer is looked at only when it rings and then set again for what is left; so a busy connection
 * sets about one timer a ping interval, not one a packet.
 */
import type { ClientHost } from '../host.ts';

export const SEND_THREAD = 'SendThread';

export class WakeTimer {
  readonly #host: ClientHost;
  #dueMs = Infinity;
  /** When the host's timer rings; never later than `dueMs`. */
  #armedMs = Infinity;

  constructor(host: ClientHost) {
    this.#host = host;
  }

  /** Replaces the moment, in ms of elapsed time. */
  wakeAt(dueMs: number): void {
    this.#dueMs = dueMs;
    if (dueMs < this.#armedMs) this.#arm();
  }

  /** Nothing to wait for. */
  cancel(): void {
    this.#dueMs = Infinity;
    if (this.#armedMs !== Infinity) this.#host.cancelTimer(SEND_THREAD);
    this.#armedMs = Infinity;
  }

  /** The host's timer rang. True when the moment has come; false when it had been moved and is waited for again. */
  rang(): boolean {
    this.#armedMs = Infinity;
    if (this.#host.elapsedMs < this.#dueMs) {
      if (this.#dueMs !== Infinity) this.#arm();
      return false;
    }
    this.#dueMs = Infinity;
    return true;
  }

  #arm(): void {
    this.#armedMs = this.#dueMs;
    this.#host.setTimer(SEND_THREAD, Math.max(0, this.#dueMs - this.#host.elapsedMs));
  }
}
