import { describe, expect, it } from 'vitest';
import { isServer, type Party } from '../../../sim/party.ts';
import type { Fault, NetworkFault, Target } from '../../../sim/fault-plan.ts';
import type { LinkQuality } from '../../../sim/world-plan.ts';
import { toMs } from '../../../sim/time.ts';
import { Ensemble } from '../../support/ensemble.ts';
import { clientTarget, HEAL, LEADER, serverTarget, type Stroke } from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { createNode } from '../../support/requests.ts';

const TICK_MS = 500;
/** After this much silence a learner and its leader give each other up. */
const SYNC_LIMIT_MS = 5 * TICK_MS;
const [ONE, TWO, THREE] = [serverTarget(1), serverTarget(2), serverTarget(3)];
const ALL: Target = { kind: 'allServers' };
const REST_OF = (...ids: readonly number[]): readonly Target[] => ids.map(serverTarget);

/** All servers serve, the one with the largest sid leads; client i's only server is i + 1 and it is connected. */
function serving(count = 3, seed = '1'): Ensemble {
  const servers = serverSpecs(count);
  const clients = servers.slice(0, 3).map((spec) => clientPlan(`at${spec.sid}`, [spec]));
  const ensemble = new Ensemble(runPlan(ensembleOf(servers, { tickTime: TICK_MS }), { clients }), seed);
  ensemble.untilServing();
  for (const client of [0, 1, 2]) ensemble.connect(client);
  ensemble.forMs(1000);
  expect(ensemble.leader.sid).toBe(count);
  return ensemble;
}

const lasting = (fault: Fault, forMs: number): Stroke => ({ fault, forMs });
const hold = (left: readonly Target[], right: readonly Target[], oneWay = false): NetworkFault => ({
  kind: 'hold',
  between: [left, right],
  oneWay,
});
const change = (
  left: readonly Target[],
  right: readonly Target[],
  quality: Partial<LinkQuality>,
): NetworkFault => ({ kind: 'link', between: [left, right], oneWay: false, change: quality });

/** Who is up and serves. */
const servingSids = (ensemble: Ensemble): readonly number[] =>
  ensemble.cluster.cast.servers.flatMap((server) =>
    server.peer?.view.isServing === true ? [server.sid] : [],
  );

/** From whom anything arrived at this server since a place in the trace; servers only. */
const heardFrom = (ensemble: Ensemble, party: Party, since: number): readonly Party[] => {
  const senders = ensemble.records('delivered', party, since).map(({ event }) => event.from);
  return [...new Set(senders.filter(isServer))].sort((a, b) => a - b);
};

/** When the commits of these writes reached a server, ms. */
const appliedAt = (ensemble: Ensemble, party: Party, since: number): readonly number[] =>
  ensemble.records('applied', party, since).map(({ at }) => toMs(at));

const write = (ensemble: Ensemble, client: number, path: string): void => {
  expect(ensemble.request(client, createNode(path)).err).toBe(0);
};

/** Everybody serves one tree again. */
function untilLevel(ensemble: Ensemble): void {
  ensemble.until(() => {
    const views = ensemble.cluster.cast.servers.map((server) => server.peer?.view);
    const digests = new Set(views.map((view) => view?.digest));
    return views.every((view) => view?.isServing === true) && digests.size === 1;
  });
}

const epochs = (ensemble: Ensemble): readonly number[] =>
  ensemble.events('established').map(({ epoch }) => epoch);

