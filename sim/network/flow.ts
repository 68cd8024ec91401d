import { defined } from '../../protocol/assert.ts';
import type { EventQueue, Scheduled } from '../event-queue.ts';
import { Queue } from '../../protocol/queue.ts';
import { type Micros, MICROS_PER_MS } from '../time.ts';
import type { Held, Link } from './link.ts';
import { kindOf, type Payload, type Segment } from './segments.ts';

const SECOND = 1000 * MICROS_PER_MS;

/** Linux: tcp_retries2. With the waits below a connection breaks 15 minutes after it went silent. */
const RETRANSMISSIONS = 15;
const FIRST_WAIT: Micros = 200 * MICROS_PER_MS;
const FIRST_WAIT_OPENING: Micros = SECOND;
const LONGEST_WAIT: Micros = 120 * SECOND;
/** Segments that must follow a lost one until the sender knows of the loss by their acknowledgements (RFC 5681). */
const DUPLICATE_ACKS = 3;

/**
 * One direction of a connection: segments arrive in the order in which they were sent, each when its own latency is over and
 * the ones before it have arrived. Only the first one is in the event queue. While that one has to be sent again, the others
 * wait behind it: TCP turns loss into delay.
 */
export class Flow implements Held {
  readonly link: Link;
  /** Packets that were sent and that the process at the other end has not read. */
  unread = 0;
  /** Something between the two machines has forgotten the connection: it lets nothing of it through any more. */
  isSevered = false;

  readonly #queue: EventQueue;
  readonly #onArrival: () => void;
  readonly #segments = new Queue<Segment>();
  #arrival: Scheduled | undefined = undefined;
  #retransmissions = 0;

  /** `onArrival`: the first segment should be at the other end now, unless the link loses it. */
  constructor(queue: EventQueue, link: Link, onArrival: () => void) {
    this.#queue = queue;
    this.link = link;
    this.#onArrival = onArrival;
  }

  get isEmpty(): boolean {
    return this.#segments.size === 0;
  }

  /** The one that arrives next. */
  get first(): Segment {
    return defined(this.#segments.first, 'a segment under way');
  }

  /** How often the first one was sent again; 0: its first transmission is under way. */
  get retransmissions(): number {
    return this.#retransmissions;
  }

  /** The first one was sent as often as TCP tries. */
  get isExhausted(): boolean {
    return this.#retransmissions > RETRANSMISSIONS;
  }

  push(payload: Payload): void {
    const sentAt = this.#queue.now;
    const address = this.link.address(kindOf(payload), sentAt);
    const arrivesAt = this.link.departure(payload, sentAt) + this.link.latency(sentAt, address);
    this.#segments.push({ payload, sentAt, arrivesAt, address });
    this.link.inFlight++;
    if (this.#segments.size === 1) this.#arrival = this.#queue.schedule(arrivesAt, this.#onArrival);
  }

  /** The link loses the transmission of the first segment that should have arrived now. */
  isFirstLost(): boolean {
    const { sentAt, address } = this.first;
    return this.isSevered || this.link.loses(sentAt, address, this.#retransmissions, this.#queue.now);
  }

  /** The first segment waits at the end of a held link. The link calls `goOn`. */
  hold(): void {
    this.#arrival = undefined;
    this.link.keep(this);
  }

  goOn(): void {
    this.#arrival = this.#queue.schedule(this.#queue.now, this.#onArrival);
  }

  /** The first segment has arrived. */
  shift(): Payload {
    const { payload } = this.first;
    this.#segments.shift();
    this.link.inFlight--;
    this.#retransmissions = 0;
    const next = this.#segments.first;
    this.#arrival = next && this.#queue.schedule(Math.max(this.#queue.now, next.arrivesAt), this.#onArrival);
    return payload;
  }

  /** Sends the first segment again. */
  retransmit(): void {
    const wait = this.#isFastRetransmit() ? this.#roundTrip() : this.#timeout();
    this.#retransmissions++;
    this.#arrival = this.#queue.schedule(this.#queue.now + wait, this.#onArrival);
  }

  /** Those behind it have arrived and say so: one round trip, where the last segment of a burst waits for the timeout. */
  #isFastRetransmit(): boolean {
    const isFirstTry = this.#retransmissions === 0;
    return isFirstTry && !this.isSevered && !this.link.isCut && this.#segments.size > DUPLICATE_ACKS;
  }

  #roundTrip(): Micros {
    const { sentAt, address } = this.first;
    return 2 * this.link.latency(sentAt, address);
  }

  /** 200 ms, then twice as long each time; when opening 1, 2, 4 … seconds. */
  #timeout(): Micros {
    const { payload } = this.first;
    const firstWait = payload === 'syn' || payload === 'synAck' ? FIRST_WAIT_OPENING : FIRST_WAIT;
    return Math.min(LONGEST_WAIT, firstWait * 2 ** this.#retransmissions);
  }

  /** Nobody sends this any more. */
  clear(): void {
    this.link.inFlight -= this.#segments.size;
    this.#segments.clear();
    this.#retransmissions = 0;
    if (this.#arrival !== undefined) this.#queue.cancel(this.#arrival);
    this.#arrival = undefined;
    this.link.discard(this);
  }
}
