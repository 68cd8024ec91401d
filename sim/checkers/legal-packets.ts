import type { ExitCode } from '../../protocol/host.ts';
import { serverParty, type Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import type { EventOf } from './event-of.ts';
import { when } from './names.ts';
import type { Observed } from './observed.ts';
import { PromiseChecker } from './promise-checker.ts';

/** UNMATCHED_TXN_COMMIT and QUORUM_PACKET_ERROR: a process ends over what its leader sent. */
const OVER_A_PACKET: readonly ExitCode[] = [12, 13];

/**
 * Source: TLA+ of the 3.7 system, violatedInvariants: ackInconsistent, proposalInconsistent, commitInconsistent, messageIllegal; Remix I-12,
 * I-14. Nobody in the simulated world makes packets up: every packet is legal, so who has no answer to it is wrong, or was brought there
 * by its peer.
 * Reads: protocolError, exited, writeFailed; syncDecision for its evidence; newLeaderAcked and serving, each a conversation that went well.
 * Cost: next to nothing.
 * Allowed: refusals (an epoch too old, a learner ahead of its leader), silence, broken connections; to exit where the disk fails to cut the log.
 * Red: a COMMIT for which a learner has no proposal; an ACK before the one of NEWLEADER; a hole in the proposals.
 */
export class LegalPackets extends PromiseChecker {
  readonly name = 'legal-packets';
  readonly promise = 'No packet that the protocol allows is one too much: nobody gives up a role over it.';
  readonly reads: readonly TraceEventType[] = [
    'protocolError',
    'exited',
    'writeFailed',
    'syncDecision',
    'newLeaderAcked',
    'serving',
  ];
  readonly #seen: Observed;
  /** The newest synchronization that each server has a part in. */
  readonly #syncs = new Map<Party, Sync>();
  /** Whose disk failed to cut the log. */
  readonly #uncut = new Set<Party>();

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    switch (event.type) {
      case 'protocolError':
        this.#refused(at, party, `had no answer to a packet ${when(at)}: ${event.what}`);
        return;
      case 'exited':
        if (OVER_A_PACKET.includes(event.code) && !this.#uncut.has(party))
          this.#refused(at, party, `ended itself over a packet ${when(at)}: ${event.reason}`);
        return;
      case 'writeFailed':
        if (event.write === 'truncation') this.#uncut.add(party);
        return;
      case 'syncDecision':
        this.#onSync(at, party, event);
        return;
      default:
        this.#uncut.delete(party);
        this.kept();
    }
  }

  #onSync(at: Micros, leader: Party, event: EventOf<'syncDecision'>): void {
    const learner = serverParty(event.learner);
    const sync: Sync = { at, leader, learner, mode: event.mode };
    this.#syncs.set(leader, sync);
    this.#syncs.set(learner, sync);
  }

  #refused(at: Micros, party: Party, what: string): void {
    const { names } = this.#seen;
    const sync = this.#syncs.get(party);
    if (sync === undefined) {
      this.contradicted({ until: at, parties: [party] }, `${names.who(party)} ${what}`, UNPROVOKED);
      return;
    }
    const { leader, learner } = sync;
    this.contradicted(
      { from: sync.at, until: at, parties: [leader, learner] },
      `${names.who(party)} ${what}`,
      `${names.who(leader)} had begun to bring ${names.who(learner)} up to date with ${sync.mode} ${when(sync.at)}: what they send since then is legal`,
    );
  }
}

const UNPROVOKED = 'but only servers of this ensemble talk to it, and what they send is legal';

interface Sync {
  readonly at: Micros;
  readonly leader: Party;
  readonly learner: Party;
  readonly mode: string;
}
