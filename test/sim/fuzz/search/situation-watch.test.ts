import { describe, expect, it } from 'vitest';
import { sid } from '../../../../protocol/ids.ts';
import { makeZxid } from '../../../../protocol/zxid.ts';
import { SituationWatch } from '../../../../sim/fuzz/search/situation-watch.ts';
import { serverParty, WORLD } from '../../../../sim/party.ts';
import { fromMs } from '../../../../sim/time.ts';
import type { TraceEvent } from '../../../../sim/trace-events.ts';

const [ONE, TWO] = [serverParty(sid(1)), serverParty(sid(2))];
const ACKED = { type: 'newLeaderAcked', epoch: 1 } as const;
const PING = {
  type: 'delivered',
  from: TWO,
  packet: { type: 'PING', zxid: makeZxid(1, 0), touched: [] },
} as const;
const FLUSHED = { type: 'logFlushed', zxid: makeZxid(1, 1) } as const;
const FOLLOWING = { type: 'state', from: 'LOOKING', to: 'FOLLOWING', reason: 'elected' } as const;
const CRASH = { type: 'fault', kind: 'crash', text: 'crash: zk1', cause: 'at 1 ms', struck: [ONE] } as const;

type Step = readonly [atMs: number, party: number, event: TraceEvent];

const seenIn = (steps: readonly Step[], untilMs = Infinity): ReadonlyMap<number, number> => {
  const watch = new SituationWatch(untilMs);
  for (const [atMs, party, event] of steps) watch.onEvent(fromMs(atMs), party, event);
  return watch.seen;
};
/** Situations of the second that are not among those of the first. */
const newIn = (before: readonly Step[], steps: readonly Step[]): number => {
  const known = seenIn(before);
  return [...seenIn(steps).keys()].filter((situation) => !known.has(situation)).length;
};

describe('the situations of a run', () => {
  const beginning: readonly Step[] = [
    [1, ONE, { type: 'started', incarnation: 1 }],
    [2, ONE, ACKED],
  ];

  it('are noted once, with the time at which the run first came into them', () => {
    const seen = seenIn([...beginning, [9, ONE, ACKED]]);
    expect(seen).toEqual(seenIn(beginning));
    expect([...seen.values()]).toContain(2);
  });

  it('are the same whichever server is in them', () => {
    expect(
      newIn(beginning, [
        [1, TWO, { type: 'started', incarnation: 1 }],
        [2, TWO, ACKED],
      ]),
    ).toBe(0);
  });

  it.each<[string, Step[]]>([
    [
      'another role',
      [
        [3, ONE, FOLLOWING],
        [4, ONE, ACKED],
      ],
    ],
    [
      'a log that is ahead of the tree',
      [
        [3, ONE, FLUSHED],
        [4, ONE, ACKED],
      ],
    ],
    [
      'an epoch that is ahead of the log',
      [
        [3, ONE, { type: 'epochWritten', file: 'currentEpoch', epoch: 3 }],
        [4, ONE, ACKED],
      ],
    ],
    ['a fault', [[3, WORLD, CRASH]]],
    [
      'a fault at a server whose log is ahead',
      [
        [3, ONE, FLUSHED],
        [4, WORLD, CRASH],
      ],
    ],
  ])('are others with %s', (_, steps) => {
    expect(newIn(beginning, [...beginning, ...steps])).toBeGreaterThan(0);
    const last = steps.slice(0, -1);
    expect(newIn([...beginning, ...last], [...beginning, ...steps])).toBeGreaterThan(0);
  });

  it('leave out heartbeats, and what comes too late', () => {
    expect(newIn(beginning, [...beginning, [3, ONE, PING]])).toBe(0);
    expect(seenIn([...beginning, [50, ONE, FOLLOWING]], 50)).toEqual(seenIn(beginning));
  });
});
