import { describe, expect, it } from 'vitest';
import { isCalm } from '../../../sim/calm/level.ts';
import { Ensemble } from '../../support/ensemble.ts';
import {
  clientTarget,
  crash,
  disconnect,
  HEAL,
  isolate,
  LEADER,
  partition,
  pause,
  REST,
  serverTarget,
  slowDisk,
  slowLink,
} from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { createNode } from '../../support/requests.ts';

const SERVERS = serverSpecs(3);
const TICK_MS = 500;
const [ONE, TWO, THREE] = [serverTarget(1), serverTarget(2), serverTarget(3)];

/** Servers 1 and 2 follow server 3; client i's only server is i + 1, and all of them are connected. */
function serving(seed = '1'): Ensemble {
  const clients = SERVERS.map((spec) => clientPlan(`at${spec.sid}`, [spec]));
  const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS, { tickTime: TICK_MS }), { clients }), seed);
  ensemble.untilServing();
  for (const client of [0, 1, 2]) ensemble.connect(client);
  ensemble.forMs(1000);
  return ensemble;
}

const untilCalm = (ensemble: Ensemble): void => ensemble.until(() => isCalm(ensemble.cluster.cast));

/** How long a write takes, ms. */
function writeMs(ensemble: Ensemble, client: number): number {
  const startMs = ensemble.nowMs;
  expect(ensemble.request(client, createNode(`/at${startMs}`)).err).toBe(0);
  return ensemble.nowMs - startMs;
}

/** Packets that arrived at one server from another since a place in the trace. */
const arrived = (ensemble: Ensemble, from: number, to: number, since: number): number =>
  ensemble.records('delivered', to, since).filter(({ event }) => event.from === from).length;

