import { describe, expect, it } from 'vitest';
import { createCheckers } from '../../../sim/checkers/index.ts';
import { Ensemble } from '../../support/ensemble.ts';
import { clientTarget, crash, LEADER, pause, resume, serverTarget } from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { createNode } from '../../support/requests.ts';

const SERVERS = serverSpecs(3);

function withWriter(): Ensemble {
  const clients = [clientPlan('writer', SERVERS.slice(2))];
  const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS), { clients }));
  ensemble.untilServing();
  ensemble.connect(0);
  ensemble.forMs(100);
  return ensemble;
}

function write(ensemble: Ensemble, count: number): void {
  for (let i = 0; i < count; i++) ensemble.request(0, createNode(`/n${ensemble.events('answered').length}`));
}

describe('a paused process', () => {
  it('does nothing, keeps its connections, and then does everything in order', () => {
    const ensemble = withWriter();
    const follower = ensemble.server(1);
    ensemble.strike(pause([serverTarget(1)]));
    const before = ensemble.all.length;
    write(ensemble, 50);
    ensemble.forMs(3000);
    expect(ensemble.all.slice(before).filter((record) => record.party === follower.party)).toEqual([]);
    const behind = follower.peer?.view.lastProcessedZxid;
    ensemble.strike(resume([serverTarget(1)]));
    ensemble.forMs(100);
    const zxids = ensemble.records('applied', follower.party, before).map(({ event }) => event.txn.zxid);
    expect(zxids).toEqual(Array.from({ length: 50 }, (_, i) => (behind ?? 0) + i + 1));
    expect(ensemble.events('learnerDropped')).toEqual([]);
  });

  it('is brought back by the end of its time', () => {
    const ensemble = withWriter();
    ensemble.strike(pause([serverTarget(1)], 2000));
    const startMs = ensemble.nowMs;
    ensemble.until(() => ensemble.events('resumed').length === 1);
    expect(ensemble.nowMs - startMs).toBeCloseTo(2000);
    expect(ensemble.server(1).isPaused).toBe(false);
  });

  it('is not paused twice, and one that runs is not resumed', () => {
    const ensemble = withWriter();
    ensemble.strike(resume([serverTarget(1)]));
    ensemble.strike(pause([serverTarget(1)]));
    ensemble.strike(pause([serverTarget(1)]));
    ensemble.strike(resume([serverTarget(1)]));
    expect(ensemble.events('paused')).toHaveLength(1);
    expect(ensemble.events('resumed')).toHaveLength(1);
  });

  it('that crashes comes back running, and does nothing of what had waited', () => {
    const ensemble = withWriter();
    const { party } = ensemble.server(1);
    ensemble.strike(pause([serverTarget(1)]));
    write(ensemble, 10);
    ensemble.strike(crash([serverTarget(1)], { restartAfterMs: 50 }));
    const before = ensemble.all.length;
    ensemble.strike(resume([serverTarget(1)]));
    ensemble.untilServing();
    const records = ensemble.all.slice(before).filter((record) => record.party === party);
    expect(records[0]?.event).toEqual({ type: 'started', incarnation: 2 });
    expect(ensemble.events('resumed')).toEqual([]);
  });

  it('reads what waits in its sockets before it believes that they are silent', () => {
    const ensemble = withWriter();
    const op = ensemble.submit(0, createNode('/x'));
    ensemble.forMs(1);
    // Two thirds of the session's 30 s are the client's patience.
    ensemble.strike(pause([clientTarget('writer')], 22_000));
    ensemble.forMs(22_001);
    expect(ensemble.answer(0, op)?.event.err).toBe(0);
    expect(ensemble.events('keeperState').map(({ state }) => state)).toEqual(['SyncConnected']);
  });

  it('for longer than syncLimit ticks is given up by its leader, and comes back', () => {
    const ensemble = withWriter();
    ensemble.strike(pause([serverTarget(1)], 15_000));
    ensemble.until(() => ensemble.events('resumed').length === 1);
    expect(ensemble.events('learnerDropped')).toMatchObject([{ learner: 1 }]);
    ensemble.untilServing();
    ensemble.forMs(5000);
    expect(ensemble.events('serving', ensemble.server(1).party)).toHaveLength(2);
    expect(ensemble.events('established')).toHaveLength(1);
  });
});

describe('a leader that wakes up', () => {
  /** Its sessions' timeouts are over, and their pings wait in its sockets. Whether the session expired. */
  function expiresOnWaking(seed: string): boolean {
    const clients = [clientPlan('alice', SERVERS, { sessionTimeoutMs: 4000 })];
    const plan = runPlan(ensembleOf(SERVERS, { syncLimit: 20, tickTime: 1000 }), { clients });
    const ensemble = new Ensemble(plan, seed);
    const checkers = createCheckers(plan);
    ensemble.cluster.trace.addSink(checkers);
    ensemble.untilServing();
    ensemble.connect(0);
    ensemble.strike(pause([LEADER], 7000));
    ensemble.forMs(9000);
    checkers.finish();
    expect(checkers.checkers.flatMap(({ contradictions }) => contradictions)).toEqual([]);
    expect(ensemble.events('established')).toHaveLength(1);
    return ensemble.events('sessionExpired').length > 0;
  }

  it('expires sessions or hears of them first, as the seed says: its threads race', () => {
    const outcomes = Array.from({ length: 16 }, (_, i) => expiresOnWaking(String(i + 1)));
    expect(new Set(outcomes).size).toBe(2);
    expect(expiresOnWaking('3')).toBe(outcomes[2]);
  });
});
