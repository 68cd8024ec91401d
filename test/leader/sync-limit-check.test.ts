import { describe, expect, it } from 'vitest';
import { SyncLimitCheck } from '../../protocol/leader/sync-limit-check.ts';
import { makeZxid } from '../../protocol/zxid.ts';

const LIMIT_MS = 100;

/** Within its limit at `atMs`? `p2@30`: proposal 2 is sent at 30 ms; `a2`: it is acknowledged. */
function isWithinLimit(story: string, atMs: number, isStarted = true): boolean {
  const check = new SyncLimitCheck(LIMIT_MS);
  if (isStarted) check.start();
  for (const step of story.split(' ').filter((word) => word !== '')) {
    const [counter, ms] = step.slice(1).split('@').map(Number);
    const zxid = makeZxid(1, counter ?? 0);
    if (step.startsWith('p')) check.updateProposal(zxid, ms ?? 0);
    else check.updateAck(zxid);
  }
  return check.isWithinLimit(atMs);
}

describe('a learner is given up for an unacknowledged PROPOSAL', () => {
  it.each([
    ['none was sent', '', 9999, true],
    ['just before the limit', 'p1@0', 99, true],
    ['at the limit', 'p1@0', 100, false],
    ['acknowledged', 'p1@0 a1', 9999, true],
    ['the oldest counts', 'p1@0 p2@90', 100, false],
    ['once the oldest is acknowledged, the newest counts', 'p1@0 p2@50 a1', 149, true],
    ['once the oldest is acknowledged, the newest counts', 'p1@0 p2@50 a1', 150, false],
    ['those between the oldest and the newest are not remembered', 'p1@0 p2@10 p3@90 a1', 189, true],
    ['an acknowledgement of one in between changes nothing', 'p1@0 p2@10 p3@90 a2', 100, false],
    ['the newest acknowledged first is forgotten', 'p1@0 p2@10 a2 a1', 9999, true],
    ['one after all were acknowledged', 'p1@0 a1 p2@70', 169, true],
    ['one after all were acknowledged', 'p1@0 a1 p2@70', 170, false],
  ] as const)('%s: %s at %d ms', (_, story, atMs, expected) => {
    expect(isWithinLimit(story, atMs)).toBe(expected);
  });

  it('but for none that was sent before NEWLEADER was acknowledged', () => {
    expect(isWithinLimit('p1@0', 9999, false)).toBe(true);
  });
});
