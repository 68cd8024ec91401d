import { NO_TXNS, type Zxid } from '../zxid.ts';

/**
 * LearnerHandler.SyncLimitCheck: has a learner left a PROPOSAL unacknowledged for longer than syncLimit? Only the oldest and the
 * newest unacknowledged one are remembered: when the oldest is acknowledged, the newest takes its place.
 */
export class SyncLimitCheck {
  readonly #limitMs: number;
  #isStarted = false;
  #oldest = NO_TXNS;
  #oldestSentMs = 0;
  #newest = NO_TXNS;
  #newestSentMs = 0;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Counts from the acknowledgement of NEWLEADER on. */
  start(): void {
    this.#isStarted = true;
  }

  updateProposal(zxid: Zxid, nowMs: number): void {
    if (!this.#isStarted) return;
    if (this.#oldest === NO_TXNS) {
      this.#oldest = zxid;
      this.#oldestSentMs = nowMs;
    } else {
      this.#newest = zxid;
      this.#newestSentMs = nowMs;
    }
  }

  updateAck(zxid: Zxid): void {
    if (zxid === this.#oldest) {
      this.#oldest = this.#newest;
      this.#oldestSentMs = this.#newestSentMs;
      this.#newest = NO_TXNS;
    } else if (zxid === this.#newest) {
      this.#newest = NO_TXNS;
    }
  }

  isWithinLimit(nowMs: number): boolean {
    return this.#oldest === NO_TXNS || nowMs - this.#oldestSentMs < this.#limitMs;
  }
}
