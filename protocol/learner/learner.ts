/**
 * quorum/Learner with Follower.followLeader and Observer.observeLeader: dial the leader, register, synchronize, then follow. One thread does
 * all of it; while it waits for the disk, packets stay in the socket.
 */
import { quorumAddress, type ServerSpec } from '../config.ts';
import type { ConnectionId } from '../ids.ts';
import type { Packet, QuorumPacket, ZabState } from '../packets.ts';
import { Queue } from '../queue.ts';
import { initLimitMs, type ServerContext } from '../server-context.ts';
import { ReadTimeout } from '../timers.ts';
import { epochOf, makeZxid } from '../zxid.ts';
import { FollowerZooKeeperServer } from './follower-zookeeper-server.ts';
import type { LearnerConnection } from './learner-zookeeper-server.ts';
import { LearnerSync, type PendingTxns } from './learner-sync.ts';
import { ObserverZooKeeperServer } from './observer-zookeeper-server.ts';

export interface LearnerCallbacks {
  readonly onZabState: (zabState: ZabState) => void;
  /** In broadcast: others may now be told of this leader with its new epoch (updateElectionVote). */
  readonly onEstablished: (epoch: number) => void;
  readonly onEnd: (reason: string, end: { readonly isTreeUnsaved: boolean }) => void;
}

const MAX_DIALS = 5;
const UNREACHABLE = 'the leader cannot be reached';
const DIAL_TIMER = 'learner/dial';
const READ_TIMER = 'learner/read';

export class Learner {
  readonly #context: ServerContext;
  readonly #leader: ServerSpec;
  readonly #callbacks: LearnerCallbacks;
  readonly #readTimeout: ReadTimeout;
  #connection: ConnectionId | undefined = undefined;
  #isEnded = false;
  /** The thread waits for the disk. */
  #isBlocked = false;
  readonly #unread = new Queue<Packet>();
  /** The connection broke while the thread could not notice. */
  #lost: string | undefined = undefined;
  #sync: LearnerSync | undefined = undefined;
  #zk: FollowerZooKeeperServer | ObserverZooKeeperServer | undefined = undefined;
  /** The server's state is ERROR, because… The thread sees it after the packet that it reads next. */
  #stopping: string | undefined = undefined;

  constructor(context: ServerContext, leader: ServerSpec, callbacks: LearnerCallbacks) {
    this.#context = context;
    this.#leader = leader;
    this.#callbacks = callbacks;
    this.#readTimeout = new ReadTimeout(context.host, context.timers, READ_TIMER, () => this.#onSilence());
  }

  /** followLeader, observeLeader. */
  start(): void {
    this.#callbacks.onZabState('DISCOVERY');
    this.#dial(1, this.#context.host.elapsedMs + initLimitMs(this.#context.config));
  }

  shutdown(reason: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#readTimeout.stop();
    this.#context.timers.cancel(DIAL_TIMER);
    if (this.#connection !== undefined) this.#context.connections.close(this.#connection);
    if (this.#zk !== undefined) this.#context.host.emit({ type: 'stoppedServing', reason });
    this.#context.cnxns.closeAll();
    this.#zk?.shutdown();
    this.#callbacks.onEnd(reason, {
      isTreeUnsaved: this.#zk === undefined && (this.#sync?.isTreeUnsaved ?? false),
    });
  }

  // ------------------------------------------------------------------------------------- discovery

