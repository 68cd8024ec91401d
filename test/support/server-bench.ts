import { syncLimitMs, type ServerContext } from '../../protocol/server-context.ts';
import type { EnsembleConfig, ServerSpec } from '../../protocol/config.ts';
import { ZKDatabase } from '../../protocol/database/zk-database.ts';
import type { Txn, TxnBody } from '../../protocol/database/txn.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { DiskWrite, EpochFile, RandomSource, Stage } from '../../protocol/host.ts';
import { sessionId, sid, type ConnectionId } from '../../protocol/ids.ts';
import type { Packet, QuorumPacket } from '../../protocol/packets.ts';
import { createContext } from '../../protocol/quorum-peer.ts';
import { DEFAULT_RELEASE, type Release } from '../../protocol/release/release.ts';
import { EMPTY_DISK, type DurableState } from '../../protocol/storage/durable-state.ts';
import { loadDataBase } from '../../protocol/storage/recovery.ts';
import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import type { Storage } from '../../protocol/storage/storage.ts';
import { makeZxid, type Zxid } from '../../protocol/zxid.ts';
import { ensembleOf, serverSpecs } from './plans.ts';
import { RecordingHost, type Effect } from './recording-host.ts';
import { NOBODY } from './tree.ts';

/** A recording host that also remembers what has been asked of the world and not yet been answered. */
export class DrivenHost extends RecordingHost<ServerEvent> {
  readonly woken = new Set<Stage>();
  readonly flushing = new Set<ConnectionId>();
  /** Oldest first; `fails`: the disk could not do it. */
  readonly disk: ((storage: Storage, fails?: boolean) => void)[] = [];

  override wake(stage: Stage): void {
    super.wake(stage);
    this.woken.add(stage);
  }
  override flush(connection: ConnectionId): void {
    super.flush(connection);
    this.flushing.add(connection);
  }
  override flushLog(): void {
    super.flushLog();
    this.#answers('log', (storage) => storage.onLogFlushed());
  }
  override truncateLog(zxid: Zxid): void {
    super.truncateLog(zxid);
    this.#answers('truncation', (storage) => storage.onLogTruncated());
  }
  override writeEpoch(file: EpochFile, epoch: number): void {
    super.writeEpoch(file, epoch);
    this.#answers('epoch', (storage) => storage.onEpochWritten());
  }
  override writeSnapshot(snapshot: Snapshot, fsync: boolean): void {
    super.writeSnapshot(snapshot, fsync);
    this.#answers('snapshot', (storage) => storage.onSnapshotWritten());
  }

  #answers(write: DiskWrite, done: (storage: Storage) => void): void {
    this.disk.push((storage, fails) => {
      if (fails === true) storage.onWriteFailed(write);
      else done(storage);
    });
  }
}

export interface BenchInit {
  readonly sid?: number;
  readonly servers?: readonly ServerSpec[];
  readonly config?: Partial<EnsembleConfig>;
  readonly durable?: DurableState;
  readonly random?: RandomSource;
  readonly release?: Release;
}

/** What one server is made of, at the host seam: stages, disk and connections move only when a test says so. */
export class ServerBench {
  readonly host = new DrivenHost();
  readonly context: ServerContext;

  constructor(init: BenchInit = {}) {
    const { host } = this;
    this.context = createContext({
      sid: sid(init.sid ?? 1),
      config: ensembleOf(init.servers ?? serverSpecs(3), init.config),
      durable: init.durable ?? EMPTY_DISK,
      host,
      random: init.random ?? { int: () => 0 },
      release: init.release ?? DEFAULT_RELEASE,
    });
    loadDataBase(host, this.context.storage, this.context.database);
    host.take();
  }

  /** Stages that were woken get their turn, and sockets drain, until nobody wants another. */
  runStages(): void {
    const { woken, flushing } = this.host;
    while (woken.size + flushing.size > 0) {
      for (const stage of woken) {
        woken.delete(stage);
        this.context.stages.onStage(stage);
      }
      for (const connection of flushing) {
        flushing.delete(connection);
        this.context.connections.userOf(connection)?.onWritable?.();
      }
    }
  }

  /** The disk finishes its oldest operation. */
  finishDisk(): void {
    this.#answerOldest(false);
  }