describe('a link that is narrow', () => {
  it('makes its learner give up the leader, as pings queue behind a large proposal', () => {
    const ensemble = serving();
    ensemble.strike(lasting(change([LEADER], [ONE], { bandwidth: 100_000 }), 10_000));
    const large = createNode('/large', new Uint8Array(500_000));
    expect(ensemble.request(2, large).err).toBe(0);
    ensemble.forMs(2 * SYNC_LIMIT_MS);
    expect(ensemble.events('stoppedServing', 1)).toHaveLength(1);
    expect(servingSids(ensemble)).toContain(2);
    untilLevel(ensemble);
    expect(ensemble.server(1).peer?.znode('/large')).toBeDefined();
  });

  it('delays a commit by the time that its bytes take', () => {
    const ensemble = serving();
    ensemble.strike(change([LEADER], REST_OF(1, 2), { bandwidth: 1_000_000 }));
    const startMs = ensemble.nowMs;
    ensemble.request(2, createNode('/large', new Uint8Array(500_000)));
    expect(ensemble.nowMs - startMs).toBeGreaterThan(500);
    expect(ensemble.nowMs - startMs).toBeLessThan(600);
  });
});

describe('a link that loses in bursts', () => {
  it('lets a session expire when the bursts are longer than its timeout', () => {
    const ensemble = serving();
    const bursts = { everyMs: 60_000, forMs: 40_000, loss: 1 };
    ensemble.strike(change([clientTarget('at1')], [ALL], { bursts }));
    ensemble.forMs(120_000);
    expect(ensemble.events('sessionExpired')).toHaveLength(1);
    expect(ensemble.events('state').filter(({ from }) => from !== 'LOOKING')).toEqual([]);
  });

  it('delays commits only while one is on', () => {
    const ensemble = serving();
    ensemble.strike(change([LEADER], REST_OF(1, 2), { bursts: { everyMs: 5000, forMs: 300, loss: 1 } }));
    const took = Array.from({ length: 100 }, (_, n) => {
      const startMs = ensemble.nowMs;
      write(ensemble, 2, `/n${n}`);
      const ms = ensemble.nowMs - startMs;
      ensemble.forMs(Math.max(0, 100 - ms));
      return ms;
    });
    const late = took.filter((ms) => ms > 100);
    expect(late.length).toBeGreaterThan(0);
    expect(late.length).toBeLessThan(10);
    expect(epochs(ensemble)).toEqual([1]);
  });
});

