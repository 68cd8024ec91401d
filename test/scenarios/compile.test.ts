import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../protocol/config.ts';
import { QUIET_DISKS, QUIET_NETWORK, QUIET_PROCESSES } from '../../sim/plan-defaults.ts';
import { loadText } from '../../scenarios/loader.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { FILE, HEAD, planOf } from '../support/scenario-text.ts';

const FOR_EVER = Number.MAX_SAFE_INTEGER;

const fault = (entry: string) =>
  planOf(`${HEAD}clients: { alice: {} }\ntimeline:\n  - { at: 3s, ${entry} }`).timeline[0];
const activity = (entry: string) =>
  planOf(`${HEAD}clients: { alice: { start: 1s, does: [{ ${entry} }] } }`).clients[0]?.activities[0];
const expectation = (entry: string) =>
  planOf(`${HEAD}clients: { alice: {} }\nexpect: [{ ${entry} }]`).expectations[0];

describe('a scenario with the least there can be', () => {
  it('gets every default', () => {
    expect(planOf(HEAD)).toEqual({
      name: 'test',
      description: 'A test.',
      ensemble: {
        ...DEFAULT_CONFIG,
        servers: [1, 2, 3].map((id) => ({
          sid: id,
          host: `zk${String(id)}`,
          quorumPort: 2888,
          electionPort: 3888,
          clientPort: 2181,
          learnerType: 'PARTICIPANT',
        })),
      },
      network: QUIET_NETWORK,
      disks: QUIET_DISKS,
      clocks: [],
      processes: QUIET_PROCESSES,
      clients: [],
      timeline: [],
      expectations: [],
      durationMs: 20_000,
      calmMs: 120_000,
    });
  });
});

describe('the ensemble', () => {
  it('takes ZooKeeper’s settings under their own names, times with a unit', () => {
    const text = `${HEAD}  tickTime: 200ms
  syncLimit: 3
  maxSessionTimeout: 1m
  snapshotSizeFactor: -1
  leaderConnectDelayDuringRetry: 10ms
  initialCounter: 4294967290
`;
    expect(planOf(text).ensemble).toMatchObject({
      tickTime: 200,
      initLimit: 10,
      syncLimit: 3,
      minSessionTimeout: 400,
      maxSessionTimeout: 60_000,
      snapshotSizeFactor: -1,
      leaderConnectDelayDuringRetryMs: 10,
      initialCounter: 4_294_967_290,
    });
  });

  it('may have several servers on one host, by their ports', () => {
    const servers =
      '[{ name: h }, { name: h, quorumPort: 2889, electionPort: 3889, clientPort: 0 }, 10.0.0.1]';
    const { ensemble, timeline } = planOf(
      `${HEAD.replace('[zk1, zk2, zk3]', servers)}timeline: [{ at: 1s, pause: "h:2889" }]`,
    );
    expect(
      ensemble.servers.map(({ host, quorumPort, clientPort }) => [host, quorumPort, clientPort]),
    ).toEqual([
      ['h', 2888, 2181],
      ['h', 2889, 0],
      ['10.0.0.1', 2888, 2181],
    ]);
    expect(timeline[0]?.text).toBe('pause: h:2889');
  });

  it('has observers, numbers, groups and weights', () => {
    const servers =
      '[{ name: a, id: 7, group: 1, weight: 3 }, { name: b, group: 2 }, { name: c, role: observer }]';
    const { ensemble } = planOf(HEAD.replace('[zk1, zk2, zk3]', servers));
    expect(ensemble.servers.map(({ sid, learnerType }) => [sid, learnerType])).toEqual([
      [7, 'PARTICIPANT'],
      [2, 'PARTICIPANT'],
      [3, 'OBSERVER'],
    ]);
    expect(ensemble.groups).toEqual(
      new Map([
        [1, [7]],
        [2, [2]],
      ]),
    );
    expect(ensemble.weights).toEqual(new Map([[7, 3]]));
  });
});

