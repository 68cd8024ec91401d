import type { Sid } from '../../protocol/ids.ts';
import {
  counterOf,
  epochOf,
  formatZxid,
  makeZxid,
  nextZxid,
  NO_TXNS,
  type Zxid,
} from '../../protocol/zxid.ts';
import { serverParty, type Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import { listed, when } from './names.ts';
import type { Observed } from './observed.ts';
import type { About } from './checker.ts';
import { PromiseChecker } from './promise-checker.ts';

/**
 * Source: Zab paper, broadcast phase and local primary order; TLA+ commitInconsistent.
 * Reads: established, proposed, committed, and what the disks report (DurablePositions). Cost: an ancestor walk a voter and commit,
 * which within one epoch is one comparison.
 * Allowed: a leader that is no longer the newest may still decide a commit when the last ack arrives late; a quorum has it then,
 * so it is in the newer leader's history.
 * Red: a commit with a minority's acks, or while a minority has it on disk; a gap in an epoch's proposals.
 */
export class QuorumCommits extends PromiseChecker {
  readonly name = 'quorum-commits';
  readonly promise =
    'A leader is established, and a txn committed, only when a quorum has it on disk; proposals and commits come in order, without gaps.';
  readonly reads: readonly TraceEventType[] = ['established', 'proposed', 'committed'];
  readonly #seen: Observed;
  readonly #terms = new Map<number, Term>();

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    if (event.type === 'committed') this.#onCommitted(at, party, event.zxid, event.acks);
    else if (event.type === 'proposed') this.#onProposed(at, party, event.txn.zxid, event.epoch);
    else if (event.type === 'established')
      this.#onEstablished(at, party, event.epoch, event.lastZxid, event.acks);
  }

  #onEstablished(at: Micros, party: Party, epoch: number, lastZxid: Zxid, acks: readonly Sid[]): void {
    const start = makeZxid(epoch, this.#seen.log.firstCounter - 1);
    if (!this.#terms.has(epoch)) this.#terms.set(epoch, { leader: party, proposed: start, committed: start });
    const what = (): string =>
      `was established in epoch ${String(epoch)} with a history up to ${formatZxid(lastZxid)}`;
    const about: About = { until: at, zxids: [lastZxid], epochs: [epoch] };
    this.#isAcked(at, party, what, acks, about);
    this.#isDurable(at, party, what, lastZxid, about);
  }

  /** Leader.propose: the established leader, and each counter once. */
  #onProposed(at: Micros, party: Party, zxid: Zxid, epoch: number): void {
    const term = this.#terms.get(epoch);
    if (term?.leader !== party || epochOf(zxid) !== epoch) {
      this.contradicted(
        { until: at, zxids: [zxid], epochs: [epoch], parties: [party] },
        `${this.#seen.names.who(party)} proposed ${formatZxid(zxid)} ${when(at)}`,
        term === undefined
          ? `but no leader has been established in epoch ${String(epoch)}`
          : `but the leader of epoch ${String(epoch)} is ${this.#seen.names.who(term.leader)}`,
      );
      return;
    }
    const expected = nextZxid(term.proposed);
    if (zxid === expected) this.kept();
    else
      this.contradicted(
        { until: at, zxids: [zxid, term.proposed], epochs: [epoch], parties: [party] },
        `${this.#seen.names.who(party)} proposed ${formatZxid(zxid)} ${when(at)}`,
        `right after ${this.#lastOf(term.proposed)}: ${formatZxid(expected)} was next`,
      );
    if (zxid > term.proposed) term.proposed = zxid;
  }

  /** Leader.tryToCommit: in the order of the proposals, each with a quorum of its own. */
  #onCommitted(at: Micros, party: Party, zxid: Zxid, acks: readonly Sid[]): void {
    this.#isInOrder(at, party, zxid);
    const what = (): string => `committed ${formatZxid(zxid)}`;
    const about: About = { until: at, zxids: [zxid] };
    this.#isAcked(at, party, what, acks, about);
    this.#isDurable(at, party, what, zxid, about);
  }

  #isInOrder(at: Micros, party: Party, zxid: Zxid): void {
    const term = this.#terms.get(epochOf(zxid));
    const expected = term === undefined ? NO_TXNS : nextZxid(term.committed);
    const fits = this.#seen.log.ruling === 'extended' || this.#seen.log.ruling === 'known';
    if (zxid === expected && term?.leader === party && fits) this.kept();
    else
      this.contradicted(
        { until: at, zxids: [zxid, this.#seen.log.last], epochs: [epochOf(zxid)], parties: [party] },
        `${this.#seen.names.who(party)} committed ${formatZxid(zxid)} ${when(at)}`,
        term === undefined
          ? `but no leader has been established in epoch ${String(epochOf(zxid))}`
          : `its own last commit was ${this.#lastOf(term.committed)}, the ensemble's ${formatZxid(this.#seen.log.last)}`,
      );
    if (term !== undefined && zxid > term.committed) term.committed = zxid;
  }

  #isAcked(at: Micros, party: Party, what: () => string, acks: readonly Sid[], about: About): void {
    if (this.#seen.quorums.containsQuorum(acks)) this.kept();
    else
      this.contradicted(
        about,
        `${this.#seen.names.who(party)} ${what()} ${when(at)}`,
        `with acknowledgements from ${listed(acks)}, which is no quorum of ${listed(this.#seen.quorums.voters)}`,
      );
  }

  /** The acknowledgements must be worth something: the disks are asked, whoever they belong to. */
  #isDurable(at: Micros, party: Party, what: () => string, zxid: Zxid, about: About): void {
    const { log, disks, quorums } = this.#seen;
    const has = (sid: Sid): boolean => log.isPrefix(zxid, disks.of(serverParty(sid)));
    if (quorums.isQuorum(has)) {
      this.kept();
      return;
    }
    const positions = quorums.voters.map(
      (sid) => `${String(sid)}: ${formatZxid(disks.of(serverParty(sid)))}`,
    );
    this.contradicted(
      about,
      `${this.#seen.names.who(party)} ${what()} ${when(at)}`,
      `but no quorum has ${formatZxid(zxid)} on disk; durable histories end at ${positions.join(', ')}`,
    );
  }

  #lastOf(zxid: Zxid): string {
    return counterOf(zxid) < this.#seen.log.firstCounter
      ? `the start of epoch ${String(epochOf(zxid))}`
      : formatZxid(zxid);
  }
}

interface Term {
  readonly leader: Party;
  proposed: Zxid;
  committed: Zxid;
}
