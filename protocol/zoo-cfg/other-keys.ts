import type { Complaints } from './problem.ts';
import type { Settings } from './settings.ts';

/**
 * Keys whose value Zabsim has no use for. QuorumPeerConfig refuses them when they can't be read, so we do; and
 * where they would change what the ensemble does, a warning says that the run goes without.
 */
const BOOLEANS = [
  ...['localSessionsEnabled', 'localSessionsUpgradingEnabled', 'quorumListenOnAllIPs', 'syncEnabled'],
  ...['standaloneEnabled', 'reconfigEnabled', 'sslQuorum', 'portUnification', 'sslQuorumReloadCertFiles'],
  ...['quorum.auth.enableSasl', 'quorum.auth.serverRequireSasl', 'quorum.auth.learnerRequireSasl'],
  ...['multiAddress.enabled', 'multiAddress.reachabilityCheckEnabled', 'jvm.pause.monitor'],
];
const INTEGERS = [
  ...['connectToLearnerMasterLimit', 'clientPortListenBacklog', 'secureClientPort'],
  ...['observerMasterPort', 'autopurge.snapRetainCount', 'quorum.cnxn.threads.size'],
  ...[
    'multiAddress.reachabilityCheckTimeoutMs',
    'jvm.pause.info-threshold.ms',
    'jvm.pause.warn-threshold.ms',
  ],
  ...['jvm.pause.sleep.time.ms'],
];

/** Key and the value at which ZooKeeper would behave differently from a Zabsim run. */
const NOT_MODELLED: readonly (readonly [key: string, value: string])[] = [
  ['localSessionsEnabled', 'true'],
  ['syncEnabled', 'false'],
  ['leaderServes', 'no'],
  ['forceSync', 'no'],
  ['forceSnapshotSync', 'true'],
  ['closeSessionTxn.enabled', 'false'],
];

export function checkOtherKeys(settings: Settings, complaints: Complaints): void {
  for (const key of BOOLEANS) settings.boolean(key, false);
  for (const key of INTEGERS) settings.int(key, 0);
  for (const [key, value] of NOT_MODELLED) {
    if (settings.text(key)?.toLowerCase() !== value) continue;
    complaints.warning(
      settings.keyPlace(key),
      `${key}=${value} is not modelled`,
      `a run without ${key}=${value}`,
    );
  }
}
