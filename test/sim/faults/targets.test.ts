import { describe, expect, it } from 'vitest';
import { resolveTargets } from '../../../sim/faults/targets.ts';
import { clientParty } from '../../../sim/party.ts';
import type { Target } from '../../../sim/fault-plan.ts';
import { Ensemble } from '../../support/ensemble.ts';
import {
  clientTarget,
  crash,
  isolate,
  LEADER,
  restart,
  serverTarget,
  type Stroke,
} from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';

/** Servers 1 to 5 vote, 6 and 7 observe; server 5 leads. */
const SPECS = serverSpecs(5, 2);

function serving(seed = '1'): Ensemble {
  const clients = [clientPlan('alice', SPECS), clientPlan('bob', SPECS)];
  const ensemble = new Ensemble(runPlan(ensembleOf(SPECS), { clients }), seed);
  ensemble.untilServing();
  return ensemble;
}

const any = (kind: Exclude<Target['kind'], 'server' | 'client'>): Target => ({ kind });

/** Whom the targets mean, with every draw the same. */
const resolved = (ensemble: Ensemble, targets: readonly Target[], draw = 0): readonly number[] =>
  resolveTargets(targets, ensemble.cluster.cast, [3], () => draw);

describe('a target', () => {
  const ensemble = serving();
  const cases: readonly (readonly [
    what: string,
    targets: readonly Target[],
    draw: number,
    who: readonly number[],
  ])[] = [
    ['a server', [serverTarget(2)], 0, [2]],
    ['a server that does not exist', [serverTarget(9)], 0, []],
    ['a client', [clientTarget('bob')], 0, [clientParty(1)]],
    ['a client that does not exist', [clientTarget('carol')], 0, []],
    ['the leader', [LEADER], 0, [5]],
    ['any follower, lowest draw', [any('anyFollower')], 0, [1]],
    ['any follower, highest draw', [any('anyFollower')], 0.999, [4]],
    ['followers', [any('followers')], 0, [1, 2, 3, 4]],
    ['any observer, lowest draw', [any('anyObserver')], 0, [6]],
    ['any observer, highest draw', [any('anyObserver')], 0.999, [7]],
    ['observers', [any('observers')], 0, [6, 7]],
    ['any server, highest draw', [any('anyServer')], 0.999, [7]],
    ['all servers', [any('allServers')], 0, [1, 2, 3, 4, 5, 6, 7]],
    ['the last one struck', [any('lastStruck')], 0, [3]],
    ['the rest, which only a partition knows', [any('rest')], 0, []],
    ['a minority: two of five, not the leader', [any('minority')], 0, [1, 2]],
    ['a minority with the leader', [any('minorityWithLeader')], 0, [5, 1]],
    ['several, each once', [any('followers'), serverTarget(2), LEADER], 0, [1, 2, 3, 4, 5]],
  ];
  it.each(cases)('%s', (_what, targets, draw, who) => {
    expect(resolved(ensemble, targets, draw)).toEqual(who);
  });
});

describe('a role', () => {
  it('is whose it is at the moment: nobody leads until somebody serves as leader', () => {
    const ensemble = new Ensemble(runPlan(ensembleOf(SPECS)));
    for (const kind of ['leader', 'anyFollower', 'followers', 'observers', 'minorityWithLeader'] as const)
      expect(resolved(ensemble, [any(kind)]), kind).toEqual([]);
    ensemble.untilServing();
    ensemble.strike(crash([LEADER]));
    expect(resolved(ensemble, [LEADER])).toEqual([]);
    ensemble.until(() => ensemble.cluster.cast.leader() !== undefined);
    const successor = ensemble.all.findLast(({ event }) => event.type === 'established')?.party;
    expect(successor).not.toBe(5);
    expect(resolved(ensemble, [LEADER])).toEqual([successor]);
  });

  it('"any server" is one that is up', () => {
    const ensemble = serving();
    ensemble.strike(crash([serverTarget(7), serverTarget(1)]));
    expect(resolved(ensemble, [any('anyServer')], 0.999)).toEqual([6]);
    expect(resolved(ensemble, [any('anyServer')], 0)).toEqual([2]);
  });

  it('a minority is what a quorum can do without: one of three or four, none of two', () => {
    const sizes = [2, 3, 4].map((servers) => {
      const ensemble = new Ensemble(runPlan(ensembleOf(serverSpecs(servers))));
      ensemble.untilServing();
      return [
        resolved(ensemble, [any('minority')]).length,
        resolved(ensemble, [any('minorityWithLeader')]).length,
      ];
    });
    expect(sizes).toEqual([
      [0, 1],
      [1, 1],
      [1, 1],
    ]);
  });

  it('"last struck" is whom the last crash or cut found', () => {
    const ensemble = serving();
    const struck = (): unknown => ensemble.events('fault').at(-1)?.struck;
    ensemble.strike(crash([LEADER]));
    ensemble.strike(restart([any('lastStruck')]));
    expect(struck()).toEqual([5]);
    ensemble.strike(isolate([serverTarget(2)]));
    ensemble.strike(crash([any('lastStruck')]));
    expect(struck()).toEqual([2]);
  });
});

describe('the draw of a fault', () => {
  const struckBy = (seed: string, index: number, before: readonly Stroke[] = []): unknown => {
    const ensemble = serving(seed);
    for (const [at, fault] of before.entries()) ensemble.strike(fault, 100 + at);
    ensemble.strike(isolate([any('minority')]), index);
    return ensemble.events('fault').at(-1)?.struck;
  };

  it('is the same for the same entry, whatever else has drawn', () => {
    expect(struckBy('1', 3, [isolate([any('anyFollower')], 1), isolate([any('minority')], 1)])).toEqual(
      struckBy('1', 3),
    );
  });

  it('differs from entry to entry and from seed to seed', () => {
    const byIndex = Array.from({ length: 12 }, (_, index) => JSON.stringify(struckBy('1', index)));
    const bySeed = Array.from({ length: 12 }, (_, seed) => JSON.stringify(struckBy(String(seed), 0)));
    expect(new Set(byIndex).size).toBeGreaterThan(3);
    expect(new Set(bySeed).size).toBeGreaterThan(3);
  });
});
