/**
 * The newest committed txns in memory, from which a leader brings learners up to date (ZKDatabase.committedLog). A ring: the oldest
 * falls out when it is full.
 */
import { epochOf, NO_TXNS, type Zxid } from '../zxid.ts';
import type { Txn } from './txn.ts';

/**
 * `duplicate`: at or below the newest, so ignored. `gap`: within an epoch a txn is missing before it; ZooKeeper throws there, which
 * ends the server (ZOOKEEPER-4925, from 3.9.4 on).
 */
export type AddOutcome = 'added' | 'duplicate' | 'gap';

export class CommittedLog {
  readonly #capacity: number;
  readonly #takesGaps: boolean;
  readonly #ring: Txn[] = [];
  /** Where the oldest is, once the ring is full. */
  #oldest = 0;
  #minCommittedLog: Zxid = NO_TXNS;
  #maxCommittedLog: Zxid = NO_TXNS;

  /** `takesGaps`: a missing txn is not looked for (`syncedTxnsSkipTheCommittedLog`). */
  constructor(capacity: number, takesGaps = false) {
    this.#capacity = capacity;
    this.#takesGaps = takesGaps;
  }

  get size(): number {
    return this.#ring.length;
  }

  /** 0 when it is empty. */
  get minCommittedLog(): Zxid {
    return this.#minCommittedLog;
  }

  /** 0 when it is empty. */
  get maxCommittedLog(): Zxid {
    return this.#maxCommittedLog;
  }

  /** ZKDatabase.addCommittedProposal. */
  add(txn: Txn): AddOutcome {
    if (this.#ring.length > 0) {
      if (txn.zxid <= this.#maxCommittedLog) return 'duplicate';
      if (!this.#takesGaps && this.#leavesGap(txn.zxid)) return 'gap';
    }
    this.#push(txn);
    this.#maxCommittedLog = txn.zxid;
    this.#minCommittedLog = this.#ring[this.#oldest]?.zxid ?? txn.zxid;
    return 'added';
  }

  /** A copy, oldest first. */
  toArray(): readonly Txn[] {
    return [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)];
  }

  clear(): void {
    this.#ring.length = 0;
    this.#oldest = 0;
    this.#minCommittedLog = NO_TXNS;
    this.#maxCommittedLog = NO_TXNS;
  }

  #push(txn: Txn): void {
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(txn);
      return;
    }
    this.#ring[this.#oldest] = txn;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
  }

  #leavesGap(zxid: Zxid): boolean {
    return zxid !== this.#maxCommittedLog + 1 && epochOf(zxid) <= epochOf(this.#maxCommittedLog);
  }
}
