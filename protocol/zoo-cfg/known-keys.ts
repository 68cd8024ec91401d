import { nearestWord } from '../nearest-word.ts';
import type { Complaints } from './problem.ts';
import type { Property } from './properties.ts';

/**
 * The keys that ZooKeeper reads: those of QuorumPeerConfig.parseProperties, then those that become JVM properties.
 * An unknown key is no error in ZooKeeper (it becomes `zookeeper.<key>`, and nobody looks), which is why a typing
 * error stays silent there and is worth a warning here.
 */
const CONFIG_KEYS = [
  ...[
    'dataDir',
    'dataLogDir',
    'tickTime',
    'initLimit',
    'syncLimit',
    'connectToLearnerMasterLimit',
    'electionAlg',
  ],
  ...[
    'clientPort',
    'clientPortAddress',
    'secureClientPort',
    'secureClientPortAddress',
    'clientPortListenBacklog',
  ],
  ...['maxClientCnxns', 'minSessionTimeout', 'maxSessionTimeout', 'localSessionsEnabled'],
  ...[
    'localSessionsUpgradingEnabled',
    'peerType',
    'syncEnabled',
    'observerMasterPort',
    'quorumListenOnAllIPs',
  ],
  ...['standaloneEnabled', 'reconfigEnabled', 'dynamicConfigFile', 'autopurge.snapRetainCount'],
  ...['autopurge.purgeInterval', 'quorum.cnxn.threads.size', 'quorum.auth.enableSasl'],
  ...[
    'quorum.auth.serverRequireSasl',
    'quorum.auth.learnerRequireSasl',
    'quorum.auth.learner.saslLoginContext',
  ],
  ...['quorum.auth.server.saslLoginContext', 'quorum.auth.kerberos.servicePrincipal', 'sslQuorum'],
  ...['portUnification', 'sslQuorumReloadCertFiles', 'multiAddress.enabled'],
  ...['multiAddress.reachabilityCheckEnabled', 'multiAddress.reachabilityCheckTimeoutMs', 'oraclePath'],
  ...['metricsProvider.className', 'jvm.pause.monitor', 'jvm.pause.info-threshold.ms'],
  ...['jvm.pause.warn-threshold.ms', 'jvm.pause.sleep.time.ms'],
];

const PROPERTY_KEYS = [
  ...['fastleader.minNotificationInterval', 'fastleader.maxNotificationInterval', 'cnxTimeout'],
  ...['quorumCnxnTimeoutMs', 'electionPortBindRetry', 'tcpKeepAlive', 'leaderConnectDelayDuringRetryMs'],
  ...['leader.maxTimeToWaitForEpoch', 'leader.maxConcurrentSnapSyncs', 'leader.maxConcurrentDiffSyncs'],
  ...[
    'leader.ackLoggingFrequency',
    'leader.closeSocketAsync',
    'learner.closeSocketAsync',
    'learner.asyncSending',
  ],
  ...['leaderServes', 'observer.reconnectDelayMs', 'observer.election.DelayMs', 'observerMaster.sizeLimit'],
  ...['forceSync', 'preAllocSize', 'snapCount', 'snapSizeLimitInKb', 'txnLogSizeLimitInKb', 'commitLogCount'],
  ...['snapshotSizeFactor', 'forceSnapshotSync', 'flushDelay', 'maxWriteQueuePollTime', 'maxBatchSize'],
  ...['globalOutstandingLimit', 'snapshot.trust.empty', 'db.autocreate', 'datadir.autocreate'],
  ...['snapshot.compression.method', 'digest.enabled', 'closeSessionTxn.enabled'],
  ...[
    'serializeLastProcessedZxid.enabled',
    'commitProcessor.numWorkerThreads',
    'commitProcessor.maxReadBatchSize',
  ],
  ...['commitProcessor.maxCommitBatchSize', 'skipACL', 'enforceQuota', 'request_throttle_max_requests'],
  ...['testingonly.initialZxid', '4lw.commands.whitelist', 'admin.enableServer', 'admin.serverPort'],
  ...['extendedTypesEnabled', 'globalSessions', 'ssl.clientAuth', 'serverCnxnFactory', 'maxCnxns'],
];

const KNOWN_KEYS: ReadonlySet<string> = new Set([...CONFIG_KEYS, ...PROPERTY_KEYS]);
const NUMBERED = ['server', 'group', 'weight'];

/** Warns of every key that is nearly, but not quite, one that ZooKeeper knows. */
export function warnOfNearMisses(properties: readonly Property[], complaints: Complaints): void {
  for (const { key, keyAt } of properties) {
    if (KNOWN_KEYS.has(key) || NUMBERED.some((word) => key.startsWith(`${word}.`))) continue;
    const meant = nearestNumbered(key) ?? nearestWord(key, KNOWN_KEYS);
    if (meant === undefined) continue;
    const message = `\`${key}\` is no key of ZooKeeper, which takes it without a word and ignores it`;
    complaints.warning(keyAt, message, 'a key that ZooKeeper knows', meant);
  }
}

/** `sever.1` and `server1` both mean `server.1`. */
function nearestNumbered(key: string): string | undefined {
  const parts = /^([a-zA-Z]+)\.?([0-9]+)$/.exec(key);
  const word = parts?.[1] === undefined ? undefined : nearestWord(parts[1], NUMBERED);
  return word === undefined ? undefined : `${word}.${parts?.[2] ?? ''}`;
}
