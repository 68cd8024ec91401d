import { describe, expect, it } from 'vitest';
import { Perms } from '../../../protocol/database/acl.ts';
import { OPEN_ACL_UNSAFE } from '../../../protocol/database/txn.ts';
import { DEFAULT_RELEASE } from '../../../protocol/release/release.ts';
import { toMs } from '../../../sim/time.ts';
import { Ensemble } from '../../support/ensemble.ts';
import { clientTarget, crash, LEADER, restart, serverTarget, slowCpu } from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { createEphemeral, createNode, readNode } from '../../support/requests.ts';

const SERVERS = serverSpecs(3);
const [ONE, TWO, THREE] = [serverTarget(1), serverTarget(2), serverTarget(3)];
const TIMEOUT_MS = 6000;

/** Servers 1 and 2 follow server 3; client i is at server i + 1. */
function serving(seed = '1'): Ensemble {
  const clients = SERVERS.map((spec) =>
    clientPlan(`at${spec.sid}`, [spec], { sessionTimeoutMs: TIMEOUT_MS }),
  );
  const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS, { tickTime: 500 }), { clients }), seed);
  ensemble.untilServing();
  for (const client of [0, 1, 2]) ensemble.connect(client);
  ensemble.forMs(1000);
  return ensemble;
}

/** How long a write takes, ms. */
function writeMs(ensemble: Ensemble, client: number): number {
  const startMs = ensemble.nowMs;
  expect(ensemble.request(client, createNode(`/at${startMs}`)).err).toBe(0);
  return ensemble.nowMs - startMs;
}

describe('a crash after so many disk writes', () => {
  const after = { unit: 'writes', count: 3 } as const;

  it('comes in the middle of the work: the third write is asked for, and nothing after it is done', () => {
    const ensemble = serving();
    // Each write of a client is one append and one flush.
    ensemble.strike(crash([ONE], { after, lose: 'none' }));
    ensemble.request(2, createNode('/a'));
    ensemble.forMs(100);
    expect(ensemble.server(1).isUp).toBe(true);
    const acked = ensemble.events('delivered', 3).filter(({ packet }) => packet.type === 'ACK').length;
    ensemble.request(2, createNode('/b'));
    ensemble.forMs(100);
    expect(ensemble.server(1).isUp).toBe(false);
    const proposed = ensemble.events('proposed').at(-1)?.txn.zxid;
    expect(ensemble.events('crashed', 1)).toMatchObject([{ durableZxid: proposed }]);
    const acks = ensemble.events('delivered', 3).filter(({ packet }) => packet.type === 'ACK');
    expect(acks.length).toBe(acked + 1);
  });

  it('restarts it so long after its death, not after the strike', () => {
    const ensemble = serving();
    ensemble.strike(crash([ONE], { after, restartAfterMs: 1000 }));
    ensemble.forMs(5000);
    ensemble.request(2, createNode('/a'));
    ensemble.request(2, createNode('/b'));
    ensemble.until(() => ensemble.events('started', 1).length === 2);
    const [died] = ensemble.records('crashed', 1);
    expect(ensemble.nowMs - toMs(died?.at ?? 0)).toBeCloseTo(1010);
  });

  it('is void when it dies before', () => {
    const ensemble = serving();
    ensemble.strike(crash([ONE], { after }));
    ensemble.strike(crash([ONE], { restartAfterMs: 0 }));
    ensemble.untilServing();
    for (const path of ['/a', '/b', '/c']) ensemble.request(2, createNode(path));
    ensemble.forMs(1000);
    expect(ensemble.events('crashed', 1)).toHaveLength(1);
  });

  it('is void when the story ends', () => {
    const ensemble = serving();
    ensemble.strike(crash([ONE], { after }));
    ensemble.cluster.faults.healAll();
    for (const path of ['/a', '/b', '/c']) ensemble.request(2, createNode(path));
    ensemble.forMs(1000);
    expect(ensemble.events('crashed')).toEqual([]);
  });

  it('ordered twice kills once, at the nearer count', () => {
    const ensemble = serving();
    ensemble.strike(crash([ONE], { after: { unit: 'writes', count: 5 } }));
    ensemble.strike(crash([ONE], { after: { unit: 'effects', count: 1 }, restartAfterMs: 0 }));
    ensemble.untilServing();
    for (const path of ['/a', '/b', '/c', '/d']) ensemble.request(2, createNode(path));
    ensemble.forMs(1000);
    expect(ensemble.events('crashed', 1)).toHaveLength(1);
  });
});

describe('a crash for good', () => {
  it('leaves the others to themselves: nobody starts it again, not even the end of the story', () => {
    const ensemble = serving();
    ensemble.strike(crash([LEADER], { forGood: true }));
    ensemble.strike(restart([THREE, TWO]));
    expect(ensemble.events('fault').at(-1)?.struck).toEqual([2]);
    ensemble.cluster.faults.healAll();
    ensemble.forMs(20_000);
    expect(ensemble.server(3)).toMatchObject({ isUp: false, isLost: true });
    expect(ensemble.leader.sid).toBe(2);
    expect(writeMs(ensemble, 0)).toBeLessThan(20);
  });
});

