import type { Txn } from '../../protocol/database/txn.ts';
import type { ApplyCause } from '../../protocol/events.ts';
import { formatZxid, type Zxid } from '../../protocol/zxid.ts';
import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import { sameTxn, titleOf } from './model/compare.ts';
import { when } from './names.ts';
import type { Observed } from './observed.ts';
import { PromiseChecker } from './promise-checker.ts';

/**
 * Source: Zab paper: integrity, total order, agreement, local and global primary order; TLA+ PrefixConsistency; in the efficient form:
 * position k of every server must be position k of the global sequence. And equal trees: equal digests after the same txn.
 * Reads: serving, stoppedServing, applied, established, crashed, exited, started, reloaded. Cost: two comparisons a server and txn.
 * Allowed: what a server applies while it does not serve (replay, fast-forward, synchronization) may be uncommitted. It is judged as a
 * whole when the server serves next, by the zxid and the digest it then has. A new process, and one whose log could not be written and
 * that has read its disk again, may begin behind what was delivered before: a COMMIT does not wait for the server's own log, and an observer's log is nobody's quorum.
 * Red: a skipped or repeated delivery; a delivery that nobody committed; two digests at one zxid; a server that serves an older state.
 */
export class CommittedLogsAgree extends PromiseChecker {
  readonly name = 'committed-logs-agree';
  readonly promise =
    'All servers deliver the same txns in the same order, each once, and have the same tree after each of them.';
  readonly reads: readonly TraceEventType[] = [
    'serving',
    'stoppedServing',
    'applied',
    'established',
    'crashed',
    'exited',
    'started',
    'reloaded',
  ];
  readonly #seen: Observed;
  readonly #servers = new Map<Party, Server>();
  /** Digest of the tree after n committed txns, where known, and which server showed it first. */
  readonly #digests: number[] = [];
  readonly #sources: Party[] = [];

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    switch (event.type) {
      case 'applied':
        this.#onApplied(at, party, event.txn, event.digest, event.cause);
        return;
      case 'serving':
        this.#onServing(at, party, event.lastZxid, event.digest);
        return;
      case 'established':
        this.#onEstablished(at, party, event.lastZxid, event.digest);
        return;
      case 'started':
      case 'reloaded':
        this.#servers.delete(party);
        return;
      default:
        this.#of(party).serves = false;
        return;
    }
  }

  #onApplied(at: Micros, party: Party, txn: Txn, digest: number, cause: ApplyCause): void {
    const server = this.#of(party);
    if (server.serves && cause === 'commit') this.#deliver(at, party, server, txn, digest);
    else this.#speculate(at, party, server, txn);
  }

  /** The next position of the global sequence, and nothing else. */
  #deliver(at: Micros, party: Party, server: Server, txn: Txn, digest: number): void {
    const expected = this.#seen.log.txnAt(server.position);
    if (expected === undefined || !sameTxn(expected, txn)) {
      this.#wrongDelivery(at, party, txn, expected);
      server.serves = false;
      return;
    }
    server.position++;
    if (server.position > server.delivered) server.delivered = server.position;
    this.kept();
    this.#digestAt(at, party, server.position, txn.zxid, digest);
  }

  #wrongDelivery(at: Micros, party: Party, txn: Txn, expected: Txn | undefined): void {
    const title = `${formatZxid(txn.zxid)} (${titleOf(txn.body)})`;
    const first = `${this.#seen.names.who(party)} delivered ${title} ${when(at)}`;
    const about = {
      until: at,
      zxids: [txn.zxid, ...(expected === undefined ? [] : [expected.zxid])],
      parties: [party],
    };
    if (expected?.zxid === txn.zxid)
      this.contradicted(
        about,
        first,
        `but the txn that was proposed with this zxid is ${tellingApart(expected, txn)}`,
      );
    else if (expected !== undefined)
      this.contradicted(
        about,
        first,
        `but the next committed txn is ${formatZxid(expected.zxid)} (${titleOf(expected.body)})`,
      );
    else
      this.contradicted(
        about,
        first,
        `but it is not committed: the committed log ends at ${formatZxid(this.#seen.log.last)}`,
      );
  }

  /** Speculative or not, a zxid names one txn, and a leader has proposed it. */
  #speculate(at: Micros, party: Party, server: Server, txn: Txn): void {
    server.serves = false;
    const proposed = this.#seen.log.proposed(txn.zxid);
    if (proposed !== undefined && sameTxn(proposed, txn)) {
      this.kept();
      return;
    }
    this.contradicted(
      { until: at, zxids: [txn.zxid], parties: [party] },
      `${this.#seen.names.who(party)} applied ${formatZxid(txn.zxid)} (${titleOf(txn.body)}) ${when(at)}`,
      proposed === undefined
        ? 'but no leader has proposed it'
        : `but the txn that was proposed with this zxid is ${tellingApart(proposed, txn)}`,
    );
  }

  #onServing(at: Micros, party: Party, lastZxid: Zxid, digest: number): void {
    const { log, names } = this.#seen;
    const server = this.#of(party);
    const position = log.positionOf(lastZxid);
    server.serves = position !== undefined;
    if (position === undefined) {
      this.contradicted(
        { until: at, zxids: [lastZxid, log.last], parties: [party] },
        `${names.who(party)} serves a tree at ${formatZxid(lastZxid)} ${when(at)}`,
        `but that history is not committed: the committed log ends at ${formatZxid(log.last)}`,
      );
      return;
    }
    if (position >= server.delivered) this.kept();
    else
      this.contradicted(
        { until: at, zxids: [lastZxid], parties: [party] },
        `${names.who(party)} serves a tree at ${formatZxid(lastZxid)} ${when(at)}`,
        `but it had delivered ${formatZxid(log.txnAt(server.delivered - 1)?.zxid ?? log.last)} before`,
      );
    server.position = position;
    server.delivered = position;
    this.#digestAt(at, party, position, lastZxid, digest);
  }

  #onEstablished(at: Micros, party: Party, lastZxid: Zxid, digest: number): void {
    const position = this.#seen.log.positionOf(lastZxid);
    if (position !== undefined) this.#digestAt(at, party, position, lastZxid, digest);
  }

  /** The first server that reaches a position defines its digest. */
  #digestAt(at: Micros, party: Party, position: number, zxid: Zxid, digest: number): void {
    while (this.#digests.length <= position) this.#digests.push(Number.NaN);
    const known = this.#digests[position] ?? Number.NaN;
    if (Number.isNaN(known)) {
      this.#digests[position] = digest;
      this.#sources[position] = party;
    } else if (known === digest) this.kept();
    else
      this.contradicted(
        { until: at, zxids: [zxid], parties: [party, this.#sources[position] ?? party] },
        `${this.#seen.names.who(party)} has a tree with digest ${digest.toString(16)} after ${formatZxid(zxid)} ${when(at)}`,
        `but ${this.#seen.names.who(this.#sources[position] ?? party)} had ${known.toString(16)} after the same txn`,
      );
  }

  #of(party: Party): Server {
    let server = this.#servers.get(party);
    if (server === undefined) {
      server = { serves: false, position: 0, delivered: 0 };
      this.#servers.set(party, server);
    }
    return server;
  }
}

interface Server {
  serves: boolean;
  /** Committed txns in its tree, while it serves. */
  position: number;
  /** The most that this process has delivered. */
  delivered: number;
}

/** Two txns of the same kind with one zxid differ in who asked for them, or in what they hold. */
function tellingApart(one: Txn, other: Txn): string {
  const title = titleOf(one.body);
  if (title !== titleOf(other.body)) return title;
  const who = (txn: Txn): string => `request ${String(txn.cxid)} of session ${txn.sessionId}`;
  return who(one) === who(other)
    ? `another ${title} of the same request`
    : `${title} for ${who(one)}, and not for ${who(other)}`;
}