describe('a hold', () => {
  it('from the leader to a follower lets no commit through, and at its end all of them at once, in order', () => {
    const ensemble = serving();
    const since = ensemble.all.length;
    ensemble.strike(lasting(hold([LEADER], [ONE], true), 1000));
    for (let n = 0; n < 5; n++) write(ensemble, 2, `/n${n}`);
    ensemble.forMs(500);
    expect(appliedAt(ensemble, 1, since)).toEqual([]);
    expect(appliedAt(ensemble, 2, since)).toHaveLength(5);
    ensemble.forMs(1000);
    const applied = appliedAt(ensemble, 1, since);
    expect(applied).toHaveLength(5);
    expect(Math.max(...applied) - Math.min(...applied)).toBeLessThan(5);
    expect(ensemble.events('stoppedServing')).toEqual([]);
  });

  it('that is longer than the sync limit costs the follower its leader; it is synced again by a DIFF', () => {
    const ensemble = serving();
    ensemble.strike(lasting(hold([LEADER], [ONE]), 2 * SYNC_LIMIT_MS));
    write(ensemble, 2, '/x');
    ensemble.forMs(2 * SYNC_LIMIT_MS - 100);
    expect(ensemble.events('stoppedServing', 1)).toMatchObject([{ reason: 'the leader is silent' }]);
    expect(ensemble.events('learnerDropped')).toMatchObject([{ learner: 1 }]);
    untilLevel(ensemble);
    expect(ensemble.events('syncDecision').at(-1)).toMatchObject({ learner: 1, mode: 'DIFF' });
    expect(epochs(ensemble)).toEqual([1]);
  });

  it('is ended by a release of the same links, and not by one of others', () => {
    const ensemble = serving();
    const since = ensemble.all.length;
    ensemble.strike(hold([LEADER], [ONE]));
    write(ensemble, 2, '/x');
    ensemble.strike({ kind: 'release', between: [[LEADER], [TWO]] });
    ensemble.forMs(500);
    expect(appliedAt(ensemble, 1, since)).toEqual([]);
    ensemble.strike({ kind: 'release', between: [[LEADER], [ONE]] });
    ensemble.forMs(10);
    expect(appliedAt(ensemble, 1, since)).toHaveLength(1);
    expect(ensemble.events('faultEnded').map(({ kind }) => kind)).toEqual(['hold']);
  });

  it('is freed in part by a release of some of its links, and ends when the last of them is free', () => {
    const ensemble = serving();
    const since = ensemble.all.length;
    ensemble.strike(hold([LEADER], [ONE, TWO]));
    ensemble.submit(2, createNode('/x'));
    ensemble.strike({ kind: 'release', between: [[LEADER], [ONE]] });
    ensemble.forMs(100);
    expect(appliedAt(ensemble, 1, since)).toHaveLength(1);
    expect(appliedAt(ensemble, 2, since)).toEqual([]);
    expect(ensemble.events('faultEnded')).toEqual([]);
    ensemble.strike({ kind: 'release', between: [[LEADER], [TWO]] });
    ensemble.forMs(10);
    expect(appliedAt(ensemble, 2, since)).toHaveLength(1);
    expect(ensemble.events('faultEnded')).toHaveLength(1);
  });

  it('that overlaps another keeps the link until both have ended, whichever ends first', () => {
    const ensemble = serving();
    const since = ensemble.all.length;
    ensemble.strike(lasting(hold([LEADER], [ONE]), 500));
    ensemble.strike(lasting(hold([LEADER], [ONE, TWO], true), 1000));
    ensemble.submit(2, createNode('/x'));
    ensemble.forMs(900);
    expect(ensemble.events('faultEnded')).toHaveLength(1);
    expect(ensemble.events('committed').length).toBe(ensemble.events('proposed').length - 1);
    ensemble.forMs(200);
    expect(appliedAt(ensemble, 1, since)).toHaveLength(1);
    expect(ensemble.events('stoppedServing')).toEqual([]);
  });

  it('under a partition: what was held arrives only when both are over', () => {
    const ensemble = serving();
    const since = ensemble.all.length;
    ensemble.strike(lasting(hold([LEADER], [ONE]), 500));
    ensemble.strike(lasting({ kind: 'partition', groups: [[ONE], [THREE]], oneWay: false }, 1000));
    write(ensemble, 2, '/x');
    ensemble.forMs(900);
    expect(appliedAt(ensemble, 1, since)).toEqual([]);
    ensemble.forMs(1000);
    expect(appliedAt(ensemble, 1, since)).toHaveLength(1);
    expect(ensemble.events('stoppedServing')).toEqual([]);
  });
});

describe('a clog', () => {
  it('of the leader ends its reign; what it alone has written is gone when it comes back', () => {
    const ensemble = serving();
    const proposed = ensemble.events('proposed').length;
    ensemble.submit(2, createNode('/x'));
    ensemble.until(() => ensemble.events('proposed').length > proposed);
    ensemble.strike(lasting({ kind: 'clog', target: [LEADER] }, 5 * SYNC_LIMIT_MS));
    ensemble.forMs(4 * SYNC_LIMIT_MS);
    expect(ensemble.leader.sid).toBe(2);
    expect(ensemble.events('stoppedServing', 3)).toHaveLength(1);
    write(ensemble, 1, '/y');
    untilLevel(ensemble);
    // No TRUNC crosses an epoch.
    expect(ensemble.events('syncDecision').at(-1)).toMatchObject({ learner: 3, mode: 'SNAP' });
    expect(ensemble.server(3).peer?.znode('/x')).toBeUndefined();
    expect(epochs(ensemble)).toEqual([1, 2]);
  });

  it('of a client keeps its requests, and its session expires only if it lasts', () => {
    const ensemble = serving();
    ensemble.strike(lasting({ kind: 'clog', target: [clientTarget('at1')] }, 3000));
    const op = ensemble.submit(0, createNode('/x'));
    ensemble.forMs(2900);
    expect(ensemble.answer(0, op)).toBeUndefined();
    ensemble.forMs(200);
    expect(ensemble.answer(0, op)?.event.err).toBe(0);
    expect(ensemble.events('disconnected', ensemble.client(0).party)).toEqual([]);
  });
});

