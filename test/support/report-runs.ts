import type { EnsembleConfig, ServerSpec } from '../../protocol/config.ts';
import { DEFAULT_CONFIG } from '../../protocol/config.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import { NO_SESSION, sid } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { TimelineRecorder } from '../../reports/timeline-recorder.ts';
import type { RunRecord } from '../../reports/run-record.ts';
import { WORLD, clientParty, type Party } from '../../sim/party.ts';
import { PERFECT_NETWORK } from '../../sim/plan-defaults.ts';
import type { Fault, TimelineEntry } from '../../sim/fault-plan.ts';
import type { RunPlan } from '../../sim/plan.ts';
import type { RunResult } from '../../sim/result.ts';
import { fromMs } from '../../sim/time.ts';
import type { TraceEvent, TraceSink } from '../../sim/trace-events.ts';

/** Hand-made plans, traces and results for the tests of reports and of the command line. */
export type TracedEvent = readonly [atMs: number, party: Party, event: TraceEvent];

export const HOSTS = ['master01', 'slave01', 'slave02'];

export function ensembleOf(hosts: readonly string[], observers: readonly string[] = []): EnsembleConfig {
  const servers = hosts.map((host, index): ServerSpec => ({
    sid: sid(index + 1),
    host,
    quorumPort: 2888,
    electionPort: 3888,
    clientPort: 2181,
    learnerType: observers.includes(host) ? 'OBSERVER' : 'PARTICIPANT',
  }));
  return { ...DEFAULT_CONFIG, servers };
}

const constant = (ms: number): { kind: 'constant'; ms: number } => ({ kind: 'constant', ms });

export const timelineEntry = (text: string, fault: Fault, forMs?: number): TimelineEntry => ({
  trigger: { kind: 'at', atMs: 0 },
  fault,
  ending: forMs === undefined ? undefined : { kind: 'for', ms: forMs },
  text,
  source: 'first.yaml:1:1',
});

export const CRASH_LEADER = timelineEntry('crash: leader', {
  kind: 'crash',
  target: [{ kind: 'leader' }],
  lose: 'some',
  silent: false,
  restartAfterMs: 4000,
  after: undefined,
  forGood: false,
});
export const CUT_OFF_MINORITY = timelineEntry(
  'partition: minority | rest',
  { kind: 'partition', groups: [[{ kind: 'minority' }], [{ kind: 'rest' }]], oneWay: false },
  5000,
);

export function planOf(changes: Partial<RunPlan> = {}): RunPlan {
  return {
    name: 'first',
    description: 'Three servers; the leader crashes while it broadcasts, and comes back.',
    ensemble: ensembleOf(HOSTS),
    network: { ...PERFECT_NETWORK, latency: constant(1) },
    disks: { fsync: constant(1), throughput: undefined },
    clocks: [],
    processes: { boot: constant(100), stage: constant(0) },
    clients: [
      {
        name: 'alice',
        servers: [sid(1)],
        sessionTimeoutMs: 10_000,
        reads: 'local',
        startMs: 0,
        activities: [],
      },
    ],
    timeline: [CRASH_LEADER, CUT_OFF_MINORITY],
    expectations: [],
    durationMs: 20_000,
    calmMs: 10_000,
    ...changes,
  };
}

// ---------------------------------------------------------------------------------------------- traces

const alice = clientParty(0);

export const applied = (counter: number, epoch = 1): ServerEvent => ({
  type: 'applied',
  txn: {
    zxid: makeZxid(epoch, counter),
    sessionId: NO_SESSION,
    cxid: counter,
    time: 0,
    body: { type: 'error', err: 0 },
  },
  digest: counter,
  cause: 'commit',
});

export const answered = (op: number, err = 0, sent = true): TraceEvent => ({
  type: 'answered',
  op,
  xid: op,
  err,
  sent,
  zxid: makeZxid(1, op),
  sessionId: NO_SESSION,
  body: undefined,
});

export const keeperState = (state: 'SyncConnected' | 'Disconnected'): TraceEvent => ({
  type: 'keeperState',
  state,
  sessionId: NO_SESSION,
  server: 'master01:2181',
  reason: '',
});

