import { describe, expect, it } from 'vitest';
import { defined } from '../../../protocol/assert.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { isCalm } from '../../../sim/calm/level.ts';
import type { Target } from '../../../sim/fault-plan.ts';
import type { SimulatedServer } from '../../../sim/process/simulated-server.ts';
import { Ensemble } from '../../support/ensemble.ts';
import { serverTarget, slowDisk, slowLink } from '../../support/faults.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';
import { createNode } from '../../support/requests.ts';

const SERVERS = serverSpecs(3);
const WRITES = 400;

/** Three servers, a client on the leader, and a follower that a test makes slow. */
class SlowOne {
  readonly ensemble: Ensemble;
  readonly slow: SimulatedServer;
  /** The most proposals for the slow one that were not even on their way to it (at least). */
  longestQueue = 0;
  #answered = 0;

  constructor(seed: string) {
    const clients = [clientPlan('writer', SERVERS.slice(2))];
    this.ensemble = new Ensemble(runPlan(ensembleOf(SERVERS), { clients }), seed);
    this.ensemble.untilServing();
    this.slow = defined(this.ensemble.followers[0], 'a follower');
    this.ensemble.connect(0);
    this.ensemble.cluster.trace.addSink({
      onEvent: (_at, _party, event) => {
        if (event.type === 'answered') this.#answered++;
      },
    });
  }

  get target(): readonly Target[] {
    return [serverTarget(this.slow.sid)];
  }

  get others(): readonly Target[] {
    return SERVERS.filter((spec) => spec.sid !== this.slow.sid).map((spec) => serverTarget(spec.sid));
  }

  /** Eight at a time, until the last one is acknowledged. Answers how long that took, ms. */
  write(): number {
    const startMs = this.ensemble.nowMs;
    let asked = 0;
    while (asked < WRITES) {
      for (let i = 0; i < 8; i++) this.ensemble.submit(0, createNode(`/n${asked++}`));
      this.ensemble.until(() => this.#answered >= asked);
      this.longestQueue = Math.max(this.longestQueue, this.undelivered - this.#underWay);
    }
    return this.ensemble.nowMs - startMs;
  }

  get failures(): number {
    return this.ensemble.events('answered').filter(({ err }) => err !== ErrorCode.OK).length;
  }

  /** Proposals that the leader has made and the slow one has not received. */
  get undelivered(): number {
    const { leader } = this.ensemble;
    const received = this.ensemble
      .events('delivered', this.slow.party)
      .filter(({ packet }) => packet.type === 'PROPOSAL');
    return this.ensemble.events('proposed', leader.party).length - received.length;
  }

  get #underWay(): number {
    return this.ensemble.cluster.network.inFlight(this.ensemble.leader.party, this.slow.party);
  }

  get isLevel(): boolean {
    return isCalm(this.ensemble.cluster.cast);
  }
}

describe.each(['1', '2', '3'])('a follower with a slow link, seed %s,', (seed) => {
  it('delays nobody; what it lacks waits in its queue at the leader, and in the end it has everything', () => {
    const story = new SlowOne(seed);
    const { ensemble, slow } = story;
    ensemble.strike(slowLink([story.target, story.others], 300));
    expect(story.write()).toBeLessThan(1000);
    expect(story.failures).toBe(0);
    expect(story.longestQueue).toBeGreaterThan(WRITES / 4);
    expect(story.undelivered).toBeGreaterThan(WRITES / 2);
    expect(slow.peer?.view.isServing).toBe(true);
    ensemble.until(() => story.isLevel);
    expect(story.undelivered).toBe(0);
    expect(slow.peer?.znode(`/n${WRITES - 1}`)).toBeDefined();
    expect(ensemble.events('learnerDropped')).toEqual([]);
  });
});

describe('a follower with a slow disk', () => {
  it('delays nobody and flushes many txns at a time', () => {
    const story = new SlowOne('1');
    const { ensemble, slow } = story;
    ensemble.strike(slowDisk(story.target, 150));
    expect(story.write()).toBeLessThan(1000);
    ensemble.until(() => story.isLevel);
    const newest = defined(slow.peer, 'the slow one').view.lastProcessedZxid;
    const flushed = ensemble.events('logFlushed', slow.party).map(({ zxid }) => zxid);
    ensemble.until(() => ensemble.events('logFlushed', slow.party).at(-1)?.zxid === newest);
    expect(flushed.at(-1)).toBeLessThan(newest);
    expect(ensemble.events('logFlushed', slow.party).length).toBeLessThan(WRITES / 20);
  });

  it('applies what others have logged before its own log is durable', () => {
    const story = new SlowOne('2');
    const { ensemble, slow } = story;
    ensemble.strike(slowDisk(story.target, 2000));
    ensemble.request(0, createNode('/x'));
    ensemble.forMs(20);
    const applied = defined(slow.peer, 'the slow one').view.lastProcessedZxid;
    expect(slow.peer?.znode('/x')).toBeDefined();
    expect(ensemble.events('logFlushed', slow.party).at(-1)?.zxid).toBeLessThan(applied);
  });
});

describe('a leader with a slow disk', () => {
  it('commits what its followers have logged: its own log is one of three', () => {
    const story = new SlowOne('1');
    const { ensemble } = story;
    ensemble.strike(slowDisk([serverTarget(ensemble.leader.sid)], 2000));
    ensemble.request(0, createNode('/x'));
    const commits = ensemble.events('committed');
    const followers = ensemble.followers.map((server) => server.sid);
    expect(new Set(commits.at(-1)?.acks)).toEqual(new Set(followers));
    expect(ensemble.events('logFlushed', ensemble.leader.party).at(-1)?.zxid).toBeLessThan(
      defined(commits.at(-1), 'a commit').zxid,
    );
  });
});

describe('group commit', () => {
  it('covers txns that come together with fewer flushes, and one that comes alone with one', () => {
    const story = new SlowOne('1');
    const { ensemble } = story;
    const flushes = (): number => ensemble.events('logFlushed', ensemble.leader.party).length;
    ensemble.forMs(1000);
    const before = flushes();
    ensemble.submit(0, createNode('/alone'));
    ensemble.forMs(100);
    expect(flushes() - before).toBe(1);
    story.write();
    ensemble.forMs(100);
    expect(flushes() - before).toBeLessThan(WRITES / 4);
  });
});
