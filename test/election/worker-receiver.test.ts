import { describe, expect, it } from 'vitest';
import type { Vote } from '../../protocol/election/vote.ts';
import { sid } from '../../protocol/ids.ts';
import type { ServerState } from '../../protocol/packets.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { ElectionBench, voteFor } from '../support/election-bench.ts';
import { serverSpecs } from '../support/plans.ts';

/** Three voters and the observer 4. */
const SERVERS = serverSpecs(3, 1);
const ROUND = 7;
const DECIDED: Vote = { ...voteFor(3), electionEpoch: ROUND, state: 'FOLLOWING', version: 2 };

/** Server 1 in this state, having decided for 3 in round 7 unless it looks. */
function serverIn(state: ServerState): ElectionBench {
  const bench = new ElectionBench({ servers: SERVERS });
  bench.look();
  bench.takeSent();
  bench.serverState = state;
  if (state !== 'LOOKING') bench.currentVote = DECIDED;
  return bench;
}

const SETTLED: readonly ServerState[] = ['FOLLOWING', 'LEADING', 'OBSERVING'];
const ALL: readonly ServerState[] = ['LOOKING', ...SETTLED];

describe('a voter that is LOOKING', () => {
  it('answers a LOOKING voter of an earlier round with its own proposal and round', () => {
    const bench = serverIn('LOOKING');
    bench.receive(2, voteFor(2), { round: bench.election.logicalclock - 1 });
    expect(bench.takeSent()).toEqual([
      {
        to: sid(2),
        notification: { type: 'notification', state: 'LOOKING', ...voteFor(1), electionEpoch: 1 },
      },
    ]);
  });

  it('answers no LOOKING voter of its own round unless the proposal changes', () => {
    const bench = serverIn('LOOKING');
    bench.receive(2, voteFor(2, 1, 4));
    expect(bench.takeSent()).toEqual([]);
  });

  it.each(SETTLED)('takes notice of a voter that is %s without an answer', (state) => {
    const bench = serverIn('LOOKING');
    bench.receive(2, voteFor(3), { state, round: 4 });
    expect(bench.takeSent()).toEqual([]);
  });
});

describe.each(SETTLED)('a server that is %s', (mine) => {
  it('answers a LOOKING voter with the vote it decided on, in the round of that vote', () => {
    const bench = serverIn(mine);
    bench.receive(2, voteFor(2), { round: 99 });
    const notification = { type: 'notification', state: mine, ...voteFor(3), electionEpoch: ROUND };
    expect(bench.takeSent()).toEqual([{ to: sid(2), notification }]);
  });

  it.each(SETTLED)('says nothing to a voter that is %s', (state) => {
    const bench = serverIn(mine);
    bench.receive(2, voteFor(2), { state });
    expect(bench.takeSent()).toEqual([]);
  });

  it('keeps no notification for its next election', () => {
    const bench = serverIn(mine);
    for (const from of [2, 3])
      bench.receive(from, voteFor(3), { state: from === 3 ? 'LEADING' : 'FOLLOWING' });
    bench.serverState = 'LOOKING';
    bench.look();
    expect(bench.elected).toEqual([]);
  });
});

describe('whoever has no vote', () => {
  it.each(ALL.flatMap((mine) => ALL.map((theirs) => [mine, theirs] as const)))(
    'is answered at once by a server that is %s, though it is %s itself',
    (mine, theirs) => {
      const bench = serverIn(mine);
      bench.receive(4, voteFor(4), { state: theirs, round: 99 });
      const vote = mine === 'LOOKING' ? voteFor(1) : voteFor(3);
      const notification = { type: 'notification', state: mine, ...vote, electionEpoch: 1 };
      expect(bench.takeSent()).toEqual([{ to: sid(4), notification }]);
    },
  );

  it('is told the vote last decided on, not the proposal of the round', () => {
    const bench = serverIn('LOOKING');
    bench.receive(2, voteFor(2, 1, 9));
    bench.takeSent();
    bench.receive(4, voteFor(4));
    expect(bench.takeSent().map(({ notification }) => notification.leader)).toEqual([sid(1)]);
  });
});

describe('the queue before the receiver', () => {
  it('keeps the newest hundred notifications', () => {
    const bench = serverIn('LEADING');
    for (let i = 0; i < 130; i++) {
      bench.election.onNotification(sid(2), {
        type: 'notification',
        state: 'LOOKING',
        leader: sid(2),
        zxid: makeZxid(1, i),
        peerEpoch: 1,
        electionEpoch: 1,
      });
    }
    bench.runStages();
    expect(bench.takeSent()).toHaveLength(100);
  });
});
