import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Campaign } from '../../../sim/fuzz/campaign.ts';
import type { FuzzOutcome } from '../../../sim/fuzz/outcome.ts';
import { outcomeOf } from '../../support/fuzz-world.ts';

const told = (outcomes: readonly FuzzOutcome[]): unknown => {
  const campaign = new Campaign();
  for (const outcome of outcomes) campaign.add(outcome);
  const { runs, events, virtualMs, coverage, failures, troubles } = campaign;
  return { runs, events, virtualMs, coverage, failures, troubles };
};

const lost = (zxid: string): FuzzOutcome['broken'] => [
  { promise: 'nothing-committed-lost', evidence: [`server 1 lost ${zxid} at 12.5 ms`] },
];

describe('a campaign', () => {
  const outcomes = [
    outcomeOf(0, { events: 10, coverage: { TRUNC: 2 } }),
    outcomeOf(1, { kind: 'broken', broken: lost('0x100000007') }),
    outcomeOf(2, { kind: 'hung', error: 'stopped after 60 s' }),
    outcomeOf(3, { kind: 'broken', broken: lost('0x200000001') }),
    outcomeOf(4, { kind: 'broken', broken: [{ promise: 'watches', evidence: ['a watch fired twice'] }] }),
    outcomeOf(5, { kind: 'threw', error: 'assertion' }),
    outcomeOf(6, { coverage: { TRUNC: 1, SNAP: 1 } }),
  ];

  it('tells the same in whatever order its runs end', () => {
    const usual = told(outcomes);
    fc.assert(
      fc.property(fc.shuffledSubarray(outcomes, { minLength: outcomes.length }), (shuffled) => {
        expect(told(shuffled)).toEqual(usual);
      }),
    );
  });

  it('reports a defect once, for the first run that found it, however often it was found', () => {
    const campaign = new Campaign();
    for (const outcome of outcomes.toReversed()) campaign.add(outcome);
    expect(campaign.failures).toMatchObject([
      {
        promise: 'nothing-committed-lost',
        index: 1,
        seed: '7/1',
        runs: 2,
        evidence: lost('0x100000007')[0]?.evidence,
      },
      { promise: 'watches', index: 4, runs: 1 },
    ]);
  });

  it('holds two promises that one run broke apart', () => {
    const campaign = new Campaign();
    campaign.add(
      outcomeOf(0, { kind: 'broken', broken: [...lost('0x1'), { promise: 'watches', evidence: ['x'] }] }),
    );
    expect(campaign.failures.map(({ promise }) => promise)).toEqual(['nothing-committed-lost', 'watches']);
  });

  it('names runs that gave no verdict by their seeds', () => {
    const campaign = new Campaign();
    for (const outcome of outcomes) campaign.add(outcome);
    expect(campaign.troubles).toEqual([
      { kind: 'hung', index: 2, seed: '7/2', error: 'stopped after 60 s' },
      { kind: 'threw', index: 5, seed: '7/5', error: 'assertion' },
    ]);
  });

  it('adds up the coverage, zeros included, but for faults that are never drawn', () => {
    const campaign = new Campaign();
    for (const outcome of outcomes) campaign.add(outcome);
    expect(campaign.coverage).toMatchObject({ TRUNC: 3, SNAP: 1, 'epoch rollover': 0, 'fault: crash': 0 });
    expect(campaign.coverage).not.toHaveProperty('fault: loseLog');
  });
});