/** Server `leader` is elected by all of `servers` from `atMs` on, in `epoch`. */
export function electionTrace(
  atMs: number,
  leader: number,
  servers: readonly number[],
  epoch: number,
): TracedEvent[] {
  const vote = { round: epoch, leader: sid(leader), zxid: makeZxid(0, 0), peerEpoch: 0 };
  const learners = servers.filter((server) => server !== leader);
  const state = (server: number): TraceEvent => ({
    type: 'state',
    from: 'LOOKING',
    to: server === leader ? 'LEADING' : 'FOLLOWING',
    reason: '',
  });
  return [
    ...servers.map((server): TracedEvent => [
      atMs,
      server,
      { type: 'voteChanged', ...vote, leader: sid(server) },
    ]),
    ...learners.map((server): TracedEvent => [atMs + 3, server, { type: 'voteChanged', ...vote }]),
    ...servers.flatMap((server): TracedEvent[] => [
      [atMs + 210, server, { type: 'elected', ...vote, path: 'looking' }],
      [atMs + 210, server, state(server)],
      [atMs + 210, server, { type: 'zabState', to: 'DISCOVERY' }],
    ]),
    [atMs + 220, leader, { type: 'epochFixed', epoch, connecting: servers.map(sid) }],
    ...servers.map((server): TracedEvent => [
      atMs + 235,
      server,
      { type: 'zabState', to: 'SYNCHRONIZATION' },
    ]),
    ...learners.map((server): TracedEvent => [
      atMs + 236,
      leader,
      {
        type: 'syncDecision',
        learner: sid(server),
        mode: 'DIFF',
        peerLastZxid: makeZxid(0, 0),
        minCommittedLog: makeZxid(0, 0),
        maxCommittedLog: makeZxid(0, 0),
        lastProcessedZxid: makeZxid(0, 0),
        queued: 0,
      },
    ]),
    [
      atMs + 260,
      leader,
      { type: 'established', epoch, acks: servers.map(sid), lastZxid: makeZxid(0, 0), digest: 0 },
    ],
    ...servers.flatMap((server): TracedEvent[] => [
      [atMs + 262, server, { type: 'zabState', to: 'BROADCAST' }],
      [atMs + 262, server, { type: 'serving', epoch, lastZxid: makeZxid(epoch, 0), digest: 0 }],
    ]),
  ];
}

/** `count` txns that every server of `servers` delivers, one every 10 ms, each answered to the client. */
export function broadcastTrace(
  fromMs_: number,
  count: number,
  servers: readonly number[],
  epoch: number,
): TracedEvent[] {
  return Array.from({ length: count }, (_, index) => index).flatMap((index): TracedEvent[] => [
    ...servers.map((server): TracedEvent => [fromMs_ + index * 10, server, applied(index + 1, epoch)]),
    [fromMs_ + index * 10 + 2, alice, answered(index + 1)],
  ]);
}

/** The leader (3) crashes at 5 s, 2 takes over; 3 comes back at 9 s and is cut back to the common history. */
export function crashOfTheLeader(): TracedEvent[] {
  return [
    ...[1, 2, 3].map((server): TracedEvent => [95 + server, server, { type: 'started', incarnation: 1 }]),
    ...electionTrace(110, 3, [1, 2, 3], 1),
    [400, alice, keeperState('SyncConnected')],
    ...broadcastTrace(500, 450, [1, 2, 3], 1),
    [5000, WORLD, { type: 'fault', kind: 'crash', cause: 'at a time', text: 'crash: leader', struck: [3] }],
    [5000, 3, { type: 'crashed', lost: 2, durableZxid: makeZxid(1, 448) }],
    [5001, alice, answered(451, -4)],
    [5001, alice, keeperState('Disconnected')],
    ...[1, 2].map((server): TracedEvent => [
      5001.5,
      server,
      { type: 'state', from: 'FOLLOWING', to: 'LOOKING', reason: 'the leader closed the connection' },
    ]),
    ...electionTrace(5002, 2, [1, 2], 2),
    [5400, alice, keeperState('SyncConnected')],
    ...broadcastTrace(5500, 300, [1, 2], 2),
    [9000, 3, { type: 'started', incarnation: 2 }],
    [
      9000,
      3,
      {
        type: 'recovered',
        snapshotZxid: makeZxid(0, 0),
        lastZxid: makeZxid(1, 451),
        replayed: 451,
        acceptedEpoch: 1,
        currentEpoch: 1,
        tornRecords: 0,
        damagedSnapshots: 0,
        behindHole: 0,
      },
    ],
    [
      9210,
      3,
      {
        type: 'elected',
        leader: sid(2),
        round: 2,
        zxid: makeZxid(1, 450),
        peerEpoch: 1,
        path: 'outofelection',
      },
    ],
    [9210, 3, { type: 'state', from: 'LOOKING', to: 'FOLLOWING', reason: '' }],
    [
      9240,
      2,
      {
        type: 'syncDecision',
        learner: sid(3),
        mode: 'TRUNC',
        peerLastZxid: makeZxid(1, 451),
        minCommittedLog: makeZxid(1, 1),
        maxCommittedLog: makeZxid(2, 300),
        lastProcessedZxid: makeZxid(2, 300),
        queued: 300,
      },
    ],
    [9250, 3, { type: 'truncated', zxid: makeZxid(1, 450) }],
    [9300, 3, { type: 'serving', epoch: 2, lastZxid: makeZxid(2, 300), digest: 1 }],
    [10_000, WORLD, { type: 'calmBegan' }],
    [10_400, WORLD, { type: 'calmReached' }],
  ];
}

