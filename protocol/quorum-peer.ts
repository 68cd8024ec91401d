/**
 * quorum/QuorumPeer: one server. Its main loop looks for a leader, then leads, follows or observes, and looks again when that ends.
 * It owns what outlives a role (database, disk, client port, election connections) and makes and drops the role whole.
 * Left out: reconfiguration, read-only mode, the admin server.
 */
import { defined } from './assert.ts';
import { clientAddress, type EnsembleConfig, type ServerSpec } from './config.ts';
import { Connections } from './connections.ts';
import { ZKDatabase } from './database/zk-database.ts';
import { FastLeaderElection, selfCandidate } from './election/fast-leader-election.ts';
import { QuorumCnxManager } from './election/quorum-cnx-manager.ts';
import { lookingVote, type Vote } from './election/vote.ts';
import type { Channel, DiskWrite, ExitCode, RandomSource, ServerHost, ServerProcess, Stage } from './host.ts';
import type { ConnectionId, Sid } from './ids.ts';
import { Leader } from './leader/leader.ts';
import { Learner } from './learner/learner.ts';
import type { Packet, ServerState, ZabState } from './packets.ts';
import { createVerifier } from './quorum.ts';
import { DEFAULT_RELEASE, type Release } from './release/release.ts';
import { syncLimitMs, type ServerContext } from './server-context.ts';
import { ServerCnxnFactory } from './server/server-cnxn-factory.ts';
import { Stages } from './stages.ts';
import type { DurableState } from './storage/durable-state.ts';
import type { History } from './storage/history.ts';
import { fastForwardDataBase, loadDataBase, recoverEpochs, type Epochs } from './storage/recovery.ts';
import { SnapshotThread } from './storage/snapshot-thread.ts';
import { Storage } from './storage/storage.ts';
import { Timers } from './timers.ts';
import { NO_TXNS, type Zxid } from './zxid.ts';
import { ensembleText } from './ensemble-text.ts';

export interface QuorumPeerInit {
  readonly sid: Sid;
  readonly config: EnsembleConfig;
  /** What a restart finds. */
  readonly durable: DurableState;
  readonly host: ServerHost;
  readonly random: RandomSource;
  readonly release?: Release;
}

/** A server as reports and end-of-run checks see it. */
export interface QuorumPeerView {
  readonly serverState: ServerState;
  readonly zabState: ZabState;
  readonly isServing: boolean;
  readonly lastProcessedZxid: Zxid;
  readonly digest: number;
}

type Role = Leader | Learner;

/** ExitCode of an exception out of QuorumPeer.start. */
const UNEXPECTED_ERROR: ExitCode = 1;
const OBSERVER_DELAY_TIMER = 'peer/observerElectionDelay';

export class QuorumPeer implements ServerProcess {
  readonly #context: ServerContext;
  readonly #manager: QuorumCnxManager;
  readonly #election: FastLeaderElection;
  #serverState: ServerState = 'LOOKING';
  #zabState: ZabState = 'ELECTION';
  #currentVote: Vote;
  #role: Role | undefined = undefined;
  /** It could not write what it needs to run. */
  #isExiting = false;

