import type { ReadRequest, RequestBody } from '../../protocol/client-packets.ts';
import { NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import type { Reader } from './promise-checker.ts';

/** An operation as its application sees it. */
export interface Operation {
  readonly client: Party;
  /** Its number at that client, from 1. */
  readonly op: number;
  readonly body: RequestBody;
  readonly invokedAt: Micros;
  /** The `turn` of its invocation. */
  readonly turn: number;
  /** The newest write that any client had been told about when this operation was invoked. */
  readonly ackedBefore: Zxid;
}

/** The clients' history: which operation an answer belongs to, and what had been acknowledged when it was invoked. */
export class ClientHistory implements Reader {
  readonly reads: readonly TraceEventType[] = ['invoked', 'answered'];
  readonly #open = new Map<Party, Map<number, Operation>>();
  #acked: Zxid = NO_TXNS;
  #answered: Operation | undefined;
  #turn = 0;

  /** During an `answered` event: the operation that it answers. */
  get answered(): Operation | undefined {
    return this.#answered;
  }

  /** How many invocations and answers there were: a clock that stands still for no two of them. */
  get turn(): number {
    return this.#turn;
  }

  /** The newest write that any client has been told about. */
  get acked(): Zxid {
    return this.#acked;
  }

  /** Operations of a client that have no answer yet. */
  unanswered(client: Party): number {
    return this.#open.get(client)?.size ?? 0;
  }

  /** The clients' operations that have no answer yet, each client's in order. */
  *open(): Iterable<Operation> {
    for (const operations of this.#open.values()) yield* operations.values();
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    this.#turn++;
    if (event.type === 'invoked') this.#onInvoked(at, party, event.op, event.body);
    else if (event.type === 'answered') this.#onAnswered(party, event.op, event.zxid);
  }

  #onInvoked(at: Micros, client: Party, op: number, body: RequestBody): void {
    let open = this.#open.get(client);
    if (open === undefined) {
      open = new Map();
      this.#open.set(client, open);
    }
    open.set(op, { client, op, body, invokedAt: at, turn: this.#turn, ackedBefore: this.#acked });
  }

  #onAnswered(client: Party, op: number, zxid: Zxid): void {
    const open = this.#open.get(client);
    this.#answered = open?.get(op);
    open?.delete(op);
    if (this.#answered !== undefined && isWrite(this.#answered.body) && zxid > this.#acked)
      this.#acked = zxid;
  }
}

/** Operations that show the tree as the server has it. */
export function isRead(body: RequestBody): body is ReadRequest {
  return (
    body.op === 'exists' || body.op === 'getData' || body.op === 'getChildren' || body.op === 'getChildren2'
  );
}

/** Operations that become a txn, whether they succeed or not. */
export function isWrite(body: RequestBody): boolean {
  switch (body.op) {
    case 'create':
    case 'create2':
    case 'delete':
    case 'setData':
    case 'multi':
    case 'closeSession':
      return true;
    case 'check':
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
    case 'sync':
    case 'ping':
    case 'setWatches':
    case 'createSession':
      return false;
  }
}