describe('a quantity', () => {
  it.each([
    ['50us', 0.05],
    ['0.5ms', 0.5],
    ['250ms', 250],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
  ])('of time: %s is %d ms', (text, ms) => {
    expect(planOf(`${HEAD}calm: ${text}`).calmMs).toBe(ms);
  });

  it.each([
    ['0%', 0],
    ['0.1%', 0.001],
    ['30%', 0.3],
    ['100%', 1],
  ])('of chance: %s is %d', (text, share) => {
    expect(planOf(`${HEAD}network: { loss: ${text} }`).network.loss).toBe(share);
  });

  it.each([
    ['2ms', { kind: 'constant', ms: 2 }],
    ['{ uniform: [0.5ms, 2ms] }', { kind: 'uniform', minMs: 0.5, maxMs: 2 }],
    ['{ exponential: { mean: 3ms } }', { kind: 'exponential', minMs: 0, meanMs: 3 }],
    ['{ exponential: { mean: 3ms, min: 1ms } }', { kind: 'exponential', minMs: 1, meanMs: 3 }],
    ['{ logNormal: { median: 1ms, sigma: 0.4 } }', { kind: 'logNormal', medianMs: 1, sigma: 0.4 }],
    ['{ recorded: [1ms, 2ms, 500us] }', { kind: 'recorded', ms: [1, 2, 0.5] }],
    [
      '{ bimodal: { fast: 1ms, slow: { uniform: [1s, 2s] }, slowShare: 5% } }',
      {
        kind: 'bimodal',
        fast: { kind: 'constant', ms: 1 },
        slow: { kind: 'uniform', minMs: 1000, maxMs: 2000 },
        slowShare: 0.05,
      },
    ],
  ])('that is drawn: %s', (text, distribution) => {
    expect(planOf(`${HEAD}disks: { fsync: ${text} }`).disks.fsync).toEqual(distribution);
  });
});

describe('the network, disks and clocks', () => {
  it('are what is said, and for the rest as usual', () => {
    const text = `${HEAD}network:
  jitter: 1ms
  bursts: { every: 10s, for: 200ms }
  bandwidth: 10MiB/s
disks: { throughput: 500B/s }
clocks: { zk3: { offset: -3s }, 1: { drift: 0.02% } }
`;
    expect(planOf(text)).toMatchObject({
      network: {
        ...QUIET_NETWORK,
        jitter: { kind: 'constant', ms: 1 },
        bursts: { everyMs: 10_000, forMs: 200, loss: 1 },
        bandwidth: 10_485_760,
      },
      disks: { ...QUIET_DISKS, throughput: 500 },
    });
    expect(new Set(planOf(text).clocks)).toEqual(
      new Set([
        { sid: 3, offsetMs: -3000, driftPpm: 0 },
        { sid: 1, offsetMs: 0, driftPpm: 200 },
      ]),
    );
  });
});

describe('clients of one kind', () => {
  const TEXT = `${HEAD}clients:
  crowd: { count: 3, disableAutoWatchReset: true, does: [{ create: '/{client}' }] }
  bob: {}
`;

  it('are as many as said, each with a name of its own', () => {
    const { clients } = planOf(TEXT);
    expect(clients.map(({ name }) => name)).toEqual(['crowd-1', 'crowd-2', 'crowd-3', 'bob']);
    expect(clients.map(({ autoWatchReset }) => autoWatchReset)).toEqual([false, false, false, undefined]);
    expect(clients[2]?.activities).toEqual(clients[0]?.activities);
  });

  it('count their requests from where they are told to', () => {
    const { clients } = planOf(`${HEAD}clients: { alice: { firstXid: 4294967295 }, bob: {} }`);
    expect(clients.map(({ firstXid }) => firstXid)).toEqual([4_294_967_295, undefined]);
  });

  it('can be struck one by one', () => {
    const [entry] = planOf(`${TEXT}timeline: [{ at: 1s, pause: crowd-2 }]`).timeline;
    expect(entry).toMatchObject({ fault: { target: [{ kind: 'client', name: 'crowd-2' }] } });
  });
});

