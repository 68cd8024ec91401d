/**
 * Taking snapshots. SyncRequestProcessor starts one in a thread of its own, and txns go on applying while it writes: it is
 * fuzzy, and replaying the log from its zxid makes it exact.
 */
import type { FuzzySnapshot } from '../database/fuzzy-snapshot.ts';
import type { ZKDatabase } from '../database/zk-database.ts';
import type { ExitCode, ServerHost } from '../host.ts';
import type { Stages } from '../stages.ts';
import type { Snapshot } from './snapshot.ts';
import type { Storage } from './storage.ts';
import { formatZxid } from '../zxid.ts';

/** Nodes written between two turns of other threads. */
const NODES_PER_STEP = 64;

/** TXNLOG_ERROR_TAKING_SNAPSHOT: ZooKeeperServer.takeSnapshot takes every IOException for severe. */
const SEVERE: ExitCode = 10;

export interface SnapshotOptions {
  readonly fsync: boolean;
  /** With what the process exits if it can't be written. */
  readonly exitCode?: ExitCode;
}

export class SnapshotThread {
  readonly #host: ServerHost;
  readonly #stages: Stages;
  readonly #storage: Storage;
  readonly #database: ZKDatabase;
  #running: FuzzySnapshot | undefined;

  constructor(init: { host: ServerHost; stages: Stages; storage: Storage; database: ZKDatabase }) {
    this.#host = init.host;
    this.#stages = init.stages;
    this.#storage = init.storage;
    this.#database = init.database;
    init.stages.register('SnapshotThread', () => this.#step());
  }

  /** In the background. While one runs, the next is skipped ("too busy to snap"). */
  start(): void {
    if (this.#running !== undefined) return;
    this.#running = this.#database.startSnapshot();
    this.#host.emit({ type: 'snapshotStarted', zxid: this.#running.zxid });
    this.#stages.wake('SnapshotThread');
  }

  /** The tree it was reading is no longer the server's. */
  abort(): void {
    this.#running = undefined;
  }

  /** In the foreground: nothing applies meanwhile. Returns what will be on disk when `then` runs. */
  take(options: SnapshotOptions, then: (snapshot: Snapshot) => void): void {
    this.#write(this.#database.startSnapshot().finish(), options, then);
  }

  #step(): void {
    if (this.#running === undefined) return;
    if (!this.#running.step(NODES_PER_STEP)) {
      this.#stages.wake('SnapshotThread');
      return;
    }
    this.#write(this.#running.snapshot(), { fsync: false }, () => undefined);
    this.#running = undefined;
  }

  #write(snapshot: Snapshot, options: SnapshotOptions, then: (snapshot: Snapshot) => void): void {
    this.#host.emit({ type: 'snapshotTaken', zxid: snapshot.zxid, nodes: snapshot.nodes.length });
    const exit = (): void =>
      this.#host.exit(options.exitCode ?? SEVERE, `cannot write snapshot ${formatZxid(snapshot.zxid)}`);
    this.#storage.writeSnapshot(snapshot, options, () => then(snapshot), exit);
  }
}
