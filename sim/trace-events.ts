import type { ClientEvent } from '../protocol/client-events.ts';
import type { ServerEvent } from '../protocol/events.ts';
import type { DiskWrite, EpochFile, ExitCode } from '../protocol/host.ts';
import type { Packet } from '../protocol/packets.ts';
import type { Zxid } from '../protocol/zxid.ts';
import type { Party } from './party.ts';
import type { FaultKind } from './fault-plan.ts';
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
  /** `cutAfterZxid`: the log was just being truncated to that zxid, and part of it was gone. */
  | {
      readonly type: 'crashed';
      readonly lost: number;
      readonly durableZxid: Zxid;
      readonly cutAfterZxid?: Zxid;
    }
  /** ZooKeeper ended its own process. */
  | {
      readonly type: 'exited';
      readonly code: ExitCode;
      readonly reason: string;
      readonly cutAfterZxid?: Zxid;
    }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  /** Every log record up to `zxid` is durable on this server. */
  | { readonly type: 'logFlushed'; readonly zxid: Zxid }
  /** Nothing after `zxid` is left in this server's log. */
  | { readonly type: 'logTruncated'; readonly zxid: Zxid }
  | { readonly type: 'logsDeleted' }
  | { readonly type: 'epochWritten'; readonly file: EpochFile; readonly epoch: number }
  | { readonly type: 'snapshotWritten'; readonly zxid: Zxid; readonly durable: boolean }
  /** A fault of the timeline struck. `cause`: what set it off. `text` is the timeline's. `struck`: who it resolved to, perhaps nobody. */
  | {
      readonly type: 'fault';
      readonly kind: FaultKind;
      readonly text: string;
      readonly cause: string;
      readonly struck: readonly Party[];
    }
  /** `cause`: what ended it. */
  | {
      readonly type: 'faultEnded';
      readonly kind: FaultKind;
      readonly text: string;
      readonly cause: string;
      readonly struck: readonly Party[];
    }
  /**
   * A server's clocks run by another law from now on: at this moment they showed these values, and they advance by `rate` a unit of virtual
   * time (0: they stand still).
   */
  | {
      readonly type: 'clockChanged';
      readonly elapsedMs: number;
      readonly wallMs: number;
      readonly elapsedRate: number;
      readonly wallRate: number;
    }
  /** The disk failed this write, and the server is told. */
  | { readonly type: 'writeFailed'; readonly write: DiskWrite }
  /**
   * A fault changed what is on this disk behind its server's back. A restart would have found a history up to `before` and the acceptedEpoch
   * `beforeEpoch`; now it finds them up to `lastZxid` and `epoch`, or refuses to start. `hasHole`: as far as before, but
   * not all of it.
   */
  | {
      readonly type: 'dataDamaged';
      readonly what: string;
      readonly before: Zxid;
      readonly lastZxid: Zxid;
      readonly beforeEpoch: number;
      readonly epoch: number;
      readonly refuses: boolean;
      readonly hasHole: boolean;
    }
  /** The story is over: clients stop, faults are healed. */
  | { readonly type: 'calmBegan' }
  /** A write has completed since, and every server that can be there is equal and serving. */
  | { readonly type: 'calmReached' };

export type TraceEvent = ServerEvent | ClientEvent | WorldEvent;
export type TraceEventType = TraceEvent['type'];

/** Receives every event in order. Checkers, reports and the fingerprint are sinks. */
export interface TraceSink {
  onEvent(at: Micros, party: Party, event: TraceEvent): void;
}
