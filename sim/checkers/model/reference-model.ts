import type { Zxid } from '../../../protocol/zxid.ts';
import type { TraceEventType } from '../../trace-events.ts';
import type { CommittedLog } from '../committed-log.ts';
import type { Reader } from '../promise-checker.ts';
import { ReferenceTree } from './reference-tree.ts';

/** Keeps the reference tree level with the committed log: one application a committed txn, for all checkers. */
export class ReferenceModel implements Reader {
  readonly reads: readonly TraceEventType[] = ['established', 'committed'];
  readonly tree = new ReferenceTree();
  readonly #log: CommittedLog;
  #absurdity: Absurdity | undefined;

  constructor(log: CommittedLog) {
    this.#log = log;
  }

  /** A txn of the event that is being read that cannot have been decided for the tree that it was committed on. */
  get absurdity(): Absurdity | undefined {
    return this.#absurdity;
  }

  onEvent(): void {
    this.#absurdity = undefined;
    for (let index = this.#log.fresh; index < this.#log.length; index++) {
      const txn = this.#log.txnAt(index);
      const why = txn === undefined ? undefined : this.tree.apply(txn);
      if (txn !== undefined && why !== undefined) this.#absurdity ??= { zxid: txn.zxid, why };
    }
  }
}

export interface Absurdity {
  readonly zxid: Zxid;
  readonly why: string;
}
