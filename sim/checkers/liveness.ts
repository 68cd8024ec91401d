import type { Sid } from '../../protocol/ids.ts';
import { isWritten, probeParty } from '../calm/probe-plan.ts';
import type { Absence } from '../calm/absence.ts';
import { serverParty, type Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import { Absences } from './absences.ts';
import type { FinalServer, FinalState } from './final-server.ts';
import { listed, when } from './names.ts';
import type { About } from './checker.ts';
import type { Observed } from './observed.ts';
import { PromiseChecker, type Reader } from './promise-checker.ts';
import { Whereabouts } from './whereabouts.ts';

/**
 * Source: Zab paper, liveness; TLA+ Liveness of Zab and FLE: with a quorum alive and connected for long enough there is a leader, and writes
 * complete. "Long enough" is the calm: all faults have ended, and within `calmMs` (or half a million events, see Calm) the calm's own client gets an answer to a write.
 * Reads: calmBegan, the probe's answers, and, to check excuses, fault, crashed, started, exited; voteChanged for its evidence. Cost: one
 * comparison an answer.
 * Allowed: nothing but an excuse that is borne out. Servers that are lost for good, or that started in the calm and would not go on with the
 * data that they found, need not be there; if the others are no quorum, nobody can ask for more. Who is excused is looked up in the trace.
 * Red: no write, or no leader, with a quorum there; an excuse that the trace does not bear out, or that is made with a quorum there.
 */
export class Liveness extends PromiseChecker {
  readonly name = 'liveness';
  readonly promise =
    'With a quorum alive and connected for the stated time there is a leader, and writes complete.';
  readonly reads: readonly TraceEventType[];
  readonly #seen: Observed;
  readonly #probe: Party;
  readonly #absences: Absences;
  readonly #whereabouts = new Whereabouts();
  readonly #parts: readonly Reader[];
  #gaveUpAfterMs: number | undefined;
  #calmBegan: Micros | undefined;
  #writtenAt: Micros | undefined;

  /** `seen.plan` has the probe as the last of its clients. */
  constructor(seen: Observed) {
    super();
    this.#seen = seen;
    this.#probe = probeParty({ clients: seen.plan.clients.slice(0, -1) });
    this.#absences = new Absences(seen.plan);
    this.#parts = [this.#absences, this.#whereabouts];
    this.reads = [...this.#absences.reads, ...this.#whereabouts.reads, 'answered'];
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    if (event.type === 'answered') {
      if (party === this.#probe && this.#writtenAt === undefined && isWritten(event)) this.#writtenAt = at;
      return;
    }
    if (event.type === 'calmBegan') this.#calmBegan = at;
    for (const part of this.#parts) part.onEvent(at, party, event);
  }

  /** Judges the end of a run that had its calm. */
  onFinalState({ servers, excuse, gaveUpAfterMs }: FinalState): void {
    this.#gaveUpAfterMs = gaveUpAfterMs;
    if (this.#calmBegan === undefined) return;
    for (const server of servers)
      if (server.absence !== undefined) this.#mustBeAbsent(server, server.absence);
    const present = servers.filter(({ absence }) => absence === undefined).map(({ sid }) => sid);
    if (!this.#seen.quorums.containsQuorum(present)) this.#mustSaySo(present, excuse?.text);
    else {
      if (excuse !== undefined) this.#mustNotExcuse(present, excuse.text);
      this.#mustBeLive(servers, present);
    }
  }

  #mustBeAbsent(server: FinalServer, absence: Absence): void {
    const contradiction = this.#absences.contradiction(server);
    if (contradiction === undefined) return this.kept();
    const who = this.#seen.names.who(serverParty(server.sid));
    const claim = absence.kind === 'lost' ? 'be lost for good' : `refuse to start: ${absence.reason}`;
    this.contradicted(
      { until: Number.POSITIVE_INFINITY, parties: [serverParty(server.sid)] },
      `${who} is said to ${claim}`,
      contradiction,
    );
  }

  #mustSaySo(present: readonly Sid[], excuse: string | undefined): void {
    if (excuse !== undefined) this.kept();
    else
      this.contradicted(
        aboutAll(present),
        `only ${listed(present)} can be there, which is no quorum`,
        'but the run claims no excuse',
      );
  }

  #mustNotExcuse(present: readonly Sid[], excuse: string): void {
    this.contradicted(
      aboutAll(present),
      `the run is excused: ${excuse}`,
      `but ${listed(present)} can be there and are a quorum`,
    );
  }

  #mustBeLive(servers: readonly FinalServer[], present: readonly Sid[]): void {
    if (this.#writtenAt === undefined) this.#dead('no write was answered', servers, present);
    else if (!servers.some(({ serving, state }) => serving && state === 'LEADING'))
      this.#dead(`a write was answered ${when(this.#writtenAt)}, but nobody leads`, servers, present);
    else this.kept();
  }

  #dead(what: string, servers: readonly FinalServer[], present: readonly Sid[]): void {
    const givenMs = this.#gaveUpAfterMs ?? this.#seen.plan.calmMs;
    this.contradicted(
      aboutAll(present),
      `${what} when the run was over`,
      `although the faults stopped ${when(this.#calmBegan ?? 0)}, ${String(givenMs)} ms were given, and ${listed(present)} are a quorum`,
      `who was where: ${this.#whereabouts.text(servers)}`,
    );
  }
}

const aboutAll = (servers: readonly Sid[]): About => ({
  until: Number.POSITIVE_INFINITY,
  parties: servers.map(serverParty),
});
