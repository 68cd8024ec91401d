import { describe, expect, it } from 'vitest';
import { defined } from '../../../protocol/assert.ts';
import { makeZxid } from '../../../protocol/zxid.ts';
import { toMs } from '../../../sim/time.ts';
import { Ensemble } from '../../support/ensemble.ts';
import { partition, REST, serverTarget } from '../../support/faults.ts';
import { clientPlan, constant, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { createNode } from '../../support/requests.ts';

const z = makeZxid;

/** Server 3 leads, client k is one of server k + 1, and (1, 2) is /old everywhere. */
function ledBy3(release: string): Ensemble {
  const servers = serverSpecs(3);
  const clients = servers.map((server) => clientPlan(`c${server.sid}`, [server]));
  const ensemble = new Ensemble(runPlan(ensembleOf(servers), { clients, release }));
  ensemble.untilServing();
  expect(ensemble.leader.sid).toBe(3);
  ensemble.connect(2);
  ensemble.request(2, createNode('/old'));
  ensemble.forMs(100);
  return ensemble;
}

/** The zxid with which a server went into its last election, and whether its tree had this. */
function votedWith(ensemble: Ensemble, id: number, path: string): readonly unknown[] {
  const server = ensemble.server(id);
  const rounds = ensemble.events('roundStarted', server.party).length;
  ensemble.until(() => ensemble.events('roundStarted', server.party).length > rounds);
  return [server.peer?.view.lastProcessedZxid, server.peer?.znode(path) !== undefined];
}

describe('a leader that logged a write alone and gave up', () => {
  const deposed = (release: string): Ensemble => {
    const ensemble = ledBy3(release);
    ensemble.strike(partition([[serverTarget(3)], [REST]]));
    ensemble.submit(2, createNode('/alone'));
    return ensemble;
  };

  it('votes with it', () => {
    expect(votedWith(deposed('default'), 3, '/alone')).toEqual([z(1, 3), true]);
  });

  it('votes with what it had applied, and keeps the log as it is (ZOOKEEPER-2845)', () => {
    const ensemble = deposed('ZOOKEEPER-2845');
    expect(votedWith(ensemble, 3, '/alone')).toEqual([z(1, 2), false]);
    const { party } = ensemble.server(3);
    expect(ensemble.events('logFlushed', party).at(-1)).toMatchObject({ zxid: z(1, 3) });
  });
});

describe('a follower whose log is a write behind its tree when it can’t be written', () => {
  const failing = (release: string): Ensemble => {
    const ensemble = ledBy3(release);
    const target = [serverTarget(1)];
    ensemble.strike({ kind: 'slowDisk', target, fsync: constant(50), throughput: undefined });
    ensemble.strike({ kind: 'fullDisk', target });
    ensemble.request(2, createNode('/unlogged'));
    return ensemble;
  };

  it('throws its tree away, and votes with what its disk has', () => {
    const ensemble = failing('default');
    expect(votedWith(ensemble, 1, '/unlogged')).toEqual([z(1, 2), false]);
    expect(ensemble.events('reloaded', ensemble.server(1).party)).toHaveLength(1);
  });

  it('keeps its tree, and votes with what its disk does not have (ZABSIM-4)', () => {
    const ensemble = failing('ZABSIM-4');
    expect(votedWith(ensemble, 1, '/unlogged')).toEqual([z(1, 3), true]);
    expect(ensemble.events('reloaded')).toEqual([]);
  });
});

describe('a follower that loses its leader while its disk is busy', () => {
  /** From the end of its role until it looks for another leader. */
  const pause = (release: string): number => {
    const ensemble = ledBy3(release);
    const { party } = ensemble.server(1);
    const target = [serverTarget(1)];
    ensemble.strike({ kind: 'slowDisk', target, fsync: constant(300), throughput: undefined });
    ensemble.request(2, createNode('/slow'));
    const before = ensemble.all.length;
    ensemble.server(3).crash('none', false);
    ensemble.until(() => ensemble.records('roundStarted', party, before).length > 0);
    const [ended, looks] = (['stoppedServing', 'roundStarted'] as const).map((type) =>
      toMs(defined(ensemble.records(type, party, before)[0], type).at),
    );
    return defined(looks, 'roundStarted') - defined(ended, 'stoppedServing');
  };

  it('waits for it', () => {
    expect(pause('default')).toBeGreaterThan(250);
  });

  it('does not wait (ZOOKEEPER-4712)', () => {
    expect(pause('ZOOKEEPER-4712')).toBe(0);
  });
});
