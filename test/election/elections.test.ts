import { describe, expect, it } from 'vitest';
import { defined } from '../../protocol/assert.ts';
import { beats, type Candidate } from '../../protocol/election/vote.ts';
import { sid, type Sid } from '../../protocol/ids.ts';
import { createVerifier } from '../../protocol/quorum.ts';
import { serverParty } from '../../sim/party.ts';
import { HandDriven } from '../support/hand-driven.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../support/plans.ts';
import type { ServerSpec } from '../../protocol/config.ts';
import type { RequestBody } from '../../protocol/client-packets.ts';

const setRoot = (data: string): RequestBody => ({
  op: 'setData',
  path: '/',
  data: new TextEncoder().encode(data),
  version: -1,
});

/** Elections among servers whose disks hold different histories, brought about by crashes. */
class Story {
  readonly driven: HandDriven;
  readonly servers: readonly ServerSpec[];

  /** Client n writes through server n + 1. */
  constructor(count: number, seed: string, observers = 0) {
    this.servers = serverSpecs(count, observers);
    const clients = this.servers.map((server) => clientPlan(`c${server.sid}`, [server]));
    this.driven = new HandDriven(runPlan(ensembleOf(this.servers), { clients }), seed);
  }

  crash(...sids: readonly number[]): void {
    for (const n of sids) this.#server(n).crash('none', false);
  }

  /** They come up at once, and look for a leader before anybody else knows of them. */
  restart(...sids: readonly number[]): void {
    for (const n of sids) this.#server(n).boot();
  }

  #server(n: number) {
    return defined(this.driven.cluster.cast.server(sid(n)), `server ${n}`);
  }

  /** The next leader after now. */
  nextLeader(): Sid {
    const before = this.driven.events('established').length;
    this.driven.until(() => this.driven.events('established').length > before);
    return defined(this.driven.cluster.cast.leader(), 'a leader').sid;
  }

  /** What each of these servers proposed when it last began to look: itself. */
  candidates(sids: readonly number[]): readonly Candidate[] {
    return sids.map((n) => {
      const own = this.driven
        .events('voteChanged', serverParty(sid(n)))
        .findLast((vote) => vote.leader === n);
      return defined(own, `a vote of ${n}`);
    });
  }

  best(sids: readonly number[]): Sid {
    const verifier = createVerifier(ensembleOf(this.servers));
    const [first, ...others] = this.candidates(sids);
    return others.reduce((best, vote) => (beats(verifier, vote, best) ? vote : best), defined(first, 'one'))
      .leader;
  }
}

describe('the elected leader', () => {
  it.each([3, 5])('of %d servers without a history is the one with the largest sid', (count) => {
    const story = new Story(count, 'empty');
    expect(story.nextLeader()).toBe(count);
  });

  it('is the one with the longer log, though its sid is the smallest', () => {
    const story = new Story(3, 'log');
    story.driven.untilServing();
    story.driven.connect(2);
    story.crash(2);
    for (const data of ['a', 'b']) story.driven.request(2, setRoot(data));
    story.crash(3, 1);
    story.restart(1, 2);
    expect([story.nextLeader(), story.best([1, 2])]).toEqual([1, 1]);
  });

  it('is the one of the later epoch, though the other has more txns and the larger sid', () => {
    const story = new Story(3, 'epoch');
    story.driven.untilServing();
    story.driven.connect(2);
    for (const data of ['a', 'b', 'c']) story.driven.request(2, setRoot(data));
    // 3 keeps a txn to itself: 1 and 2 are down before it is logged there.
    story.crash(1, 2);
    story.driven.client(2).run(() => void story.driven.client(2).client.submit(setRoot('d')));
    story.driven.forMs(100);
    story.crash(3);
    // 1 and 2 begin epoch 2, and 2 dies before anything is written in it.
    story.restart(1, 2);
    expect(story.nextLeader()).toBe(2);
    story.driven.forMs(100);
    story.crash(1, 2);
    story.restart(1, 3);
    const leader = story.nextLeader();
    const [one, three] = story.candidates([1, 3]);
    expect(leader).toBe(1);
    expect(one).toMatchObject({ peerEpoch: 2 });
    expect(three).toMatchObject({ peerEpoch: 1 });
    expect(defined(three, 'three').zxid).toBeGreaterThan(defined(one, 'one').zxid);
  });

  it('is not an observer', () => {
    const story = new Story(3, 'observer', 2);
    expect(story.nextLeader()).toBe(3);
    story.driven.untilServing();
    expect(story.driven.events('elected', serverParty(sid(5)))).toMatchObject([{ leader: 3 }]);
  });

  it('stays, when a better candidate comes back', () => {
    const story = new Story(3, 'stays');
    story.driven.untilServing();
    story.driven.connect(0);
    story.driven.forMs(100);
    story.crash(3);
    expect(story.nextLeader()).toBe(2);
    story.restart(3);
    story.driven.untilServing();
    expect(story.driven.cluster.cast.leader()?.sid).toBe(2);
    expect(story.driven.events('elected', serverParty(sid(3))).at(-1)).toMatchObject({ leader: 2 });
  });
});

/** Whatever crashed before: among servers that start together, the first of their votes in ZooKeeper's order wins. */
describe.each(['a', 'b', 'c', 'd', 'e', 'f'])('after a story with seed %s', (seed) => {
  it('the best candidate of those that start together leads', () => {
    const story = new Story(5, seed);
    const { driven } = story;
    driven.untilServing();
    driven.connect(4);
    const sets = [
      [1, 2],
      [3, 4],
      [1, 4],
    ];
    const nth = seed.charCodeAt(0);
    for (let i = 0; i < 3; i++) {
      story.crash(defined(sets[(nth + i) % 3], 'set')[i % 2] ?? 1);
      driven.request(4, setRoot(`${seed}${i}`));
    }
    story.crash(1, 2, 3, 4, 5);
    const electorate = [0, 1, 2].map((i) => ((nth * (i + 1)) % 5) + 1);
    const up = [...new Set([...electorate, 1, 2, 3])].slice(0, 3);
    story.restart(...up);
    expect(story.nextLeader()).toBe(story.best(up));
  });
});