describe('a slow CPU', () => {
  it('of the leader makes every write wait for each of its threads, and no longer than it lasts', () => {
    const ensemble = serving();
    const before = writeMs(ensemble, 0);
    ensemble.strike(slowCpu([LEADER], 50, 2000));
    expect(writeMs(ensemble, 0)).toBeGreaterThan(before + 100);
    ensemble.forMs(3000);
    expect(writeMs(ensemble, 0)).toBeLessThan(20);
  });

  it('of one follower out of two delays nobody else', () => {
    const ensemble = serving();
    ensemble.strike(slowCpu([ONE, clientTarget('at1')], 400));
    expect(ensemble.events('fault').at(-1)?.struck).toEqual([1]);
    expect(writeMs(ensemble, 2)).toBeLessThan(20);
    expect(writeMs(ensemble, 0)).toBeGreaterThan(400);
  });

  it('that is too slow to follow is given up by nobody as long as it answers pings', () => {
    const ensemble = serving();
    ensemble.strike(slowCpu([ONE], 300, 10_000));
    ensemble.forMs(10_000);
    expect(ensemble.events('stoppedServing')).toEqual([]);
    expect(ensemble.events('sessionExpired')).toEqual([]);
  });
});

describe('a crash of a client', () => {
  it('closes no session: it expires in its time, and its ephemeral goes then', () => {
    const ensemble = serving();
    ensemble.request(0, createEphemeral('/mine'));
    const startMs = ensemble.nowMs;
    ensemble.strike(crash([clientTarget('at1')]));
    ensemble.forMs(TIMEOUT_MS - 2500);
    expect(ensemble.server(3).peer?.znode('/mine')).toBeDefined();
    ensemble.until(() => ensemble.events('sessionExpired').length === 1);
    expect(ensemble.nowMs - startMs).toBeLessThan(TIMEOUT_MS + 1000);
    ensemble.forMs(100);
    expect(ensemble.server(3).peer?.znode('/mine')).toBeUndefined();
  });

  it('tells its server at once, unless its machine dies', () => {
    const ensemble = serving();
    const before = ensemble.all.length;
    ensemble.strike(crash([clientTarget('at1')]));
    ensemble.strike(crash([clientTarget('at2')], { silent: true }));
    ensemble.forMs(1000);
    expect(ensemble.records('disconnected', 1, before)).toHaveLength(1);
    expect(ensemble.records('disconnected', 2, before)).toEqual([]);
  });

  it('strikes only who is up, and leaves what it asked without an answer', () => {
    const ensemble = serving();
    const op = ensemble.submit(0, createNode('/x'));
    ensemble.strike(crash([clientTarget('at1')]));
    ensemble.strike(crash([clientTarget('at1')]));
    expect(ensemble.events('fault').map(({ struck }) => struck)).toEqual([[-2], []]);
    ensemble.forMs(20_000);
    expect(ensemble.answer(0, op)).toBeUndefined();
    expect(ensemble.server(3).peer?.znode('/x')).toBeDefined();
  });

  it('that is started again opens another session, and counts its operations on', () => {
    const ensemble = serving();
    const first = ensemble.request(0, createNode('/a'));
    ensemble.strike(crash([clientTarget('at1')], { restartAfterMs: 500 }));
    ensemble.forMs(600);
    const second = ensemble.request(0, createNode('/b'));
    expect(ensemble.events('started', -2)).toMatchObject([{ incarnation: 2 }]);
    expect(second).toMatchObject({ op: first.op + 1, err: 0, xid: 1 });
    expect(second.sessionId).not.toBe(first.sessionId);
  });

  it('stays dead in the calm, and for good where that was said', () => {
    const ensemble = serving();
    ensemble.strike(crash([clientTarget('at1')]));
    ensemble.strike(crash([clientTarget('at2')], { forGood: true }));
    ensemble.strike(crash([clientTarget('at3')], { restartAfterMs: 5000 }));
    ensemble.strike(restart([clientTarget('at2')]));
    ensemble.cluster.calm();
    ensemble.forMs(20_000);
    const alive = ensemble.cluster.cast.clients.map((client) => client.isUp);
    expect(alive).toEqual([false, false, false]);
  });

  it('is mended by a restart', () => {
    const ensemble = serving();
    ensemble.strike(crash([clientTarget('at1')]));
    ensemble.strike(restart([clientTarget('at1')]));
    ensemble.forMs(1);
    expect(ensemble.request(0, createNode('/again')).err).toBe(0);
  });
});

describe('another release', () => {
  const OLD = { ...DEFAULT_RELEASE, existsIgnoresAcl: true };

  it('runs from the next start on', () => {
    const ensemble = serving();
    const acl = OPEN_ACL_UNSAFE.map((entry) => ({ ...entry, perms: Perms.WRITE }));
    ensemble.request(2, { op: 'create2', path: '/secret', data: null, acl, flags: 0 });
    ensemble.forMs(100);
    const exists = { op: 'exists', path: '/secret', watch: false } as const;
    const refused = ensemble.request(0, exists).err;
    ensemble.server(1).setRelease(OLD);
    expect(ensemble.request(0, exists).err).toBe(refused);
    ensemble.reconnected(0, () => ensemble.strike(crash([ONE], { restartAfterMs: 0 })));
    expect(refused).not.toBe(0);
    expect(ensemble.request(0, exists).err).toBe(0);
    expect(ensemble.request(0, readNode('/secret')).err).toBe(refused);
  });
});