  /** The disk fails its oldest operation. */
  failDisk(): void {
    this.#answerOldest(true);
  }

  #answerOldest(fails: boolean): void {
    const operation = this.host.disk.shift();
    if (operation === undefined) throw new TypeError('the disk has nothing to do');
    operation(this.context.storage, fails);
  }

  /** Everything but time goes on until nothing moves. */
  settle(): void {
    this.runStages();
    while (this.host.disk.length > 0) {
      this.finishDisk();
      this.runStages();
    }
  }

  advance(ms: number): void {
    this.host.advance(ms, this.context.timers);
  }

  accept(connection: ConnectionId, packet: Packet): void {
    this.context.connections.userOf(connection)?.onPacket(packet);
  }

  connected(connection: ConnectionId): void {
    this.context.connections.userOf(connection)?.onConnected?.();
  }

  dialFailed(connection: ConnectionId): void {
    this.context.connections.onConnectFailed(connection);
  }

  closed(connection: ConnectionId): void {
    this.context.connections.onClosed(connection);
  }

  /** Packets sent on this connection since the last take(), the effects of the others staying. */
  sentOn(connection: ConnectionId): readonly Packet[] {
    return this.host.effects
      .filter((effect) => effect[0] === 'send')
      .filter((effect) => effect[1] === connection)
      .map((effect) => effect[2]);
  }

  eventsOf<Type extends ServerEvent['type']>(type: Type): readonly (ServerEvent & { readonly type: Type })[] {
    return this.host.events.filter(
      (event): event is ServerEvent & { readonly type: Type } => event.type === type,
    );
  }

  get syncLimitMs(): number {
    return syncLimitMs(this.context.config);
  }
}

/** What goes to disk or to another server, in order: `['writeEpoch', 'currentEpoch', 2]`, `['send', 'ACK', zxid]`. */
export function stepsOf(effects: readonly Effect<ServerEvent>[]): readonly (readonly unknown[])[] {
  return effects.flatMap((effect): readonly (readonly unknown[])[] => {
    switch (effect[0]) {
      case 'appendTxn':
        return [['appendTxn', effect[1].zxid]];
      case 'writeSnapshot':
        return [['writeSnapshot', effect[1].zxid, effect[2] ? 'fsync' : 'plain']];
      case 'send':
        return [['send', effect[2].type, ...('zxid' in effect[2] ? [effect[2].zxid] : [])]];
      case 'flushLog':
      case 'rollLog':
      case 'truncateLog':
      case 'deleteLogs':
      case 'deleteSnapshot':
      case 'writeEpoch':
      case 'exit':
        return [effect];
      default:
        return [];
    }
  });
}

/** A txn that changes nothing. */
export const txnAt = (epoch: number, counter: number, body: TxnBody = { type: 'error', err: 0 }): Txn => ({
  zxid: makeZxid(epoch, counter),
  sessionId: sessionId('0xa'),
  cxid: counter,
  time: 1000 + counter,
  body,
});

/** (epoch, from) … (epoch, to), as a test writes a history down. */
export const txnsOf = (epoch: number, from: number, to: number): readonly Txn[] =>
  Array.from({ length: to - from + 1 }, (_, at) => txnAt(epoch, from + at));

export const proposal = (txn: Txn): QuorumPacket => ({ type: 'PROPOSAL', txn });
export const commit = (zxid: Zxid): QuorumPacket => ({ type: 'COMMIT', zxid });

/** The snapshot of a tree to which these txns were applied. */
export function snapshotOf(txns: readonly Txn[], zxid?: Zxid): Snapshot {
  const database = new ZKDatabase({ commitLogCount: 500, watches: NOBODY });
  for (const txn of txns) database.apply(txn);
  if (zxid !== undefined) database.lastProcessedZxid = zxid;
  return database.startSnapshot().finish();
}

/** The disk of a server that booted empty and has logged this since; the epochs are those of its last txn. */
export function diskWith(txns: readonly Txn[], epoch: number, acceptedEpoch = epoch): DurableState {
  return {
    acceptedEpoch,
    currentEpoch: epoch,
    logs: txns.length === 0 ? [] : [{ records: txns }],
    snapshots: [snapshotOf([])],
  };
}
