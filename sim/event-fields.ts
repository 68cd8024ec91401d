import type { TraceEvent, TraceEventType } from './trace-events.ts';
import { FAULT_KINDS } from './fault-kinds.ts';
import type { Sid } from '../protocol/ids.ts';

/**
 * The fields by which a scenario may pick trace events (`when:` and `expect:`), and how it writes each: a number, a
 * text, one of some words, a server, a party, or, for a packet, txn or request, its kind (`packet: PROPOSAL`, `body:
 * create2`). The table is checked against the events: a new event or a new plain field does not compile without its
 * line here.
 */
export type FieldKind = 'number' | 'text' | 'boolean' | 'server' | 'party' | 'kind' | readonly string[];

// In brackets, so that a union of words stays one type.
type KindOf<T> = [T] extends [boolean]
  ? 'boolean'
  : [T] extends [Sid]
    ? 'server'
    : [T] extends [number]
      ? 'number' | 'party'
      : 'text' | readonly T[];

type Plain = string | number | boolean;
type Named = { readonly type: string } | { readonly op: string } | { readonly body: unknown };
type FieldsOf<E> = {
  readonly [F in keyof E as [E[F]] extends [Plain] ? (F extends 'type' ? never : F) : never]: KindOf<E[F]>;
} & {
  readonly [F in keyof E as [E[F]] extends [Named] ? F : never]: 'kind';
};
type Table = { readonly [K in TraceEventType]: FieldsOf<Extract<TraceEvent, { readonly type: K }>> };

const SERVER_STATES = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'] as const;

const EVENT_FIELDS = {
  state: { from: SERVER_STATES, to: SERVER_STATES, reason: 'text' },
  zabState: { to: ['ELECTION', 'DISCOVERY', 'SYNCHRONIZATION', 'BROADCAST'] },
  roundStarted: { round: 'number' },
  voteChanged: { round: 'number', leader: 'server', zxid: 'number', peerEpoch: 'number' },
  elected: {
    leader: 'server',
    round: 'number',
    zxid: 'number',
    peerEpoch: 'number',
    path: ['looking', 'recvset', 'outofelection'],
  },
  epochFixed: { epoch: 'number' },
  epochAcked: { epoch: 'number' },
  syncDecision: {
    learner: 'server',
    mode: ['DIFF', 'TRUNC', 'SNAP'],
    peerLastZxid: 'number',
    minCommittedLog: 'number',
    maxCommittedLog: 'number',
    lastProcessedZxid: 'number',
    queued: 'number',
  },
  newLeaderSent: { learner: 'server', epoch: 'number' },
  protocolError: { what: 'text' },
  newLeaderAcked: { epoch: 'number' },
  established: { epoch: 'number', lastZxid: 'number', digest: 'number' },
  serving: { epoch: 'number', lastZxid: 'number', digest: 'number' },
  stoppedServing: { reason: 'text' },
  proposed: { epoch: 'number', txn: 'kind' },
  committed: { epoch: 'number', zxid: 'number' },
  applied: { txn: 'kind', digest: 'number', cause: ['commit', 'syncCommit', 'replay', 'fastForward'] },
  snapshotInstalled: { zxid: 'number' },
  truncated: { zxid: 'number' },
  reloaded: { lastZxid: 'number' },
  snapshotStarted: { zxid: 'number' },
  snapshotTaken: { zxid: 'number', nodes: 'number' },
  recovered: {
    snapshotZxid: 'number',
    lastZxid: 'number',
    replayed: 'number',
    acceptedEpoch: 'number',
    currentEpoch: 'number',
    tornRecords: 'number',
    damagedSnapshots: 'number',
    behindHole: 'number',
  },
  sessionExpired: { sessionId: 'text', timeOut: 'number' },
  sessionMoved: { sessionId: 'text', to: 'server' },
  sessionMovedRefused: { sessionId: 'text' },
  sessionAttached: { sessionId: 'text', timeOut: 'number', isNew: 'boolean' },
  sessionRefused: { sessionId: 'text', reason: 'text' },
  learnerDropped: { learner: 'server', reason: 'text' },
  ignored: { what: 'text', reason: 'text' },
  invoked: { op: 'number', body: 'kind' },
  answered: {
    op: 'number',
    xid: 'number',
    err: 'number',
    sent: 'boolean',
    zxid: 'number',
    sessionId: 'text',
  },
  watchEvent: {
    eventType: ['NodeCreated', 'NodeDeleted', 'NodeDataChanged', 'NodeChildrenChanged'],
    path: 'text',
    zxid: 'number',
    watches: 'number',
  },
  keeperState: {
    state: ['SyncConnected', 'Disconnected', 'Expired', 'Closed'],
    sessionId: 'text',
    server: 'text',
    reason: 'text',
  },
  delivered: { from: 'party', packet: 'kind' },
  connected: { to: 'party' },
  connectFailed: { address: 'text', reason: ['refused', 'timeout'] },
  disconnected: { from: 'party', reset: 'boolean' },
  started: { incarnation: 'number' },
  crashed: { lost: 'number', durableZxid: 'number' },
  exited: { code: 'number', reason: 'text' },
  paused: {},
  resumed: {},
  logFlushed: { zxid: 'number' },
  logTruncated: { zxid: 'number' },
  logsDeleted: {},
  epochWritten: { file: ['acceptedEpoch', 'currentEpoch'], epoch: 'number' },
  snapshotWritten: { zxid: 'number', durable: 'boolean' },
  fault: { kind: FAULT_KINDS, text: 'text', cause: 'text' },
  faultEnded: { kind: FAULT_KINDS, text: 'text', cause: 'text' },
  clockChanged: { elapsedMs: 'number', wallMs: 'number', elapsedRate: 'number', wallRate: 'number' },
  writeFailed: { write: ['log', 'truncation', 'epoch', 'snapshot'] },
  dataDamaged: {
    what: 'text',
    before: 'number',
    lastZxid: 'number',
    beforeEpoch: 'number',
    epoch: 'number',
    refuses: 'boolean',
    hasHole: 'boolean',
  },
  calmBegan: {},
  calmReached: {},
} as const satisfies Table;

const FIELDS_BY_EVENT: ReadonlyMap<string, ReadonlyMap<string, FieldKind>> = new Map(
  Object.entries(EVENT_FIELDS).map(([type, fields]) => [type, new Map(Object.entries(fields))]),
);

/** The names of all trace events. */
export const eventTypes = (): readonly string[] => [...FIELDS_BY_EVENT.keys()];
export const isEventType = (word: string): word is TraceEventType => FIELDS_BY_EVENT.has(word);
/** An event's fields and how a scenario writes them. */
export const fieldsOfEvent = (type: TraceEventType): ReadonlyMap<string, FieldKind> =>
  FIELDS_BY_EVENT.get(type) ?? new Map<string, FieldKind>();
