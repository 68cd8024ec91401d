import { beforeEach, describe, expect, it } from 'vitest';
import { connectionId, sid } from '../../protocol/ids.ts';
import { Proposals } from '../../protocol/leader/proposals.ts';
import type { QuorumPacket } from '../../protocol/packets.ts';
import { Request } from '../../protocol/processors/request.ts';
import { QuorumMaj } from '../../protocol/quorum.ts';
import { makeZxid, NO_TXNS } from '../../protocol/zxid.ts';
import { recordingServerHost } from '../support/recording-host.ts';
import { txnAt } from '../support/server-bench.ts';

const EPOCH = 2;
const z = (counter: number) => makeZxid(EPOCH, counter);

/** Keeps what is queued for it: `PROPOSAL 1`, `COMMIT 1`, `INFORM 1`. */
class Learner {
  #queued: string[] = [];

  queuePacket(packet: QuorumPacket): void {
    const zxid = 'txn' in packet ? packet.txn.zxid : 'zxid' in packet ? packet.zxid : NO_TXNS;
    this.#queued.push(`${packet.type} ${zxid % 2 ** 32}`);
  }

  take(): readonly string[] {
    return this.#queued.splice(0);
  }
}

let host: ReturnType<typeof recordingServerHost>;
let proposals: Proposals;
let committed: number[];

beforeEach(() => {
  host = recordingServerHost();
  committed = [];
  proposals = new Proposals({
    host,
    verifier: new QuorumMaj(new Set([1, 2, 3].map(sid))),
    epoch: EPOCH,
    onCommitted: (request) => void committed.push(request.zxid % 2 ** 32),
  });
});

function propose(...counters: readonly number[]): void {
  for (const counter of counters) {
    const txn = txnAt(EPOCH, counter);
    const body = { op: 'closeSession' } as const;
    const { sessionId, cxid, zxid } = txn;
    const request = new Request({ sessionId, cxid, body, connection: connectionId(1), owner: undefined });
    request.txn = txn;
    request.zxid = zxid;
    proposals.propose(request, txn);
  }
}

function ack(counter: number, ...sids: readonly number[]): void {
  for (const from of sids) proposals.processAck(sid(from), z(counter));
}

function following(lastSeen = z(0)): Learner {
  const learner = new Learner();
  proposals.startForwarding(learner, true, lastSeen);
  return learner;
}

function observing(lastSeen = z(0)): Learner {
  const learner = new Learner();
  proposals.startForwarding(learner, false, lastSeen);
  return learner;
}

describe('a proposal', () => {
  it('is committed by a quorum, and once', () => {
    propose(1);
    ack(1, 1);
    expect([committed, proposals.lastCommitted]).toEqual([[], z(0)]);
    ack(1, 2);
    ack(1, 3);
    expect([committed, proposals.lastCommitted]).toEqual([[1], z(1)]);
  });

  it('needs no ACK of the leader itself', () => {
    propose(1);
    ack(1, 2, 3);
    expect(committed).toEqual([1]);
  });

  it('is not committed by one server twice, nor by whoever does not vote', () => {
    propose(1);
    ack(1, 2, 2, 7, 8);
    expect(committed).toEqual([]);
  });

  it('is committed in order', () => {
    propose(1, 2, 3);
    for (const from of [1, 2]) for (const counter of [1, 2, 3]) ack(counter, from);
    expect(committed).toEqual([1, 2, 3]);
  });

  it('is not committed before its predecessor', () => {
    propose(1, 2);
    ack(2, 1, 2, 3);
    expect(committed).toEqual([]);
    ack(1, 1, 2);
    expect(committed).toEqual([1]);
  });

  it('counts no ACK that comes before it was proposed', () => {
    ack(1, 1, 2);
    propose(1);
    expect(committed).toEqual([]);
  });

  it('is not what the ACK after UPTODATE is about', () => {
    propose(1);
    proposals.processAck(sid(1), z(0));
    proposals.processAck(sid(2), z(0));
    expect(committed).toEqual([]);
  });

  it('says who made it committed', () => {
    propose(1);
    ack(1, 3, 1);
    expect(host.events).toContainEqual({ type: 'committed', epoch: EPOCH, zxid: z(1), acks: [3, 1] });
  });
});

describe('a follower', () => {
  it('gets PROPOSAL and COMMIT, in the order in which they come about', () => {
    const follower = following();
    propose(1, 2);
    ack(1, 1, 2);
    propose(3);
    ack(2, 1, 2);
    expect(follower.take()).toEqual(['PROPOSAL 1', 'PROPOSAL 2', 'COMMIT 1', 'PROPOSAL 3', 'COMMIT 2']);
  });

  it('gets nothing any more once it is gone', () => {
    const follower = following();
    proposals.stopForwarding(follower);
    propose(1);
    ack(1, 1, 2);
    expect(follower.take()).toEqual([]);
  });
});

describe('an observer', () => {
  it('gets an INFORM of what is committed, and nothing else', () => {
    const observer = observing();
    propose(1, 2);
    expect(observer.take()).toEqual([]);
    ack(1, 1, 2);
    expect(observer.take()).toEqual(['INFORM 1']);
  });
});

describe('a learner that joins while txns are on their way', () => {
  /** 1 is committed and applied, 2 and 3 are committed, 4 and 5 are outstanding. */
  function onTheirWay(): void {
    propose(1, 2, 3, 4, 5);
    for (const counter of [1, 2, 3]) ack(counter, 1, 2);
    proposals.onApplied(z(1));
  }
  beforeEach(onTheirWay);

  const outstanding = ['PROPOSAL 4', 'PROPOSAL 5'];
  it.each([
    ['the last applied', 1, ['PROPOSAL 2', 'COMMIT 2', 'PROPOSAL 3', 'COMMIT 3', ...outstanding]],
    ['one that waits to be applied', 2, ['PROPOSAL 3', 'COMMIT 3', ...outstanding]],
    ['the last committed', 3, outstanding],
    ['an outstanding one', 4, ['PROPOSAL 5']],
    ['everything', 5, []],
  ] as const)('gets what is missing when it has seen %s', (_, seen, expected) => {
    expect(following(z(seen)).take()).toEqual(expected);
  });

  it('gets, as an observer, only what is committed', () => {
    const observer = observing(z(1));
    expect(observer.take()).toEqual(['PROPOSAL 2', 'COMMIT 2', 'PROPOSAL 3', 'COMMIT 3']);
    ack(4, 1, 2);
    expect(observer.take()).toEqual(['INFORM 4']);
  });

  it('hears of what comes after in the same order as everyone', () => {
    const follower = following(z(3));
    ack(4, 1, 2);
    propose(6);
    expect(follower.take()).toEqual([...outstanding, 'COMMIT 4', 'PROPOSAL 6']);
  });

  it('gets no txn again that has been applied meanwhile', () => {
    proposals.onApplied(z(2));
    proposals.onApplied(z(3));
    expect([following(z(1)).take(), proposals.toBeApplied]).toEqual([outstanding, []]);
  });

  it('had acknowledged nothing, as far as a quorum is concerned', () => {
    ack(4, 2);
    proposals.withdrawAcks(sid(2));
    ack(4, 1);
    expect(committed).toEqual([1, 2, 3]);
    ack(4, 2);
    expect(committed).toEqual([1, 2, 3, 4]);
  });
});
