/**
 * Who is alive. The leader decides for the whole ensemble (SessionTrackerImpl, LeaderSessionTracker); a learner only remembers whom
 * it heard from and tells the leader with its next answer to a PING (LearnerSessionTracker). Left out: local sessions.
 */
import { ErrorCode } from '../errors.ts';
import type { ServerHost } from '../host.ts';
import type { SessionId } from '../ids.ts';
import type { TouchedSession } from '../packets.ts';
import type { SessionOwner } from '../processors/request.ts';
import type { Release } from '../release/release.ts';
import type { Timers } from '../timers.ts';

interface TrackedSession {
  readonly timeOut: number;
  /** The end of the interval in which it expires; 0 once it is closing. */
  bucket: number;
  owner: SessionOwner | undefined;
  isClosing: boolean;
}

const TIMER = 'sessions/expiry';

/** SessionTrackerImpl with ExpiryQueue: sessions expire in buckets of one tick, always rounded up. */
export class LeaderSessionTracker {
  readonly #host: ServerHost;
  readonly #timers: Timers;
  readonly #tickMs: number;
  readonly #onExpired: (sessionId: SessionId, timeOut: number) => void;
  readonly #release: Release;
  readonly #sessions = new Map<SessionId, TrackedSession>();
  readonly #buckets = new Map<number, Set<SessionId>>();
  #nextExpiryMs: number;

  constructor(init: {
    host: ServerHost;
    timers: Timers;
    tickMs: number;
    sessionsWithTimeouts: ReadonlyMap<SessionId, number>;
    onExpired: (sessionId: SessionId, timeOut: number) => void;
    release: Release;
  }) {
    this.#host = init.host;
    this.#timers = init.timers;
    this.#tickMs = init.tickMs;
    this.#onExpired = init.onExpired;
    this.#release = init.release;
    this.#nextExpiryMs = this.#roundUp(this.#nowMs);
    // A new leader knows nothing of the past: every session gets a whole timeout from now.
    for (const [id, timeOut] of init.sessionsWithTimeouts) this.trackSession(id, timeOut);
    this.#arm();
  }

  stop(): void {
    this.#timers.cancel(TIMER);
  }

  trackSession(id: SessionId, timeOut: number): void {
    if (!this.#sessions.has(id))
      this.#sessions.set(id, { timeOut, bucket: 0, owner: undefined, isClosing: false });
    this.touchSession(id, timeOut);
  }

  /** False for a session that is unknown or closing: its request is dropped without a reply. */
  touchSession(id: SessionId, timeOut: number): boolean {
    const session = this.#sessions.get(id);
    if (session === undefined || session.isClosing) return false;
    this.#move(id, session, this.#roundUp(this.#nowMs + timeOut));
    return true;
  }

  /** closeSession's first half: from now on the session's requests are refused. ZOOKEEPER-1208: they were not. */
  setSessionClosing(id: SessionId): void {
    const session = this.#sessions.get(id);
    if (session !== undefined && !this.#release.closingSessionsAreServed) session.isClosing = true;
  }

  removeSession(id: SessionId): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    this.#buckets.get(session.bucket)?.delete(id);
    this.#sessions.delete(id);
  }

  setOwner(id: SessionId, owner: SessionOwner): void {
    const session = this.#sessions.get(id);
    if (session !== undefined) session.owner = owner;
  }

  /** SessionTrackerImpl.checkSession: OK, SESSIONEXPIRED or SESSIONMOVED. The first to ask becomes the owner. */
  checkSession(id: SessionId, owner: SessionOwner | undefined): ErrorCode {
    const session = this.#sessions.get(id);
    if (session === undefined || session.isClosing) return ErrorCode.SESSIONEXPIRED;
    session.owner ??= owner;
    return owner === undefined || session.owner === owner ? ErrorCode.OK : ErrorCode.SESSIONMOVED;
  }

  #move(id: SessionId, session: TrackedSession, bucket: number): void {
    if (session.bucket === bucket) return;
    this.#buckets.get(session.bucket)?.delete(id);
    session.bucket = bucket;
    const members = this.#buckets.get(bucket);
    if (members === undefined) this.#buckets.set(bucket, new Set([id]));
    else members.add(id);
  }

  /** The monotonic clock. ZOOKEEPER-1366: older releases read the one that can be set. */
  get #nowMs(): number {
    return this.#release.sessionsExpireByWallClock ? this.#host.wallMs : this.#host.elapsedMs;
  }

  /** ExpiryQueue.roundToNextInterval. */
  #roundUp(ms: number): number {
    return (Math.floor(ms / this.#tickMs) + 1) * this.#tickMs;
  }

  #arm(): void {
    this.#timers.set(TIMER, this.#nextExpiryMs - this.#nowMs, () => this.#sweep());
  }

  /** SessionTrackerImpl.run: one bucket a turn; after a long pause the missed ones follow at once. */
  #sweep(): void {
    if (this.#nowMs < this.#nextExpiryMs) return this.#arm();
    const due = this.#buckets.get(this.#nextExpiryMs);
    this.#buckets.delete(this.#nextExpiryMs);
    this.#nextExpiryMs += this.#tickMs;
    this.#arm();
    for (const id of due ?? []) {
      const session = this.#sessions.get(id);
      if (session === undefined || session.isClosing) continue;
      this.#endOf(id, session);
      this.#onExpired(id, session.timeOut);
    }
  }

  /** ZOOKEEPER-1496: who was forgotten is tracked anew, and alive, when its createSession commits late. */
  #endOf(id: SessionId, session: TrackedSession): void {
    if (this.#release.expiredSessionsAreForgotten) this.#sessions.delete(id);
    else session.isClosing = true;
  }
}

/** LearnerSessionTracker: every session heard from since the leader last asked. */
export class LearnerSessionTracker {
  #touchTable = new Map<SessionId, number>();

  touchSession(id: SessionId, timeOut: number): boolean {
    this.#touchTable.set(id, timeOut);
    return true;
  }

  removeSession(id: SessionId): void {
    this.#touchTable.delete(id);
  }

  /** Hands the table over and begins a new one. */
  snapshot(): readonly TouchedSession[] {
    const touched = [...this.#touchTable].map(([sessionId, timeOut]) => ({ sessionId, timeOut }));
    this.#touchTable = new Map();
    return touched;
  }
}
