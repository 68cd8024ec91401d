import { describe, expect, it } from 'vitest';
import { ErrorCode } from '../../../protocol/errors.ts';
import { Ensemble } from '../../support/ensemble.ts';
import { clientTarget, HEAL, partition, serverTarget, slowLink } from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { createNode, readNode, readText, syncNode, writeNode } from '../../support/requests.ts';

const SERVERS = serverSpecs(3);

describe('on a follower that lags behind', () => {
  const WRITER = 0;
  const LOCAL = 1;
  const SYNCED = 2;

  function lagging(): Ensemble {
    const clients = [
      clientPlan('writer', SERVERS.slice(2)),
      clientPlan('local', SERVERS.slice(0, 1)),
      clientPlan('synced', SERVERS.slice(0, 1), { reads: 'synced' }),
    ];
    const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS), { clients }));
    ensemble.untilServing();
    for (const client of [WRITER, LOCAL, SYNCED]) ensemble.connect(client);
    ensemble.request(WRITER, createNode('/x', 'old'));
    ensemble.forMs(1000);
    ensemble.strike(slowLink([[serverTarget(1)], [serverTarget(2), serverTarget(3)]], 300));
    ensemble.request(WRITER, writeNode('/x', 'new'));
    return ensemble;
  }

  it('a local read shows what the server has, a synced one what had been acknowledged', () => {
    const ensemble = lagging();
    const synced = ensemble.submit(SYNCED, readNode('/x'));
    expect(readText(ensemble.request(LOCAL, readNode('/x')))).toBe('old');
    ensemble.until(() => ensemble.answer(SYNCED, synced) !== undefined);
    expect(ensemble.answer(SYNCED, synced)?.event.body?.data).toEqual(new TextEncoder().encode('new'));
  });

  it('a sync before a local read does the same', () => {
    const ensemble = lagging();
    ensemble.submit(LOCAL, syncNode('/x'));
    expect(readText(ensemble.request(LOCAL, readNode('/x')))).toBe('new');
  });

  it('a synced read costs a round trip to the leader, a local one none', () => {
    const ensemble = lagging();
    const askedMs = ensemble.nowMs;
    ensemble.request(LOCAL, readNode('/x'));
    expect(ensemble.nowMs - askedMs).toBeLessThan(10);
    ensemble.request(SYNCED, readNode('/x'));
    expect(ensemble.nowMs - askedMs).toBeGreaterThan(600);
  });
});

/** ZOOKEEPER-1675: it is cut off from its followers, they have elected another, and it does not know. */
describe('a deposed leader that does not know it yet', () => {
  const STAYS = 0;
  /** Two clients that connect only once the new leader serves. */
  const GOES_ON = [1, 2];

  interface Deposed {
    readonly ensemble: Ensemble;
    /** The old leader still served when the new value had been acknowledged elsewhere. */
    readonly isUnaware: boolean;
  }

  function deposed(waitMs: number): Deposed {
    const clients = [
      clientPlan('stays', SERVERS.slice(2)),
      ...GOES_ON.map((i) => clientPlan(`goesOn${i}`, SERVERS.slice(i - 1, i))),
    ];
    const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS), { clients }), String(waitMs));
    ensemble.untilServing();
    ensemble.connect(STAYS);
    ensemble.request(STAYS, createNode('/x', 'old'));
    ensemble.forMs(waitMs);
    ensemble.strike(
      partition([
        [serverTarget(3), clientTarget('stays')],
        [serverTarget(1), serverTarget(2), ...GOES_ON.map((i) => clientTarget(`goesOn${i}`))],
      ]),
    );
    ensemble.until(() => ensemble.events('established').length === 2);
    const [newcomer] = ensemble.records('established').slice(-1);
    const goesOn = newcomer?.party ?? 0;
    ensemble.connect(goesOn);
    ensemble.request(goesOn, writeNode('/x', 'new'));
    return { ensemble, isUnaware: ensemble.server(3).peer?.view.isServing === true };
  }

  /** The window between the new leader and the end of the old one is at most a tick: ten moments to cut within one. */
  const stories = Array.from({ length: 10 }, (_, i) => deposed(1000 + 200 * i));
  const unaware = stories.filter((story) => story.isUnaware);

  it('exists: it answers local reads with what it has', () => {
    expect(unaware.length).toBeGreaterThan(2);
    for (const { ensemble } of unaware) {
      expect(readText(ensemble.request(STAYS, readNode('/x')))).toBe('old');
    }
  });

  it('never answers a read behind a sync with old data', () => {
    for (const { ensemble } of stories) {
      const sync = ensemble.submit(STAYS, syncNode('/x'));
      const read = ensemble.submit(STAYS, readNode('/x'));
      ensemble.until(() => ensemble.answer(STAYS, read) !== undefined);
      expect(ensemble.answer(STAYS, sync)?.event.err).toBe(ErrorCode.CONNECTIONLOSS);
      expect(ensemble.answer(STAYS, read)?.event.err).toBe(ErrorCode.CONNECTIONLOSS);
    }
  });

  it('lets its client read the new value once it follows', () => {
    for (const { ensemble } of stories) {
      ensemble.strike(HEAL);
      ensemble.reconnected(STAYS, () => undefined);
      ensemble.submit(STAYS, syncNode('/x'));
      expect(readText(ensemble.request(STAYS, readNode('/x')))).toBe('new');
    }
  });
});
