/**
 * SyncRequestProcessor: logs txns and hands them on only when they are durable. Txns that arrive while a flush is under way
 * are appended and flushed together after it (group commit). Every snapCount/2 to snapCount txns it rolls the log and has a
 * snapshot taken. Its thread is a critical one: a write that fails ends it, and its server is told (notifyStopping).
 */
import type { EnsembleConfig } from '../config.ts';
import type { RandomSource } from '../host.ts';
import { Queue } from '../queue.ts';
import type { Stages } from '../stages.ts';
import type { Storage } from '../storage/storage.ts';
import type { Request } from './request.ts';

export class SyncRequestProcessor {
  readonly #stages: Stages;
  readonly #storage: Storage;
  readonly #config: EnsembleConfig;
  readonly #random: RandomSource;
  readonly #takeSnapshot: () => void;
  readonly #next: (request: Request) => void;
  readonly #notifyStopping: (reason: string) => void;
  readonly #queued = new Queue<Request>();
  #isFlushing = false;
  #isStopped = false;
  /** Its role has ended, and another processor has the stage. */
  #isOutliving = false;
  /** The log could not be written. */
  #isDead = false;
  /** Txns in the newest log file, and how many it takes until a snapshot. */
  #txnCount = 0;
  #snapshotAt: number;

  constructor(init: {
    stages: Stages;
    storage: Storage;
    config: EnsembleConfig;
    random: RandomSource;
    takeSnapshot: () => void;
    next: (request: Request) => void;
    /** ZooKeeperServerListener.notifyStopping: this server is in state ERROR now. */
    notifyStopping: (reason: string) => void;
  }) {
    this.#stages = init.stages;
    this.#storage = init.storage;
    this.#config = init.config;
    this.#random = init.random;
    this.#takeSnapshot = init.takeSnapshot;
    this.#next = init.next;
    this.#notifyStopping = init.notifyStopping;
    this.#snapshotAt = this.#drawSnapshotAt();
    init.stages.register('SyncRequestProcessor', () => this.#step());
  }

  processRequest(request: Request): void {
    if (this.#isDead) return;
    this.#queued.push(request);
    if (!this.#isFlushing) this.#stages.wake('SyncRequestProcessor');
  }

  /**
   * SyncRequestProcessor.shutdown: what is queued still goes into the log and to the disk, but nobody is told any more
   * (ZOOKEEPER-4712: it does not go on after the role has ended).
   */
  shutdown(): void {
    this.#stop();
    const rest = this.#queued.drain();
    for (const request of rest) this.#append(request);
    if (rest.length > 0) this.#storage.flush(nobodyWaits, nobodyWaits);
  }

  /** ZOOKEEPER-4541: its next acknowledgement finds no connection, and the exception ends the thread. What is queued is gone. */
  abandon(): void {
    this.#stop();
    this.#queued.clear();
  }

  /** ZOOKEEPER-4712: a learner forgets to shut it down. The thread goes on until nothing is queued, whatever has the role by then. */
  outlive(): void {
    this.#isOutliving = true;
  }

  #stop(): void {
    this.#isStopped = true;
    this.#stages.unregister('SyncRequestProcessor');
  }

  #step(): void {
    if (this.#isFlushing || this.#isStopped || this.#queued.size === 0) return;
    const batch: Request[] = [];
    while (batch.length < this.#config.maxBatchSize) {
      const request = this.#queued.shift();
      if (request === undefined) break;
      this.#append(request);
      batch.push(request);
    }
    this.#flush(batch);
  }

  #append(request: Request): void {
    if (request.txn === undefined) return;
    this.#storage.append(request.txn);
    if (++this.#txnCount > this.#snapshotAt) this.#rollAndSnapshot();
  }

  #rollAndSnapshot(): void {
    this.#txnCount = 0;
    this.#snapshotAt = this.#drawSnapshotAt();
    this.#storage.roll();
    this.#takeSnapshot();
  }

  /** Random, so that not every server snapshots at the same moment. */
  #drawSnapshotAt(): number {
    const half = Math.floor(this.#config.snapCount / 2);
    return half + this.#random.int(Math.max(1, half));
  }

  #flush(batch: readonly Request[]): void {
    this.#isFlushing = true;
    this.#storage.flush(
      () => this.#onFlushed(batch),
      () => this.#die(),
    );
  }

  #onFlushed(batch: readonly Request[]): void {
    this.#isFlushing = false;
    if (this.#isStopped) return;
    for (const request of batch) this.#next(request);
    if (this.#isOutliving) this.#step();
    else if (this.#queued.size > 0) this.#stages.wake('SyncRequestProcessor');
  }

  /** ZooKeeperCriticalThread.handleException. What waits behind the failed flush is neither logged nor acknowledged any more. */
  #die(): void {
    this.#isDead = true;
    this.#queued.clear();
    if (!this.#isStopped) this.#notifyStopping('the log cannot be written');
  }
}

const nobodyWaits = (): void => undefined;