  constructor(init: QuorumPeerInit) {
    this.#context = createContext(init);
    const { host, connections, timers, stages, config, self, verifier, release } = this.#context;
    this.#currentVote = lookingVote({ leader: self.sid, zxid: 0 as Zxid, peerEpoch: 0 }, 0);
    this.#manager = new QuorumCnxManager({
      host,
      connections,
      timers,
      self,
      servers: config.servers,
      cnxTimeoutMs: config.cnxTimeout,
      handshakeTimeoutMs: syncLimitMs(config),
      onNotification: (from, notification) => this.#election.onNotification(from, notification),
    });
    this.#election = new FastLeaderElection({
      host,
      timers,
      stages,
      config,
      verifier,
      release,
      self: this.#electionView(),
      manager: this.#manager,
      onElected: (vote, state) => this.#onElected(vote, state),
    });
    stages.register('QuorumPeer', () => this.#election.step());
  }

  get view(): QuorumPeerView {
    const { database } = this.#context;
    return {
      serverState: this.#serverState,
      zabState: this.#zabState,
      isServing: this.#zabState === 'BROADCAST',
      lastProcessedZxid: database.lastProcessedZxid,
      digest: database.tree.digest,
    };
  }

  /** A znode's data and number of children on this very server; undefined when it has none by that path. */
  znode(path: string): { readonly data: Uint8Array | null; readonly children: number } | undefined {
    const node = this.#context.database.tree.getNode(path);
    return node === undefined ? undefined : { data: node.data, children: node.children.size };
  }

  // ------------------------------------------------------------------------------------- main loop

  /** QuorumPeer.start: load the database and the epochs, open the ports, look for a leader. */
  start(): void {
    const { host, storage, database, self, release } = this.#context;
    const history = loadDataBase(host, storage, database);
    if ('refusal' in history) {
      host.exit(UNEXPECTED_ERROR, history.refusal);
      return;
    }
    this.#context.initConfig();
    const { lastZxid } = history;
    const epochs = recoverEpochs(storage, lastZxid, release);
    if ('refusal' in epochs) {
      host.exit(UNEXPECTED_ERROR, epochs.refusal);
      return;
    }
    this.#currentVote = lookingVote({ leader: self.sid, zxid: lastZxid, peerEpoch: epochs.currentEpoch }, 0);
    host.emit({
      type: 'recovered',
      snapshotZxid: history.snapshot?.zxid ?? NO_TXNS,
      lastZxid,
      replayed: history.txns.length,
      ...epochs,
      tornRecords: history.tornRecords,
      damagedSnapshots: history.damagedSnapshots,
      behindHole: history.behindHole,
    });
    this.#completeDisk(history, epochs);
    host.listen(clientAddress(self), 'client');
    this.#manager.listen();
    storage.whenIdle(() => {
      if (!this.#isExiting) this.#lookForLeader();
    });
  }

  /**
   * What is missing on this disk, or too much. Who can't write it does not run.
   * Differs: the first, empty snapshot is fsynced; ZooKeeper refuses to start when a power loss took it and left log entries. And what is
   * behind a hole in the log goes for good, before anything is logged in its place.
   */
  #completeDisk({ snapshot, lastZxid, behindHole }: History, { acceptedEpoch, currentEpoch }: Epochs): void {
    const { host, storage, snapshots } = this.#context;
    const nothing = (): void => undefined;
    const exit = (what: string) => () => {
      this.#isExiting = true;
      host.exit(UNEXPECTED_ERROR, `cannot write ${what}`);
    };
    if (behindHole > 0) storage.truncate(lastZxid, nothing, exit('the log'));
    if (snapshot === undefined) snapshots.take({ fsync: true, exitCode: UNEXPECTED_ERROR }, nothing);
    if (storage.acceptedEpoch !== acceptedEpoch)
      storage.writeEpoch('acceptedEpoch', acceptedEpoch, nothing, exit('acceptedEpoch'));
    if (storage.currentEpoch !== currentEpoch)
      storage.writeEpoch('currentEpoch', currentEpoch, nothing, exit('currentEpoch'));
  }

  #lookForLeader(): void {
    this.#election.lookForLeader();
  }

  /** The state changes before the vote is published there; here both at once. */
  #onElected(vote: Vote, state: ServerState): void {
    this.#currentVote = vote;
    this.#setState(state, `leader ${String(vote.leader)}`);
    if (state === 'LEADING') this.#lead();
    else this.#learn(vote.leader);
  }

  #lead(): void {
    const leader = new Leader(this.#context, {
      onZabState: (zabState) => this.#setZabState(zabState),
      onEstablished: (epoch) => this.#updateElectionVote(epoch),
      onEnd: (reason) => this.#onRoleEnded(reason, false),
    });
    this.#role = leader;
    leader.lead();
  }

  #learn(leader: Sid): void {
    const spec = defined(
      this.#context.config.servers.find((server) => server.sid === leader),
      `server ${String(leader)}`,
    );
    const learner = new Learner(this.#context, spec, {
      onZabState: (zabState) => this.#setZabState(zabState),
      onEstablished: (epoch) => this.#updateElectionVote(epoch),
      onEnd: (reason, { isTreeUnsaved }) => this.#onRoleEnded(reason, isTreeUnsaved),
    });
    this.#role = learner;
    learner.start();
  }

  /** All members report the same epoch to whoever looks later, as they did not vote in it (ZOOKEEPER-1732). */
  #updateElectionVote(epoch: number): void {
    this.#currentVote = { ...this.#currentVote, peerEpoch: epoch };
  }

  /**
   * shutdown and updateServerState. The log is written out first (ZOOKEEPER-4712: not a learner's); then the tree is brought to the log's
   * end (ZOOKEEPER-2845), or thrown away where a synchronization left it half-way (ZOOKEEPER-3642).
   * Differs: a fuzzy snapshot ends with the role (ZABSIM-7). And the tree is thrown away too where the log could not be written. ZooKeeper goes into the election with a tree, and a zxid, that its
   * disk does not have (ZABSIM-4).
   */
  #onRoleEnded(reason: string, isTreeUnsaved: boolean): void {
    const { release, storage } = this.#context;
    const isLogLeftAlone = release.logOutlivesItsRole && this.#role instanceof Learner;
    this.#role = undefined;
    this.#setZabState('ELECTION');
    this.#setState('LOOKING', reason);
    const lookAgain = (): void => {
      this.#restoreTree(isTreeUnsaved);
      this.#lookAgain();
    };
    if (isLogLeftAlone) lookAgain();
    else storage.whenIdle(lookAgain);
  }

  #restoreTree(isTreeUnsaved: boolean): void {
    const { host, storage, database, snapshots, reloadDatabase, release } = this.#context;
    // It would have the uncommitted end of the log in it, under a zxid of before, and no TRUNC would find that.
    if (!release.snapshotsOutliveTheirRole) snapshots.abort();
    if (storage.takeLoss() && !release.treeOutlivesALostWrite) {
      reloadDatabase();
      host.emit({ type: 'reloaded', lastZxid: database.lastProcessedZxid });
    } else if (isTreeUnsaved) reloadDatabase();
    else if (!release.treeStaysBehindItsLog) fastForwardDataBase(host, storage, database);
  }

  /** Observers spread out, lest all of them fall upon a new leader at once. */
  #lookAgain(): void {
    const { self, config, random, timers } = this.#context;
    if (self.learnerType === 'PARTICIPANT') {
      this.#lookForLeader();
      return;
    }
    const delayMs = random.int(Math.max(1, config.observerElectionDelayMs));
    timers.set(OBSERVER_DELAY_TIMER, delayMs, () => this.#lookForLeader());
  }

  #setState(to: ServerState, reason: string): void {
    this.#context.host.emit({ type: 'state', from: this.#serverState, to, reason });
    this.#serverState = to;
  }

  #setZabState(to: ZabState): void {
    this.#zabState = to;
    this.#context.host.emit({ type: 'zabState', to });
  }

  #electionView(): ConstructorParameters<typeof FastLeaderElection>[0]['self'] {
    const { self, storage, database } = this.#context;
    const serverState = (): ServerState => this.#serverState;
    const currentVote = (): Vote => this.#currentVote;
    return {
      sid: self.sid,
      learnerType: self.learnerType,
      get serverState() {
        return serverState();
      },
      get currentVote() {
        return currentVote();
      },
      get selfCandidate() {
        return selfCandidate(self.sid, self.learnerType, database.lastProcessedZxid, storage.currentEpoch);
      },
    };
  }

  // ------------------------------------------------------------------------------------- from the host

  onStage(stage: Stage): void {
    this.#context.stages.onStage(stage);
  }

  onTimer(timer: string): void {
    this.#context.timers.onTimer(timer);
  }

  onAccept(connection: ConnectionId, channel: Channel, remoteAddress: string): void {
    switch (channel) {
      case 'election':
        this.#manager.onAccept(connection);
        return;
      case 'client':
        this.#context.cnxns.onAccept(connection, remoteAddress);
        return;
      case 'quorum':
        if (this.#role instanceof Leader) this.#role.onAccept(connection);
        else this.#context.host.close(connection);
    }
  }

  onConnected(connection: ConnectionId): void {
    this.#context.connections.userOf(connection)?.onConnected?.();
  }

  onConnectFailed(connection: ConnectionId): void {
    this.#context.connections.onConnectFailed(connection);
  }

  onPacket(connection: ConnectionId, packet: Packet): void {
    this.#context.connections.userOf(connection)?.onPacket(packet);
  }

  onWritable(connection: ConnectionId): void {
    this.#context.connections.userOf(connection)?.onWritable?.();
  }

  onClosed(connection: ConnectionId): void {
    this.#context.connections.onClosed(connection);
  }

  onLogFlushed(): void {
    this.#context.storage.onLogFlushed();
  }

  onLogTruncated(): void {
    this.#context.storage.onLogTruncated();
  }

  onEpochWritten(): void {
    this.#context.storage.onEpochWritten();
  }

  onWriteFailed(write: DiskWrite): void {
    this.#context.storage.onWriteFailed(write);
  }

  onSnapshotWritten(): void {
    this.#context.storage.onSnapshotWritten();
  }
}

