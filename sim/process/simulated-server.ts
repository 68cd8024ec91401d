import {
  clientAddress,
  electionAddress,
  quorumAddress,
  type EnsembleConfig,
  type ServerSpec,
} from '../../protocol/config.ts';
import type { Channel, DiskWrite, ExitCode, Stage } from '../../protocol/host.ts';
import type { ConnectionId, Sid } from '../../protocol/ids.ts';
import { QuorumPeer } from '../../protocol/quorum-peer.ts';
import type { Release } from '../../protocol/release/release.ts';
import { Disk } from '../disk/disk.ts';
import { sample } from '../distributions.ts';
import type { Scheduled } from '../event-queue.ts';
import { serverParty } from '../party.ts';
import type { Loss } from '../fault-plan.ts';
import type { ClockPlan, DiskPlan, Distribution, ProcessPlan } from '../world-plan.ts';
import type { KeyedDraws, Random } from '../random.ts';
import { textKey } from '../text-key.ts';
import { fromMs, type Micros } from '../time.ts';
import { Clock } from './clock.ts';
import type { ServerEffect } from './effects.ts';
import { SimulatedProcess, type World } from './simulated-process.ts';

export interface SimulatedServerInit {
  readonly world: World;
  readonly random: Random;
  readonly spec: ServerSpec;
  readonly config: EnsembleConfig;
  readonly disks: DiskPlan;
  readonly processes: ProcessPlan;
  /** Undefined: right. */
  readonly clock: ClockPlan | undefined;
  readonly release: Release;
}

/** What draws of one moment are told apart by, beside the names of stages. */
const BOOT = -1;
const WAKE_UP = -2;

/** A server's machine: its disk stays, its process comes and goes. */
export class SimulatedServer extends SimulatedProcess {
  readonly sid: Sid;
  readonly name: string;
  readonly #init: SimulatedServerInit;
  readonly #disk: Disk;
  readonly #draws: KeyedDraws;
  readonly #stageKeys = new Map<Stage, number>();
  /** When each had its last turn. */
  readonly #turns = new Map<Stage, Micros>();
  /** Stages that were woken and have not run yet. */
  readonly #woken = new Map<Stage, Scheduled>();
  /** Starts of the process so far. */
  #incarnation = 0;
  #peer: QuorumPeer | undefined = undefined;
  #release: Release;
  #stage: Distribution;
  #booting: Scheduled | undefined = undefined;
  /** In its very first step, in which it reads its disk. */
  #isStarting = false;
  #refusal: string | undefined = undefined;