describe('a swizzle', () => {
  const swizzle = (withinMs: number): Fault => ({ kind: 'swizzle', target: [ALL], withinMs });

  /** In which order the servers fell silent, or were heard again. */
  const order = (moments: ReadonlyMap<Party, number>): readonly Party[] =>
    [...moments].sort(([a, s], [b, t]) => s - t || a - b).map(([party]) => party);

  it('clogs its targets one by one and frees them in another order, both within the time it is given', () => {
    const ensemble = serving(5);
    const last = new Map<Party, number>();
    const first = new Map<Party, number>();
    const startMs = ensemble.nowMs;
    ensemble.strike(lasting(swizzle(10_000), 60_000));
    ensemble.forMs(100_000);
    for (const party of [1, 2, 3, 4, 5]) {
      const heard = ensemble.records('delivered', party).map(({ at }) => toMs(at) - startMs);
      last.set(party, Math.max(...heard.filter((ms) => ms < 30_000)));
      first.set(party, Math.min(...heard.filter((ms) => ms > 30_000)));
    }
    for (const ms of last.values()) expect(ms).toBeLessThan(10_100);
    for (const ms of first.values()) {
      expect(ms).toBeGreaterThanOrEqual(60_000);
      expect(ms).toBeLessThan(70_100);
    }
    expect(order(first)).not.toEqual(order(last));
    expect(ensemble.events('stoppedServing').length).toBeGreaterThanOrEqual(5);
    untilLevel(ensemble);
    expect(epochs(ensemble).length).toBeGreaterThan(1);
  });

  it('lets go at once when everything is healed', () => {
    const ensemble = serving();
    ensemble.strike(swizzle(1000));
    ensemble.forMs(1500);
    const since = ensemble.all.length;
    ensemble.strike(HEAL);
    ensemble.forMs(100);
    expect(heardFrom(ensemble, 1, since)).toContain(3);
    expect(heardFrom(ensemble, 3, since)).toContain(1);
    expect(ensemble.events('stoppedServing')).toEqual([]);
  });

  it('that is over but has not freed everybody is cut short by the calm', () => {
    const ensemble = serving();
    ensemble.strike(lasting(swizzle(1000), 1500));
    ensemble.forMs(1510);
    expect(ensemble.events('faultEnded')).toHaveLength(1);
    const since = ensemble.all.length;
    ensemble.cluster.calm();
    ensemble.forMs(50);
    expect(heardFrom(ensemble, 3, since)).toEqual([1, 2]);
    expect(ensemble.events('faultEnded')).toHaveLength(1);
  });

  it('that ends before it has begun clogs nobody', () => {
    const ensemble = serving();
    ensemble.strike(lasting(swizzle(100_000), 1));
    ensemble.forMs(100_000);
    expect(ensemble.events('stoppedServing')).toEqual([]);
  });
});

