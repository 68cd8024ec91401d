import { describe, expect, it } from 'vitest';
import { sid } from '../../protocol/ids.ts';
import { Discovery } from '../../protocol/leader/discovery.ts';
import { QuorumMaj } from '../../protocol/quorum.ts';
import { makeZxid } from '../../protocol/zxid.ts';

const SUMMARY = { currentEpoch: 3, zxid: makeZxid(3, 7) };

/** Server 1 leads an ensemble of five. */
const discovery = (): Discovery =>
  new Discovery({
    self: sid(1),
    verifier: new QuorumMaj(new Set([1, 2, 3, 4, 5].map(sid))),
    summary: SUMMARY,
  });

describe('the new epoch', () => {
  it.each([
    [
      'the leader and two followers',
      [
        [1, 3],
        [2, 3],
        [3, 3],
      ],
      4,
    ],
    [
      'followers of which one has accepted more',
      [
        [2, 3],
        [3, 8],
        [1, 3],
      ],
      9,
    ],
  ] as const)('is one more than what %s have accepted', (_who, connections, epoch) => {
    const agreement = discovery();
    const completed = connections.map(([server, accepted]) => agreement.connect(sid(server), accepted));
    expect(completed).toEqual([false, false, true]);
    expect(agreement.epoch).toBe(epoch);
  });

  it('waits for the leader itself, and for a quorum of voters', () => {
    const agreement = discovery();
    expect([2, 3, 4, 5].map((server) => agreement.connect(sid(server), 3))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    const alone = discovery();
    expect([1, 6, 7].map((server) => alone.connect(sid(server), 3))).toEqual([false, false, false]);
  });

  it('stays what it is for those who come later', () => {
    const agreement = discovery();
    for (const server of [1, 2, 3]) agreement.connect(sid(server), 3);
    expect(agreement.connect(sid(4), 20)).toBe(false);
    expect(agreement.epoch).toBe(4);
  });
});

describe('an acknowledgement of the epoch', () => {
  it.each([
    ['the same history', 3, makeZxid(3, 7), undefined],
    ['a shorter history', 3, makeZxid(3, 6), undefined],
    ['an older epoch with a longer history', 2, makeZxid(3, 9), undefined],
    ['a longer history of the same epoch', 3, makeZxid(3, 8), 'it is ahead of the leader'],
    ['a newer epoch with a shorter history', 4, makeZxid(1, 1), 'it is ahead of the leader'],
  ] as const)('from a learner with %s', (_what, currentEpoch, zxid, refusal) => {
    const agreement = discovery();
    expect(agreement.acknowledge(sid(2), { currentEpoch, zxid })).toBe(refusal);
    expect(agreement.epochAcks).toEqual(refusal === undefined ? [2] : []);
  });

  it('of an epoch that was accepted before is taken but not counted', () => {
    const agreement = discovery();
    agreement.acknowledge(sid(1), SUMMARY);
    agreement.acknowledge(sid(2), SUMMARY);
    expect(agreement.acknowledge(sid(3), { ...SUMMARY, currentEpoch: -1 })).toBeUndefined();
    expect(agreement.isEpochAcked).toBe(false);
    agreement.acknowledge(sid(3), SUMMARY);
    expect(agreement.isEpochAcked).toBe(true);
  });
});
