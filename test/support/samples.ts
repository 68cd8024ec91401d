import type { ReplyBody, RequestBody } from '../../protocol/client-packets.ts';
import type { Stat, StatPersisted } from '../../protocol/database/stat.ts';
import type { Txn, TxnBody } from '../../protocol/database/txn.ts';
import { sessionId, sid } from '../../protocol/ids.ts';
import type { Packet, PacketType } from '../../protocol/packets.ts';
import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import type { TraceEvent, TraceEventType } from '../../sim/trace-events.ts';

/** One value of every variant that a trace can hold, with every optional field there. */
const SESSION = sessionId('0x100000000000001');
const acl = [{ perms: 31, scheme: 'world', id: 'anyone' }];
const data = (text: string): Uint8Array => new TextEncoder().encode(text);

const persisted: StatPersisted = {
  czxid: makeZxid(1, 1),
  mzxid: makeZxid(1, 2),
  ctime: 3,
  mtime: 4,
  version: 5,
  cversion: 6,
  aversion: 7,
  ephemeralOwner: SESSION,
  pzxid: makeZxid(1, 10),
};
const stat: Stat = { ...persisted, dataLength: 8, numChildren: 9 };

const subTxns = [
  {
    type: 'create',
    path: '/a',
    data: data('1'),
    acl,
    ephemeral: true,
    parentCVersion: 3,
  },
  {
    type: 'create2',
    path: '/b',
    data: data('2'.repeat(100)),
    acl,
    ephemeral: false,
    parentCVersion: 4,
  },
  { type: 'delete', path: '/c' },
  { type: 'setData', path: '/d', data: data('3'), version: 5 },
  { type: 'check', path: '/e', version: 6 },
  { type: 'error', err: -101 },
] as const satisfies readonly TxnBody[];

export const txnBodies: readonly TxnBody[] = [
  ...subTxns,
  { type: 'multi', txns: subTxns },
  { type: 'createSession', timeOut: 4000 },
  { type: 'closeSession', paths: ['/f', '/g'] },
];

export const sampleTxn = (body: TxnBody): Txn => ({
  zxid: makeZxid(1, 5),
  sessionId: SESSION,
  cxid: 7,
  time: 1_700_000_000_000,
  body,
});
const txn = sampleTxn({ type: 'multi', txns: subTxns });

const multiOps = [
  { op: 'create', path: '/a', data: data('1'), acl, flags: 1, malformed: true },
  { op: 'create2', path: '/a', data: data('1'), acl, flags: 2, malformed: true },
  { op: 'delete', path: '/a', version: 3, malformed: true },
  { op: 'setData', path: '/a', data: data('4'), version: 5, malformed: true },
  { op: 'check', path: '/a', version: 6 },
] as const satisfies readonly RequestBody[];

export const requestBodies: readonly RequestBody[] = [
  ...multiOps,
  { op: 'multi', ops: multiOps, malformed: true },
  { op: 'exists', path: '/a', watch: true, malformed: true },
  { op: 'getData', path: '/a', watch: true, malformed: true },
  { op: 'getChildren', path: '/a', watch: true, malformed: true },
  { op: 'getChildren2', path: '/a', watch: true, malformed: true },
  { op: 'sync', path: '/a' },
  { op: 'ping' },
  {
    op: 'setWatches',
    relativeZxid: makeZxid(1, 7),
    dataWatches: ['/a'],
    existWatches: ['/b'],
    childWatches: ['/c'],
    malformed: true,
  },
  { op: 'createSession', timeOut: 4000 },
  { op: 'closeSession' },
];

const replyBody: ReplyBody = {
  path: '/a',
  stat,
  data: data('9'),
  children: ['x', 'y'],
  results: [
    { type: 'create', path: '/a' },
    { type: 'create2', path: '/b', stat },
    { type: 'setData', stat },
    { type: 'delete' },
    { type: 'check' },
    { type: 'error', err: -2 },
  ],
};

