import { describe, expect, it } from 'vitest';
import { defined } from '../../../protocol/assert.ts';
import { connectionId } from '../../../protocol/ids.ts';
import type { PacketType } from '../../../protocol/packets.ts';
import { makeZxid } from '../../../protocol/zxid.ts';
import { isServer, serverParty } from '../../../sim/party.ts';
import type { TimelineEntry } from '../../../sim/fault-plan.ts';
import { Simulation } from '../../../sim/simulation.ts';
import { fromMs } from '../../../sim/time.ts';
import { type TraceRecord, TraceRecorder } from '../../../sim/trace.ts';
import { Ensemble, recordsOf } from '../../support/ensemble.ts';
import { crash, restart, serverTarget, slowDisk, when } from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { createNode } from '../../support/requests.ts';

const SERVERS = serverSpecs(3);

/** A whole run with this timeline, up to the end of its story. */
function storyOf(timeline: readonly TimelineEntry[], durationMs = 3000): readonly TraceRecord[] {
  const recorder = new TraceRecorder();
  const plan = runPlan(ensembleOf(SERVERS, { tickTime: 500 }), { timeline, durationMs });
  new Simulation(plan, '1', { checkers: false, sinks: [recorder] }).advance(Infinity);
  return recorder.records.filter((record) => record.at < fromMs(durationMs));
}

const delivered = (records: readonly TraceRecord[], type: PacketType, from: number): number =>
  recordsOf(records, 'delivered').filter(({ event }) => event.packet.type === type && event.from === from)
    .length;

describe('a crash between two effects of a step', () => {
  it('undoes what came later: a leader that dies as it is established tells nobody', () => {
    const records = storyOf([when('established', crash([serverTarget(3)]))]);
    const [established] = recordsOf(records, 'established');
    const dead = defined(established, 'the first leader');
    const [crashed] = recordsOf(records, 'crashed');
    expect(crashed).toMatchObject({ at: dead.at, party: dead.party });
    expect(recordsOf(records, 'serving', dead.party)).toEqual([]);
    expect(delivered(records, 'UPTODATE', dead.party)).toBe(0);
  });

  it('keeps what came before: one that lives on tells everybody', () => {
    const records = storyOf([]);
    const leader = defined(recordsOf(records, 'established')[0], 'the leader').party;
    expect(recordsOf(records, 'serving', leader)).toHaveLength(1);
    expect(delivered(records, 'UPTODATE', leader)).toBe(2);
  });

  it('leaves a NEWLEADER unacknowledged that was durable already', () => {
    const follower = serverParty(defined(SERVERS[0], 'server 1').sid);
    const strike = when('newLeaderAcked', crash([serverTarget(1)]), { on: serverTarget(1) });
    const records = storyOf([strike]);
    expect(recordsOf(records, 'newLeaderAcked', follower)).toHaveLength(1);
    expect(recordsOf(records, 'epochWritten', follower).at(-1)?.event).toMatchObject({
      file: 'currentEpoch',
    });
    expect(delivered(records, 'ACK', follower)).toBe(0);
  });

  it('strikes after exactly as many of them as the trigger counts', () => {
    const strike = when('voteChanged', crash([serverTarget(1)]), { on: serverTarget(1), count: 2 });
    const votes = recordsOf(storyOf([strike]), 'voteChanged', 1);
    expect(votes).toHaveLength(2);
  });
});

describe('a process that has died', () => {
  it.each([true, false])('does nothing any more; silent: %s', (silent) => {
    const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS)));
    ensemble.untilServing();
    ensemble.strike(crash([{ kind: 'allServers' }], { silent }));
    const before = ensemble.all.length;
    ensemble.forMs(60_000);
    expect(ensemble.all.slice(before).filter((record) => isServer(record.party))).toEqual([]);
    expect(ensemble.cluster.queue.size).toBe(0);
  });

  it('leaves nothing of its timers and stages to the one that follows', () => {
    const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS)));
    ensemble.untilServing();
    ensemble.strike(crash([{ kind: 'allServers' }], { restartAfterMs: 0 }));
    ensemble.forMs(9);
    expect(ensemble.cluster.cast.servers.filter((server) => server.isUp)).toEqual([]);
    ensemble.untilServing();
    const starts = ensemble.records('started').map(({ event }) => event.incarnation);
    expect(starts).toEqual([1, 1, 1, 2, 2, 2]);
    const votes = ensemble.records('roundStarted').map(({ event }) => event.round);
    expect(votes).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('is not brought up twice by two restarts', () => {
    const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS)));
    ensemble.untilServing();
    ensemble.strike(crash([serverTarget(1)], { restartAfterMs: 100 }));
    ensemble.strike(restart([serverTarget(1)]));
    ensemble.untilServing();
    ensemble.forMs(1000);
    expect(ensemble.events('started', ensemble.server(1).party).map((event) => event.incarnation)).toEqual([
      1, 2,
    ]);
  });
});

