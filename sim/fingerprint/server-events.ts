import type { ServerEvent } from '../../protocol/events.ts';
import type { SessionId } from '../../protocol/ids.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import type { Fingerprint } from './fingerprint.ts';
import { mixTxn } from './txns.ts';
import type { Mixers } from './variants.ts';

/** How servers' decisions are taken into a fingerprint: every field, in a fixed order. */
const mixZxid = (into: Fingerprint, event: { readonly zxid: Zxid }): void => into.number(event.zxid);

const mixSession = (
  into: Fingerprint,
  event: { readonly sessionId: SessionId; readonly timeOut: number },
): void => {
  into.text(event.sessionId);
  into.number(event.timeOut);
};

export const SERVER_EVENTS: Mixers<ServerEvent> = {
  state: (into, event) => {
    into.text(event.from);
    into.text(event.to);
    into.text(event.reason);
  },
  zabState: (into, event) => into.text(event.to),
  roundStarted: (into, event) => into.number(event.round),
  voteChanged: (into, event) => {
    into.number(event.round);
    into.number(event.leader);
    into.number(event.zxid);
    into.number(event.peerEpoch);
  },
  elected: (into, event) => {
    into.number(event.leader);
    into.number(event.round);
    into.number(event.zxid);
    into.number(event.peerEpoch);
    into.text(event.path);
  },
  epochFixed: (into, event) => {
    into.number(event.epoch);
    into.numbers(event.connecting);
  },
  epochAcked: (into, event) => {
    into.number(event.epoch);
    into.numbers(event.acks);
  },
  syncDecision: (into, event) => {
    into.number(event.learner);
    into.text(event.mode);
    into.number(event.peerLastZxid);
    into.number(event.minCommittedLog);
    into.number(event.maxCommittedLog);
    into.number(event.lastProcessedZxid);
    into.number(event.queued);
  },
  newLeaderSent: (into, event) => {
    into.number(event.learner);
    into.number(event.epoch);
  },
  protocolError: (into, event) => into.text(event.what),
  newLeaderAcked: (into, event) => into.number(event.epoch),
  established: (into, event) => {
    into.number(event.epoch);
    into.numbers(event.acks);
    into.number(event.lastZxid);
    into.number(event.digest);
  },
  serving: (into, event) => {
    into.number(event.epoch);
    into.number(event.lastZxid);
    into.number(event.digest);
  },
  stoppedServing: (into, event) => into.text(event.reason),
  proposed: (into, event) => {
    into.number(event.epoch);
    mixTxn(into, event.txn);
  },
  committed: (into, event) => {
    into.number(event.epoch);
    into.number(event.zxid);
    into.numbers(event.acks);
  },
  applied: (into, event) => {
    mixTxn(into, event.txn);
    into.number(event.digest);
    into.text(event.cause);
  },
  snapshotInstalled: mixZxid,
  truncated: mixZxid,
  reloaded: (into, event) => into.number(event.lastZxid),
  snapshotStarted: mixZxid,
  snapshotTaken: (into, event) => {
    into.number(event.zxid);
    into.number(event.nodes);
  },
  recovered: (into, event) => {
    into.number(event.snapshotZxid);
    into.number(event.lastZxid);
    into.number(event.replayed);
    into.number(event.acceptedEpoch);
    into.number(event.currentEpoch);
    into.number(event.tornRecords);
    into.number(event.damagedSnapshots);
    into.number(event.behindHole);
  },
  sessionExpired: mixSession,
  sessionMoved: (into, event) => {
    into.text(event.sessionId);
    into.number(event.to);
  },
  sessionMovedRefused: (into, event) => into.text(event.sessionId),
  sessionAttached: (into, event) => {
    mixSession(into, event);
    into.flag(event.isNew);
  },
  sessionRefused: (into, event) => {
    into.text(event.sessionId);
    into.text(event.reason);
  },
  learnerDropped: (into, event) => {
    into.number(event.learner);
    into.text(event.reason);
  },
  ignored: (into, event) => {
    into.text(event.what);
    into.text(event.reason);
  },
};
