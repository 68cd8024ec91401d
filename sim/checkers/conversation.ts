import { PING_XID, SET_WATCHES_XID, type RequestBody } from '../../protocol/client-packets.ts';
import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';

/** A request that has reached a server and has no answer yet. */
export interface Waiting {
  readonly xid: number;
  readonly body: RequestBody;
  readonly server: Party;
  readonly at: Micros;
  /** The client's pings that had reached a server before it. */
  readonly pingsBefore: number;
}

/** xids go from the last one back to 1. */
const HALF_OF_XIDS = 2 ** 30;

/**
 * What went to and fro on a client's connection, told from what arrived at its server and at the client. Both ways are FIFO, and a server
 * answers a session's requests in their order, pings too: so the answer to one request is also the proof that every earlier one has been
 * answered.
 *
 * What arrives late from the client's connection before is no newer than what the client has given up, by its xid; late pings only make
 * this believe that a request was sent later than it was.
 */
export class Conversation {
  readonly #waiting = new Map<number, Waiting>();
  #pings = 0;
  #pingsAnswered = 0;
  /** The last request that the client was given an answer to, or gave up. Undefined: none yet, on no connection. */
  #settled: number | undefined;

  constructor(before: Conversation | undefined) {
    this.#settled = before?.settled;
  }

  get settled(): number | undefined {
    return this.#settled;
  }

  /** A request that its client will hear of has reached a server. */
  onRequest(at: Micros, server: Party, xid: number, body: RequestBody): void {
    if (body.op === 'ping') this.#pings++;
    else if (isNewer(xid, this.#settled))
      this.#waiting.set(xid, { xid, body, server, at, pingsBefore: this.#pings });
  }

  /** The client was told of this request's end. */
  onSettled(xid: number): void {
    this.#waiting.delete(xid);
    if (isNewer(xid, this.#settled)) this.#settled = xid;
  }

  /** A reply has reached the client. Returns the request that should have been answered before it, which counts as settled from now on. */
  onReply(xid: number): Waiting | undefined {
    if (xid === PING_XID) this.#pingsAnswered++;
    const [oldest] = this.#waiting.values();
    if (oldest === undefined || !this.#isOvertaken(oldest, xid)) return undefined;
    this.onSettled(oldest.xid);
    return oldest;
  }

  /** A reply to something that has had its answer. */
  isRepeated(xid: number): boolean {
    return xid > 0 && !isNewer(xid, this.#settled);
  }

  #isOvertaken(oldest: Waiting, xid: number): boolean {
    if (xid === SET_WATCHES_XID) return false;
    return xid === PING_XID ? oldest.pingsBefore < this.#pingsAnswered : isNewer(xid, oldest.xid);
  }
}

function isNewer(xid: number, than: number | undefined): boolean {
  if (than === undefined) return true;
  const distance = xid - than;
  return (distance > 0 && distance < HALF_OF_XIDS) || distance < -HALF_OF_XIDS;
}