  /** Learner.connectToLeader: the leader may still be on its way to its port. */
  #dial(attempt: number, deadlineMs: number): void {
    const { connections, host } = this.#context;
    const leftMs = deadlineMs - host.elapsedMs;
    if (leftMs <= 0) {
      this.shutdown(UNREACHABLE);
      return;
    }
    this.#connection = connections.dial(quorumAddress(this.#leader), 'quorum', leftMs, {
      onConnected: () => this.#register(),
      onConnectFailed: () => this.#onDialFailed(attempt, deadlineMs),
      onPacket: (packet) => this.#onPacket(packet),
      onClosed: () => this.#lose('the leader closed the connection'),
    });
  }

  #onDialFailed(attempt: number, deadlineMs: number): void {
    const { host, timers, config } = this.#context;
    const delayMs = config.leaderConnectDelayDuringRetryMs;
    this.#connection = undefined;
    if (attempt === MAX_DIALS || deadlineMs - host.elapsedMs <= delayMs) this.shutdown(UNREACHABLE);
    else timers.set(DIAL_TIMER, delayMs, () => this.#dial(attempt + 1, deadlineMs));
  }

  /** Learner.registerWithLeader. */
  #register(): void {
    const { self, storage, config } = this.#context;
    this.#readTimeout.start(initLimitMs(config));
    this.#writePacket({
      type: self.learnerType === 'PARTICIPANT' ? 'FOLLOWERINFO' : 'OBSERVERINFO',
      zxid: makeZxid(storage.acceptedEpoch ?? 0, 0),
      sid: self.sid,
    });
  }

  /** Its second half: an epoch is accepted once, and only when that is on disk may the leader count on it. */
  #onLeaderInfo(packet: Packet): void {
    if (packet.type !== 'LEADERINFO') {
      const what = `${packet.type} instead of LEADERINFO`;
      this.#context.host.emit({ type: 'protocolError', what });
      this.shutdown(what);
      return;
    }
    const { storage } = this.#context;
    const newEpoch = epochOf(packet.zxid);
    const acceptedEpoch = storage.acceptedEpoch ?? 0;
    if (newEpoch < acceptedEpoch) {
      this.shutdown(
        `the leader's epoch ${String(newEpoch)} is less than the accepted ${String(acceptedEpoch)}`,
      );
    } else if (newEpoch === acceptedEpoch) {
      // Accepted before: −1 keeps it from being counted twice.
      this.#ackEpoch(newEpoch, -1);
    } else {
      const currentEpoch = storage.currentEpoch ?? 0;
      this.#block(true);
      storage.writeEpoch(
        'acceptedEpoch',
        newEpoch,
        () => this.#ackEpoch(newEpoch, currentEpoch),
        () => this.shutdown('acceptedEpoch cannot be written'),
      );
    }
  }

  #ackEpoch(newEpoch: number, currentEpoch: number): void {
    if (this.#isEnded) return;
    this.#writePacket({ type: 'ACKEPOCH', zxid: this.#context.database.lastProcessedZxid, currentEpoch });
    this.#callbacks.onZabState('SYNCHRONIZATION');
    this.#sync = new LearnerSync({
      context: this.#context,
      learnerType: this.#context.self.learnerType,
      epoch: newEpoch,
      readTimeout: this.#readTimeout,
      writePacket: (packet) => this.#writePacket(packet),
      block: (isBlocked) => this.#block(isBlocked),
      onUpToDate: (pending) => this.#startServing(newEpoch, pending),
      onFailed: (reason) => this.shutdown(reason),
    });
    this.#block(false);
  }

  // ------------------------------------------------------------------------------------- broadcast

  #startServing(epoch: number, pending: PendingTxns): void {
    const { host, database, self, cnxns } = this.#context;
    const leader: LearnerConnection = {
      writePacket: (packet) => this.#writePacket(packet),
      onCriticalError: (reason) => this.shutdown(reason),
      notifyStopping: (reason) => (this.#stopping = reason),
    };
    const isParticipant = self.learnerType === 'PARTICIPANT';
    const zk = isParticipant
      ? new FollowerZooKeeperServer(this.#context, leader)
      : new ObserverZooKeeperServer(this.#context, leader);
    this.#zk = zk;
    this.#callbacks.onEstablished(epoch);
    this.#callbacks.onZabState('BROADCAST');
    host.emit({ type: 'serving', epoch, lastZxid: database.lastProcessedZxid, digest: database.tree.digest });
    cnxns.setZooKeeperServer(zk);
    if (zk instanceof FollowerZooKeeperServer) {
      for (const txn of pending.logged) zk.expectCommit(txn);
      for (const txn of pending.notLogged) zk.logRequest(txn);
      for (const zxid of pending.committed) zk.commit(zxid);
    } else {
      const committed = new Set(pending.committed);
      for (const txn of pending.notLogged) if (committed.has(txn.zxid)) zk.commitRequest(txn);
    }
  }

  /** Follower.processPacket, Observer.processPacket. */
  #onBroadcastPacket(zk: FollowerZooKeeperServer | ObserverZooKeeperServer, packet: Packet): void {
    switch (packet.type) {
      case 'PING':
        this.#writePacket({ type: 'PING', zxid: packet.zxid, touched: zk.touchSnapshot() });
        return;
      case 'PROPOSAL':
        if (zk instanceof FollowerZooKeeperServer) zk.logRequest(packet.txn);
        else this.#ignore(packet, 'an observer does not vote');
        return;
      case 'COMMIT':
        if (zk instanceof FollowerZooKeeperServer) zk.commit(packet.zxid);
        else this.#ignore(packet, 'an observer waits for INFORM');
        return;
      case 'INFORM':
        if (zk instanceof ObserverZooKeeperServer) zk.commitRequest(packet.txn);
        else this.#ignore(packet, 'a follower waits for COMMIT');
        return;
      case 'SYNC':
        zk.onSync();
        return;
      case 'REVALIDATE':
        zk.onRevalidated(packet.sessionId, packet.valid ?? false);
        return;
      default:
        this.#ignore(packet, 'unexpected from a leader');
    }
  }

  #ignore(packet: Packet, reason: string): void {
    this.#context.host.emit({ type: 'ignored', what: packet.type, reason });
  }

  // ------------------------------------------------------------------------------------- the thread

  #onPacket(packet: Packet): void {
    this.#readTimeout.heard();
    if (this.#isBlocked) this.#unread.push(packet);
    else this.#process(packet);
  }

  #process(packet: Packet): void {
    if (this.#zk !== undefined) this.#onBroadcastPacket(this.#zk, packet);
    else if (this.#sync !== undefined) this.#sync.onPacket(packet);
    else this.#onLeaderInfo(packet);
    if (this.#stopping !== undefined) this.shutdown(this.#stopping);
  }

  /** A thread that waits for the disk reads nothing, so it misses nothing. */
  #onSilence(): void {
    if (this.#isBlocked) this.#readTimeout.start(initLimitMs(this.#context.config));
    else this.shutdown('the leader is silent');
  }

  /** A close is noticed by the next read, after what arrived before it and after the disk. */
  #lose(reason: string): void {
    if (this.#isBlocked) this.#lost = reason;
    else this.shutdown(reason);
  }

  #block(isBlocked: boolean): void {
    this.#isBlocked = isBlocked;
    if (!isBlocked) this.#readTimeout.heard();
    while (!this.#isBlocked && !this.#isEnded) {
      const packet = this.#unread.shift();
      if (packet === undefined) break;
      this.#process(packet);
    }
    if (!this.#isBlocked && this.#lost !== undefined) this.shutdown(this.#lost);
  }

  #writePacket(packet: QuorumPacket): void {
    if (this.#connection !== undefined && !this.#isEnded) this.#context.host.send(this.#connection, packet);
  }
}