describe('what a restart finds', () => {
  function withAlice(): Ensemble {
    const clients = [clientPlan('alice', SERVERS.slice(2))];
    const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS), { clients }));
    ensemble.untilServing();
    ensemble.connect(0);
    ensemble.request(0, createNode('/durable'));
    ensemble.forMs(100);
    return ensemble;
  }

  /** A follower whose disk takes ten seconds for an fsync, with a txn that it has applied and not flushed. */
  function unflushed(): Ensemble {
    const ensemble = withAlice();
    ensemble.strike(slowDisk([serverTarget(1)], 10_000));
    ensemble.request(0, createNode('/written'));
    ensemble.forMs(20);
    expect(ensemble.server(1).peer?.znode('/written')).toBeDefined();
    return ensemble;
  }

  const recoveredZxid = (ensemble: Ensemble): number => {
    ensemble.strike(restart([serverTarget(1)]));
    const { party } = ensemble.server(1);
    ensemble.until(() => ensemble.events('recovered', party).length === 2);
    return defined(ensemble.events('recovered', party)[1], 'the second recovery').lastZxid;
  };

  it('is what was durable: a power cut takes what no fsync covered, though it had been applied', () => {
    const ensemble = unflushed();
    const applied = defined(ensemble.server(1).peer, 'server 1').view.lastProcessedZxid;
    ensemble.strike(crash([serverTarget(1)], { lose: 'all', silent: true }));
    const crashed = defined(ensemble.events('crashed')[0], 'the crash');
    expect(crashed).toMatchObject({ lost: 1, durableZxid: applied - 1 });
    expect(recoveredZxid(ensemble)).toBe(applied - 1);
  });

  it("is what was written, when only the process died: the machine's page cache survives", () => {
    const ensemble = unflushed();
    const applied = defined(ensemble.server(1).peer, 'server 1').view.lastProcessedZxid;
    ensemble.strike(crash([serverTarget(1)], { lose: 'none' }));
    expect(ensemble.events('crashed')).toMatchObject([{ lost: 0, durableZxid: applied }]);
    expect(recoveredZxid(ensemble)).toBe(applied);
  });

  it('is everything it had written, when ZooKeeper ended its own process: its exit code is traced', () => {
    const ensemble = withAlice();
    const server = ensemble.server(1);
    ensemble.strike(slowDisk([serverTarget(1)], 10_000));
    ensemble.submit(0, createNode('/proposed'));
    ensemble.until(() => received(ensemble, 'PROPOSAL') === received(ensemble, 'COMMIT') + 1);
    ensemble.forMs(0.5);
    commitOutOfTurn(ensemble, 1);
    expect(ensemble.events('exited', server.party)).toMatchObject([{ code: 12 }]);
    expect(server.isUp).toBe(false);
    expect(ensemble.events('crashed')).toEqual([]);
    const proposed = defined(ensemble.events('proposed').at(-1), 'a proposal').txn.zxid;
    expect(ensemble.events('logFlushed', server.party).at(-1)?.zxid).toBeLessThan(proposed);
    expect(recoveredZxid(ensemble)).toBe(proposed);
  });
});

/** Packets of this type that server 1 has received. */
const received = (ensemble: Ensemble, type: PacketType): number =>
  ensemble.events('delivered', ensemble.server(1).party).filter(({ packet }) => packet.type === type).length;

/** A COMMIT of a txn that is not the follower's next one, on the connection that it dialled last: the one to its leader. */
function commitOutOfTurn(ensemble: Ensemble, id: number): void {
  const server = ensemble.server(id);
  for (let dialled = 20; dialled > 0 && server.isUp; dialled--)
    server.onPacket(connectionId(dialled), { type: 'COMMIT', zxid: makeZxid(1, 999) });
}
