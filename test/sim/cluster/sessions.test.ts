import { describe, expect, it } from 'vitest';
import { defined } from '../../../protocol/assert.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { NO_SESSION } from '../../../protocol/ids.ts';
import { frameLength, MAX_FRAME_LENGTH } from '../../../protocol/wire/frame-length.ts';
import { makeZxid } from '../../../protocol/zxid.ts';
import { clientParty } from '../../../sim/party.ts';
import { toMs } from '../../../sim/time.ts';
import { Ensemble } from '../../support/ensemble.ts';
import { clientTarget, crash, HEAL, isolate, LEADER, partition, serverTarget } from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { RawClient, type RawConnection } from '../../support/raw-client.ts';
import { createEphemeral, createNode, readNode, writeNode } from '../../support/requests.ts';

const SERVERS = serverSpecs(3);
const ALICE = clientParty(0);

/** Three servers and one client, `alice`, whose connect string holds these servers. */
function withAlice(sids: readonly number[], seed = '1', sessionTimeoutMs = 10_000): Ensemble {
  const servers = SERVERS.filter((spec) => sids.includes(spec.sid));
  const clients = [clientPlan('alice', servers, { sessionTimeoutMs })];
  const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS), { clients }), seed);
  ensemble.untilServing();
  return ensemble;
}

/** Three servers whose clients are raw ones. */
function withoutClients(): Ensemble {
  const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS)));
  ensemble.untilServing();
  return ensemble;
}

const everywhere = (ensemble: Ensemble, path: string): readonly boolean[] =>
  ensemble.cluster.cast.servers
    .filter((server) => server.isUp)
    .map((server) => server.peer?.znode(path) !== undefined);

const sidOf = (address: string): number => Number(/^server(\d):/.exec(address)?.[1]);

describe('a session that moves', () => {
  it.each(['1', '2', '3'])('to another server within its timeout keeps id and ephemeral, seed %s', (seed) => {
    const ensemble = withAlice([1, 2, 3], seed);
    const before = ensemble.connect(0);
    ensemble.request(0, createEphemeral('/alice'));
    const home = sidOf(before.server);
    const after = ensemble.reconnected(0, () => ensemble.strike(crash([serverTarget(home)])));
    expect(sidOf(after.server)).not.toBe(home);
    expect(after.sessionId).toBe(before.sessionId);
    ensemble.forMs(20_000);
    expect(everywhere(ensemble, '/alice')).toEqual([true, true]);
    expect(ensemble.request(0, createNode('/alice/child')).err).toBe(ErrorCode.NOCHILDRENFOREPHEMERALS);
    expect(ensemble.events('sessionExpired')).toEqual([]);
  });

  it('outlives a change of leaders, whatever server it is on', () => {
    const ensemble = withAlice([1, 2, 3]);
    const before = ensemble.connect(0);
    ensemble.request(0, createEphemeral('/alice'));
    const deposed = ensemble.leader.sid;
    const after = ensemble.reconnected(0, () => ensemble.strike(crash([LEADER])));
    expect(ensemble.leader.sid).not.toBe(deposed);
    expect(after.sessionId).toBe(before.sessionId);
    expect(everywhere(ensemble, '/alice')).toEqual([true, true]);
  });

  it('is served by its new server only: the old connection is closed at its next write, which does nothing', () => {
    const ensemble = withoutClients();
    const raw = new RawClient(ensemble);
    const [oldHome, newHome] = [1, 2];
    expect(ensemble.leader.sid).toBe(3);
    const first = raw.introduce(oldHome);
    const { sessionId, passwd } = defined(first.response, 'a session');
    first.send(1, createNode('/before'));
    ensemble.until(() => first.replies.length === 1);
    const second = raw.introduce(newHome, { sessionId, passwd });
    expect(second.response?.sessionId).toBe(sessionId);
    expect(first.isClosed).toBe(false);
    first.send(2, createNode('/after'));
    second.send(1, createNode('/elsewhere'));
    ensemble.until(() => first.isClosed && second.replies.length === 1);
    expect(first.replies).toHaveLength(1);
    expect(second.replies[0]?.err).toBe(ErrorCode.OK);
    expect(ensemble.events('sessionMovedRefused', ensemble.server(oldHome).party)).toEqual([
      { type: 'sessionMovedRefused', sessionId },
    ]);
    ensemble.forMs(100);
    expect(everywhere(ensemble, '/after')).toEqual([false, false, false]);
    expect(everywhere(ensemble, '/elsewhere')).toEqual([true, true, true]);
    expect(second.isClosed).toBe(false);
  });

  it('leaves behind no write that TCP still had under way to its old server', () => {
    const ensemble = withAlice([1, 2, 3], '4', 30_000);
    const home = sidOf(ensemble.connect(0).server);
    ensemble.request(0, createNode('/x', 'old'));
    ensemble.strike(partition([[clientTarget('alice')], [serverTarget(home)]]));
    ensemble.reconnected(0, () => ensemble.submit(0, writeNode('/x', 'late')));
    ensemble.request(0, writeNode('/x', 'new'));
    ensemble.strike(HEAL);
    ensemble.forMs(30_000);
    expect(ensemble.events('sessionMovedRefused', ensemble.server(home).party)).toHaveLength(1);
    expect(ensemble.request(0, readNode('/x')).body?.stat?.version).toBe(1);
  });
});