const snapshot: Snapshot = {
  zxid: makeZxid(1, 3),
  sessions: new Map([[SESSION, 4000]]),
  nodes: [
    { path: '/', data: null, acl, stat: persisted },
    { path: '/a', data: data('5'), acl, stat: persisted },
  ],
};

const zxid = makeZxid(3, 4);
const request: RequestBody = multiOps[3];

export const samplePackets: { readonly [T in PacketType]: Packet & { readonly type: T } } = {
  initialMessage: { type: 'initialMessage', sid: sid(1), address: 'zk1:3888' },
  notification: {
    type: 'notification',
    state: 'LOOKING',
    leader: sid(3),
    zxid,
    peerEpoch: 3,
    electionEpoch: 8,
  },
  FOLLOWERINFO: { type: 'FOLLOWERINFO', zxid, sid: sid(1) },
  OBSERVERINFO: { type: 'OBSERVERINFO', zxid, sid: sid(1) },
  LEADERINFO: { type: 'LEADERINFO', zxid },
  ACKEPOCH: { type: 'ACKEPOCH', zxid, currentEpoch: 2 },
  DIFF: { type: 'DIFF', zxid },
  TRUNC: { type: 'TRUNC', zxid },
  SNAP: { type: 'SNAP', zxid, snapshot },
  NEWLEADER: { type: 'NEWLEADER', zxid },
  UPTODATE: { type: 'UPTODATE' },
  PROPOSAL: { type: 'PROPOSAL', txn },
  ACK: { type: 'ACK', zxid },
  COMMIT: { type: 'COMMIT', zxid },
  INFORM: { type: 'INFORM', txn },
  PING: { type: 'PING', zxid, touched: [{ sessionId: SESSION, timeOut: 4000 }] },
  REQUEST: { type: 'REQUEST', sessionId: SESSION, cxid: 2, body: request },
  SYNC: { type: 'SYNC' },
  REVALIDATE: { type: 'REVALIDATE', sessionId: SESSION, timeOut: 4000, valid: true },
  connectRequest: {
    type: 'connectRequest',
    lastZxidSeen: zxid,
    timeOut: 4000,
    sessionId: SESSION,
    passwd: 'ab',
  },
  request: { type: 'request', xid: 5, body: request },
  connectResponse: { type: 'connectResponse', timeOut: 4000, sessionId: SESSION, passwd: 'ab' },
  reply: { type: 'reply', xid: 5, zxid, err: 0, body: replyBody },
  watcherEvent: { type: 'watcherEvent', eventType: 'NodeCreated', path: '/a', zxid },
};

const fault = { kind: 'crash', text: 'crash: leader', cause: 'at 8000 ms', struck: [1, 2] } as const;