describe('a client', () => {
  it('has defaults: every server, ten seconds, local reads, from the start', () => {
    expect(planOf(`${HEAD}clients: { alice: {} }`).clients).toEqual([
      {
        name: 'alice',
        servers: [1, 2, 3],
        sessionTimeoutMs: 10_000,
        reads: 'local',
        startMs: 0,
        activities: [],
      },
    ]);
  });

  it('names its servers by name or number', () => {
    const text = `${HEAD}clients: { alice: { servers: [zk3, 1], session: 5s, reads: synced, start: 2s } }`;
    expect(planOf(text).clients).toMatchObject([
      { servers: [3, 1], sessionTimeoutMs: 5000, reads: 'synced', startMs: 2000 },
    ]);
  });

  it('is warned when the servers will not grant its session timeout', () => {
    const result = loadText(FILE, `${HEAD}clients: { alice: { session: 1s } }`, memoryFiles({}));
    expect(result).toMatchObject({
      ok: true,
      warnings: [{ line: 6, column: 30, message: 'the servers will grant 4s instead of 1s' }],
    });
  });

  it.each([
    ['create: /a', { startMs: 1000, repeat: { kind: 'once' } }],
    ['at: 2s, create: /a', { startMs: 2000, repeat: { kind: 'once' } }],
    [
      'every: 20ms, from: 2s, until: 8s, create: /a',
      {
        startMs: 2000,
        repeat: { kind: 'every', interval: { kind: 'constant', ms: 20 }, untilMs: 8000, times: FOR_EVER },
      },
    ],
    [
      'every: { exponential: { mean: 20ms } }, times: 5, create: /a',
      {
        startMs: 1000,
        repeat: {
          kind: 'every',
          interval: { kind: 'exponential', minMs: 0, meanMs: 20 },
          untilMs: 20_000,
          times: 5,
        },
      },
    ],
    [
      'backToBack: 4, times: 500, create: /a',
      { startMs: 1000, repeat: { kind: 'backToBack', inFlight: 4, untilMs: 20_000, times: 500 } },
    ],
  ])('does at its time: %s', (entry, expected) => {
    expect(activity(entry)).toMatchObject(expected);
  });

  it.each([
    [
      'create: "/q/{n}-"',
      { op: 'create', path: '/q/{n}-', data: { kind: 'none' }, ephemeral: false, sequential: false },
    ],
    [
      'create: /q/, data: 5, ephemeral: true, sequential: true',
      { op: 'create', path: '/q/', data: { kind: 'text', text: '5' }, ephemeral: true, sequential: true },
    ],
    ['set: /a, size: 1KiB', { op: 'setData', path: '/a', data: { kind: 'size', bytes: 1024 }, version: -1 }],
    [
      'set: /a, data: "{client}", version: 3',
      { op: 'setData', data: { kind: 'text', text: '{client}' }, version: 3 },
    ],
    ['delete: /a', { op: 'delete', path: '/a', version: -1 }],
    ['get: /a', { op: 'getData', path: '/a', watch: false }],
    ['exists: /a, watch: true', { op: 'exists', path: '/a', watch: true }],
    ['children: /, watch: true', { op: 'getChildren', path: '/', watch: true }],
    ['sync: /', { op: 'sync', path: '/' }],
    ['close: session', { op: 'close' }],
    [
      'multi: [{ check: /a, version: 1 }, { delete: /a }]',
      {
        op: 'multi',
        ops: [
          { op: 'check', path: '/a', version: 1 },
          { op: 'delete', path: '/a', version: -1 },
        ],
      },
    ],
  ])('does what it says: %s', (entry, operation) => {
    expect(activity(entry)?.operation).toMatchObject(operation);
  });
});

