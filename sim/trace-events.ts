import type { ClientEvent } from '../protocol/client-events.ts';
import type { ServerEvent } from '../protocol/events.ts';
import type { EpochFile, ExitCode } from '../protocol/host.ts';
import type { Packet } from '../protocol/packets.ts';
import type { Zxid } from '../protocol/zxid.ts';
import type { Party } from './party.ts';
import type { Micros } from './time.ts';

/**
 * The trace: everything that happened, as data. Servers and clients report their decisions, the world reports what it did.
 * A record is never formatted while the run goes on.
 */
export type WorldEvent =
  /** A message reached `to`'s process. The record's party is the receiver. */
  | { readonly type: 'delivered'; readonly from: Party; readonly packet: Packet }
  | { readonly type: 'connected'; readonly to: Party }
  | { readonly type: 'connectFailed'; readonly address: string; readonly reason: 'refused' | 'timeout' }
  /** A connection ended at this party; `reset` when the network broke it. */
  | { readonly type: 'disconnected'; readonly from: Party; readonly reset: boolean }
  /** A process started; the incarnation counts from 1. */
  | { readonly type: 'started'; readonly incarnation: number }
  /** `lost`: txns that were written and are gone, as no fsync covered them. */
  | { readonly type: 'crashed'; readonly lost: number; readonly durableZxid: Zxid }
  /** ZooKeeper ended its own process. */
  | { readonly type: 'exited'; readonly code: ExitCode; readonly reason: string }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  /** Every log record up to `zxid` is durable on this server. */
  | { readonly type: 'logFlushed'; readonly zxid: Zxid }
  /** Nothing after `zxid` is left in this server's log. */
  | { readonly type: 'logTruncated'; readonly zxid: Zxid }
  | { readonly type: 'logsDeleted' }
  | { readonly type: 'epochWritten'; readonly file: EpochFile; readonly epoch: number }
  | { readonly type: 'snapshotWritten'; readonly zxid: Zxid; readonly durable: boolean }
  /** A fault of the timeline struck, or ended. `text` is the timeline's. `struck`: who it resolved to. */
  | { readonly type: 'fault'; readonly text: string; readonly struck: readonly Party[] }
  | { readonly type: 'faultEnded'; readonly text: string; readonly struck: readonly Party[] }
  /** The story is over: clients stop, faults are healed. */
  | { readonly type: 'calmBegan' }
  /** Every server that can be is equal and serving. */
  | { readonly type: 'calmReached' };

export type TraceEvent = ServerEvent | ClientEvent | WorldEvent;
export type TraceEventType = TraceEvent['type'];

/** Receives every event in order. Checkers, reports and the fingerprint are sinks. */
export interface TraceSink {
  onEvent(at: Micros, party: Party, event: TraceEvent): void;
}