/** What a server is made of, whatever role it has. */
export function createContext(init: QuorumPeerInit): ServerContext {
  const { host, config, random } = init;
  const self: ServerSpec = defined(
    config.servers.find((server) => server.sid === init.sid),
    `server.${String(init.sid)}`,
  );
  const connections = new Connections(host);
  const timers = new Timers(host);
  const stages = new Stages(host);
  const release = init.release ?? DEFAULT_RELEASE;
  const storage = new Storage(host, init.durable, config.initialCounter, release);
  const { maxClientCnxns } = config;
  const cnxns = new ServerCnxnFactory({ host, connections, timers, maxClientCnxns });
  const database = new ZKDatabase({
    commitLogCount: config.commitLogCount,
    watches: {
      watchFired: (connection, eventType, path, zxid) =>
        cnxns.send(connection, { type: 'watcherEvent', eventType, path, zxid }),
    },
    release,
  });
  const snapshots = new SnapshotThread({ host, stages, storage, database });
  const initConfig = (): void => database.tree.setConfig(ensembleText(config), host.wallMs);
  return {
    host,
    config,
    self,
    verifier: createVerifier(config),
    connections,
    timers,
    stages,
    storage,
    database,
    snapshots,
    cnxns,
    random,
    release,
    initConfig,
    reloadDatabase: () => {
      snapshots.abort();
      const history = loadDataBase(host, storage, database);
      if ('refusal' in history) host.exit(UNEXPECTED_ERROR, history.refusal);
      else initConfig();
    },
  };
}
