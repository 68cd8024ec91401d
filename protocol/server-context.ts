import type { EnsembleConfig, ServerSpec } from './config.ts';
import type { Connections } from './connections.ts';
import type { ZKDatabase } from './database/zk-database.ts';
import type { RandomSource, ServerHost } from './host.ts';
import type { QuorumVerifier } from './quorum.ts';
import type { Stages } from './stages.ts';
import type { Release } from './release/release.ts';
import type { ServerCnxnFactory } from './server/server-cnxn-factory.ts';
import type { SnapshotThread } from './storage/snapshot-thread.ts';
import type { Storage } from './storage/storage.ts';
import type { Timers } from './timers.ts';

/** What lives as long as the process and is handed from role to role. */
export interface ServerContext {
  readonly host: ServerHost;
  readonly config: EnsembleConfig;
  readonly self: ServerSpec;
  readonly verifier: QuorumVerifier;
  readonly connections: Connections;
  readonly timers: Timers;
  readonly stages: Stages;
  readonly storage: Storage;
  readonly database: ZKDatabase;
  readonly snapshots: SnapshotThread;
  readonly cnxns: ServerCnxnFactory;
  readonly random: RandomSource;
  readonly release: Release;
  /** Writes this server's own configuration into the tree's config node (ZKDatabase.initConfigInZKDatabase). */
  readonly initConfig: () => void;
  /** Throws the tree away and builds it again from snapshot and log (ZKDatabase.loadDataBase). */
  readonly reloadDatabase: () => void;
}

/** initLimit and syncLimit in ms. */
export const initLimitMs = (config: EnsembleConfig): number => config.tickTime * config.initLimit;
export const syncLimitMs = (config: EnsembleConfig): number => config.tickTime * config.syncLimit;