describe('a bridge', () => {
  const bridge = (target: Target): Fault => ({ kind: 'bridge', target: [target] });

  it('is heard by both halves, which do not hear each other', () => {
    const ensemble = serving(5);
    const since = ensemble.all.length;
    ensemble.strike(bridge(ONE));
    ensemble.forMs(20_000);
    const [, ...others] = ensemble.events('fault').at(-1)?.struck ?? [];
    const halves = [others.slice(0, 2), others.slice(2)];
    for (const half of halves) {
      for (const id of half)
        expect([1, ...half]).toEqual(expect.arrayContaining([...heardFrom(ensemble, id, since)]));
    }
    expect(others.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5]);
    const heard = heardFrom(ensemble, 1, since);
    for (const half of halves) expect(half.some((id) => heard.includes(id))).toBe(true);
  });

  it('keeps the leader in the half that has it: two servers lose it and elect nobody', () => {
    const ensemble = serving(5);
    ensemble.strike(lasting(bridge(ONE), 30_000));
    ensemble.forMs(29_000);
    expect(servingSids(ensemble)).toHaveLength(3);
    expect(servingSids(ensemble)).toContain(1);
    expect(servingSids(ensemble)).toContain(5);
    expect(epochs(ensemble)).toEqual([1]);
    untilLevel(ensemble);
  });

  it('that leads loses nobody', () => {
    const ensemble = serving(5);
    ensemble.strike(bridge(LEADER));
    ensemble.forMs(4 * SYNC_LIMIT_MS);
    expect(ensemble.events('stoppedServing')).toEqual([]);
    expect(ensemble.events('fault').at(-1)?.struck[0]).toBe(5);
  });

  it('draws its halves from the seed, of equal size among those who are up', () => {
    const halves = new Set<string>();
    for (const seed of ['1', '2', '3', '4', '5', '6']) {
      const ensemble = serving(5, seed);
      ensemble.strike({
        kind: 'crash',
        target: [TWO],
        lose: 'none',
        silent: false,
        restartAfterMs: undefined,
        after: undefined,
        forGood: false,
      });
      ensemble.strike(bridge(ONE));
      const since = ensemble.all.length;
      ensemble.forMs(3 * SYNC_LIMIT_MS);
      halves.add(heardFrom(ensemble, 5, since).join());
    }
    expect(halves.size).toBeGreaterThan(1);
    for (const half of halves) expect(['1', '1,3', '1,4']).toContain(half);
  });

  it('without anybody to be the bridge strikes nobody', () => {
    const ensemble = serving();
    ensemble.strike(bridge({ kind: 'anyObserver' }));
    expect(ensemble.events('fault').at(-1)?.struck).toEqual([]);
    ensemble.forMs(2 * SYNC_LIMIT_MS);
    expect(ensemble.events('stoppedServing')).toEqual([]);
  });
});

describe('a ring', () => {
  it('lets each server hear only its neighbours, and clients all of them', () => {
    const ensemble = serving(5);
    const since = ensemble.all.length;
    ensemble.strike(lasting({ kind: 'ring', target: [ALL] }, 30_000));
    ensemble.forMs(29_000);
    for (const id of [1, 2, 3, 4, 5]) {
      const neighbours = [((id + 3) % 5) + 1, (id % 5) + 1].sort((a, b) => a - b);
      expect(heardFrom(ensemble, id, since)).toEqual(neighbours);
    }
    // The leader and its two neighbours are a quorum.
    expect(servingSids(ensemble)).toEqual([1, 4, 5]);
    write(ensemble, 0, '/x');
    expect(epochs(ensemble)).toEqual([1]);
    untilLevel(ensemble);
  });

  it('of three servers cuts nothing', () => {
    const ensemble = serving();
    ensemble.strike({ kind: 'ring', target: [ALL] });
    ensemble.forMs(4 * SYNC_LIMIT_MS);
    expect(ensemble.events('stoppedServing')).toEqual([]);
  });
});

describe('a flapping link', () => {
  it('costs the follower its leader each time, until it ends', () => {
    const ensemble = serving();
    const [downMs, upMs] = [2 * SYNC_LIMIT_MS, 3 * SYNC_LIMIT_MS];
    const flap: Fault = { kind: 'flap', between: [[LEADER], [ONE]], downMs, upMs };
    ensemble.strike(lasting(flap, 3 * (downMs + upMs)));
    ensemble.forMs(3 * (downMs + upMs));
    expect(ensemble.events('stoppedServing', 1)).toHaveLength(3);
    const syncs = ensemble.events('syncDecision').filter(({ learner }) => learner === 1);
    expect(syncs.length).toBeGreaterThanOrEqual(3);
    untilLevel(ensemble);
    ensemble.forMs(2 * (downMs + upMs));
    expect(ensemble.events('stoppedServing', 1)).toHaveLength(3);
    expect(epochs(ensemble)).toEqual([1]);
  });

  it('is whole when it ends in the middle of a cut', () => {
    const ensemble = serving();
    const flap: Fault = { kind: 'flap', between: [[LEADER], [ONE]], downMs: 1000, upMs: 1000 };
    ensemble.strike(lasting(flap, 2500));
    ensemble.forMs(2501);
    const since = ensemble.all.length;
    ensemble.forMs(10_000);
    expect(heardFrom(ensemble, 1, since)).toContain(3);
    expect(ensemble.events('stoppedServing')).toEqual([]);
  });
});

