/**
 * How many bytes a segment is on the wire, for links that have a width (zookeeper.jute, and what QuorumCnxManager frames itself).
 * What is known is exact; a transaction and a snapshot are roughly what they are on disk; where ZooKeeper sends the
 * ensemble's configuration, that of three servers is meant.
 */
import type { MultiResult, ReplyBody } from '../../protocol/client-packets.ts';
import type { Packet } from '../../protocol/packets.ts';
import { sizeOfSnapshot, sizeOfTxn } from '../../protocol/storage/sizes.ts';
import { frameLength } from '../../protocol/wire/frame-length.ts';
import type { Payload } from './segments.ts';

const INT = 4;
const LONG = 8;
const BOOLEAN = 1;
const STAT = 68;
const PASSWORD = INT + 16;
/** Type, zxid, the data's length and no authinfo. */
const QUORUM_PACKET = INT + LONG + INT + INT;
/** Id("ip", "10.0.0.1"). */
const AUTHINFO = INT + 2 + INT + 8;
const LEARNER_INFO = LONG + INT + LONG;
const REPLY_HEADER = INT + INT + LONG + INT;
const MULTI_HEADER = INT + BOOLEAN + INT;
const CONFIGURATION = 150;
const NOTIFICATION = INT + INT + 4 * LONG + INT + INT + CONFIGURATION;
const SNAPSHOT_END = INT + 'BenWasHere'.length;

/** IP's and TCP's, on each stretch of data that fits between them. */
const HEADERS = 52;
const MAX_SEGMENT = 1448;

export function bytesOf(payload: Payload): number {
  const data = typeof payload === 'string' ? 0 : packetBytes(payload);
  return data + HEADERS * Math.max(1, Math.ceil(data / MAX_SEGMENT));
}

function packetBytes(packet: Packet): number {
  switch (packet.type) {
    case 'initialMessage':
      return LONG + LONG + stringBytes(packet.address);
    case 'notification':
      return NOTIFICATION;
    case 'FOLLOWERINFO':
    case 'OBSERVERINFO':
      return QUORUM_PACKET + LEARNER_INFO;
    case 'LEADERINFO':
    case 'ACKEPOCH':
      return QUORUM_PACKET + INT;
    case 'SNAP':
      return QUORUM_PACKET + sizeOfSnapshot(packet.snapshot) + SNAPSHOT_END;
    case 'NEWLEADER':
      return QUORUM_PACKET + CONFIGURATION;
    case 'PROPOSAL':
    case 'INFORM':
      return QUORUM_PACKET + sizeOfTxn(packet.txn);
    case 'PING':
      return QUORUM_PACKET + packet.touched.length * (LONG + INT);
    case 'REQUEST': {
      // A client's request has two ints before its body; the learner puts session, cxid and opcode there.
      const request = frameLength({ type: 'request', xid: packet.cxid, body: packet.body });
      return QUORUM_PACKET + AUTHINFO + LONG + request;
    }
    case 'REVALIDATE':
      return QUORUM_PACKET + LONG + (packet.valid === undefined ? INT : BOOLEAN);
    case 'DIFF':
    case 'TRUNC':
    case 'UPTODATE':
    case 'ACK':
    case 'COMMIT':
    case 'SYNC':
      return QUORUM_PACKET;
    case 'connectRequest':
    case 'request':
      return INT + frameLength(packet);
    case 'connectResponse':
      return INT + INT + INT + LONG + PASSWORD + BOOLEAN;
    case 'reply':
      return INT + REPLY_HEADER + (packet.body === undefined ? 0 : replyBytes(packet.body));
    case 'watcherEvent':
      return INT + REPLY_HEADER + INT + INT + stringBytes(packet.path);
  }
}

function replyBytes({ path, stat, data, children, results }: ReplyBody): number {
  let bytes = 0;
  if (path !== undefined) bytes += stringBytes(path);
  if (stat !== undefined) bytes += STAT;
  if (data !== undefined) bytes += INT + (data?.length ?? 0);
  if (children !== undefined) bytes += INT + children.reduce((sum, child) => sum + stringBytes(child), 0);
  if (results !== undefined) {
    bytes += MULTI_HEADER + results.reduce((sum, result) => sum + MULTI_HEADER + resultBytes(result), 0);
  }
  return bytes;
}

function resultBytes(result: MultiResult): number {
  switch (result.type) {
    case 'create':
      return stringBytes(result.path);
    case 'create2':
      return stringBytes(result.path) + STAT;
    case 'setData':
      return STAT;
    case 'delete':
    case 'check':
      return 0;
    case 'error':
      return INT;
  }
}

/** Names are ASCII in practice. */
const stringBytes = (text: string): number => INT + text.length;
