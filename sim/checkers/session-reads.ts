import type { ReadRequest } from '../../protocol/client-packets.ts';
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { formatZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import type { EventOf } from './event-of.ts';
import { isRead, isWrite, type Operation } from './history.ts';
import { CONFIG_NODE } from './model/paths.ts';
import { readDiffers } from './model/read-outcome.ts';
import { when } from './names.ts';
import type { Observed } from './observed.ts';
import { PromiseChecker } from './promise-checker.ts';

/**
 * Source: documented guarantees "single system image", FIFO client order; FinalRequestProcessor (a reply's header says exactly which
 * tree it shows), R2, R3, W3.
 * Reads: answered (with its operation from ClientHistory). Cost: one binary search a read, more for its children.
 * Allowed: reads that are older than what other clients have seen (R4; synced ones: synced-reads.ts); watch events do not move a session
 * forward (E5).
 * Red: a reply of a session that goes back in zxid; a read that shows another tree than its header says, or a tree that is not committed.
 */
export class SessionReads extends PromiseChecker {
  readonly name = 'session-reads';
  readonly promise =
    'Each session sees its own operations in order and never goes back; a read shows exactly the tree at its zxid.';
  readonly reads: readonly TraceEventType[] = ['answered'];
  readonly #seen: Observed;
  readonly #clients = new Map<Party, Session>();

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    if (event.type !== 'answered' || event.zxid <= NO_TXNS || this.#seen.log.forked) return;
    const operation = this.#seen.history.answered;
    if (operation === undefined) return;
    this.#inOrder(at, party, operation, event);
    if (isRead(operation.body)) this.#onRead(at, operation, operation.body, event);
  }

  /** R3 and W3: answers come in the order of the operations, their zxids never fall, and a write's zxid is a new one. */
  #inOrder(at: Micros, party: Party, operation: Operation, event: EventOf<'answered'>): void {
    const session = this.#sessionOf(party, event.sessionId);
    const isInOrder = operation.op > session.op;
    const floor = isWrite(operation.body) ? session.zxid + 1 : session.zxid;
    if (isInOrder && event.zxid >= floor) this.kept();
    else
      this.contradicted(
        {
          from: session.at,
          until: at,
          sessions: [event.sessionId],
          operations: [operation],
          parties: [party],
        },
        `${this.#seen.names.operation(operation)} was answered ${when(at)} with zxid ${formatZxid(event.zxid)}`,
        `but operation ${String(session.op)} of the same session had been answered with ${formatZxid(session.zxid)} ${when(session.at)}`,
      );
    session.op = operation.op;
    session.zxid = event.zxid;
    session.at = at;
  }

  #onRead(at: Micros, operation: Operation, request: ReadRequest, event: EventOf<'answered'>): void {
    if (event.err !== ErrorCode.OK && event.err !== ErrorCode.NONODE) {
      this.#onReadError(at, operation, request, event.err);
      return;
    }
    if (request.path !== CONFIG_NODE) this.#isExact(at, operation, request, event);
  }

  /** A session that the leader considers closing is refused, and so are paths that no server can have, and what it can't read. */
  #onReadError(at: Micros, operation: Operation, request: ReadRequest, err: number): void {
    if (err === ErrorCode.SESSIONEXPIRED || err === ErrorCode.BADARGUMENTS) return;
    if (err === ErrorCode.MARSHALLINGERROR && request.malformed === true) return;
    this.contradicted(
      { until: at, operations: [operation], paths: [request.path] },
      `${this.#seen.names.operation(operation)} was answered ${errorName(err)} ${when(at)}`,
      'but nothing can make this read fail so',
    );
  }

  #isExact(at: Micros, operation: Operation, request: ReadRequest, event: EventOf<'answered'>): void {
    const { log, model } = this.#seen;
    const difference =
      log.positionOf(event.zxid) === undefined
        ? `that state is not committed: the committed log ends at ${formatZxid(log.last)}`
        : readDiffers(model.tree, request, event.zxid, event.err, event.body);
    if (difference === undefined) this.kept();
    else
      this.contradicted(
        { until: at, zxids: [event.zxid], operations: [operation], paths: [request.path] },
        `${this.#seen.names.operation(operation)} was answered ${errorName(event.err)} ${when(at)} as of ${formatZxid(event.zxid)}`,
        `but ${difference}`,
      );
  }

  #sessionOf(client: Party, id: SessionId): Session {
    let session = this.#clients.get(client);
    if (session?.id !== id) {
      session = { id, op: 0, zxid: NO_TXNS, at: 0 };
      this.#clients.set(client, session);
    }
    return session;
  }
}

/** Where a client's session has come to. */
interface Session {
  readonly id: SessionId;
  op: number;
  zxid: Zxid;
  at: Micros;
}