describe('a crash', () => {
  it('of the leader: everybody is told at once, another is elected, and the epoch grows', () => {
    const ensemble = serving();
    ensemble.strike(crash([LEADER], { restartAfterMs: 3000 }));
    ensemble.forMs(5);
    expect(ensemble.events('disconnected', 1).length).toBeGreaterThan(0);
    expect(ensemble.events('stoppedServing').length).toBe(2);
    untilCalm(ensemble);
    expect(ensemble.events('established').map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(ensemble.events('elected', 3).at(-1)).toMatchObject({ leader: 2, peerEpoch: 2 });
  });

  it('without a word is noticed only by the silence', () => {
    const ensemble = serving();
    const before = ensemble.all.length;
    ensemble.strike(crash([LEADER], { silent: true }));
    ensemble.forMs(4 * TICK_MS);
    expect(ensemble.records('disconnected', undefined, before)).toEqual([]);
    ensemble.forMs(2 * TICK_MS);
    expect(ensemble.events('stoppedServing')).toMatchObject([
      { reason: 'the leader is silent' },
      { reason: 'the leader is silent' },
    ]);
  });

  it('of who is down already strikes nobody', () => {
    const ensemble = serving();
    ensemble.strike(crash([ONE]));
    ensemble.strike(crash([ONE, TWO]));
    expect(ensemble.events('fault').map(({ struck }) => struck)).toEqual([[1], [2]]);
  });
});

describe('a partition', () => {
  it('lets nothing through between its groups and everything within them, until its time is over', () => {
    const ensemble = serving();
    const since = ensemble.all.length;
    ensemble.strike(partition([[ONE], [TWO, THREE]], { forMs: 1000 }));
    ensemble.forMs(999);
    expect([arrived(ensemble, 3, 1, since), arrived(ensemble, 1, 3, since)]).toEqual([0, 0]);
    expect(arrived(ensemble, 3, 2, since)).toBeGreaterThan(0);
    ensemble.forMs(1000);
    expect(ensemble.events('faultEnded')).toHaveLength(1);
    expect(arrived(ensemble, 3, 1, since)).toBeGreaterThan(0);
    expect(ensemble.events('learnerDropped')).toEqual([]);
  });

  it('puts into "rest" every server that no other group has, and leaves clients alone', () => {
    const ensemble = serving();
    ensemble.strike(partition([[LEADER], [REST]]));
    expect(ensemble.events('fault').at(-1)?.struck).toEqual([3, 1, 2]);
    const since = ensemble.all.length;
    const party = ensemble.client(2).party;
    ensemble.submit(2, createNode('/x'));
    ensemble.forMs(100);
    expect(arrived(ensemble, party, 3, since)).toBe(1);
    expect(arrived(ensemble, 1, 3, since)).toBe(0);
  });

  it('of one way cuts only from the first group to the others', () => {
    const ensemble = serving();
    const since = ensemble.all.length;
    ensemble.strike(partition([[THREE], [REST]], { oneWay: true }));
    ensemble.submit(0, createNode('/x'));
    ensemble.forMs(2 * TICK_MS);
    expect(arrived(ensemble, 3, 1, since)).toBe(0);
    expect(arrived(ensemble, 1, 3, since)).toBeGreaterThan(0);
  });

  it('that overlaps another keeps its own cuts when the other ends', () => {
    const ensemble = serving();
    ensemble.strike(partition([[ONE], [TWO, THREE]], { forMs: 500 }));
    ensemble.strike(partition([[ONE], [THREE]], { forMs: 1500 }));
    ensemble.forMs(600);
    const since = ensemble.all.length;
    ensemble.forMs(800);
    expect(ensemble.events('faultEnded')).toHaveLength(1);
    expect([arrived(ensemble, 3, 1, since), arrived(ensemble, 1, 3, since)]).toEqual([0, 0]);
    ensemble.forMs(2000);
    expect(arrived(ensemble, 3, 1, since)).toBeGreaterThan(0);
  });

  it('loses nothing that was under way: TCP sends it again, in order', () => {
    const ensemble = serving();
    ensemble.submit(2, createNode('/before'));
    ensemble.forMs(1);
    ensemble.strike(partition([[ONE], [REST]], { forMs: 1000 }));
    for (let i = 0; i < 20; i++) ensemble.request(2, createNode(`/n${i}`));
    ensemble.forMs(3000);
    const zxids = ensemble.events('applied', 1).map(({ txn }) => txn.zxid);
    expect(zxids).toEqual(zxids.map((_, i) => (zxids[0] ?? 0) + i));
    expect(ensemble.server(1).peer?.znode('/n19')).toBeDefined();
    expect(ensemble.events('syncDecision').filter(({ learner }) => learner === 1)).toHaveLength(1);
  });
});

describe('an isolation', () => {
  it('cuts its target off from servers and clients until its time is over', () => {
    const ensemble = serving();
    const since = ensemble.all.length;
    ensemble.strike(isolate([ONE], 1000));
    ensemble.submit(0, createNode('/x'));
    ensemble.forMs(999);
    expect(ensemble.records('delivered', 1, since)).toEqual([]);
    ensemble.forMs(3000);
    expect(ensemble.answer(0, 1)?.event.err).toBe(0);
  });

  it('of the leader ends its reign, and its followers begin another', () => {
    const ensemble = serving();
    ensemble.strike(isolate([LEADER]));
    ensemble.forMs(8 * TICK_MS);
    expect(ensemble.events('stoppedServing', 3)).toMatchObject([
      { reason: 'not sufficient followers synced' },
    ]);
    expect(ensemble.events('established').at(-1)).toMatchObject({ epoch: 2 });
    expect(ensemble.leader.sid).toBe(2);
  });

  it('of a client moves nobody else, and its session expires', () => {
    const ensemble = serving();
    ensemble.strike(isolate([clientTarget('at1')]));
    ensemble.forMs(45_000);
    expect(ensemble.events('sessionExpired')).toHaveLength(1);
    expect(ensemble.events('state').filter(({ from }) => from !== 'LOOKING')).toEqual([]);
  });
});

describe('a heal', () => {
  it('ends partitions, isolations and changes of links and disks, but no pause', () => {
    const ensemble = serving();
    ensemble.strike(partition([[ONE], [REST]]));
    ensemble.strike(isolate([clientTarget('at1')]));
    ensemble.strike(slowLink([[TWO], [THREE]], 100));
    ensemble.strike(slowDisk([THREE], 100));
    ensemble.strike(pause([ONE]));
    ensemble.strike(HEAL);
    expect(ensemble.events('faultEnded').map(({ text }) => text)).toEqual([
      'partition',
      'isolate',
      'link',
      'slowDisk',
    ]);
    expect(ensemble.server(1).isPaused).toBe(true);
    ensemble.forMs(200);
    expect(writeMs(ensemble, 2)).toBeLessThan(20);
  });

  it('comes too late for what has ended by itself', () => {
    const ensemble = serving();
    ensemble.strike(isolate([ONE], 100));
    ensemble.forMs(200);
    ensemble.strike(HEAL);
    ensemble.forMs(1000);
    expect(ensemble.events('faultEnded')).toHaveLength(1);
  });
});

describe('a slow link', () => {
  it('delays a commit when the quorum needs it, both ways, and no longer than it lasts', () => {
    const ensemble = serving();
    ensemble.strike(crash([ONE]));
    expect(writeMs(ensemble, 2)).toBeLessThan(20);
    ensemble.strike(slowLink([[TWO], [THREE]], 100, 1000));
    ensemble.forMs(300);
    expect(writeMs(ensemble, 2)).toBeGreaterThan(200);
    ensemble.forMs(1500);
    expect(writeMs(ensemble, 2)).toBeLessThan(20);
  });

  it('that loses everything is a partition', () => {
    const ensemble = serving();
    const since = ensemble.all.length;
    ensemble.strike({
      kind: 'link',
      between: [[ONE], [TWO, THREE]],
      oneWay: false,
      change: { loss: 1 },
    });
    ensemble.forMs(7 * TICK_MS);
    expect(arrived(ensemble, 3, 1, since)).toBe(0);
    expect(ensemble.events('stoppedServing', 1)).toHaveLength(1);
    ensemble.strike(HEAL);
    untilCalm(ensemble);
  });
});

describe('a slow disk', () => {
  it('delays a commit when the quorum needs it, and no longer than it lasts', () => {
    const ensemble = serving();
    ensemble.strike(slowDisk([ONE, TWO], 200, 1000));
    expect(writeMs(ensemble, 2)).toBeGreaterThan(200);
    ensemble.forMs(1000);
    expect(writeMs(ensemble, 2)).toBeLessThan(20);
  });
});

describe('a disconnection', () => {
  it('of a client: it is back with its session within two and a half seconds', () => {
    const ensemble = serving();
    const before = ensemble.events('keeperState', ensemble.client(0).party).at(-1);
    const startMs = ensemble.nowMs;
    const after = ensemble.reconnected(0, () =>
      ensemble.strike(disconnect([[clientTarget('at1')], [{ kind: 'allServers' }]])),
    );
    expect(after.sessionId).toBe(before?.sessionId);
    expect(ensemble.nowMs - startMs).toBeLessThan(2500);
    expect(ensemble.events('sessionMoved')).toMatchObject([{ sessionId: after.sessionId, to: 1 }]);
  });

  it('of a follower from its leader: it looks for one and finds the same', () => {
    const ensemble = serving();
    ensemble.strike(disconnect([[ONE], [LEADER]]));
    ensemble.forMs(10);
    expect(ensemble.events('stoppedServing', 1)).toHaveLength(1);
    untilCalm(ensemble);
    expect(ensemble.events('syncDecision').at(-1)).toMatchObject({ learner: 1, mode: 'DIFF' });
    expect(ensemble.events('established')).toHaveLength(1);
  });
});

describe('a pause', () => {
  it('of the leader ends its reign: when it goes on it is a follower', () => {
    const ensemble = serving();
    ensemble.strike(pause([LEADER], 12 * TICK_MS));
    ensemble.forMs(14 * TICK_MS);
    expect(ensemble.events('stoppedServing', 3)).toHaveLength(1);
    untilCalm(ensemble);
    expect(ensemble.server(3).peer?.view.serverState).toBe('FOLLOWING');
    expect(ensemble.events('established').map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  it('of a client makes it ask nothing, and its session survives one shorter than its timeout', () => {
    const ensemble = serving();
    ensemble.strike(pause([clientTarget('at1')], 5000));
    const since = ensemble.all.length;
    const party = ensemble.client(0).party;
    ensemble.submit(0, createNode('/x'));
    ensemble.forMs(4999);
    expect(ensemble.all.slice(since).filter((record) => record.party === party)).toEqual([]);
    ensemble.until(() => ensemble.events('answered', party).length === 1);
    expect(ensemble.events('sessionExpired')).toEqual([]);
  });
});

describe('two faults of one kind on one server', () => {
  it('pause it until the last of them ends', () => {
    const ensemble = serving();
    const paused = (): boolean | undefined => ensemble.cluster.cast.servers[0]?.isPaused;
    ensemble.strike(pause([ONE], 400));
    ensemble.forMs(200);
    ensemble.strike(pause([ONE], 500));
    ensemble.forMs(300);
    expect(paused()).toBe(true);
    ensemble.forMs(300);
    expect(paused()).toBe(false);
  });

  it('slow its disk down as the newer one says, then as the older one goes on to', () => {
    const ensemble = serving();
    ensemble.strike(slowDisk([ONE, TWO, THREE], 100, 4000));
    ensemble.strike(slowDisk([ONE, TWO, THREE], 300, 1000));
    expect(writeMs(ensemble, 2)).toBeGreaterThanOrEqual(300);
    ensemble.forMs(1000);
    const older = writeMs(ensemble, 2);
    expect(older).toBeGreaterThanOrEqual(100);
    expect(older).toBeLessThan(300);
    ensemble.forMs(4000);
    expect(writeMs(ensemble, 2)).toBeLessThan(100);
  });
});