  constructor(init: SimulatedServerInit) {
    const { world, random, spec } = init;
    const { sid, host } = spec;
    const uptime = random.key('uptime').draw(sid, 0, 0, 0);
    super({
      world,
      party: serverParty(sid),
      host,
      addresses: [quorumAddress(spec), electionAddress(spec), clientAddress(spec)],
      clock: new Clock({
        elapsed: fromMs(Math.floor(uptime * 1e9)),
        wall: fromMs(init.clock?.offsetMs ?? 0),
        driftPpm: init.clock?.driftPpm ?? 0,
      }),
    });
    this.sid = sid;
    this.name = host;
    this.#init = init;
    this.#release = init.release;
    this.#stage = init.processes.stage;
    this.#draws = random.key('stage');
    this.#disk = new Disk({
      queue: world.queue,
      random,
      trace: world.trace,
      sid,
      plan: init.disks,
      client: this,
      initialCounter: init.config.initialCounter,
    });
  }

  /** The protocol's own state, to look at; undefined while the server is down. */
  get peer(): QuorumPeer | undefined {
    return this.#peer;
  }

  /** Where clients dial it. */
  get clientAddress(): string {
    return clientAddress(this.#init.spec);
  }

  protected override get process(): QuorumPeer | undefined {
    return this.#peer;
  }

  // -------------------------------------------------------------------------------------------- life

  /** The process comes up after the time that booting takes, `delayMs` from now. */
  boot(delayMs = 0): void {
    if (this.isLost || this.#peer !== undefined || this.#booting !== undefined) return;
    const { queue } = this.world;
    const delay = fromMs(delayMs) + this.#draw(this.#init.processes.boot, BOOT);
    this.#booting = queue.schedule(queue.now + delay, () => this.#start());
  }

  #start(): void {
    this.#booting = undefined;
    this.#incarnation++;
    this.world.network.up(this);
    if (this.#incarnation === 1) this.introduceClock();
    this.record({ type: 'started', incarnation: this.#incarnation });
    const { config, random } = this.#init;
    const { sid } = this;
    const stream = random.stream(`server/${sid}/${this.#incarnation}`);
    const peer = new QuorumPeer({
      sid,
      config,
      durable: this.#disk.durableState(),
      host: this.recorder,
      random: stream,
      release: this.#release,
    });
    this.#peer = peer;
    this.#refusal = undefined;
    this.#isStarting = true;
    this.step(() => peer.start());
    this.#isStarting = false;
  }

  /** `lose`: what becomes of writes that no fsync covered. `silent`: nobody closes its sockets. */
  crash(lose: Loss, silent: boolean): void {
    if (this.#peer === undefined) return;
    this.#end(silent);
    this.record({ type: 'crashed', ...this.#disk.crash(lose) });
  }

  /** ZooKeeper ended its own process; the machine goes on. */
  #exit(code: ExitCode, reason: string): void {
    const { cutAfterZxid } = this.#disk.crash('none');
    this.record({ type: 'exited', code, reason, ...(cutAfterZxid !== undefined && { cutAfterZxid }) });
    if (this.#isStarting) this.#refusal = reason;
    this.#end(false);
  }

  /** What it runs, from its next start on. */
  get release(): Release {
    return this.#release;
  }

  setRelease(release: Release): void {
    this.#release = release;
  }

  /** How long a woken stage waits for its turn from now on; undefined: as planned. */
  setStage(stage: Distribution | undefined): void {
    this.#stage = stage ?? this.#init.processes.stage;
  }

  /** A collection ends for all threads at once: the seed says who is faster. */
  protected override readsSocketsFirst(): boolean {
    return this.#draws.draw(this.sid, WAKE_UP, this.world.queue.now, this.#incarnation) < 0.5;
  }

  #end(silent: boolean): void {
    for (const scheduled of this.#woken.values()) this.world.queue.cancel(scheduled);
    this.#woken.clear();
    this.#peer = undefined;
    this.die(silent);
  }

  /** Its health, for faults; what is on it, for those that damage it. */
  get disk(): Disk {
    return this.#disk;
  }

  /** Why its last start came to nothing: ZooKeeper would not run on what it found on the disk. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  // -------------------------------------------------------------------------------------------- effects

  protected override applyServerEffect(effect: ServerEffect): void {
    const { network } = this.world;
    switch (effect.kind) {
      case 'listen':
        network.listen(this, effect.address, effect.channel);
        return;
      case 'unlisten':
        network.unlisten(this, effect.address);
        return;
      case 'wake':
        this.#wake(effect.stage);
        return;
      case 'exit':
        this.#exit(effect.code, effect.reason);
        return;
      default:
        this.#write(effect);
    }
  }

  #write(effect: Exclude<ServerEffect, { kind: 'listen' | 'unlisten' | 'wake' | 'exit' }>): void {
    switch (effect.kind) {
      case 'appendTxn':
        this.#disk.appendTxn(effect.txn);
        return;
      case 'rollLog':
        this.#disk.rollLog();
        return;
      case 'flushLog':
        this.#disk.flushLog();
        return;
      case 'deleteLogs':
        this.#disk.deleteLogs();
        return;
      case 'truncateLog':
        this.#disk.truncateLog(effect.zxid);
        return;
      case 'deleteSnapshot':
        this.#disk.deleteSnapshot(effect.zxid);
        return;
      case 'writeEpoch':
        this.#disk.writeEpoch(effect.file, effect.epoch);
        return;
      case 'writeSnapshot':
        this.#disk.writeSnapshot(effect.snapshot, effect.fsync);
        return;
    }
  }

  /** The seed decides when a woken thread gets its turn, and so which of several goes first. */
  #wake(stage: Stage): void {
    if (this.#woken.has(stage)) return;
    const { queue } = this.world;
    const waits = this.#draw(this.#stage, this.#keyOf(stage));
    // A draw is a function of the moment: a thread that wakes itself without waiting would never see the next one.
    const isAgain = waits === 0 && this.#turns.get(stage) === queue.now;
    const scheduled = queue.schedule(queue.now + (isAgain ? 1 : waits), () => {
      this.#woken.delete(stage);
      this.#turns.set(stage, queue.now);
      this.step(() => this.#peer?.onStage(stage));
    });
    this.#woken.set(stage, scheduled);
  }

  #draw(distribution: Distribution, key: number): number {
    const { now } = this.world.queue;
    const u1 = this.#draws.draw(this.sid, key, now, this.#incarnation, 0);
    const u2 = takesTwo(distribution) ? this.#draws.draw(this.sid, key, now, this.#incarnation, 1) : 0;
    return sample(distribution, u1, u2);
  }

  #keyOf(stage: Stage): number {
    let key = this.#stageKeys.get(stage);
    if (key === undefined) {
      key = textKey(stage);
      this.#stageKeys.set(stage, key);
    }
    return key;
  }

  // -------------------------------------------------------------------------------------------- from network and disk

  onAccept(connection: ConnectionId, channel: Channel, remoteAddress: string): void {
    this.step(() => this.#peer?.onAccept(connection, channel, remoteAddress));
  }

  onWritable(connection: ConnectionId): void {
    this.step(() => this.#peer?.onWritable(connection));
  }

  onLogFlushed(): void {
    this.step(() => this.#peer?.onLogFlushed());
  }

  onLogTruncated(): void {
    this.step(() => this.#peer?.onLogTruncated());
  }

  onEpochWritten(): void {
    this.step(() => this.#peer?.onEpochWritten());
  }

  onSnapshotWritten(): void {
    this.step(() => this.#peer?.onSnapshotWritten());
  }

  onWriteFailed(write: DiskWrite): void {
    this.step(() => {
      if (write === 'log') this.#disk.reopenLog();
      this.#peer?.onWriteFailed(write);
    });
  }
}

const takesTwo = ({ kind }: Distribution): boolean => kind === 'logNormal' || kind === 'bimodal';
