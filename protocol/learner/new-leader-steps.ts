import type { Release } from '../release/release.ts';

/**
 * What a learner does at NEWLEADER, each step durable before the next one begins:
 * `snapshot`: a tree that came as SNAP, or was cut by TRUNC, is saved; `log`: the committed txns of the DIFF are logged, flushed and
 * applied; `currentEpoch`: the epoch is written; `ack`: now this server may be counted.
 */
export type NewLeaderStep = 'snapshot' | 'log' | 'currentEpoch' | 'ack';

/**
 * The epoch comes only after the history that belongs to it, or a server with less than others would win their election
 * (ZOOKEEPER-4643); the ACK comes after all of it (ZOOKEEPER-3911: what is not logged by then waits for UPTODATE). Releases that leave the
 * flush to the log's own thread (ZOOKEEPER-4646) hand it the txns last.
 */
export function newLeaderSteps(release: Release): readonly NewLeaderStep[] {
  const log: readonly NewLeaderStep[] = release.newLeaderAckedBeforeLogging ? [] : ['log'];
  return release.epochWrittenBeforeHistory || release.newLeaderAckedBeforeFlush
    ? ['snapshot', 'currentEpoch', ...log, 'ack']
    : ['snapshot', ...log, 'currentEpoch', 'ack'];
}
