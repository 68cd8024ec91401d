import type { Txn } from '../../protocol/database/txn.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { NO_SESSION, type SessionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import { formatZxid } from '../../protocol/zxid.ts';
import { isClient, type Party } from '../party.ts';
import { fromMs, toMs, type Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import type { EventOf } from './event-of.ts';
import { LeaderWatch } from './leader-watch.ts';
import { titleOf } from './model/compare.ts';
import { when } from './names.ts';
import type { Observed } from './observed.ts';
import { PromiseChecker } from './promise-checker.ts';
import { ServerClocks } from './server-clocks.ts';
import { SessionLedger, type OpenSession } from './session-ledger.ts';
import { SessionPasswords } from './session-passwords.ts';

/** Clocks count whole ms, and begin one anywhere within the first. */
const ROUNDING = fromMs(2);
/** How much later than two ticks after its timeout a silent session may expire. */
const LATENESS = fromMs(1000);

/**
 * Source: documented session guarantees.
 * Reads: committed and established (through the log), delivered (only what reaches a leader or a client), proposed, sessionExpired,
 * sessionAttached, keeperState, answered, clockChanged, and what ends or stops a leader. Cost: one map lookup a delivered packet.
 * A leader is judged by its own monotonic clock: one that runs fast expires sessions early and is right, one that stands still late.
 * Signs of life at a leader are those for which it certainly touches the session: requests of its own clients, PING answers with the
 * session, REVALIDATE, an attached connection, createSession. A forwarded REQUEST is none: ZooKeeper does not touch for it. What comes from
 * a client that was started anew may be its dead process's, for another session.
 * Allowed: a second closeSession without effect (SessionLedger); error txns of a closed session; a client told "expired" by a leader that is
 * closing its session and may crash before that is committed, or that is deposed and does not know the session yet.
 * Red: an effect or an ephemeral of a closed session; an ephemeral that stays; expiry too early or never; effects out of order; a session given
 * to somebody without its password.
 */
export class SessionsAndEphemerals extends PromiseChecker {
  readonly name = 'sessions-and-ephemerals';
  readonly promise =
    'A session lives until it is closed or silent for its timeout; its ephemerals live exactly as long; what it asks takes effect in order.';
  readonly reads: readonly TraceEventType[] = [
    'delivered',
    'established',
    'committed',
    'proposed',
    'sessionExpired',
    'sessionAttached',
    'keeperState',
    'answered',
    'state',
    'stoppedServing',
    'crashed',
    'exited',
    'paused',
    'resumed',
    'clockChanged',
    'started',
  ];
  readonly #seen: Observed;
  readonly #ledger = new SessionLedger();
  readonly #leaders = new Map<Party, LeaderWatch>();
  readonly #sessionOf = new Map<Party, SessionId>();
  /** Clients that were started again: they have had several sessions. */
  readonly #restarted = new Set<Party>();
  readonly #lastHeard = new Map<Party, Micros>();
  readonly #clocks = new ServerClocks();
  readonly #passwords = new SessionPasswords();
  /** Sessions that some leader has begun to close, committed or not. */
  readonly #closing = new Set<SessionId>();
  readonly #tick: Micros;
  #now: Micros = 0;
  #newestEpoch = 0;
  #staleLeaderUntil: Micros = Number.NEGATIVE_INFINITY;

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
    this.#tick = fromMs(seen.plan.ensemble.tickTime);
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    this.#now = at;
    switch (event.type) {
      case 'delivered':
        this.#onDelivered(at, party, event.from, event.packet);
        if (event.packet.type === 'connectRequest')
          this.#passwords.onRequest(at, party, event.from, event.packet);
        else if (event.packet.type === 'connectResponse')
          this.#onGranted(at, party, event.from, event.packet);
        return;
      case 'established':
        this.#onLog(at);
        this.#leaders.set(party, new LeaderWatch(event.epoch, this.#elapsed(party, at), this.#tick / 2));
        this.#newestEpoch = Math.max(this.#newestEpoch, event.epoch);
        return;
      case 'committed':
        this.#onLog(at);
        return;
      case 'proposed':
        this.#onProposed(at, party, event.txn);
        return;
      case 'sessionExpired':
        this.#onSessionExpired(at, party, event.sessionId, fromMs(event.timeOut));
        return;
      case 'sessionAttached':
        this.#leaders.get(party)?.onTouch(event.sessionId, this.#elapsed(party, at));
        return;
      case 'keeperState':
        this.#onKeeperState(at, party, event);
        return;
      case 'answered':
        this.#onAnswered(at, event);
        return;
      case 'state':
        if (event.from === 'LEADING') this.#endOfTerm(at, party);
        return;
      case 'stoppedServing':
      case 'crashed':
      case 'exited':
        this.#endOfTerm(at, party);
        return;
      case 'paused':
        this.#leaders.get(party)?.onPaused(this.#elapsed(party, at));
        return;
      case 'resumed':
        this.#leaders.get(party)?.onResumed(this.#elapsed(party, at));
        return;
      case 'clockChanged':
        this.#clocks.onClockChanged(party, at, event.elapsedRate);
        return;
      case 'started':
        if (isClient(party)) this.#restarted.add(party);
        return;
      default:
        return;
    }
  }

  override finish(): void {
    for (const [party, watch] of this.#leaders) this.#noneOutlived(this.#now, party, watch);
  }

  // ---------------------------------------------------------------------------------------- S1, S2, S5, Q1: the log

  #onLog(at: Micros): void {
    const { log } = this.#seen;
    for (let index = log.fresh; index < log.length; index++) {
      const txn = log.txnAt(index);
      if (txn === undefined) continue;
      if (txn.body.type === 'createSession') this.#hintAll(txn.sessionId, at);
      const contradiction = this.#ledger.apply(txn);
      if (contradiction === undefined) this.kept();
      else
        this.contradicted(
          { until: at, zxids: [txn.zxid], sessions: [txn.sessionId] },
          `${formatZxid(txn.zxid)} (${titleOf(txn.body)} of session ${txn.sessionId}) was committed ${when(at)}`,
          `but ${contradiction}`,
        );
    }
  }

  /** S1: nobody answers for a session that is gone. */
  #onAnswered(at: Micros, event: EventOf<'answered'>): void {
    const closedBy = this.#ledger.closed.get(event.sessionId);
    if (closedBy === undefined || event.err !== ErrorCode.OK || event.zxid < closedBy) return;
    const operation = this.#seen.history.answered;
    if (operation === undefined || operation.body.op === 'closeSession' || this.#seen.log.forked) return;
    this.contradicted(
      { until: at, zxids: [closedBy], sessions: [event.sessionId], operations: [operation] },
      `${this.#seen.names.operation(operation)} was answered OK ${when(at)} as of ${formatZxid(event.zxid)}`,
      `but its session ${event.sessionId} had been closed by ${formatZxid(closedBy)}`,
    );
  }

  /** Documented: a session is taken up by its password, or not at all. */
  #onGranted(at: Micros, party: Party, server: Party, packet: Packet & { type: 'connectResponse' }): void {
    const attempt = this.#passwords.granted(server, party, packet);
    if (attempt === undefined) {
      this.kept();
      return;
    }
    this.contradicted(
      { from: attempt.at, until: at, sessions: [attempt.sessionId], parties: [party] },
      `${this.#seen.names.who(party)} asked ${this.#seen.names.who(server)} for session ${attempt.sessionId} ${when(attempt.at)} with a wrong password`,
      `but was given it ${when(at)}`,
    );
  }

  // ---------------------------------------------------------------------------------------- S3: the leader's clock

  #elapsed(server: Party, at: Micros): Micros {
    return this.#clocks.elapsed(server, at);
  }

  /** Nearly every packet is dismissed here: it reached a server that does not lead. */
  #onDelivered(at: Micros, party: Party, from: Party, packet: Packet): void {
    if (isClient(party)) {
      this.#lastHeard.set(party, at);
      return;
    }
    const watch = this.#leaders.get(party);
    if (watch === undefined) return;
    const elapsed = this.#elapsed(party, at);
    switch (packet.type) {
      case 'request':
        this.#touchClient(watch, from, elapsed);
        return;
      case 'PING':
        for (const { sessionId } of packet.touched) watch.onTouch(sessionId, elapsed);
        return;
      case 'REVALIDATE':
        watch.onTouch(packet.sessionId, elapsed);
        return;
      case 'REQUEST':
      case 'connectRequest':
        watch.onHint(packet.sessionId, elapsed);
        return;
      default:
        return;
    }
  }

  #touchClient(watch: LeaderWatch, client: Party, elapsed: Micros): void {
    const session = this.#sessionOf.get(client);
    if (session === undefined) return;
    if (this.#restarted.has(client)) watch.onHint(session, elapsed);
    else watch.onTouch(session, elapsed);
  }

  #hintAll(session: SessionId, at: Micros): void {
    for (const [party, watch] of this.#leaders) watch.onHint(session, this.#elapsed(party, at));
  }

  #onProposed(at: Micros, party: Party, txn: Txn): void {
    const watch = this.#leaders.get(party);
    if (txn.body.type === 'createSession') watch?.onTouch(txn.sessionId, this.#elapsed(party, at));
    if (txn.body.type !== 'closeSession') return;
    watch?.closing.add(txn.sessionId);
    this.#closing.add(txn.sessionId);
  }

  #onSessionExpired(at: Micros, party: Party, session: SessionId, timeOut: Micros): void {
    this.#closing.add(session);
    const watch = this.#leaders.get(party);
    if (watch === undefined) return;
    watch.closing.add(session);
    const elapsed = this.#elapsed(party, at);
    const touched = watch.lastTouch(session, elapsed);
    if (elapsed - touched >= timeOut - ROUNDING) this.kept();
    else
      this.contradicted(
        { until: at, sessions: [session], parties: [party] },
        `${this.#seen.names.who(party)} expired session ${session} (timeout ${String(toMs(timeOut))} ms) ${when(at)}`,
        `but its last sign of life, or the beginning of this leader's term, was ${when(touched)}${at === elapsed ? '' : ` of its own clock, which now stands ${when(elapsed)}`}`,
      );
    this.#notOutlived(at, party, watch, session, timeOut);
  }

  #endOfTerm(at: Micros, party: Party): void {
    const watch = this.#leaders.get(party);
    if (watch === undefined) return;
    this.#leaders.delete(party);
    this.#noneOutlived(at, party, watch);
    if (watch.epoch < this.#newestEpoch) this.#staleLeaderUntil = at;
  }

  /** A deposed leader is not asked: it does not know its successor's sessions, and will be gone soon. */
  #noneOutlived(at: Micros, party: Party, watch: LeaderWatch): void {
    if (this.#seen.log.forked || watch.epoch < this.#newestEpoch) return;
    for (const [session, { timeOut }] of this.#ledger.open)
      if (!watch.closing.has(session)) this.#notOutlived(at, party, watch, session, fromMs(timeOut));
  }

  #notOutlived(at: Micros, party: Party, watch: LeaderWatch, session: SessionId, timeOut: Micros): void {
    const silence = watch.silence(session, this.#elapsed(party, at));
    if (silence <= timeOut + 2 * this.#tick + LATENESS) this.kept();
    else
      this.contradicted(
        { until: at, sessions: [session], parties: [party] },
        `session ${session} (timeout ${String(toMs(timeOut))} ms) was still not expired ${when(at)}`,
        `but its leader, ${this.#seen.names.who(party)}, had had no sign of it for ${String(toMs(silence))} ms`,
      );
  }

  // ---------------------------------------------------------------------------------------- S4: what clients are told

  #onKeeperState(at: Micros, client: Party, event: EventOf<'keeperState'>): void {
    if (event.state === 'SyncConnected') this.#sessionOf.set(client, event.sessionId);
    else if (event.state === 'Expired') this.#onExpired(at, client, event.sessionId);
  }

  #onExpired(at: Micros, client: Party, told: SessionId): void {
    const session = told === NO_SESSION ? this.#sessionOf.get(client) : told;
    if (session === undefined || this.#seen.log.forked) return;
    const open = this.#ledger.open.get(session);
    if (open === undefined || this.#closing.has(session) || this.#hasStaleLeader(at)) {
      this.kept();
      return;
    }
    this.#mustHaveBeenSilent(at, client, session, open);
  }

  /** Since 3.9.3 a client gives its session up by itself after 4/3 of the timeout without a word from any server. */
  #mustHaveBeenSilent(at: Micros, client: Party, session: SessionId, open: OpenSession): void {
    const heard = this.#lastHeard.get(client) ?? 0;
    if (at - heard >= (fromMs(open.timeOut) * 4) / 3 - ROUNDING) this.kept();
    else
      this.contradicted(
        { from: heard, until: at, sessions: [session], parties: [client] },
        `${this.#seen.names.who(client)} was told ${when(at)} that session ${session} (timeout ${String(open.timeOut)} ms) has expired`,
        `but nobody had begun to close it, and the client had heard from a server ${when(heard)}`,
      );
  }

  /** A leader that does not know yet that it is deposed does not know the sessions of its successor either. */
  #hasStaleLeader(at: Micros): boolean {
    for (const watch of this.#leaders.values()) if (watch.epoch < this.#newestEpoch) return true;
    return at - this.#staleLeaderUntil <= this.#tick * this.#seen.plan.ensemble.syncLimit;
  }
}
