import type { Txn } from '../../protocol/database/txn.ts';
import { errorName } from '../../protocol/errors.ts';
import { formatZxid, NO_TXNS } from '../../protocol/zxid.ts';
import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import { isWrite, type Operation } from './history.ts';
import { replyDiffers, titleOf, txnDiffers } from './model/compare.ts';
import { Draft } from './model/draft.ts';
import { expectedOutcome, type Outcome } from './model/expected-outcome.ts';
import { when } from './names.ts';
import type { Observed } from './observed.ts';
import type { About } from './checker.ts';
import { PromiseChecker } from './promise-checker.ts';
import { RequestIndex } from './request-index.ts';
import type { EventOf } from './event-of.ts';

/**
 * Source: documented guarantees "atomicity" and linearizable writes.
 * Reads: invoked and answered (through ClientHistory), established, committed. Cost: one evaluation of the request on the reference tree a
 * write, one application a committed txn.
 * Allowed: a session that the leader considers closing or moved is refused whatever the request says; CONNECTIONLOSS (and SESSIONEXPIRED
 * without a reply) leaves a request that was sent open: it may be committed once, later, or never.
 * Red: a wrong result, error or Stat; an answer without its txn; one request committed twice; a write that answers another before it.
 */
export class Atomicity extends PromiseChecker {
  readonly name = 'atomicity';
  readonly promise =
    'A write that was answered happened exactly as answered, once; one that was not sent never did; one that was lost did or did not.';
  readonly reads: readonly TraceEventType[] = ['answered', 'established', 'committed'];
  readonly #seen: Observed;
  readonly #requests = new RequestIndex();

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    if (this.#seen.log.forked) return;
    if (event.type === 'answered') this.#onAnswered(at, party, event);
    else this.#onCommitted(at);
  }

  override finish(): void {
    for (const { client, count } of this.#requests.strays()) {
      const unanswered = this.#seen.history.unanswered(client);
      if (count <= unanswered) this.kept();
      else
        this.contradicted(
          { until: Number.POSITIVE_INFINITY, parties: [client] },
          `${String(count)} writes of ${this.#seen.names.who(client)} were committed that it has had no answer for`,
          `but only ${String(unanswered)} of its operations are unanswered: something was committed that it never asked for`,
        );
    }
  }

