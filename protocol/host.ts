import type { ClientEvent } from './client-events.ts';
import type { Txn } from './database/txn.ts';
import type { ServerEvent } from './events.ts';
import type { ConnectionId } from './ids.ts';
import type { Packet } from './packets.ts';
import type { Snapshot } from './storage/snapshot.ts';
import type { Zxid } from './zxid.ts';

/**
 * The only seam between the protocol and the world. It is write-only: every method records an effect, none answers
 * and none calls back. The host applies a step's effects, in order, once the step has returned, so a crash can cut a
 * step after its k-th effect and a test compares plain lists. What happens later comes back as a call of
 * `ServerProcess` or `ClientProcess`, which is a step of its own.
 */
export interface Host {
  /** Monotonic clock of this process, whole ms (Time.currentElapsedTime). Fixed during a step. */
  readonly elapsedMs: number;
  /** Wall clock of this process, ms since 1970. Fixed during a step; may jump between steps. */
  readonly wallMs: number;

  /** Dials. Answered by onConnected, or by onConnectFailed after a refusal or `timeoutMs`. */
  connect(connection: ConnectionId, address: string, channel: Channel, timeoutMs: number): void;
  /** FIFO and lossless until the connection breaks. Ignored on a connection that is closed. */
  send(connection: ConnectionId, packet: Packet): void;
  /** No onClosed follows at this end. What was sent before still arrives, then the peer sees the close. */
  close(connection: ConnectionId): void;
  /** One timer a name: setting it again replaces it. Answered by onTimer. */
  setTimer(timer: string, delayMs: number): void;
  cancelTimer(timer: string): void;
}

/** Which port was dialled: election connections, learner connections, client connections. */
export type Channel = 'election' | 'quorum' | 'client';

export interface ServerHost extends Host {
  /** Opens a port. Whoever dials it is announced by onAccept. */
  listen(address: string, channel: Channel): void;
  unlisten(address: string): void;

  /**
   * Asks for one run of a stage: onStage follows after a delay that the host chooses. Waking a stage that has already
   * been woken and has not run yet changes nothing. A stage is what ZooKeeper has as a thread: between two stages
   * anything else may run.
   */
  wake(stage: Stage): void;

  /** Asks for onWritable once what was sent on this connection has left the process (OutputStream.flush). */
  flush(connection: ConnectionId): void;

  /** Appends to the newest log file: written, not flushed. */
  appendTxn(txn: Txn): void;
  /** The next append begins a new log file. */
  rollLog(): void;
  /** fsync: onLogFlushed follows when everything appended before is durable. */
  flushLog(): void;
  /** Deletes log files and cuts the one that holds `zxid` right after it, durably. onLogTruncated follows. */
  truncateLog(zxid: Zxid): void;
  /** Deletes every log file. */
  deleteLogs(): void;
  /** Writes `acceptedEpoch` or `currentEpoch` by write, fsync, rename. onEpochWritten follows when it is durable. */
  writeEpoch(file: EpochFile, epoch: number): void;
  /** Writes a snapshot; with `fsync` atomically and durably. onSnapshotWritten follows. */
  writeSnapshot(snapshot: Snapshot, fsync: boolean): void;
  deleteSnapshot(zxid: Zxid): void;

  /** For the trace and the checkers, never for control flow. */
  emit(event: ServerEvent): void;
  /** ZooKeeper kills its own process here. Nothing after it happens. */
  exit(code: ExitCode, reason: string): void;
}

export interface ClientHost extends Host {
  emit(event: ClientEvent): void;
}

/** What a disk can fail to do (java.io.IOException). */
export type DiskWrite = 'log' | 'truncation' | 'epoch' | 'snapshot';

export type EpochFile = 'acceptedEpoch' | 'currentEpoch';

/** A thread of ZooKeeper's, by the name of its class. Learner handlers have one sender each. */
export type Stage =
  | 'QuorumPeer'
  | 'Learner'
  | 'WorkerReceiver'
  | 'LearnerRequestProcessor'
  | 'PrepRequestProcessor'
  | 'SyncRequestProcessor'
  | 'CommitProcessor'
  | 'SnapshotThread'
  | `LearnerSender/${number}`
  | `LearnerSnapshot/${number}`;

/** Process exit codes (ExitCode.java). */
export type ExitCode = 1 | 2 | 3 | 10 | 12 | 13 | 14;

/** What a host calls. Each call is one step: it runs to completion and only leaves effects. */
export interface ServerProcess {
  start(): void;
  onStage(stage: Stage): void;
  onTimer(timer: string): void;
  onAccept(connection: ConnectionId, channel: Channel, remoteAddress: string): void;
  onConnected(connection: ConnectionId): void;
  onConnectFailed(connection: ConnectionId): void;
  onPacket(connection: ConnectionId, packet: Packet): void;
  onWritable(connection: ConnectionId): void;
  /** The peer closed, or the connection broke. */
  onClosed(connection: ConnectionId): void;
  onLogFlushed(): void;
  onLogTruncated(): void;
  onEpochWritten(file: EpochFile): void;
  onSnapshotWritten(zxid: Zxid): void;
  /** The oldest write of this kind that was not answered has failed; nothing of what the last flush did not cover is in the log. */
  onWriteFailed(write: DiskWrite): void;
}

export interface ClientProcess {
  onTimer(timer: string): void;
  onConnected(connection: ConnectionId): void;
  onConnectFailed(connection: ConnectionId): void;
  onPacket(connection: ConnectionId, packet: Packet): void;
  onClosed(connection: ConnectionId): void;
}

/** Where ZooKeeper itself draws at random, it is handed a named stream, so that the draw shows in a signature. */
export interface RandomSource {
  /** A whole number in [0, bound). */
  int(bound: number): number;
}