describe('a server that is asked for a session', () => {
  /** A raw client and the session that it has on server 1. */
  function withSession(): { ensemble: Ensemble; raw: RawClient; session: RawConnection } {
    const ensemble = withoutClients();
    const raw = new RawClient(ensemble);
    return { ensemble, raw, session: raw.introduce(1) };
  }

  it('refuses one with a wrong password and closes the connection; the session lives on', () => {
    const { ensemble, raw, session } = withSession();
    const { sessionId, passwd } = defined(session.response, 'a session');
    const wrong = raw.introduce(2, { sessionId, passwd: 'f'.repeat(32) });
    expect(wrong.response).toMatchObject({ timeOut: 0, sessionId: NO_SESSION });
    ensemble.until(() => wrong.isClosed);
    const right = raw.introduce(2, { sessionId, passwd });
    expect(right.response).toMatchObject({ timeOut: 30_000, sessionId, passwd });
  });

  it('refuses one that has been closed', () => {
    const { ensemble, raw, session } = withSession();
    const { sessionId, passwd } = defined(session.response, 'a session');
    session.send(1, { op: 'closeSession' });
    ensemble.until(() => session.isClosed);
    const late = raw.introduce(3, { sessionId, passwd });
    expect(late.response).toMatchObject({ timeOut: 0, sessionId: NO_SESSION });
  });

  it('cuts off whoever took it up after its end was asked for and before that was committed', () => {
    const ensemble = withoutClients();
    const raw = new RawClient(ensemble);
    const first = raw.introduce(1);
    const { sessionId, passwd } = defined(first.response, 'a session');
    // Nobody there takes up a request for a while; questions about sessions are answered at once.
    ensemble.strike({ kind: 'slowCpu', target: [LEADER], stage: { kind: 'constant', ms: 500 } });
    first.send(1, { op: 'closeSession' });
    ensemble.forMs(100);
    const second = raw.introduce(1, { sessionId, passwd });
    expect([first.isClosed, second.response?.sessionId]).toEqual([true, sessionId]);
    ensemble.forMs(5000);
    expect([second.isClosed, ensemble.events('protocolError')]).toEqual([true, []]);
  });

  it('clamps the timeout to two to twenty ticks', () => {
    const { raw } = withSession();
    const granted = [100, 7000, 10_000_000].map((timeOut) => raw.introduce(2, { timeOut }).response?.timeOut);
    expect(granted).toEqual([4000, 7000, 40_000]);
  });

  it('turns away a client that has seen more than it has itself, without a word', () => {
    const { ensemble, raw } = withSession();
    const ahead = raw.introduce(2, { lastZxidSeen: makeZxid(1, 1000) });
    expect(ahead.isClosed).toBe(true);
    expect(ahead.received).toEqual([]);
    expect(ensemble.events('sessionRefused', ensemble.server(2).party)).toMatchObject([
      { reason: 'behind the client' },
    ]);
  });

  it('takes a frame of just under a megabyte and closes the connection on one byte more', () => {
    const { ensemble, session } = withSession();
    const empty = frameLength({ type: 'request', xid: 1, body: createNode('/big', new Uint8Array()) });
    const room = MAX_FRAME_LENGTH - empty;
    session.send(1, createNode('/big', new Uint8Array(room)));
    ensemble.until(() => session.replies.length === 1);
    expect(session.replies[0]?.err).toBe(ErrorCode.OK);
    session.send(2, createNode('/BIG', new Uint8Array(room + 1)));
    ensemble.until(() => session.isClosed);
    ensemble.forMs(1000);
    expect(session.replies).toHaveLength(1);
    expect(everywhere(ensemble, '/big')).toEqual([true, true, true]);
    expect(everywhere(ensemble, '/BIG')).toEqual([false, false, false]);
  });
});

