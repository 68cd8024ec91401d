import type { Packet } from '../../protocol/packets.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import type { Fingerprint } from './fingerprint.ts';
import { mixReplyBody, mixRequestBody } from './requests.ts';
import { mixSnapshot, mixTxn } from './txns.ts';
import { type Mixers, mixVariant } from './variants.ts';

/** How a packet is taken into a fingerprint: every field, in a fixed order. */
export const mixPacket = (into: Fingerprint, packet: Packet): void => mixVariant(PACKETS, into, packet);

const mixZxid = (into: Fingerprint, packet: { readonly zxid: Zxid }): void => into.number(packet.zxid);

const mixLearnerInfo = (
  into: Fingerprint,
  packet: Packet & { readonly type: 'FOLLOWERINFO' | 'OBSERVERINFO' },
): void => {
  into.number(packet.zxid);
  into.number(packet.sid);
};

const PACKETS: Mixers<Packet> = {
  initialMessage: (into, packet) => {
    into.number(packet.sid);
    into.text(packet.address);
  },
  notification: (into, packet) => {
    into.text(packet.state);
    into.number(packet.leader);
    into.number(packet.zxid);
    into.number(packet.peerEpoch);
    into.number(packet.electionEpoch);
  },
  FOLLOWERINFO: mixLearnerInfo,
  OBSERVERINFO: mixLearnerInfo,
  LEADERINFO: mixZxid,
  ACKEPOCH: (into, packet) => {
    into.number(packet.zxid);
    into.number(packet.currentEpoch);
  },
  DIFF: mixZxid,
  TRUNC: mixZxid,
  SNAP: (into, packet) => {
    into.number(packet.zxid);
    mixSnapshot(into, packet.snapshot);
  },
  NEWLEADER: mixZxid,
  UPTODATE: () => undefined,
  PROPOSAL: (into, packet) => mixTxn(into, packet.txn),
  ACK: mixZxid,
  COMMIT: mixZxid,
  INFORM: (into, packet) => mixTxn(into, packet.txn),
  PING: (into, packet) => {
    into.number(packet.zxid);
    into.number(packet.touched.length);
    for (const touched of packet.touched) {
      into.text(touched.sessionId);
      into.number(touched.timeOut);
    }
  },
  REQUEST: (into, packet) => {
    into.text(packet.sessionId);
    into.number(packet.cxid);
    mixRequestBody(into, packet.body);
  },
  SYNC: () => undefined,
  REVALIDATE: (into, packet) => {
    into.text(packet.sessionId);
    into.number(packet.timeOut);
    if (into.present(packet.valid)) into.flag(packet.valid);
  },
  connectRequest: (into, packet) => {
    into.number(packet.lastZxidSeen);
    into.number(packet.timeOut);
    into.text(packet.sessionId);
    into.text(packet.passwd);
  },
  request: (into, packet) => {
    into.number(packet.xid);
    mixRequestBody(into, packet.body);
  },
  connectResponse: (into, packet) => {
    into.number(packet.timeOut);
    into.text(packet.sessionId);
    into.text(packet.passwd);
  },
  reply: (into, packet) => {
    into.number(packet.xid);
    into.number(packet.zxid);
    into.number(packet.err);
    if (into.present(packet.body)) mixReplyBody(into, packet.body);
  },
  watcherEvent: (into, packet) => {
    into.text(packet.eventType);
    into.text(packet.path);
    into.number(packet.zxid);
  },
};