describe('a fault', () => {
  it.each([
    [
      'crash: leader',
      {
        target: [{ kind: 'leader' }],
        lose: 'none',
        silent: false,
        restartAfterMs: undefined,
        after: undefined,
        forGood: false,
      },
    ],
    [
      'crash: [zk1, zk2], power: lost, restartAfter: 2s',
      { lose: 'some', silent: true, restartAfterMs: 2000 },
    ],
    ['crash: all, power: lost, lose: all', { target: [{ kind: 'allServers' }], lose: 'all', silent: true }],
    ['crash: zk1, power: lost, lose: torn', { lose: 'torn' }],
    ['crash: leader, afterEffects: 3', { after: { unit: 'effects', count: 3 } }],
    ['crash: leader, afterWrites: 2', { after: { unit: 'writes', count: 2 } }],
    ['crash: majority, forGood: true', { target: [{ kind: 'majority' }], forGood: true }],
    ['crash: [alice, any client]', { target: [{ kind: 'client', name: 'alice' }, { kind: 'anyClient' }] }],
    ['pause: any follower', { kind: 'pause', target: [{ kind: 'anyFollower' }] }],
    ['pause: alice', { kind: 'pause', target: [{ kind: 'client', name: 'alice' }] }],
    ['resume: last struck', { kind: 'resume', target: [{ kind: 'lastStruck' }] }],
    ['slowCpu: leader, stage: 5ms', { kind: 'slowCpu', stage: { kind: 'constant', ms: 5 } }],
    [
      'partition: [minority with leader, rest]',
      { kind: 'partition', groups: [[{ kind: 'minorityWithLeader' }], [{ kind: 'rest' }]], oneWay: false },
    ],
    [
      'partition: [[zk1, alice], rest], oneWay: true',
      {
        groups: [
          [
            { kind: 'server', sid: 1 },
            { kind: 'client', name: 'alice' },
          ],
          [{ kind: 'rest' }],
        ],
        oneWay: true,
      },
    ],
    ['bridge: zk2', { kind: 'bridge', target: [{ kind: 'server', sid: 2 }] }],
    ['ring: all', { kind: 'ring', target: [{ kind: 'allServers' }] }],
    ['isolate: followers', { kind: 'isolate', target: [{ kind: 'followers' }] }],
    [
      'flap: [leader, [zk1, alice]], down: 2s, up: 500ms',
      { between: [[{ kind: 'leader' }], [{ sid: 1 }, { name: 'alice' }]], downMs: 2000, upMs: 500 },
    ],
    ['hold: [zk1, zk2], oneWay: true', { kind: 'hold', oneWay: true }],
    ['clog: leader', { kind: 'clog' }],
    ['swizzle: all, within: 3s', { kind: 'swizzle', withinMs: 3000 }],
    ['heal: all', { kind: 'heal' }],
    [
      'link: [leader, [zk1, zk2]], latency: 50ms, loss: 5%',
      { kind: 'link', oneWay: false, change: { latency: { kind: 'constant', ms: 50 }, loss: 0.05 } },
    ],
    [
      'link: [zk1, all], oneWay: true, jitter: 1ms, bursts: { every: 10s, for: 200ms, loss: 50% }, bandwidth: 64KiB/s',
      {
        oneWay: true,
        change: {
          jitter: { kind: 'constant', ms: 1 },
          bursts: { everyMs: 10_000, forMs: 200, loss: 0.5 },
          bandwidth: 65_536,
        },
      },
    ],
    [
      'disconnect: [alice, all]',
      { between: [[{ kind: 'client', name: 'alice' }], [{ kind: 'allServers' }]], told: 'both' },
    ],
    ['disconnect: [leader, zk1], told: first', { told: 'first' }],
    ['refuse: leader', { kind: 'refuse', port: 'all' }],
    ['fullBacklog: zk1, port: client', { kind: 'fullBacklog', port: 'client' }],
    ['slowDisk: minority, fsync: 1s', { fsync: { kind: 'constant', ms: 1000 }, throughput: undefined }],
    ['slowDisk: zk1, throughput: 1MiB/s', { fsync: undefined, throughput: 1_048_576 }],
    ['stallDisk: leader', { kind: 'stallDisk' }],
    ['fullDisk: leader', { kind: 'fullDisk' }],
    ['failWrites: leader', { kind: 'failWrites' }],
    ['flipBit: zk1', { kind: 'flipBit', where: 'log' }],
    ['flipBit: zk1, in: snapshot', { kind: 'flipBit', where: 'snapshot' }],
    ['loseSnapshot: zk1, restartAfter: 1s', { kind: 'loseSnapshot', restartAfterMs: 1000 }],
    ['loseLog: zk1', { kind: 'loseLog', restartAfterMs: undefined }],
    ['wipe: zk1, restartAfter: 0s', { kind: 'wipe', restartAfterMs: 0 }],
    ['copyData: zk1, source: leader, restartAfter: 1s', { kind: 'copyData', from: { kind: 'leader' } }],
    ['backup: zk1', { kind: 'backup' }],
    ['clock: leader, step: -1h', { stepMs: -3_600_000, driftPpm: undefined, freeze: undefined }],
    ['clock: zk1, drift: 200ppm', { driftPpm: 200 }],
    [
      'clock: zk1, step: 30s, drift: -2%, freeze: both',
      { stepMs: 30_000, driftPpm: -20_000, freeze: 'both' },
    ],
    ['flood: leader, connections: 70', { connections: 70, sessions: false }],
    ['flood: leader, connections: 5, sessions: true', { connections: 5, sessions: true }],
    ['expire: [alice, clients]', { target: [{ kind: 'client', name: 'alice' }, { kind: 'clients' }] }],
  ])('is compiled and keeps its words: %s', (entry, expected) => {
    const compiled = fault(entry);
    expect(compiled?.fault).toMatchObject(expected);
    expect(compiled).toMatchObject({
      trigger: { kind: 'at', atMs: 3000 },
      ending: undefined,
      text: entry,
      source: 'story.yaml:8:5',
    });
  });

  it.each([
    ['crash: [1, 2], restartAfter: 3000ms', 'crash: [zk1, zk2], restartAfter: 3s'],
    [
      'restartAfter: 90s, power: lost, lose: some, crash: [zk1]',
      'crash: zk1, power: lost, restartAfter: 90s',
    ],
    ['clock: zk1, drift: 0.05%', 'clock: zk1, drift: 500ppm'],
    ['for: 120s, refuse: zk1, port: all', 'refuse: zk1, for: 2m'],
  ])('has one text, however it is written: %s', (entry, text) => {
    expect(fault(entry)?.text).toBe(text);
  });

  it.each([
    ['at: 3s, pause: zk1, for: 4s', { ending: { kind: 'for', ms: 4000 }, text: 'pause: zk1, for: 4s' }],
    [
      'at: 3s, pause: zk1, until: 7s',
      { ending: { kind: 'until', atMs: 7000 }, text: 'pause: zk1, until: 7s' },
    ],
    [
      'at: 3s, isolate: zk1, until: { event: established, on: any server, count: 2 }',
      {
        ending: {
          kind: 'untilEvent',
          event: 'established',
          fields: {},
          on: { kind: 'anyServer' },
          count: 2,
          afterMs: 0,
        },
        text: 'isolate: zk1, until: { event: established, on: any server, count: 2 }',
      },
    ],
    [
      'every: 5s, crash: leader, restartAfter: 1s',
      {
        trigger: { interval: { kind: 'constant', ms: 5000 }, fromMs: 0, untilMs: 20_000, times: FOR_EVER },
        ending: undefined,
      },
    ],
    [
      'every: { uniform: [1s, 3s] }, from: 2s, until: 15s, times: 3, pause: any server, for: 100ms',
      {
        trigger: {
          interval: { kind: 'uniform', minMs: 1000, maxMs: 3000 },
          fromMs: 2000,
          untilMs: 15_000,
          times: 3,
        },
        ending: { kind: 'for', ms: 100 },
        text: 'pause: any server, for: 100ms',
      },
    ],
  ])('has its time and its end: %s', (entry, expected) => {
    expect(planOf(`${HEAD}timeline: [{ ${entry} }]`).timeline[0]).toMatchObject(expected);
  });

  it('waits for an event', () => {
    const text = `${HEAD}clients: { alice: {} }
timeline:
  - when: { event: syncDecision, with: { mode: SNAP, learner: zk1 }, on: leader, count: 2, since: 3s }
    after: 5ms
    crash: zk1
  - { when: { event: delivered, with: { packet: NEWLEADER, from: alice } }, heal: all }
`;
    expect(planOf(text).timeline).toMatchObject([
      {
        trigger: {
          kind: 'when',
          event: 'syncDecision',
          fields: { mode: 'SNAP', learner: 1 },
          on: { kind: 'leader' },
          count: 2,
          afterMs: 3000,
          delayMs: 5,
        },
        text: 'crash: zk1',
      },
      {
        trigger: {
          event: 'delivered',
          fields: { packet: 'NEWLEADER', from: -2 },
          on: undefined,
          count: 1,
          afterMs: 0,
          delayMs: 0,
        },
      },
    ]);
  });
});