  #onCommitted(at: Micros): void {
    const { log, model } = this.#seen;
    for (let index = log.fresh; index < log.length; index++) {
      const txn = log.txnAt(index);
      if (txn !== undefined && txn.cxid !== 0) this.#index(at, txn);
    }
    const { absurdity } = model;
    if (absurdity !== undefined)
      this.contradicted(
        { until: at, zxids: [absurdity.zxid] },
        `${formatZxid(absurdity.zxid)} was committed ${when(at)}`,
        `but ${absurdity.why}`,
      );
  }

  /** A client's request has become a committed txn: for the first time, or for a second. */
  #index(at: Micros, txn: Txn): void {
    const before = this.#requests.commit(txn);
    if (before.kind === 'inFlight') return;
    if (before.kind === 'lost') {
      this.#judge(at, before.operation, txn, this.#outcomeOf(before.operation, txn));
      return;
    }
    this.contradicted(
      { until: at, zxids: [txn.zxid], sessions: [txn.sessionId] },
      `${formatZxid(txn.zxid)} (${titleOf(txn.body)}) was committed ${when(at)} for request ${String(txn.cxid)} of session ${txn.sessionId}`,
      before.kind === 'unsent'
        ? 'but its client reported that this request was never sent'
        : 'but that request was committed, or answered without a commit, before',
    );
  }

  #onAnswered(at: Micros, party: Party, event: EventOf<'answered'>): void {
    const operation = this.#seen.history.answered;
    if (operation === undefined) return;
    this.#requests.claim(event.sessionId, party);
    if (event.zxid > NO_TXNS && isWrite(operation.body)) this.#onReply(at, operation, event);
    else if (event.zxid === NO_TXNS && isWrite(operation.body)) this.#onNoReply(at, operation, event);
    else if (event.zxid > NO_TXNS) this.#requests.answer(event.sessionId, event.xid);
  }

  #onReply(at: Micros, operation: Operation, event: EventOf<'answered'>): void {
    const txn = this.#seen.log.committed(event.zxid);
    this.#requests.answer(event.sessionId, event.xid);
    if (txn?.sessionId !== event.sessionId || txn.cxid !== event.xid) {
      this.#noSuchTxn(at, operation, event, txn);
      return;
    }
    const outcome = this.#outcomeOf(operation, txn);
    this.#judge(at, operation, txn, outcome);
    const difference = replyDiffers(event.err, event.body, outcome);
    if (difference === undefined) this.kept();
    else
      this.contradicted(
        aboutAnswer(at, operation, txn),
        `${this.#seen.names.operation(operation)} was answered ${errorName(event.err)} ${when(at)} as ${formatZxid(txn.zxid)}`,
        `but on the tree just before ${formatZxid(txn.zxid)} ${difference}`,
      );
  }

  #noSuchTxn(at: Micros, operation: Operation, event: EventOf<'answered'>, txn: Txn | undefined): void {
    this.contradicted(
      aboutAnswer(at, operation, txn),
      `${this.#seen.names.operation(operation)} was answered ${errorName(event.err)} ${when(at)} as ${formatZxid(event.zxid)}`,
      txn === undefined
        ? `but nothing is committed with that zxid: the committed log ends at ${formatZxid(this.#seen.log.last)}`
        : `but that is request ${String(txn.cxid)} of session ${txn.sessionId} (${titleOf(txn.body)}), not request ${String(event.xid)} of ${event.sessionId}`,
    );
  }

  /** No answer came: it may be in the log already, get there later, or never; unless it was never sent. */
  #onNoReply(at: Micros, operation: Operation, event: EventOf<'answered'>): void {
    if (event.xid <= 0) return;
    const zxid = this.#requests.lose(event.sessionId, event.xid, operation, event.sent);
    if (zxid === undefined) return;
    const txn = this.#seen.log.committed(zxid);
    if (txn === undefined) return;
    if (event.sent) this.#judge(at, operation, txn, this.#outcomeOf(operation, txn));
    else
      this.contradicted(
        aboutAnswer(at, operation, txn),
        `${this.#seen.names.operation(operation)} failed ${when(at)} without having been sent`,
        `but it is committed as ${formatZxid(zxid)}`,
      );
  }

  /** The txn is what the request asked for, and later than everything that was known when it was asked. */
  #judge(at: Micros, operation: Operation, txn: Txn, outcome: Outcome): void {
    if (txn.zxid > operation.ackedBefore) this.kept();
    else
      this.contradicted(
        { until: at, zxids: [txn.zxid, operation.ackedBefore], operations: [operation] },
        `${this.#seen.names.operation(operation)} was invoked ${when(operation.invokedAt)} and became ${formatZxid(txn.zxid)}`,
        `but ${formatZxid(operation.ackedBefore)} had been answered before it was invoked`,
      );
    const difference = txnDiffers(txn.body, outcome);
    if (difference === undefined) this.kept();
    else
      this.contradicted(
        aboutAnswer(at, operation, txn),
        `${this.#seen.names.operation(operation)} was committed as ${formatZxid(txn.zxid)}, seen ${when(at)}`,
        `but on the tree just before it ${difference}`,
      );
  }

  #outcomeOf(operation: Operation, txn: Txn): Outcome {
    const { tree } = this.#seen.model;
    const draft = new Draft(tree, txn.zxid, txn.time);
    return expectedOutcome(operation.body, txn.body, { tree, draft, sessionId: txn.sessionId });
  }
}

/** What was asked, what it became, and what else happened to the same znode. */
const aboutAnswer = (at: Micros, operation: Operation, txn: Txn | undefined): About => ({
  until: at,
  operations: [operation],
  zxids: txn === undefined ? [] : [txn.zxid],
  paths: 'path' in operation.body ? [operation.body.path] : [],
});
