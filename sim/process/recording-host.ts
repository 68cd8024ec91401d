import type { ClientEvent } from '../../protocol/client-events.ts';
import type { Txn } from '../../protocol/database/txn.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { Channel, ClientHost, EpochFile, ExitCode, ServerHost, Stage } from '../../protocol/host.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import type { Effect } from './effects.ts';

/** The host that protocol code sees: it only writes down what was asked. */
export class RecordingHost implements ServerHost, ClientHost {
  elapsedMs = 0;
  wallMs = 0;
  /** In the order of the calls; whoever carries them out empties it. */
  readonly effects: Effect[] = [];

  connect(connection: ConnectionId, address: string, channel: Channel, timeoutMs: number): void {
    this.effects.push({ kind: 'connect', connection, address, channel, timeoutMs });
  }
  send(connection: ConnectionId, packet: Packet): void {
    this.effects.push({ kind: 'send', connection, packet });
  }
  flush(connection: ConnectionId): void {
    this.effects.push({ kind: 'flush', connection });
  }
  close(connection: ConnectionId): void {
    this.effects.push({ kind: 'close', connection });
  }
  setTimer(timer: string, delayMs: number): void {
    this.effects.push({ kind: 'setTimer', timer, delayMs });
  }
  cancelTimer(timer: string): void {
    this.effects.push({ kind: 'cancelTimer', timer });
  }
  listen(address: string, channel: Channel): void {
    this.effects.push({ kind: 'listen', address, channel });
  }
  unlisten(address: string): void {
    this.effects.push({ kind: 'unlisten', address });
  }
  wake(stage: Stage): void {
    this.effects.push({ kind: 'wake', stage });
  }
  appendTxn(txn: Txn): void {
    this.effects.push({ kind: 'appendTxn', txn });
  }
  rollLog(): void {
    this.effects.push({ kind: 'rollLog' });
  }
  flushLog(): void {
    this.effects.push({ kind: 'flushLog' });
  }
  truncateLog(zxid: Zxid): void {
    this.effects.push({ kind: 'truncateLog', zxid });
  }
  deleteLogs(): void {
    this.effects.push({ kind: 'deleteLogs' });
  }
  writeEpoch(file: EpochFile, epoch: number): void {
    this.effects.push({ kind: 'writeEpoch', file, epoch });
  }
  writeSnapshot(snapshot: Snapshot, fsync: boolean): void {
    this.effects.push({ kind: 'writeSnapshot', snapshot, fsync });
  }
  deleteSnapshot(zxid: Zxid): void {
    this.effects.push({ kind: 'deleteSnapshot', zxid });
  }
  emit(event: ServerEvent | ClientEvent): void {
    this.effects.push({ kind: 'emit', event });
  }
  exit(code: ExitCode, reason: string): void {
    this.effects.push({ kind: 'exit', code, reason });
  }
}