describe('a client whose server is lost', () => {
  it('does not get back to a server that is behind it, and loses nothing but time', () => {
    const ensemble = withAlice([1, 2], '2', 40_000);
    ensemble.until(() => ensemble.leader.sid === 3);
    const { server } = ensemble.connect(0);
    const home = sidOf(server);
    const behind = 3 - home;
    ensemble.strike(partition([[serverTarget(behind)], [serverTarget(home), serverTarget(3)]]));
    ensemble.request(0, createNode('/x'));
    const after = ensemble.reconnected(0, () =>
      ensemble.cluster.network.resetConnections(ALICE, ensemble.server(home).party),
    );
    expect(sidOf(after.server)).toBe(home);
    expect(ensemble.events('sessionRefused', ensemble.server(behind).party)).toMatchObject([
      { reason: 'behind the client' },
    ]);
    expect(ensemble.request(0, readNode('/x')).err).toBe(ErrorCode.OK);
  });
});

describe('a session that falls silent', () => {
  const TICK_MS = 2000;
  const TIMEOUT_MS = 7000;
  const SEEDS = Array.from({ length: 10 }, (_, i) => String(i + 1));

  /** When the leader last heard of the session: from its client, or in a follower's answer to a PING. */
  function lastSignMs(ensemble: Ensemble, sessionId: string): number {
    const leader = ensemble.leader.party;
    const signs = ensemble.records('delivered', leader).filter(({ event: { from, packet } }) => {
      if (packet.type === 'PING') return packet.touched.some((touched) => touched.sessionId === sessionId);
      return from === ALICE;
    });
    return toMs(defined(signs.at(-1), 'a sign of life').at);
  }

  it.each(SEEDS.flatMap((seed) => [1, 3].map((home) => [home, seed] as const)))(
    'on server %i expires between its timeout and a tick later, and its ephemerals with it: seed %s',
    (home, seed) => {
      const ensemble = withAlice([home], seed, TIMEOUT_MS);
      const { sessionId } = ensemble.connect(0);
      ensemble.request(0, createEphemeral('/alice'));
      ensemble.forMs(137 * Number(seed));
      ensemble.strike(isolate([clientTarget('alice')]));
      ensemble.until(() => ensemble.events('sessionExpired').length > 0);
      const silentMs = ensemble.nowMs - lastSignMs(ensemble, sessionId);
      expect(silentMs).toBeGreaterThan(TIMEOUT_MS - 1);
      expect(silentMs).toBeLessThanOrEqual(TIMEOUT_MS + TICK_MS + 1);
      expect(everywhere(ensemble, '/alice')).toEqual([true, true, true]);
      ensemble.forMs(100);
      expect(everywhere(ensemble, '/alice')).toEqual([false, false, false]);
    },
  );

  it('is told so when it comes back, and never connects again', () => {
    const ensemble = withAlice([1, 2, 3], '1', TIMEOUT_MS);
    ensemble.connect(0);
    ensemble.strike(isolate([clientTarget('alice')]));
    ensemble.until(() => ensemble.events('sessionExpired').length > 0);
    ensemble.strike(HEAL);
    ensemble.forMs(30_000);
    const states = ensemble.events('keeperState', ALICE).map((event) => event.state);
    expect(states.at(-1)).toBe('Expired');
    expect(states.filter((state) => state === 'SyncConnected')).toHaveLength(1);
    expect(ensemble.request(0, createNode('/x')).err).toBe(ErrorCode.SESSIONEXPIRED);
  });

  it('that is closed instead takes its ephemerals along at once', () => {
    const ensemble = withAlice([1]);
    ensemble.connect(0);
    ensemble.request(0, createEphemeral('/alice'));
    ensemble.request(0, createNode('/stays'));
    ensemble.request(0, { op: 'closeSession' });
    ensemble.forMs(10);
    expect(everywhere(ensemble, '/alice')).toEqual([false, false, false]);
    expect(everywhere(ensemble, '/stays')).toEqual([true, true, true]);
  });
});
