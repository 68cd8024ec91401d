import type { Packet, PacketType } from '../../protocol/packets.ts';
import type { Micros } from '../time.ts';

/**
 * What travels on a connection: packets of the protocol's, and TCP's own segments, which open and end it. All of them are
 * sent again until they arrive, in order. A signal is outside that order: it is sent once, and may get lost for good.
 */
export type Control = 'syn' | 'synAck' | 'ack' | 'fin';
export type Signal = 'reset' | 'windowUpdate';
export type Payload = Packet | Control;
export type SegmentKind = PacketType | Control | Signal;

export interface Segment {
  readonly payload: Payload;
  readonly sentAt: Micros;
  /** When its first transmission is at the other end, if nothing holds it up. */
  readonly arrivesAt: Micros;
  /** Tells its draws from others of the same link and moment. */
  readonly address: number;
}

export const kindOf = (payload: Payload): SegmentKind =>
  typeof payload === 'string' ? payload : payload.type;

/** Part of the key that decides a segment's fate (law 5), so that one packet more of a type moves none of another type. */
export const KIND_CODES = {
  syn: 0,
  synAck: 1,
  ack: 2,
  fin: 3,
  reset: 4,
  windowUpdate: 5,
  initialMessage: 6,
  notification: 7,
  FOLLOWERINFO: 8,
  OBSERVERINFO: 9,
  LEADERINFO: 10,
  ACKEPOCH: 11,
  DIFF: 12,
  TRUNC: 13,
  SNAP: 14,
  NEWLEADER: 15,
  UPTODATE: 16,
  PROPOSAL: 17,
  ACK: 18,
  COMMIT: 19,
  INFORM: 20,
  PING: 21,
  REQUEST: 22,
  SYNC: 23,
  REVALIDATE: 24,
  connectRequest: 25,
  request: 26,
  connectResponse: 27,
  reply: 28,
  watcherEvent: 29,
} as const satisfies Record<SegmentKind, number>;
