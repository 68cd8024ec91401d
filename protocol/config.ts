import type { LearnerType } from './packets.ts';
import type { Sid } from './ids.ts';

/**
 * An ensemble's configuration: what zoo.cfg says (QuorumPeerConfig), with the properties that ZooKeeper takes from the
 * JVM. Defaults are ZooKeeper's own; a scenario or a zoo.cfg may set any of them.
 */
export interface EnsembleConfig {
  /** Basic time unit, ms. Leader ticks, session buckets and both limits count in it. */
  readonly tickTime: number;
  /** Ticks a learner may take to connect and sync. */
  readonly initLimit: number;
  /** Ticks of silence after which leader and learner give each other up. */
  readonly syncLimit: number;
  /** Bounds for negotiated session timeouts, ms (2 and 20 ticks unless set). */
  readonly minSessionTimeout: number;
  readonly maxSessionTimeout: number;
  /** Client connections that a server takes from one host; 0: as many as come. */
  readonly maxClientCnxns: number;
  /** A snapshot is taken every snapCount/2 to snapCount txns. */
  readonly snapCount: number;
  /** Committed txns kept in memory for syncing learners (500 at least). */
  readonly commitLogCount: number;
  /** Log-based sync may send up to this share of the newest snapshot's size; negative switches it off. */
  readonly snapshotSizeFactor: number;
  /** Txns that are flushed together at most. */
  readonly maxBatchSize: number;
  /** Longest wait between two notifications of one election, ms. */
  readonly minNotificationInterval: number;
  readonly maxNotificationInterval: number;
  /** Election dial timeout, ms. */
  readonly cnxTimeout: number;
  /** Pause between a learner's attempts to dial the leader, ms. */
  readonly leaderConnectDelayDuringRetryMs: number;
  /** An observer waits a random time below this before it looks again, ms. */
  readonly observerElectionDelayMs: number;
  /** The first counter a leader uses is this plus one; a test hook that ZooKeeper has too (testingonly.initialZxid). */
  readonly initialCounter: number;
  readonly servers: readonly ServerSpec[];
  /** Present: hierarchical quorums. Every participant is in exactly one group. */
  readonly groups?: ReadonlyMap<number, readonly Sid[]>;
  /** Weights for hierarchical quorums; 1 where absent. */
  readonly weights?: ReadonlyMap<Sid, number>;
}

/** One `server.N=host:quorumPort:electionPort[:role][;clientPort]` line. */
export interface ServerSpec {
  readonly sid: Sid;
  readonly host: string;
  readonly quorumPort: number;
  readonly electionPort: number;
  readonly clientPort: number;
  readonly learnerType: LearnerType;
}

/** zoo_sample.cfg's limits; everything else as ZooKeeper defaults it. */
export const DEFAULT_CONFIG: Omit<EnsembleConfig, 'servers'> = {
  tickTime: 2000,
  initLimit: 10,
  syncLimit: 5,
  minSessionTimeout: 4000,
  maxSessionTimeout: 40_000,
  maxClientCnxns: 60,
  snapCount: 100_000,
  commitLogCount: 500,
  snapshotSizeFactor: 0.33,
  maxBatchSize: 1000,
  minNotificationInterval: 200,
  maxNotificationInterval: 60_000,
  cnxTimeout: 5000,
  leaderConnectDelayDuringRetryMs: 100,
  observerElectionDelayMs: 200,
  initialCounter: 0,
};

export const quorumAddress = (spec: ServerSpec): string => `${spec.host}:${String(spec.quorumPort)}`;
export const electionAddress = (spec: ServerSpec): string => `${spec.host}:${String(spec.electionPort)}`;
export const clientAddress = (spec: ServerSpec): string => `${spec.host}:${String(spec.clientPort)}`;
