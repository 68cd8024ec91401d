/**
 * The arithmetic of ClientCnxn.SendThread's patience: four limits cut from the session timeout, and when something was
 * last sent (lastSend) and heard (lastHeard) on the wire. Pure: it is told the time, and it answers with what is left.
 */

/** Idle time after which a ping goes out at the next opportunity, ms. */
const MAX_SEND_PING_INTERVAL_MS = 10_000;
/** Once idle for this long, the next ping goes out this much earlier, so that a second one still makes it, ms. */
const PING_MARGIN_MS = 1000;

export class ConnectionTiming {
  readonly #hosts: number;
  #connectTimeoutMs = 0;
  #readTimeoutMs = 0;
  #expirationTimeoutMs = 0;
  #lastSendMs = 0;
  #lastHeardMs = 0;

  /** @param sessionTimeoutMs what the application asked for: it serves until a server has negotiated another. */
  constructor(sessionTimeoutMs: number, hosts: number) {
    this.#hosts = hosts;
    this.negotiated(sessionTimeoutMs);
  }

  /** SendThread.onConnected: the limits follow the timeout that the server granted, ms. */
  negotiated(sessionTimeoutMs: number): void {
    this.#connectTimeoutMs = Math.floor(sessionTimeoutMs / this.#hosts);
    this.#readTimeoutMs = Math.floor((sessionTimeoutMs * 2) / 3);
    this.#expirationTimeoutMs = Math.floor((sessionTimeoutMs * 4) / 3);
  }

  /** For the TCP connection, and once more for the handshake on it, ms. */
  get connectTimeoutMs(): number {
    return this.#connectTimeoutMs;
  }

  sent(nowMs: number): void {
    this.#lastSendMs = nowMs;
  }

  heard(nowMs: number): void {
    this.#lastHeardMs = nowMs;
  }

  connectLeftMs(nowMs: number): number {
    return this.#connectTimeoutMs - (nowMs - this.#lastSendMs);
  }

  readLeftMs(nowMs: number): number {
    return this.#readTimeoutMs - (nowMs - this.#lastHeardMs);
  }

  /** Until the session must be gone on the servers, whatever they say (3.9.3 and later). */
  expirationLeftMs(nowMs: number): number {
    return this.#expirationTimeoutMs - (nowMs - this.#lastHeardMs);
  }

  /**
   * Until the next ping; 0 or less: now. It is asked whenever something happens on the connection, so the 10 s rule
   * catches a long silence only then: with nothing to hear, half the read timeout decides.
   */
  pingLeftMs(nowMs: number): number {
    const idleMs = nowMs - this.#lastSendMs;
    if (idleMs > MAX_SEND_PING_INTERVAL_MS) return 0;
    return Math.floor(this.#readTimeoutMs / 2) - idleMs - (idleMs > PING_MARGIN_MS ? PING_MARGIN_MS : 0);
  }
}
