import type { ClientEvent } from '../../protocol/client-events.ts';
import type { Txn } from '../../protocol/database/txn.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { Channel, EpochFile, ExitCode, Stage } from '../../protocol/host.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import type { Zxid } from '../../protocol/zxid.ts';

/**
 * What a step asked of the world, as data, in order (law 1). They are carried out one by one once the step has returned, so a
 * crash may come between any two of them.
 */
export type Effect =
  | {
      readonly kind: 'connect';
      readonly connection: ConnectionId;
      readonly address: string;
      readonly channel: Channel;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'send'; readonly connection: ConnectionId; readonly packet: Packet }
  | { readonly kind: 'flush'; readonly connection: ConnectionId }
  | { readonly kind: 'close'; readonly connection: ConnectionId }
  | { readonly kind: 'setTimer'; readonly timer: string; readonly delayMs: number }
  | { readonly kind: 'cancelTimer'; readonly timer: string }
  | { readonly kind: 'emit'; readonly event: ServerEvent | ClientEvent }
  | ServerEffect;

export type ServerEffect =
  | { readonly kind: 'listen'; readonly address: string; readonly channel: Channel }
  | { readonly kind: 'unlisten'; readonly address: string }
  | { readonly kind: 'wake'; readonly stage: Stage }
  | { readonly kind: 'appendTxn'; readonly txn: Txn }
  | { readonly kind: 'rollLog' | 'flushLog' | 'deleteLogs' }
  | { readonly kind: 'truncateLog' | 'deleteSnapshot'; readonly zxid: Zxid }
  | { readonly kind: 'writeEpoch'; readonly file: EpochFile; readonly epoch: number }
  | { readonly kind: 'writeSnapshot'; readonly snapshot: Snapshot; readonly fsync: boolean }
  | { readonly kind: 'exit'; readonly code: ExitCode; readonly reason: string };