/** Server 1 is cut off for five seconds, hears nothing and gives up; then the partition ends. */
export function minorityCutOff(): TracedEvent[] {
  return [
    ...[1, 2, 3].map((server): TracedEvent => [95 + server, server, { type: 'started', incarnation: 1 }]),
    ...electionTrace(110, 3, [1, 2, 3], 1),
    [
      1000,
      WORLD,
      {
        type: 'fault',
        kind: 'partition',
        cause: 'at a time',
        text: 'partition: minority | rest',
        struck: [1],
      },
    ],
    ...broadcastTrace(1100, 120, [2, 3], 1),
    [3000, 1, { type: 'state', from: 'FOLLOWING', to: 'LOOKING', reason: 'Read timed out' }],
    [4000, 2, { type: 'paused' }],
    [4500, 2, { type: 'resumed' }],
    [
      6000,
      WORLD,
      {
        type: 'faultEnded',
        kind: 'partition',
        cause: 'at a time',
        text: 'partition: minority | rest',
        struck: [1],
      },
    ],
    ...broadcastTrace(6100, 20, [1, 2, 3], 1),
  ];
}

export function feed(sink: TraceSink, trace: readonly TracedEvent[]): void {
  for (const [atMs, party, event] of trace) sink.onEvent(fromMs(atMs), party, event);
}

// ---------------------------------------------------------------------------------------------- results

export function resultOf(changes: Partial<RunResult> = {}): RunResult {
  return {
    scenario: 'first',
    seed: '1',
    version: '0.1.0',
    verdict: 'kept',
    fingerprint: '0123456789abcdef',
    virtualMs: 10_400,
    wallMs: 312.4,
    events: 12_345,
    messages: 6789,
    operations: { ok: 750, failed: 0, unknown: 1 },
    leaders: [
      { epoch: 1, sid: sid(3), atMs: 370 },
      { epoch: 2, sid: sid(2), atMs: 5262 },
    ],
    servers: HOSTS.map((name, index) => ({
      sid: sid(index + 1),
      name,
      state: index === 1 ? 'LEADING' : 'FOLLOWING',
      zabState: 'BROADCAST',
      lastZxid: '0x20000012c',
      digest: '00000000deadbeef',
    })),
    promises: [
      { name: 'one-leader-an-epoch', kept: true, checked: 2 },
      { name: 'total-order', kept: true, checked: 1950 },
      { name: 'watches', kept: true, checked: 0 },
    ],
    expectations: [{ text: 'two leaders in all', met: true, atMs: 5262 }],
    liveness: { live: true, atMs: 10_020 },
    faults: [{ text: 'crash: leader', kind: 'crash', cause: 'at 5000 ms', atMs: 5000, struck: ['slave02'] }],
    outsideModel: [],
    ...changes,
  };
}

export function recordOf(
  trace: readonly TracedEvent[],
  plan: RunPlan = planOf(),
  result: RunResult = resultOf(),
): RunRecord {
  const recorder = new TimelineRecorder(plan);
  feed(recorder, trace);
  return { plan, result, timeline: recorder.timeline() };
}