describe('a connection that breaks at one end', () => {
  it('of a follower: it looks again at once; the leader learns it by the reset of its next ping', () => {
    const ensemble = serving();
    ensemble.strike({ kind: 'disconnect', between: [[ONE], [LEADER]], told: 'first' });
    ensemble.forMs(0.5);
    expect(ensemble.events('stoppedServing', 1)).toHaveLength(1);
    expect(ensemble.events('learnerDropped')).toEqual([]);
    ensemble.forMs(TICK_MS);
    expect(ensemble.events('learnerDropped')).toMatchObject([{ learner: 1 }]);
    untilLevel(ensemble);
    expect(epochs(ensemble)).toEqual([1]);
  });

  it('of the leader: it drops the follower, who learns it by the reset of what it sends', () => {
    const ensemble = serving();
    ensemble.strike({ kind: 'disconnect', between: [[LEADER], [ONE]], told: 'first' });
    ensemble.forMs(1);
    expect(ensemble.events('learnerDropped')).toMatchObject([{ learner: 1 }]);
    expect(ensemble.events('stoppedServing', 1)).toEqual([]);
    // A follower only answers, so it is its client's request that tells.
    ensemble.submit(0, createNode('/x'));
    ensemble.forMs(10);
    expect(ensemble.events('stoppedServing', 1)).toHaveLength(1);
    untilLevel(ensemble);
  });
});

describe('a connection that nobody is told is gone', () => {
  const severed = (left: Target, right: Target): Fault => ({
    kind: 'disconnect',
    between: [[left], [right]],
    told: 'nobody',
  });

  it('of a follower and its leader: each finds out by the silence, and the follower is synced again', () => {
    const ensemble = serving();
    ensemble.strike(severed(ONE, LEADER));
    const since = ensemble.all.length;
    write(ensemble, 2, '/x');
    ensemble.forMs(SYNC_LIMIT_MS - 2 * TICK_MS);
    expect([...ensemble.events('learnerDropped'), ...ensemble.events('stoppedServing')]).toEqual([]);
    expect(appliedAt(ensemble, 1, since)).toEqual([]);
    ensemble.forMs(3 * TICK_MS);
    expect(ensemble.events('stoppedServing', 1)).toMatchObject([{ reason: 'the leader is silent' }]);
    expect(ensemble.events('learnerDropped')).toHaveLength(1);
    expect(ensemble.records('disconnected', undefined, since).filter(({ event }) => event.reset)).toEqual([]);
    ensemble.strike(HEAL);
    untilLevel(ensemble);
    expect(ensemble.events('syncDecision').at(-1)).toMatchObject({ learner: 1, mode: 'DIFF' });
  });

  it('of a client: it is back by another connection, with its session, after two thirds of its timeout', () => {
    const ensemble = serving();
    const client = ensemble.client(0);
    const before = ensemble.events('keeperState', client.party).at(-1);
    const startMs = ensemble.nowMs;
    const after = ensemble.reconnected(0, () => ensemble.strike(severed(clientTarget('at1'), ALL)));
    expect(after.sessionId).toBe(before?.sessionId);
    expect(ensemble.nowMs - startMs).toBeGreaterThan(20_000);
    expect(ensemble.nowMs - startMs).toBeLessThan(22_500);
    expect(ensemble.events('sessionExpired')).toEqual([]);
  });

  it('is reset at both ends by a heal', () => {
    const ensemble = serving();
    ensemble.strike(severed(ONE, LEADER));
    ensemble.forMs(100);
    const since = ensemble.all.length;
    ensemble.strike(HEAL);
    ensemble.forMs(1);
    const resets = ensemble.records('disconnected', undefined, since).filter(({ event }) => event.reset);
    expect(new Set(resets.map(({ party }) => party))).toEqual(new Set([1, 3]));
    expect(ensemble.events('faultEnded').map(({ kind }) => kind)).toEqual(['disconnect']);
    untilLevel(ensemble);
  });
});

