import type { Txn } from '../../protocol/database/txn.ts';
import { counterOf, epochOf, makeZxid, nextZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import type { Reader } from './promise-checker.ts';

/** What the latest established, committed or proposed event did to the global log. */
export type Ruling =
  /** Txns became committed (perhaps none: the history was the log). */
  | 'extended'
  /** All of it was committed already. */
  | 'known'
  /** A new leader's history lacks a committed txn. */
  | 'lost'
  /** A commit that does not follow the last one. */
  | 'outOfOrder'
  /** A txn became committed that no leader has proposed. */
  | 'unproposed'
  /** A second, different txn with a zxid that was taken. */
  | 'taken';

/**
 * The global committed sequence G of the Zab paper, built from the leaders' events alone.
 *
 * A history is determined by its last zxid. For z = (e, c) it is e's initial history, whose last txn `established` names (the
 * base of e), then e's proposals up to c. As an epoch has one leader, and that one proposes without gaps, "is a prefix of" needs
 * no list: it is a walk from the later zxid down the bases until the epochs meet, then a comparison of counters. (e, 0), a
 * leader's lastProcessedZxid before its first txn, is another name for the base of e.
 *
 * A txn is committed when its leader says so, or when it is in the initial history of an established leader. Once two histories
 * contradict each other (`forked`) there is no global sequence any more, and what depends on one stops judging.
 */
export class CommittedLog implements Reader {
  readonly reads: readonly TraceEventType[] = ['proposed', 'established', 'committed'];
  /** The counter of an epoch's first txn. */
  readonly firstCounter: number;
  readonly #txns: Txn[] = [];
  /** Proposed, and not (yet) committed. */
  readonly #proposals = new Map<Zxid, Txn>();
  readonly #bases = new Map<number, Zxid>();
  /** Epoch → position of its txn with counter c, minus c. */
  readonly #offsets = new Map<number, number>();
  /** Epoch → its last committed txn, for every epoch but the last. */
  readonly #ends = new Map<number, Zxid>();
  #last: Zxid = NO_TXNS;
  #newestEpoch = 0;
  #fresh = 0;
  #ruling: Ruling = 'known';
  #forked = false;

  constructor(initialCounter: number) {
    this.firstCounter = initialCounter + 1;
  }

  get length(): number {
    return this.#txns.length;
  }

  /** Zxid of the last committed txn. */
  get last(): Zxid {
    return this.#last;
  }

  get forked(): boolean {
    return this.#forked;
  }

  /** During a `committed` or `established` event: the first txn that it added is at this index. */
  get fresh(): number {
    return this.#fresh;
  }

  /** About the event that is being read. */
  get ruling(): Ruling {
    return this.#ruling;
  }

  txnAt(index: number): Txn | undefined {
    return this.#txns[index];
  }

  /** The committed txn with exactly this zxid. */
  committed(zxid: Zxid): Txn | undefined {
    const offset = this.#offsets.get(epochOf(zxid));
    if (offset === undefined) return undefined;
    const txn = this.#txns[offset + counterOf(zxid)];
    return txn?.zxid === zxid ? txn : undefined;
  }

  /** The txn that was proposed with this zxid, committed or not. */
  proposed(zxid: Zxid): Txn | undefined {
    return this.committed(zxid) ?? this.#proposals.get(zxid);
  }

  /** How many committed txns the history that ends in `zxid` has; undefined when it holds anything else. */
  positionOf(zxid: Zxid): number | undefined {
    const z = this.#settled(zxid);
    if (z === NO_TXNS) return 0;
    const offset = this.#offsets.get(epochOf(z));
    if (offset === undefined) return undefined;
    const index = offset + counterOf(z);
    return this.#txns[index]?.zxid === z ? index + 1 : undefined;
  }

  /** Whether the history that ends in `shorter` begins the one that ends in `longer`. */
  isPrefix(shorter: Zxid, longer: Zxid): boolean {
    const a = this.#settled(shorter);
    if (a === NO_TXNS) return true;
    let z = this.#settled(longer);
    while (epochOf(z) > epochOf(a)) {
      const base = this.#bases.get(epochOf(z));
      if (base === undefined) return false;
      z = this.#settled(base);
    }
    return epochOf(z) === epochOf(a) && a <= z;
  }

  /** The last committed txn of the history that ends in `zxid`. */
  committedPartOf(zxid: Zxid): Zxid {
    let z = this.#settled(zxid);
    while (z > NO_TXNS && this.positionOf(z) === undefined) {
      const epoch = epochOf(z);
      const lastOfEpoch = this.#lastCommittedOf(epoch);
      if (lastOfEpoch !== undefined && lastOfEpoch < z) return lastOfEpoch;
      const base = this.#bases.get(epoch);
      if (base === undefined) return NO_TXNS;
      z = this.#settled(base);
    }
    return z < NO_TXNS ? NO_TXNS : z;
  }

  onEvent(_at: Micros, _party: Party, event: TraceEvent): void {
    if (event.type === 'committed') this.#ruling = this.#onCommitted(event.zxid);
    else if (event.type === 'proposed') this.#ruling = this.#onProposed(event.txn);
    else if (event.type === 'established') this.#ruling = this.#onEstablished(event.epoch, event.lastZxid);
    if (RUINOUS.has(this.#ruling)) this.#forked = true;
  }

  #onProposed(txn: Txn): Ruling {
    if (this.proposed(txn.zxid) !== undefined) return 'taken';
    this.#proposals.set(txn.zxid, txn);
    return 'known';
  }

  #onCommitted(zxid: Zxid): Ruling {
    this.#fresh = this.#txns.length;
    if (this.committed(zxid) !== undefined) return 'known';
    if (zxid !== nextZxid(this.#last) && !this.#opensEpoch(zxid)) return 'outOfOrder';
    return this.#append(zxid) ? 'extended' : 'unproposed';
  }

  #opensEpoch(zxid: Zxid): boolean {
    const base = this.#bases.get(epochOf(zxid));
    return counterOf(zxid) === this.firstCounter && base !== undefined && this.#settled(base) === this.#last;
  }

  /**
   * A leader may learn so late that it is established that the next one is already (the last NEWLEADER ack was on its way
   * while its sender moved on): harmless, as it commits nothing more, if its history is committed already.
   */
  #onEstablished(epoch: number, lastZxid: Zxid): Ruling {
    this.#fresh = this.#txns.length;
    if (epochOf(lastZxid) >= epoch || lastZxid < NO_TXNS) return 'unproposed';
    if (!this.#bases.has(epoch)) this.#bases.set(epoch, lastZxid);
    if (epoch < this.#newestEpoch && this.positionOf(lastZxid) !== undefined) return 'known';
    this.#newestEpoch = Math.max(this.#newestEpoch, epoch);
    if (!this.isPrefix(this.#last, lastZxid)) return 'lost';
    return this.#extendTo(lastZxid) ? 'extended' : 'unproposed';
  }

  /** Appends what leads from the last committed txn to `zxid`, of which it is a prefix. */
  #extendTo(zxid: Zxid): boolean {
    const runs: (readonly [first: Zxid, last: Zxid])[] = [];
    let z = this.#settled(zxid);
    while (z !== this.#last) {
      const epoch = epochOf(z);
      const sameEpoch = epochOf(this.#last) === epoch;
      runs.push([sameEpoch ? nextZxid(this.#last) : makeZxid(epoch, this.firstCounter), z]);
      if (sameEpoch) break;
      const base = this.#bases.get(epoch);
      if (base === undefined) return false;
      z = this.#settled(base);
    }
    for (const [first, last] of runs.reverse()) {
      for (let next = first; next <= last; next = nextZxid(next)) if (!this.#append(next)) return false;
    }
    return true;
  }

  #append(zxid: Zxid): boolean {
    const txn = this.#proposals.get(zxid);
    if (txn === undefined) return false;
    this.#proposals.delete(zxid);
    const epoch = epochOf(zxid);
    if (!this.#offsets.has(epoch)) {
      this.#offsets.set(epoch, this.#txns.length - counterOf(zxid));
      this.#ends.set(epochOf(this.#last), this.#last);
    }
    this.#txns.push(txn);
    this.#last = zxid;
    return true;
  }

  /** The same history under its txn's zxid: (e, 0) is the base of e. */
  #settled(zxid: Zxid): Zxid {
    let z = zxid;
    while (z > NO_TXNS && counterOf(z) < this.firstCounter) {
      const base = this.#bases.get(epochOf(z));
      if (base === undefined || base >= z) return z;
      z = base;
    }
    return z;
  }

  #lastCommittedOf(epoch: number): Zxid | undefined {
    return epochOf(this.#last) === epoch ? this.#last : this.#ends.get(epoch);
  }
}

const RUINOUS: ReadonlySet<Ruling> = new Set(['lost', 'outOfOrder', 'unproposed', 'taken']);