export const sampleEvents: { readonly [T in TraceEventType]: TraceEvent & { readonly type: T } } = {
  state: { type: 'state', from: 'LOOKING', to: 'LEADING', reason: 'elected' },
  zabState: { type: 'zabState', to: 'DISCOVERY' },
  roundStarted: { type: 'roundStarted', round: 1 },
  voteChanged: { type: 'voteChanged', round: 1, leader: sid(3), zxid, peerEpoch: 3 },
  elected: { type: 'elected', leader: sid(3), round: 1, zxid, peerEpoch: 3, path: 'looking' },
  epochFixed: { type: 'epochFixed', epoch: 4, connecting: [sid(1), sid(3)] },
  epochAcked: { type: 'epochAcked', epoch: 4, acks: [sid(1), sid(3)] },
  syncDecision: {
    type: 'syncDecision',
    learner: sid(1),
    mode: 'DIFF',
    peerLastZxid: zxid,
    minCommittedLog: zxid,
    maxCommittedLog: zxid,
    lastProcessedZxid: zxid,
    queued: 3,
  },
  newLeaderSent: { type: 'newLeaderSent', learner: sid(2), epoch: 4 },
  protocolError: { type: 'protocolError', what: 'COMMIT 0x400000007 without its proposal' },
  newLeaderAcked: { type: 'newLeaderAcked', epoch: 4 },
  established: { type: 'established', epoch: 4, acks: [sid(1), sid(3)], lastZxid: zxid, digest: 1_234_567 },
  serving: { type: 'serving', epoch: 4, lastZxid: zxid, digest: 1_234_567 },
  stoppedServing: { type: 'stoppedServing', reason: 'shutdown' },
  proposed: { type: 'proposed', epoch: 4, txn },
  committed: { type: 'committed', epoch: 4, zxid, acks: [sid(1), sid(3)] },
  applied: { type: 'applied', txn, digest: 2 ** 45 + 1, cause: 'commit' },
  snapshotInstalled: { type: 'snapshotInstalled', zxid },
  truncated: { type: 'truncated', zxid },
  reloaded: { type: 'reloaded', lastZxid: zxid },
  snapshotStarted: { type: 'snapshotStarted', zxid },
  snapshotTaken: { type: 'snapshotTaken', zxid, nodes: 12 },
  recovered: {
    type: 'recovered',
    snapshotZxid: zxid,
    lastZxid: zxid,
    replayed: 4,
    acceptedEpoch: 3,
    currentEpoch: 3,
    tornRecords: 1,
    damagedSnapshots: 2,
    behindHole: 5,
  },
  sessionExpired: { type: 'sessionExpired', sessionId: SESSION, timeOut: 4000 },
  sessionMoved: { type: 'sessionMoved', sessionId: SESSION, to: sid(2) },
  sessionMovedRefused: { type: 'sessionMovedRefused', sessionId: SESSION },
  sessionAttached: { type: 'sessionAttached', sessionId: SESSION, timeOut: 4000, isNew: true },
  sessionRefused: { type: 'sessionRefused', sessionId: SESSION, reason: 'zxid ahead' },
  learnerDropped: { type: 'learnerDropped', learner: sid(1), reason: 'silent' },
  ignored: { type: 'ignored', what: 'ACK', reason: 'older epoch' },
  invoked: { type: 'invoked', op: 1, body: request },
  answered: {
    type: 'answered',
    op: 1,
    xid: 2,
    err: 0,
    sent: true,
    zxid,
    sessionId: SESSION,
    body: replyBody,
  },
  watchEvent: { type: 'watchEvent', eventType: 'NodeDeleted', path: '/a', zxid, watches: 2 },
  keeperState: {
    type: 'keeperState',
    state: 'SyncConnected',
    sessionId: SESSION,
    server: 'zk1:2181',
    reason: 'connected',
  },
  delivered: { type: 'delivered', from: 2, packet: samplePackets.notification },
  connected: { type: 'connected', to: 2 },
  connectFailed: { type: 'connectFailed', address: 'zk1:2888', reason: 'refused' },
  disconnected: { type: 'disconnected', from: 2, reset: true },
  started: { type: 'started', incarnation: 1 },
  crashed: { type: 'crashed', lost: 3, durableZxid: zxid },
  exited: { type: 'exited', code: 13, reason: 'cannot truncate' },
  paused: { type: 'paused' },
  resumed: { type: 'resumed' },
  logFlushed: { type: 'logFlushed', zxid },
  logTruncated: { type: 'logTruncated', zxid },
  logsDeleted: { type: 'logsDeleted' },
  epochWritten: { type: 'epochWritten', file: 'currentEpoch', epoch: 4 },
  snapshotWritten: { type: 'snapshotWritten', zxid, durable: true },
  fault: { type: 'fault', ...fault },
  faultEnded: { type: 'faultEnded', ...fault },
  clockChanged: {
    type: 'clockChanged',
    elapsedMs: 3.5,
    wallMs: 1_767_225_600_000,
    elapsedRate: 1,
    wallRate: 1,
  },
  writeFailed: { type: 'writeFailed', write: 'log' },
  dataDamaged: {
    type: 'dataDamaged',
    what: 'wipe',
    before: zxid,
    lastZxid: zxid,
    beforeEpoch: 4,
    epoch: 3,
    refuses: false,
    hasHole: false,
  },
  calmBegan: { type: 'calmBegan' },
  calmReached: { type: 'calmReached' },
};
