import type { SessionId } from '../../protocol/ids.ts';
import type { Micros } from '../time.ts';

/**
 * What one leader has heard of the sessions since it was established: the observer's copy of its session tracker. A sign of life is
 * recorded when it reaches the leader's process; the leader may get to it a little later, and a sign that is younger than `settling` is
 * therefore not held against it. All times are by the leader's own monotonic clock.
 */
export class LeaderWatch {
  readonly epoch: number;
  readonly #since: Micros;
  readonly #settling: Micros;
  readonly #signs = new Map<SessionId, Signs>();
  /** Sessions that this leader is closing, whoever asked. */
  readonly closing = new Set<SessionId>();
  #resumedAt: Micros;
  #pausedAt: Micros | undefined;

  constructor(epoch: number, since: Micros, settling: Micros) {
    this.epoch = epoch;
    this.#since = since;
    this.#settling = settling;
    this.#resumedAt = since;
  }

  /** The leader has certainly touched the session for this. */
  onTouch(session: SessionId, at: Micros): void {
    const signs = this.#of(session);
    signs.latest = at;
    if (at - signs.recent < this.#settling) return;
    signs.settled = signs.recent;
    signs.recent = at;
  }

  /** The leader may have touched the session for this. */
  onHint(session: SessionId, at: Micros): void {
    this.#of(session).latest = at;
  }

  onPaused(at: Micros): void {
    this.#pausedAt = at;
  }

  onResumed(at: Micros): void {
    this.#pausedAt = undefined;
    this.#resumedAt = at;
  }

  /** The last certain touch that the leader must have known of; the beginning of its term counts, as it starts with fresh timeouts. */
  lastTouch(session: SessionId, at: Micros): Micros {
    const signs = this.#signs.get(session);
    if (signs === undefined) return this.#since;
    return at - signs.recent >= this.#settling ? signs.recent : signs.settled;
  }

  /** How long the leader, awake, has had no sign of the session whatever. */
  silence(session: SessionId, at: Micros): Micros {
    const heard = Math.max(this.#signs.get(session)?.latest ?? 0, this.#resumedAt);
    return (this.#pausedAt ?? at) - heard;
  }

  #of(session: SessionId): Signs {
    let signs = this.#signs.get(session);
    if (signs === undefined) {
      signs = { latest: this.#since, recent: this.#since, settled: this.#since };
      this.#signs.set(session, signs);
    }
    return signs;
  }
}

/**
 * `recent` is a touch, `settled` the one before it, at least `settling` earlier: one of the two is always old enough to be held against the
 * leader, without a list.
 */
interface Signs {
  latest: Micros;
  recent: Micros;
  settled: Micros;
}
