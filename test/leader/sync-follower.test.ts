import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Txn } from '../../protocol/database/txn.ts';
import { syncFollower, type LeaderHistory, type SyncPlan } from '../../protocol/leader/sync-follower.ts';
import { releaseWithIssue } from '../../protocol/release/release.ts';
import { TxnLog } from '../../protocol/storage/txn-log.ts';
import { makeZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import { txnAt, txnsOf } from '../support/server-bench.ts';

interface HistoryInit {
  readonly committedLog: readonly Txn[];
  /** On disk, oldest first; absent: log-based sync is off. */
  readonly logged?: readonly Txn[];
  /** The last of the committed log unless said otherwise: an established leader without txns has (epoch, 0). */
  readonly last?: Zxid;
}

function historyOf({ committedLog, logged, last }: HistoryInit): LeaderHistory {
  const end = last ?? committedLog.at(-1)?.zxid ?? NO_TXNS;
  const log = new TxnLog([{ records: logged ?? [] }]);
  return {
    lastProcessedZxid: end,
    lastCommitted: end,
    committedLog,
    txnLogFrom: (zxid) => log.proposalsFrom(zxid, 0),
  };
}

/** `DIFF 2:5 | 2:4 2:5`: the first packet, then the txns that follow, each with its COMMIT. */
function textOf({ mode, packets }: SyncPlan): string {
  const name = (zxid: Zxid): string => `${Math.floor(zxid / 2 ** 32)}:${zxid % 2 ** 32}`;
  const [first, ...rest] = packets;
  if (mode === 'SNAP' || first === undefined) return `${mode}${packets.length === 0 ? '' : ' with packets'}`;
  const proposed = rest.flatMap((packet) => (packet.type === 'PROPOSAL' ? [packet.txn.zxid] : []));
  const committed = rest.flatMap((packet) => (packet.type === 'COMMIT' ? [packet.zxid] : []));
  expect([committed, rest.length]).toEqual([proposed, 2 * proposed.length]);
  const head = `${first.type} ${'zxid' in first ? name(first.zxid) : ''}`;
  return proposed.length === 0 ? head : `${head} | ${proposed.map(name).join(' ')}`;
}

const z = makeZxid;
/** (1, 3) … (1, 6), (2, 1), (2, 2): two epochs, the first txns fallen out. */
const TWO_EPOCHS = [...txnsOf(1, 3, 6), ...txnsOf(2, 1, 2)];
const ON_DISK = [...txnsOf(1, 1, 6), ...txnsOf(2, 1, 2)];

describe('how a learner is brought to its leader', () => {
  const rows: readonly (readonly [string, Zxid, HistoryInit, string])[] = [
    // Rule 1: they are equal.
    ['equal: an empty DIFF', z(2, 2), { committedLog: TWO_EPOCHS }, 'DIFF 2:2'],
    ['equal at the start of an epoch', z(3, 0), { committedLog: TWO_EPOCHS, last: z(3, 0) }, 'DIFF 3:0'],
    ['both empty', NO_TXNS, { committedLog: [] }, 'DIFF 0:0'],
    // Rule 2: the learner is ahead.
    ['ahead in the same epoch: TRUNC to the newest', z(2, 4), { committedLog: TWO_EPOCHS }, 'TRUNC 2:2'],
    ['ahead in a later epoch: TRUNC to the newest', z(3, 1), { committedLog: TWO_EPOCHS }, 'TRUNC 2:2'],
    [
      'ahead of an established leader without txns',
      z(2, 4),
      { committedLog: TWO_EPOCHS, last: z(3, 0) },
      'TRUNC 2:2',
    ],
    ['ahead of a leader that loaded a snapshot', z(2, 4), { committedLog: [], last: z(2, 2) }, 'TRUNC 2:2'],
    // Rule 3: within the committed log.
    ['the oldest in memory', z(1, 3), { committedLog: TWO_EPOCHS }, 'DIFF 2:2 | 1:4 1:5 1:6 2:1 2:2'],
    ['one behind', z(2, 1), { committedLog: TWO_EPOCHS }, 'DIFF 2:2 | 2:2'],
    ['at the end, the leader established', z(2, 2), { committedLog: TWO_EPOCHS, last: z(3, 0) }, 'DIFF 2:2'],
    [
      'a tail that the leader never saw: cut, then the rest',
      z(1, 9),
      { committedLog: [...txnsOf(1, 3, 6), txnAt(1, 20)] },
      'TRUNC 1:6 | 1:20',
    ],
    [
      'a tail of an epoch that ended earlier here: TRUNC would cross it',
      z(1, 9),
      { committedLog: TWO_EPOCHS },
      'SNAP',
    ],
    ['at the start of an epoch that has txns', z(2, 0), { committedLog: TWO_EPOCHS }, 'DIFF 2:2 | 2:1 2:2'],
    // Rule 4: the log on disk leads to the committed log.
    [
      'older than memory, the log reaches it',
      z(1, 1),
      { committedLog: TWO_EPOCHS, logged: ON_DISK },
      'DIFF 2:2 | 1:2 1:3 1:4 1:5 1:6 2:1 2:2',
    ],
    ['older than memory, no log', z(1, 1), { committedLog: TWO_EPOCHS }, 'SNAP'],
    [
      'older than memory, the log begins later',
      z(1, 1),
      { committedLog: TWO_EPOCHS, logged: ON_DISK.slice(1) },
      'SNAP',
    ],
    [
      'older than memory, a gap between log and memory',
      z(1, 1),
      { committedLog: txnsOf(1, 5, 6), logged: txnsOf(1, 1, 3) },
      'SNAP',
    ],
    [
      'older than memory, the log ends where memory begins',
      z(1, 1),
      { committedLog: txnsOf(1, 3, 4), logged: txnsOf(1, 1, 3) },
      'DIFF 1:4 | 1:2 1:3 1:4',
    ],
    [
      'a tail on disk that the leader never saw',
      z(1, 5),
      { committedLog: txnsOf(1, 8, 9), logged: [...txnsOf(1, 1, 4), ...txnsOf(1, 7, 9)] },
      'TRUNC 1:4 | 1:7 1:8 1:9',
    ],
    [
      'a tail of another epoch, on disk',
      z(1, 5),
      { committedLog: txnsOf(2, 2, 3), logged: [...txnsOf(1, 1, 4), ...txnsOf(2, 1, 3)] },
      'SNAP',
    ],
    [
      'the start of an epoch, on disk',
      z(2, 0),
      { committedLog: txnsOf(2, 2, 3), logged: [...txnsOf(1, 1, 4), ...txnsOf(2, 1, 3)] },
      'DIFF 2:3 | 2:1 2:2 2:3',
    ],
    // Rule 5, and what follows from all of them.
    [
      'a virgin learner, the leader has txns',
      NO_TXNS,
      { committedLog: txnsOf(1, 1, 4), logged: txnsOf(1, 1, 4) },
      'SNAP',
    ],
    [
      'a virgin learner, the leader is established and empty',
      NO_TXNS,
      { committedLog: [], last: z(1, 0) },
      'SNAP',
    ],
    [
      'a former leader of an epoch in which nothing was written',
      z(3, 0),
      { committedLog: TWO_EPOCHS },
      'SNAP',
    ],
  ];

  it.each(rows)('%s', (_, peerLastZxid, history, expected) => {
    expect(textOf(syncFollower(peerLastZxid, historyOf(history)))).toBe(expected);
  });

  it('is a DIFF for whoever ends within the committed log, in releases with ZOOKEEPER-1154', () => {
    const release = releaseWithIssue('ZOOKEEPER-1154');
    const history = historyOf({ committedLog: TWO_EPOCHS });
    expect(textOf(syncFollower(z(1, 9), history))).toBe('SNAP');
    expect(textOf(syncFollower(z(1, 9), history, release))).toBe('DIFF 2:2 | 2:1 2:2');
    expect(textOf(syncFollower(z(1, 5), history, release))).toBe('DIFF 2:2 | 1:6 2:1 2:2');
    expect(textOf(syncFollower(z(2, 4), history, release))).toBe('TRUNC 2:2');
  });

  it('sends no txn twice, though memory and log both have it', () => {
    const plan = syncFollower(z(1, 1), historyOf({ committedLog: TWO_EPOCHS, logged: ON_DISK }));
    const zxids = plan.packets.flatMap((packet) => (packet.type === 'PROPOSAL' ? [packet.txn.zxid] : []));
    expect(zxids).toEqual([...new Set(zxids)]);
  });

  it.each([
    ['DIFF', z(2, 1), z(2, 2)],
    ['TRUNC', z(2, 9), z(2, 2)],
    ['SNAP', NO_TXNS, z(2, 2)],
  ] as const)('%s tells from where on the learner must hear the news', (mode, peerLastZxid, currentZxid) => {
    const plan = syncFollower(peerLastZxid, historyOf({ committedLog: TWO_EPOCHS }));
    expect(plan).toMatchObject({ mode, currentZxid, minCommittedLog: z(1, 3), maxCommittedLog: z(2, 2) });
  });

  it('leaves to a snapshot only what is in the tree: committed txns on their way there are still to be sent', () => {
    const history = { ...historyOf({ committedLog: TWO_EPOCHS }), lastProcessedZxid: z(2, 1) };
    expect(syncFollower(NO_TXNS, history)).toMatchObject({ mode: 'SNAP', currentZxid: z(2, 1) });
  });
});

/** What a learner's log is after the plan: DIFF and TRUNC only. */
function carryOut(plan: SyncPlan, log: readonly Zxid[]): readonly Zxid[] {
  const result = [...log];
  for (const packet of plan.packets) {
    if (packet.type === 'TRUNC') while ((result.at(-1) ?? 0) > packet.zxid) result.pop();
    if (packet.type === 'PROPOSAL') result.push(packet.txn.zxid);
  }
  return result;
}

/**
 * Two histories that Zab can bring about: a common beginning; then the leader's own, and a tail that only the
 * learner has. The tail belongs to the epoch in which they part, the leader's goes on in later ones.
 */
const histories = fc
  .record({
    common: fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
    tail: fc.nat(3),
    rest: fc.array(fc.nat(3), { maxLength: 3 }),
    kept: fc.integer({ min: 1, max: 12 }),
    isLogged: fc.boolean(),
  })
  .map(({ common, tail, rest, kept, isLogged }) => {
    const shared = common.flatMap((count, at) => txnsOf(at + 1, 1, count));
    const parting = common.length;
    const end = common.at(-1) ?? 0;
    const own = rest.flatMap((count, at) => txnsOf(parting + 1 + at, 1, count));
    const leader = [...shared, ...own];
    const learner = [...shared, ...txnsOf(parting, end + 1, end + tail)].map((txn) => txn.zxid);
    const history = { committedLog: leader.slice(-kept), ...(isLogged && { logged: leader }) };
    return { history: historyOf(history), leader: leader.map((txn) => txn.zxid), learner };
  });

describe('whatever the two histories', () => {
  it('a learner that is sent DIFF or TRUNC ends with the log of its leader', () => {
    fc.assert(
      fc.property(histories, ({ history, leader, learner }) => {
        const plan = syncFollower(learner.at(-1) ?? NO_TXNS, history);
        fc.pre(plan.mode !== 'SNAP');
        expect(carryOut(plan, learner)).toEqual(leader);
        expect(plan.currentZxid).toBe(leader.at(-1) ?? NO_TXNS);
      }),
      { numRuns: 1000 },
    );
  });

  it('a snapshot is only sent where nothing less will do', () => {
    fc.assert(
      fc.property(histories, ({ history, leader, learner }) => {
        const last = learner.at(-1) ?? NO_TXNS;
        const plan = syncFollower(last, history);
        const first = history.committedLog[0]?.zxid ?? NO_TXNS;
        fc.pre(plan.mode === 'SNAP');
        const isTooOld = last < first && history.txnLogFrom(last).length === 0;
        const isForked = !leader.includes(last);
        expect(isTooOld || isForked).toBe(true);
      }),
    );
  });
});
