import { describe, expect, it } from 'vitest';
import { syncFollower, type LeaderHistory } from '../../protocol/leader/sync-follower.ts';
import { DEFAULT_RELEASE, releaseWithIssue, type Release } from '../../protocol/release/release.ts';
import { makeZxid, type Zxid } from '../../protocol/zxid.ts';

const z = makeZxid;

describe('a leader that has all of its history in a snapshot and no txn in memory', () => {
  const leader: LeaderHistory = {
    lastProcessedZxid: z(1, 5),
    lastCommitted: z(1, 5),
    committedLog: [],
    txnLogFrom: () => [],
  };
  const mode = (peerLastZxid: Zxid, release: Release): string =>
    syncFollower(peerLastZxid, leader, release).mode;

  it('tells a learner that is ahead of it to cut its log', () => {
    expect(mode(z(1, 7), DEFAULT_RELEASE)).toBe('TRUNC');
  });

  it('sends it a tree, which cuts nothing (ZOOKEEPER-2832)', () => {
    expect(mode(z(1, 7), releaseWithIssue('ZOOKEEPER-2832'))).toBe('SNAP');
  });

  it('sends nothing to one that is equal, in any release', () => {
    expect(mode(z(1, 5), releaseWithIssue('ZOOKEEPER-2832'))).toBe('DIFF');
  });
});
