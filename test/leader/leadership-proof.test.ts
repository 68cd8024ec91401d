import { describe, expect, it } from 'vitest';
import { sessionId, sid } from '../../protocol/ids.ts';
import { LeadershipProof, type Pinged } from '../../protocol/leader/leadership-proof.ts';
import { Request } from '../../protocol/processors/request.ts';
import { QuorumMaj } from '../../protocol/quorum.ts';
import { DEFAULT_RELEASE, releaseWithIssue } from '../../protocol/release/release.ts';
import { makeZxid } from '../../protocol/zxid.ts';

const z = (counter: number) => makeZxid(1, counter);

class Follower implements Pinged {
  readonly sid;
  isBroadcasting = true;
  pingsSent = 0;
  pingsAnswered = 0;
  /** It left a PROPOSAL unacknowledged for too long: instead of sending a PING its handler gives it up. */
  isTooSlow = false;

  constructor(n: number) {
    this.sid = sid(n);
  }

  ping(): void {
    if (this.isTooSlow) this.isBroadcasting = false;
    else this.pingsSent++;
  }

  answer(): void {
    this.pingsAnswered = this.pingsSent;
  }
}

/** Leader 1 of `voters` servers; the others follow it. */
class Bench {
  readonly followers: Follower[];
  readonly answered: number[] = [];
  committed = z(0);
  readonly proof: LeadershipProof;

  constructor(voters: number, release = DEFAULT_RELEASE) {
    const sids = Array.from({ length: voters }, (_, i) => sid(i + 1));
    this.followers = sids.slice(1).map((n) => new Follower(n));
    this.proof = new LeadershipProof({
      self: sid(1),
      verifier: new QuorumMaj(new Set(sids)),
      release,
      onProven: (request) => void this.answered.push(request.cxid),
    });
  }

  follower(n: number): Follower {
    const follower = this.followers[n - 2];
    if (follower === undefined) throw new TypeError(`no follower ${n}`);
    return follower;
  }

  sync(cxid: number, lastProposed = z(0)): void {
    const body = { op: 'sync', path: '/' } as const;
    const request = new Request({
      sessionId: sessionId('0xa'),
      cxid,
      body,
      connection: undefined,
      owner: undefined,
    });
    this.proof.add(request, lastProposed, this.followers);
    this.proceed();
  }

  answers(...sids: readonly number[]): void {
    for (const n of sids) {
      this.follower(n).answer();
      this.proceed();
    }
  }

  proceed(): void {
    this.proof.proceed(this.committed, this.followers);
  }
}

describe('a sync', () => {
  it('is answered when a quorum has answered a PING that was sent after it came', () => {
    const bench = new Bench(5);
    bench.sync(1);
    expect(bench.followers.map((follower) => follower.pingsSent)).toEqual([1, 1, 1, 1]);
    bench.answers(2);
    expect(bench.answered).toEqual([]);
    bench.answers(5);
    expect(bench.answered).toEqual([1]);
  });

  it('does not trust the answer to an earlier PING', () => {
    const bench = new Bench(3);
    for (const follower of bench.followers) follower.ping();
    bench.sync(1);
    for (const follower of bench.followers) follower.pingsAnswered = 1;
    bench.proceed();
    expect(bench.answered).toEqual([]);
    bench.answers(3);
    expect(bench.answered).toEqual([1]);
  });

  it('does not trust a follower that was given up instead of being sent a PING', () => {
    const bench = new Bench(3);
    for (const follower of bench.followers) follower.isTooSlow = true;
    bench.sync(1);
    bench.proceed();
    expect(bench.answered).toEqual([]);
  });

  it('is answered at once by a leader that is a quorum by itself', () => {
    const bench = new Bench(1);
    bench.sync(1);
    expect(bench.answered).toEqual([1]);
  });

  it('waits until what was proposed when it came is committed', () => {
    const bench = new Bench(3);
    bench.sync(1, z(7));
    bench.answers(2);
    bench.committed = z(6);
    bench.proceed();
    expect(bench.answered).toEqual([]);
    bench.committed = z(7);
    bench.proceed();
    expect(bench.answered).toEqual([1]);
  });

  it('is not answered before one that came earlier', () => {
    const bench = new Bench(3);
    bench.sync(1, z(7));
    bench.sync(2, z(7));
    bench.answers(2, 2);
    expect(bench.answered).toEqual([]);
    bench.committed = z(7);
    bench.proceed();
    expect(bench.answered).toEqual([1, 2]);
  });
});

describe('a round of PINGs', () => {
  it('serves all syncs that came before it, and those that came during it share the next', () => {
    const bench = new Bench(3);
    bench.sync(1);
    for (const cxid of [2, 3, 4]) bench.sync(cxid);
    expect(bench.follower(2).pingsSent).toBe(1);
    bench.answers(2);
    expect([bench.answered, bench.follower(2).pingsSent]).toEqual([[1], 2]);
    bench.answers(2);
    expect([bench.answered, bench.follower(2).pingsSent]).toEqual([[1, 2, 3, 4], 2]);
  });

  it('asks only followers that answer PINGs', () => {
    const bench = new Bench(3);
    bench.follower(2).isBroadcasting = false;
    bench.sync(1);
    expect([bench.follower(2).pingsSent, bench.follower(3).pingsSent]).toEqual([0, 1]);
  });

  it('asks a follower that joins later, once', () => {
    const bench = new Bench(3);
    bench.follower(2).isBroadcasting = false;
    bench.sync(1);
    bench.follower(2).isBroadcasting = true;
    bench.proof.join(bench.follower(2));
    bench.proof.join(bench.follower(2));
    expect(bench.follower(2).pingsSent).toBe(1);
    bench.answers(2);
    expect(bench.answered).toEqual([1]);
  });

  it('is nothing that a follower can join while no sync waits', () => {
    const bench = new Bench(3);
    bench.proof.join(bench.follower(2));
    expect(bench.follower(2).pingsSent).toBe(0);
  });
});

describe('a sync that proves nothing (ZOOKEEPER-1675)', () => {
  it('is answered at once when nothing is outstanding, and nobody is asked', () => {
    const bench = new Bench(5, releaseWithIssue('ZOOKEEPER-1675'));
    bench.sync(1);
    expect(bench.answered).toEqual([1]);
    expect(bench.followers.map((follower) => follower.pingsSent)).toEqual([0, 0, 0, 0]);
  });

  it('waits until what was proposed when it came is committed', () => {
    const bench = new Bench(3, releaseWithIssue('ZOOKEEPER-1675'));
    bench.sync(1, z(7));
    expect(bench.answered).toEqual([]);
    bench.committed = z(7);
    bench.proceed();
    expect(bench.answered).toEqual([1]);
  });
});
