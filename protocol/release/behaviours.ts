import type { Releases } from './versions.ts';

/**
 * What releases of ZooKeeper did otherwise than the newest one with its known defects repaired, by the behaviour's name. Each is asked
 * for at the one place in the protocol where it matters, which says more.
 */
export interface Behaviour {
  /** Where it is told: an issue of ZooKeeper's, or `ZABSIM-N` for what was found here and has no issue yet. */
  readonly issue: string;
  /** What a server or client with it does, in a sentence. */
  readonly does: string;
  /** The releases that have it. */
  readonly in: readonly Releases[];
}

const OLDEST = '3.0.0';
const NEWEST = '3.9.5';
const ALL: readonly Releases[] = [{ first: OLDEST, last: NEWEST }];

export const BEHAVIOURS = {
  // ------------------------------------------------------------------------------------- election and epochs
  voteOrderIsNotTotal: {
    issue: 'ZOOKEEPER-1419',
    does: 'Of two votes with the same zxid the one for the higher server wins, whatever their epochs.',
    in: [{ first: '3.4.0', last: '3.4.3' }],
  },
  epochsComeFromTheLog: {
    issue: 'ZOOKEEPER-335',
    does: 'The epoch that was accepted, and the current one, are those of the last txn in the log.',
    in: [{ first: OLDEST, last: '3.3.6' }],
  },
  dataNewerThanEpochIsRefused: {
    issue: 'ZOOKEEPER-1653',
    does: 'A server whose data are of a newer epoch than its currentEpoch file does not start.',
    // 3.4.6 sets a marker before the data. Later branches (from 3.5.10, 3.6.3, 3.7.1, 3.8.1) have one only while they write the epoch.
    in: [
      { first: '3.4.0', last: '3.4.5' },
      { first: '3.5.0', last: NEWEST },
    ],
  },
  zxidCounterOverflows: {
    issue: 'ZOOKEEPER-1277',
    does: 'After the last zxid of an epoch the leader goes on with the first of the next.',
    in: [
      { first: OLDEST, last: '3.3.4' },
      { first: '3.4.0', last: '3.4.3' },
    ],
  },
  leaderRaisesZxidAtOnce: {
    issue: 'ZOOKEEPER-790',
    does: 'Who begins to lead takes its history for one of the new epoch, before anybody follows.',
    in: [{ first: OLDEST, last: '3.3.1' }],
  },
  observersKeepALeader: {
    issue: 'ZOOKEEPER-1294',
    does: 'A leader counts observers among those that still follow it.',
    in: [
      { first: '3.3.0', last: '3.3.5' },
      { first: '3.4.0', last: '3.4.3' },
    ],
  },
  outrunLeaderStays: {
    issue: 'ZABSIM-2',
    does: 'A leader keeps turning away a learner that has accepted a higher epoch, for ever.',
    in: [{ first: '3.4.0', last: NEWEST }],
  },
  // ------------------------------------------------------------------------------------- synchronization
  diffSkipsTheTailCheck: {
    issue: 'ZOOKEEPER-1154',
    does: 'A learner within the window of committed txns gets a DIFF, though its last txn is none of them.',
    in: [{ first: OLDEST, last: '3.3.3' }],
  },
  newLeaderAckedBeforeLogging: {
    issue: 'ZOOKEEPER-3911',
    does: 'A learner acknowledges NEWLEADER with the txns of the DIFF only in memory, and logs them after UPTODATE.',
    in: [
      { first: '3.4.10', last: '3.4.14' },
      { first: '3.5.3', last: '3.5.9' },
      { first: '3.6.0', last: '3.6.2' },
    ],
  },
  newLeaderAckedBeforeFlush: {
    issue: 'ZOOKEEPER-4646',
    does: 'A learner acknowledges NEWLEADER when the txns of the DIFF are written, and not yet flushed.',
    in: [
      { first: '3.5.10', last: '3.5.10' },
      { first: '3.6.3', last: '3.6.4' },
      { first: '3.7.0', last: '3.7.2' },
      { first: '3.8.0', last: '3.8.4' },
      { first: '3.9.0', last: '3.9.1' },
    ],
  },
  epochWrittenBeforeHistory: {
    issue: 'ZOOKEEPER-4643',
    does: 'A learner writes currentEpoch at NEWLEADER before the txns that belong to it.',
    in: [
      { first: '3.4.10', last: '3.4.14' },
      { first: '3.5.3', last: '3.5.10' },
      { first: '3.6.0', last: '3.8.4' },
      { first: '3.9.0', last: '3.9.1' },
    ],
  },
  pendingTxnsForgottenAtNewLeader: {
    issue: 'ZOOKEEPER-4394',
    does: 'At NEWLEADER a learner empties its list of proposals, so that a COMMIT of one of them before UPTODATE ends it.',
    in: [
      { first: '3.5.10', last: '3.5.10' },
      { first: '3.6.3', last: '3.6.4' },
      { first: '3.7.0', last: '3.8.6' },
      { first: '3.9.0', last: '3.9.2' },
    ],
  },
  proposalAckedBeforeNewLeader: {
    issue: 'ZOOKEEPER-4685',
    does: 'What a learner logs at NEWLEADER it acknowledges as soon as it is flushed, though NEWLEADER itself comes first.',
    in: [
      { first: '3.5.10', last: '3.5.10' },
      { first: '3.6.3', last: '3.6.4' },
      { first: '3.7.0', last: '3.8.4' },
      { first: '3.9.0', last: '3.9.1' },
    ],
  },
  syncedTxnsSkipTheCommittedLog: {
    issue: 'ZOOKEEPER-4925',
    does: 'Txns that a learner applies while it synchronizes are missing in what it hands on when it leads, and nobody notices the hole.',
    in: [{ first: '3.9.3', last: '3.9.3' }],
  },
  // ------------------------------------------------------------------------------------- broadcast
  acksOutliveTheirConnection: {
    issue: 'ZABSIM-1',
    does: 'What a follower acknowledged on an earlier connection still counts after it was told to cut its log.',
    in: ALL,
  },
  ownersAreLookedUpLate: {
    issue: 'ZABSIM-5',
    does: 'Whether a session has moved is asked when a request is prepared, and not when it comes.',
    in: [{ first: '3.2.0', last: NEWEST }],
  },
  commitsAreToldByTheirCxid: {
    issue: 'ZABSIM-6',
    does: 'A leader takes the commit of a request with the same session and cxid for that of its own.',
    in: ALL,
  },
  syncProvesNothing: {
    issue: 'ZOOKEEPER-1675',
    does: 'A leader answers a sync at once when nothing is outstanding, without asking whether it still leads.',
    in: ALL,
  },
  // ------------------------------------------------------------------------------------- storage and recovery
  treeStaysBehindItsLog: {
    issue: 'ZOOKEEPER-2845',
    does: 'The tree in memory is kept over an election, without the txns that the log has beyond it.',
    in: [
      { first: '3.4.10', last: '3.4.11' },
      { first: '3.5.3', last: '3.5.3' },
    ],
  },
  logOutlivesItsRole: {
    issue: 'ZOOKEEPER-4712',
    does: 'A learner that looks for a leader again goes on writing its log, and votes with what it had before.',
    in: [
      { first: '3.4.12', last: '3.4.14' },
      { first: '3.5.4', last: '3.8.6' },
      { first: '3.9.0', last: '3.9.2' },
    ],
  },
  logDiesBeforeTheTree: {
    issue: 'ZOOKEEPER-4541',
    does: "Txns that wait for the log when a follower's role ends are dropped, though the tree may show them already.",
    in: [
      { first: '3.7.0', last: '3.8.6' },
      { first: '3.9.0', last: '3.9.2' },
    ],
  },
  truncationKeepsNewerSnapshots: {
    issue: 'ZOOKEEPER-4837',
    does: 'TRUNC cuts the log, and leaves a snapshot that has the cut txns.',
    in: ALL,
  },
  snapshotKeepsTheOlderLog: {
    issue: 'ZOOKEEPER-2832',
    does: "A server that took a leader's snapshot keeps its own log, and replays what the snapshot does not know.",
    in: ALL,
  },
  emptyCommittedLogMeansSnap: {
    issue: 'ZOOKEEPER-2832',
    does: 'A leader that has no txns in memory sends its snapshot also to a learner that is ahead of it.',
    in: [{ first: OLDEST, last: '3.4.14' }],
  },
  logSyncCrossesHoles: {
    issue: 'ZOOKEEPER-2846',
    does: 'A leader sends txns from its log on disk that lie on both sides of a snapshot which it took from another.',
    in: [{ first: '3.5.0', last: NEWEST }],
  },
  replayCrossesHoles: {
    issue: 'ZABSIM-3',
    does: 'Replay goes on behind a hole in the log.',
    in: ALL,
  },
  treeOutlivesALostWrite: {
    issue: 'ZABSIM-4',
    does: 'A server that could not write its log keeps a tree that is ahead of it, and votes with that.',
    in: [
      { first: '3.4.10', last: '3.4.14' },
      { first: '3.5.3', last: NEWEST },
    ],
  },
  snapshotsOutliveTheirRole: {
    issue: 'ZABSIM-7',
    does: 'A fuzzy snapshot goes on when a role ends and the uncommitted end of the log is applied, which it then has under an earlier zxid.',
    in: [
      { first: '3.4.12', last: '3.4.14' },
      { first: '3.5.4', last: NEWEST },
    ],
  },
  // ------------------------------------------------------------------------------------- sessions, clients, watches
  sessionsExpireByWallClock: {
    issue: 'ZOOKEEPER-1366',
    does: 'The leader measures the silence of sessions with the clock that can be set.',
    in: [
      { first: OLDEST, last: '3.4.10' },
      { first: '3.5.0', last: '3.5.0' },
    ],
  },
  closingSessionsAreServed: {
    issue: 'ZOOKEEPER-1208',
    does: 'A session that its client closes counts as alive until its closeSession has been applied.',
    in: [{ first: OLDEST, last: '3.3.3' }],
  },
  expiredSessionsAreForgotten: {
    issue: 'ZOOKEEPER-1496',
    does: 'A leader forgets a session as it expires, so that a createSession which commits after that brings it back to life.',
    in: [
      { first: OLDEST, last: '3.3.6' },
      { first: '3.4.0', last: '3.4.3' },
    ],
  },
  readRepliesCarryNoZxid: {
    issue: 'ZOOKEEPER-1412',
    does: 'The reply to a read does not say which state it shows: nothing on a learner, too much on a leader.',
    in: [
      { first: OLDEST, last: '3.3.4' },
      { first: '3.4.0', last: '3.4.3' },
    ],
  },
  setWatchesMixesItsCases: {
    issue: 'ZOOKEEPER-1667',
    does: 'Watches that are set again mix up created and changed, so that some fire with the wrong type.',
    in: [{ first: OLDEST, last: '3.4.5' }],
  },
  movedSessionKeepsItsConnection: {
    issue: 'ZOOKEEPER-710',
    does: 'A request of a session that has moved is answered with an error, and its connection goes on.',
    in: [{ first: '3.2.0', last: '3.2.2' }],
  },
  movedSessionInMultiKeepsItsConnection: {
    issue: 'ZOOKEEPER-2886',
    does: 'A multi of a session that has moved is answered with an error, and its connection goes on.',
    in: [{ first: '3.4.0', last: '3.5.10' }],
  },
  xidsRunIntoReservedOnes: {
    issue: 'ZOOKEEPER-3253',
    does: "A client's request numbers go on below zero, where some mean something else.",
    in: [{ first: OLDEST, last: '3.5.4' }],
  },
  // ------------------------------------------------------------------------------------- answers
  create2InMultiAnswersCreate: {
    issue: 'ZOOKEEPER-4026',
    does: 'A create2 inside a multi is answered like a create: path only, no Stat.',
    in: [
      { first: '3.5.0', last: '3.7.1' },
      { first: '3.8.0', last: '3.8.1' },
    ],
  },
  unknownFlagsInMultiFailTheOperation: {
    issue: 'ZOOKEEPER-4026',
    does: 'A create with unknown flags inside a multi fails as an operation when its turn comes; others cannot decode such a multi.',
    in: [
      { first: '3.5.0', last: '3.7.1' },
      { first: '3.8.0', last: '3.8.1' },
    ],
  },
  existsIgnoresAcl: {
    issue: 'ZOOKEEPER-2590',
    does: 'Everybody may ask whether a node exists, and gets its Stat.',
    in: [
      { first: OLDEST, last: '3.8.3' },
      { first: '3.9.0', last: '3.9.1' },
    ],
  },
} as const satisfies Readonly<Record<string, Behaviour>>;

export type BehaviourName = keyof typeof BEHAVIOURS;

export const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as readonly BehaviourName[];

export const behaviourOf = (name: BehaviourName): Behaviour => BEHAVIOURS[name];
