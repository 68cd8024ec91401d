import type { ClientEvent } from '../../protocol/client-events.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType, WorldEvent } from '../trace-events.ts';
import type { Fingerprint } from './fingerprint.ts';
import { mixPacket } from './packets.ts';
import { mixReplyBody, mixRequestBody } from './requests.ts';
import { SERVER_EVENTS } from './server-events.ts';
import { type Mixers, mixVariant } from './variants.ts';

/** How a trace record is taken into a fingerprint: when, who, what, and every field of it in a fixed order. */
export function mixEvent(into: Fingerprint, at: Micros, party: Party, event: TraceEvent): void {
  into.number(at);
  into.number(party);
  mixVariant(EVENTS, into, event);
}

const nothing = (): void => undefined;
const mixZxid = (into: Fingerprint, event: { readonly zxid: Zxid }): void => into.number(event.zxid);

const mixFault = (
  into: Fingerprint,
  event: {
    readonly kind: string;
    readonly text: string;
    readonly cause: string;
    readonly struck: readonly Party[];
  },
): void => {
  into.text(event.kind);
  into.text(event.text);
  into.text(event.cause);
  into.numbers(event.struck);
};

const CLIENT_EVENTS: Mixers<ClientEvent> = {
  invoked: (into, event) => {
    into.number(event.op);
    mixRequestBody(into, event.body);
  },
  answered: (into, event) => {
    into.number(event.op);
    into.number(event.xid);
    into.number(event.err);
    into.flag(event.sent);
    into.number(event.zxid);
    into.text(event.sessionId);
    if (into.present(event.body)) mixReplyBody(into, event.body);
  },
  watchEvent: (into, event) => {
    into.text(event.eventType);
    into.text(event.path);
    into.number(event.zxid);
    into.number(event.watches);
  },
  keeperState: (into, event) => {
    into.text(event.state);
    into.text(event.sessionId);
    into.text(event.server);
    into.text(event.reason);
  },
};

const WORLD_EVENTS: Mixers<WorldEvent> = {
  delivered: (into, event) => {
    into.number(event.from);
    mixPacket(into, event.packet);
  },
  connected: (into, event) => into.number(event.to),
  connectFailed: (into, event) => {
    into.text(event.address);
    into.text(event.reason);
  },
  disconnected: (into, event) => {
    into.number(event.from);
    into.flag(event.reset);
  },
  started: (into, event) => into.number(event.incarnation),
  crashed: (into, event) => {
    into.number(event.lost);
    into.number(event.durableZxid);
    if (event.cutAfterZxid !== undefined) into.number(event.cutAfterZxid);
  },
  exited: (into, event) => {
    into.number(event.code);
    into.text(event.reason);
    if (event.cutAfterZxid !== undefined) into.number(event.cutAfterZxid);
  },
  paused: nothing,
  resumed: nothing,
  logFlushed: mixZxid,
  logTruncated: mixZxid,
  logsDeleted: nothing,
  epochWritten: (into, event) => {
    into.text(event.file);
    into.number(event.epoch);
  },
  snapshotWritten: (into, event) => {
    into.number(event.zxid);
    into.flag(event.durable);
  },
  fault: mixFault,
  faultEnded: mixFault,
  clockChanged: (into, event) => {
    into.number(event.elapsedMs);
    into.number(event.wallMs);
    into.number(event.elapsedRate);
    into.number(event.wallRate);
  },
  writeFailed: (into, event) => into.text(event.write),
  dataDamaged: (into, event) => {
    into.text(event.what);
    into.number(event.before);
    into.number(event.lastZxid);
    into.number(event.beforeEpoch);
    into.number(event.epoch);
    into.flag(event.refuses);
    into.flag(event.hasHole);
  },
  calmBegan: nothing,
  calmReached: nothing,
};

const EVENTS = { ...SERVER_EVENTS, ...CLIENT_EVENTS, ...WORLD_EVENTS } satisfies Record<
  TraceEventType,
  unknown
>;
