import type { Channel } from '../../protocol/host.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import type { Party } from '../party.ts';

/**
 * A process on the network: a server or a client, through all its incarnations. The network calls it only from the event queue,
 * never from within an operation, and one call is one event.
 */
export interface Endpoint {
  readonly party: Party;
  /** The host part of its addresses. Several endpoints may share one; each is a machine of its own all the same. */
  readonly host: string;
  /** Somebody dialled a port it listens on. The id is negative and never used again at this endpoint. */
  onAccept(connection: ConnectionId, channel: Channel, remoteAddress: string): void;
  onConnected(connection: ConnectionId): void;
  onConnectFailed(connection: ConnectionId): void;
  onPacket(connection: ConnectionId, packet: Packet): void;
  /** What was sent before the flush has left the process. */
  onWritable(connection: ConnectionId): void;
  /** The peer closed, or the connection broke. The id means nothing any more. */
  onClosed(connection: ConnectionId): void;
}
