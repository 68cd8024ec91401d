import { formatZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import { serverParty, type Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import { when } from './names.ts';
import type { Observed } from './observed.ts';
import { PromiseChecker } from './promise-checker.ts';

/**
 * Source: Zab paper, primary integrity and leader completeness; Remix I-8.
 * Reads: established, serving, recovered, logTruncated, logsDeleted. Cost: one or two ancestor walks a role change.
 * What is demanded: every new leader's history contains all that is committed (so all that any client was told); a server never loses
 * the part of its durable history that is committed in a crash, nor by truncation unless a quorum has it without that server; at the
 * end a quorum's disks hold the whole log.
 * Allowed: the uncommitted tail of a log may go at any time, the unflushed part in a crash.
 * Red: a leader with a shorter history; a truncation that cuts too much; a disk that forgets.
 */
export class NothingCommittedLost extends PromiseChecker {
  readonly name = 'nothing-committed-lost';
  readonly promise =
    'What was committed is in the history of every later leader and stays on the disks of a quorum, whatever crashes.';
  readonly reads: readonly TraceEventType[] = [
    'established',
    'serving',
    'recovered',
    'logTruncated',
    'logsDeleted',
  ];
  readonly #seen: Observed;

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    switch (event.type) {
      case 'established':
        this.#onEstablished(at, party, event.epoch, event.lastZxid);
        return;
      case 'serving':
        this.#keeps(at, party, this.#seen.disks.of(party), event.lastZxid, 'began to serve at');
        return;
      case 'recovered':
        this.#onRecovered(at, party, event.lastZxid);
        return;
      case 'logTruncated':
        this.#onTruncated(at, party, this.#seen.disks.formerly, event.zxid);
        return;
      case 'logsDeleted':
        this.#keeps(
          at,
          party,
          this.#seen.disks.formerly,
          this.#seen.disks.of(party),
          'deleted its logs after',
        );
        return;
      default:
        return;
    }
  }

  override finish(): void {
    const { log, disks, quorums } = this.#seen;
    if (log.forked || log.length === 0) return;
    if (quorums.isQuorum((sid) => log.isPrefix(log.last, disks.of(serverParty(sid))))) {
      this.kept();
      return;
    }
    const ends = quorums.voters.map((sid) => `${String(sid)}: ${formatZxid(disks.of(serverParty(sid)))}`);
    this.contradicted(
      { until: Number.POSITIVE_INFINITY, zxids: [log.last], parties: quorums.voters.map(serverParty) },
      `the committed log ends at ${formatZxid(log.last)}`,
      `but when the run was over no quorum had it on disk; durable histories end at ${ends.join(', ')}`,
    );
  }

  #onEstablished(at: Micros, party: Party, epoch: number, lastZxid: Zxid): void {
    const { log, history, names } = this.#seen;
    if (log.ruling === 'extended' || log.ruling === 'known') {
      this.kept();
      return;
    }
    const told =
      history.acked > NO_TXNS ? `, and clients were told of writes up to ${formatZxid(history.acked)}` : '';
    this.contradicted(
      { until: at, zxids: [log.last], epochs: [epoch], parties: [party] },
      `${names.who(party)} was established in epoch ${String(epoch)} with a history up to ${formatZxid(lastZxid)} ${when(at)}`,
      log.ruling === 'lost'
        ? `but ${formatZxid(log.last)} is committed and not part of that history${told}`
        : 'but that history holds txns that no leader has proposed',
    );
  }

  #onRecovered(at: Micros, party: Party, lastZxid: Zxid): void {
    const { isFirstRecovery, cutAfter, formerly } = this.#seen.disks;
    if (!isFirstRecovery) return;
    const did = 'recovered a history up to';
    if (cutAfter === undefined) {
      this.#keeps(at, party, formerly, lastZxid, did);
      return;
    }
    // What was to go may have gone, and nothing else.
    this.#keeps(at, party, cutAfter < formerly ? cutAfter : formerly, lastZxid, did);
    this.#onTruncated(at, party, formerly, lastZxid);
  }

  /**
   * A leader that has not committed a txn yet may tell a returning follower to cut it, and commit it by the acknowledgements of others before
   * the cut is done: then a quorum has it without this server.
   */
  #onTruncated(at: Micros, party: Party, had: Zxid, zxid: Zxid): void {
    const { log, disks, quorums } = this.#seen;
    const committed = log.committedPartOf(had);
    const isElsewhere = quorums.isQuorum((sid) => log.isPrefix(committed, disks.of(serverParty(sid))));
    if (isElsewhere) this.kept();
    else this.#keeps(at, party, had, zxid, 'cut its log after');
  }

  /** Of a durable history that ended in `had`, the committed part must be in the one that ends in `has`. */
  #keeps(at: Micros, party: Party, had: Zxid, has: Zxid, did: string): void {
    const { log, names } = this.#seen;
    const committed = log.committedPartOf(had);
    if (committed === NO_TXNS) return;
    if (log.isPrefix(committed, has)) this.kept();
    else
      this.contradicted(
        { until: at, zxids: [committed], parties: [party] },
        `${names.who(party)} ${did} ${formatZxid(has)} ${when(at)}`,
        `but ${formatZxid(committed)} was on its disk and is committed (its durable history ended at ${formatZxid(had)})`,
      );
  }
}