describe('a port that refuses', () => {
  it("of the leader's for learners: a follower that lost it cannot come back until it ends", () => {
    const ensemble = serving();
    ensemble.strike({ kind: 'refuse', target: [LEADER], port: 'quorum' });
    ensemble.forMs(2 * SYNC_LIMIT_MS);
    expect(ensemble.events('stoppedServing')).toEqual([]);
    ensemble.strike({ kind: 'disconnect', between: [[ONE], [LEADER]], told: 'both' });
    ensemble.forMs(10_000);
    expect(servingSids(ensemble)).toEqual([2, 3]);
    const failures = ensemble.events('connectFailed', 1).filter(({ address }) => address.endsWith(':2888'));
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.every(({ reason }) => reason === 'refused')).toBe(true);
    ensemble.strike(HEAL);
    untilLevel(ensemble);
  });

  it('for clients sends them to another server, with their session', () => {
    const servers = serverSpecs(3);
    const ensemble = new Ensemble(
      runPlan(ensembleOf(servers, { tickTime: TICK_MS }), { clients: [clientPlan('c', servers)] }),
    );
    ensemble.untilServing();
    const { sessionId } = ensemble.connect(0);
    const client = ensemble.client(0).party;
    const first = ensemble.events('connected', client).at(-1)?.to ?? 0;
    ensemble.strike({ kind: 'refuse', target: [serverTarget(first)], port: 'client' });
    const again = ensemble.reconnected(0, () =>
      ensemble.strike({ kind: 'disconnect', between: [[clientTarget('c')], [ALL]], told: 'both' }),
    );
    expect(again.sessionId).toBe(sessionId);
    expect(ensemble.events('connected', client).at(-1)?.to).not.toBe(first);
    expect(ensemble.events('sessionMoved').length).toBeGreaterThan(0);
  });
});

describe('a full backlog', () => {
  it("of the leader's for learners: a follower's dials time out, and the first SYN after the end opens one", () => {
    const ensemble = serving();
    const since = ensemble.all.length;
    ensemble.strike({ kind: 'fullBacklog', target: [LEADER], port: 'quorum' });
    ensemble.strike({ kind: 'disconnect', between: [[ONE], [LEADER]], told: 'both' });
    ensemble.forMs(20_000);
    expect(servingSids(ensemble)).toEqual([2, 3]);
    const failures = ensemble.records('connectFailed', 1, since).map(({ event }) => event.reason);
    expect(new Set(failures)).toEqual(new Set(['timeout']));
    ensemble.strike(HEAL);
    untilLevel(ensemble);
    expect(epochs(ensemble)).toEqual([1]);
  });

  it('of election ports: who is looking is not heard by those who have not been dialled yet', () => {
    const ensemble = serving();
    ensemble.strike({ kind: 'fullBacklog', target: [ALL], port: 'election' });
    ensemble.strike({ kind: 'disconnect', between: [[ONE], [ALL]], told: 'both' });
    ensemble.forMs(10_000);
    expect(servingSids(ensemble)).toEqual([2, 3]);
    expect(ensemble.server(1).peer?.view.serverState).toBe('LOOKING');
    ensemble.strike(HEAL);
    untilLevel(ensemble);
  });
});