describe('an expectation', () => {
  it.each([
    [
      'leader: any',
      { kind: 'leader', server: undefined, fromMs: 0, untilMs: FOR_EVER, min: 1, max: FOR_EVER },
      'a leader is established at least once',
    ],
    [
      'leader: zk2, until: 5s, times: 0',
      { kind: 'leader', server: 2, untilMs: 5000, min: 0, max: 0 },
      'zk2 is established as leader never before 5s',
    ],
    [
      'event: syncDecision, with: { mode: SNAP }, on: zk1, from: 3s, until: 4s',
      { kind: 'event', event: 'syncDecision', fields: { mode: 'SNAP' }, server: 1, fromMs: 3000 },
      'syncDecision { mode: SNAP } on zk1 at least once between 3s and 4s',
    ],
    [
      'answers: ok, to: [create, set], client: alice, atLeast: 2, atMost: 5',
      {
        kind: 'answers',
        result: 'ok',
        ops: ['create', 'create2', 'setData'],
        client: 'alice',
        min: 2,
        max: 5,
      },
      'alice gets ok for create or setData 2 to 5 times',
    ],
    [
      'answers: NODEEXISTS, atMost: 3, from: 1s',
      { result: 'NODEEXISTS', client: undefined, min: 0, max: 3 },
      'a client gets NODEEXISTS for an operation at most 3 times after 1s',
    ],
    [
      'watch: NodeDeleted, path: /a, client: alice, times: 1',
      { kind: 'watch', eventType: 'NodeDeleted', path: '/a', client: 'alice', min: 1, max: 1 },
      'alice sees NodeDeleted of /a once',
    ],
    [
      'watch: any',
      { kind: 'watch', eventType: undefined, path: undefined },
      'a client sees a watch event at least once',
    ],
    [
      'session: Expired, client: alice, times: 0',
      { kind: 'session', state: 'Expired', client: 'alice', max: 0 },
      'alice sees its session Expired never',
    ],
    [
      'znode: /a, data: 5, children: 0',
      { kind: 'znode', path: '/a', exists: true, data: '5', children: 0 },
      '/a holds "5" and has 0 children on every server at the end',
    ],
    ['znode: /a, exists: false', { kind: 'znode', exists: false }, '/a is on no server at the end'],
    [
      'promise: atomicity, is: void',
      { kind: 'promise', promise: 'atomicity', is: 'void' },
      'atomicity is void',
    ],
    ['live: false', { kind: 'live', live: false }, 'the ensemble can not live on'],
    ['server: 3, state: DOWN', { kind: 'state', server: 3, state: 'DOWN' }, 'zk3 is DOWN at the end'],
  ])('is compiled and put in words: %s', (entry, expected, text) => {
    expect(expectation(entry)).toMatchObject({ ...expected, text, source: 'story.yaml:7:10' });
  });

  it('may bring its own words', () => {
    expect(expectation('leader: any, text: somebody leads')?.text).toBe('somebody leads');
  });
});
