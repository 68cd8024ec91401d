import type { ClientEvent } from '../../protocol/client-events.ts';
import type { Txn } from '../../protocol/database/txn.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { Channel, ClientHost, EpochFile, ExitCode, ServerHost, Stage } from '../../protocol/host.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import type { Zxid } from '../../protocol/zxid.ts';

/** One call of a host's method: its name and its arguments. */
export type Effect<Event> =
  | readonly ['connect', ConnectionId, string, Channel, number]
  | readonly ['send', ConnectionId, Packet]
  | readonly ['close', ConnectionId]
  | readonly ['setTimer', string, number]
  | readonly ['cancelTimer', string]
  | readonly ['listen', string, Channel]
  | readonly ['unlisten', string]
  | readonly ['wake', Stage]
  | readonly ['flush', ConnectionId]
  | readonly ['appendTxn', Txn]
  | readonly ['rollLog']
  | readonly ['flushLog']
  | readonly ['truncateLog', Zxid]
  | readonly ['deleteLogs']
  | readonly ['writeEpoch', EpochFile, number]
  | readonly ['writeSnapshot', Snapshot, boolean]
  | readonly ['deleteSnapshot', Zxid]
  | readonly ['emit', Event]
  | readonly ['exit', ExitCode, string];

type EventEffect<Event> = Extract<Effect<Event>, readonly ['emit', unknown]>;

/**
 * A host for tests: it keeps every effect in order and does nothing about them. Its clocks are set by hand or by `advance`, which
 * rings the timers that come due. `RecordingHost<ServerEvent>` is a ServerHost, `RecordingHost<ClientEvent>` a ClientHost.
 */
export class RecordingHost<Event> {
  elapsedMs = 0;
  wallMs = 0;
  /** Since the last take(), oldest first. */
  effects: Effect<Event>[] = [];
  /** Timers that are set, with the elapsed time at which they ring. */
  readonly timers = new Map<string, number>();

  /** The effects so far; the list is empty then. */
  take(): Effect<Event>[] {
    const taken = this.effects;
    this.effects = [];
    return taken;
  }

  /** Packets sent since the last take(), on any connection. */
  get sent(): Packet[] {
    return this.effects.filter((effect) => effect[0] === 'send').map((effect) => effect[2]);
  }

  /** Events emitted since the last take(). */
  get events(): Event[] {
    return this.effects
      .filter((effect): effect is EventEffect<Event> => effect[0] === 'emit')
      .map((effect) => effect[1]);
  }

  /** Both clocks move on by `ms`; each timer on the way rings at its time, the earliest first. */
  advance(ms: number, process: { onTimer(timer: string): void }): void {
    const until = this.elapsedMs + ms;
    for (let next = this.#nextTimer(until); next !== undefined; next = this.#nextTimer(until)) {
      const [timer, dueMs] = next;
      this.timers.delete(timer);
      this.#moveTo(Math.max(dueMs, this.elapsedMs));
      process.onTimer(timer);
    }
    this.#moveTo(until);
  }

  #nextTimer(until: number): [string, number] | undefined {
    let next: [string, number] | undefined;
    for (const entry of this.timers) {
      if (entry[1] <= until && (next === undefined || entry[1] < next[1])) next = entry;
    }
    return next;
  }

  #moveTo(elapsedMs: number): void {
    this.wallMs += elapsedMs - this.elapsedMs;
    this.elapsedMs = elapsedMs;
  }

  connect(connection: ConnectionId, address: string, channel: Channel, timeoutMs: number): void {
    this.effects.push(['connect', connection, address, channel, timeoutMs]);
  }
  send(connection: ConnectionId, packet: Packet): void {
    this.effects.push(['send', connection, packet]);
  }
  close(connection: ConnectionId): void {
    this.effects.push(['close', connection]);
  }
  setTimer(timer: string, delayMs: number): void {
    this.timers.set(timer, this.elapsedMs + delayMs);
    this.effects.push(['setTimer', timer, delayMs]);
  }
  cancelTimer(timer: string): void {
    this.timers.delete(timer);
    this.effects.push(['cancelTimer', timer]);
  }
  emit(event: Event): void {
    this.effects.push(['emit', event]);
  }

  listen(address: string, channel: Channel): void {
    this.effects.push(['listen', address, channel]);
  }
  unlisten(address: string): void {
    this.effects.push(['unlisten', address]);
  }
  wake(stage: Stage): void {
    this.effects.push(['wake', stage]);
  }
  flush(connection: ConnectionId): void {
    this.effects.push(['flush', connection]);
  }
  appendTxn(txn: Txn): void {
    this.effects.push(['appendTxn', txn]);
  }
  rollLog(): void {
    this.effects.push(['rollLog']);
  }
  flushLog(): void {
    this.effects.push(['flushLog']);
  }
  truncateLog(zxid: Zxid): void {
    this.effects.push(['truncateLog', zxid]);
  }
  deleteLogs(): void {
    this.effects.push(['deleteLogs']);
  }
  writeEpoch(file: EpochFile, epoch: number): void {
    this.effects.push(['writeEpoch', file, epoch]);
  }
  writeSnapshot(snapshot: Snapshot, fsync: boolean): void {
    this.effects.push(['writeSnapshot', snapshot, fsync]);
  }
  deleteSnapshot(zxid: Zxid): void {
    this.effects.push(['deleteSnapshot', zxid]);
  }
  exit(code: ExitCode, reason: string): void {
    this.effects.push(['exit', code, reason]);
  }
}

/** They differ only in what they may emit. */
export const recordingServerHost = (): RecordingHost<ServerEvent> & ServerHost =>
  new RecordingHost<ServerEvent>();
export const recordingClientHost = (): RecordingHost<ClientEvent> & ClientHost =>
  new RecordingHost<ClientEvent>();
