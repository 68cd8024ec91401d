/**
 * ClientCnxn's two queues. A request waits in `outgoing` until the session is there to carry it; written, it has an xid and
 * waits in `pending` for its reply, and replies come in the order of the requests. When a connection ends, everything in
 * both queues ends with it: no request is ever sent twice.
 */
import {
  SET_WATCHES_XID,
  type RequestBody,
  type SetWatchesRequest,
  type SyncRequest,
} from '../client-packets.ts';
import type { ClientHost } from '../host.ts';
import type { ConnectionId } from '../ids.ts';
import type { Release } from '../release/release.ts';

/** The one before Integer.MAX_VALUE: after it xids begin again at 1. */
const LAST_XID = 2 ** 31 - 2;

/** Operation number of requests that the client makes by itself: nobody waits for their answer. */
export const NO_OPERATION = 0;

/** ClientCnxn.Packet. */
export class QueuedRequest {
  readonly op: number;
  readonly body: RequestBody;
  /** The sync that went ahead of a synced read. */
  readonly sync: QueuedRequest | undefined;
  /** 0 until it is written. */
  xid = 0;
  /** From the reply. */
  err = 0;

  constructor(op: number, body: RequestBody, sync?: QueuedRequest) {
    this.op = op;
    this.body = body;
    this.sync = sync;
  }
}

export class RequestQueues {
  #outgoing: QueuedRequest[] = [];
  #pending: QueuedRequest[] = [];
  readonly #release: Release;
  /** Requests are counted for ever; xids come round again. */
  #nextRequest: number;

  constructor(firstRequest: number, release: Release) {
    this.#nextRequest = firstRequest;
    this.#release = release;
  }

  add(op: number, body: RequestBody): void {
    this.#outgoing.push(new QueuedRequest(op, body));
  }

  /** A read, and before it a sync of its path on the same session. */
  addSynced(op: number, body: RequestBody, syncBody: SyncRequest): void {
    const sync = new QueuedRequest(NO_OPERATION, syncBody);
    this.#outgoing.push(sync, new QueuedRequest(op, body, sync));
  }

  /** Java adds each SetWatches to the front of the queue, so the one that was built last goes out first. */
  addFirst(body: SetWatchesRequest): void {
    this.#outgoing.unshift(new QueuedRequest(NO_OPERATION, body));
  }

  /** ClientCnxnSocketNIO.doIO: what waited goes out in order and gets its xid only now. False if nothing waited. */
  write(host: ClientHost, connection: ConnectionId): boolean {
    if (this.#outgoing.length === 0) return false;
    for (const request of this.#outgoing) {
      request.xid = request.body.op === 'setWatches' ? SET_WATCHES_XID : this.#takeXid();
      host.send(connection, { type: 'request', xid: request.xid, body: request.body });
      this.#pending.push(request);
    }
    this.#outgoing.length = 0;
    return true;
  }

  /** The request that the next reply must answer. */
  takePending(): QueuedRequest | undefined {
    return this.#pending.shift();
  }

  /** ClientCnxn.cleanup: empties both queues; sent ones first, in order. */
  drain(): readonly QueuedRequest[] {
    const lost = [...this.#pending, ...this.#outgoing];
    this.#pending = [];
    this.#outgoing = [];
    return lost;
  }

  /** ClientCnxn.getXid: negative xids have meanings of their own. ZOOKEEPER-3253: an int that is only counted up gets there. */
  #takeXid(): number {
    const request = this.#nextRequest++;
    return this.#release.xidsRunIntoReservedOnes ? request | 0 : ((request - 1) % LAST_XID) + 1;
  }
}
