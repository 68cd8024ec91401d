import { unreachable } from '../../protocol/assert.ts';
import type { Channel, ClientProcess } from '../../protocol/host.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import type { EventQueue, Scheduled } from '../event-queue.ts';
import type { Endpoint } from '../network/endpoint.ts';
import type { Network } from '../network/network.ts';
import type { Party } from '../party.ts';
import { fromMs, toWholeMs, type Micros } from '../time.ts';
import type { Trace } from '../trace.ts';
import type { TraceEvent } from '../trace-events.ts';
import type { Effect, ServerEffect } from './effects.ts';
import { RecordingHost } from './recording-host.ts';

/** What every process lives in. */
export interface World {
  readonly queue: EventQueue;
  readonly network: Network;
  readonly trace: Trace;
  /** Faults that wait for a trace event strike here, between two effects of a step. */
  readonly afterEffect: () => void;
}

/** All wall clocks start at 2026-01-01T00:00:00Z unless a fault moves them. */
const WALL_START_MS = 1_767_225_600_000;

/**
 * A process in the world: the protocol code of a server or a client runs here, step by step. A step records effects; they are carried
 * out in order when it has returned. While the process is paused its steps wait; when it dies, what it still meant to do is gone.
 */
export abstract class SimulatedProcess implements Endpoint {
  readonly party: Party;
  readonly host: string;
  protected readonly world: World;
  protected readonly recorder = new RecordingHost();
  /** Changes when the process dies: what an earlier life still meant to do is not done any more. */
  #life = 0;
  readonly #uptimeOffset: Micros;
  readonly #timers = new Map<string, Scheduled>();
  #isPaused = false;
  /** Steps that came due during a pause. */
  #waiting: (() => void)[] = [];

  /** `uptimeOffset`: how long this machine's monotonic clock had been running when the run began. */
  constructor(init: {
    world: World;
    party: Party;
    host: string;
    addresses?: readonly string[];
    uptimeOffset: Micros;
  }) {
    this.world = init.world;
    this.party = init.party;
    this.host = init.host;
    this.#uptimeOffset = init.uptimeOffset;
    init.world.network.attach(this, init.addresses);
  }

  /** The code that runs here; undefined while the process is down. */
  protected abstract get process(): ClientProcess | undefined;

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Runs protocol code as one step, now or when the pause ends. */
  protected step(run: () => void): void {
    if (this.process === undefined) return;
    if (this.#isPaused) {
      this.#waiting.push(run);
      return;
    }
    const { now } = this.world.queue;
    this.recorder.elapsedMs = toWholeMs(now + this.#uptimeOffset);
    this.recorder.wallMs = WALL_START_MS + toWholeMs(now);
    run();
    this.#carryOut();
  }

  /** A fault may end the process between two effects: the rest is then never done. */
  #carryOut(): void {
    const { effects } = this.recorder;
    const life = this.#life;
    for (const effect of effects) {
      this.#apply(effect);
      if (this.#life !== life) break;
    }
    effects.length = 0;
  }

  #apply(effect: Effect): void {
    const { network } = this.world;
    switch (effect.kind) {
      case 'connect':
        network.connect(this, effect.connection, effect.address, effect.channel, effect.timeoutMs);
        return;
      case 'send':
        network.send(this, effect.connection, effect.packet);
        return;
      case 'flush':
        network.flush(this, effect.connection);
        return;
      case 'close':
        network.close(this, effect.connection);
        return;
      case 'setTimer':
        this.#setTimer(effect.timer, effect.delayMs);
        return;
      case 'cancelTimer':
        this.#cancelTimer(effect.timer);
        return;
      case 'emit':
        this.record(effect.event);
        this.world.afterEffect();
        return;
      default:
        this.applyServerEffect(effect);
    }
  }

  /** Only servers have disks, ports and stages. */
  protected applyServerEffect(effect: ServerEffect): void {
    unreachable(effect as never, 'SimulatedProcess');
  }

  protected record(event: TraceEvent): void {
    this.world.trace.record(this.world.queue.now, this.party, event);
  }

  // -------------------------------------------------------------------------------------------- timers

  #setTimer(timer: string, delayMs: number): void {
    this.#cancelTimer(timer);
    const at = this.world.queue.now + fromMs(Math.max(0, delayMs));
    const scheduled = this.world.queue.schedule(at, () => {
      this.#timers.delete(timer);
      this.step(() => this.process?.onTimer(timer));
    });
    this.#timers.set(timer, scheduled);
  }

  #cancelTimer(timer: string): void {
    const scheduled = this.#timers.get(timer);
    if (scheduled === undefined) return;
    this.world.queue.cancel(scheduled);
    this.#timers.delete(timer);
  }

  // -------------------------------------------------------------------------------------------- pause and death

  pause(): void {
    if (this.#isPaused || this.process === undefined) return;
    this.#isPaused = true;
    this.world.network.pause(this);
    this.record({ type: 'paused' });
  }

  /** Everything that came due meanwhile follows at once, each as an event of its own. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.record({ type: 'resumed' });
    const life = this.#life;
    for (const run of this.#waiting) {
      this.world.queue.schedule(this.world.queue.now, () => {
        if (this.#life === life) this.step(run);
      });
    }
    this.#waiting = [];
    this.world.network.resume(this);
  }

  /** The process is gone, with everything that it held in memory. */
  protected die(silent: boolean): void {
    this.#life++;
    this.#isPaused = false;
    this.#waiting = [];
    for (const scheduled of this.#timers.values()) this.world.queue.cancel(scheduled);
    this.#timers.clear();
    this.world.network.down(this, silent);
  }

  // -------------------------------------------------------------------------------------------- from the network

  abstract onAccept(connection: ConnectionId, channel: Channel, remoteAddress: string): void;
  abstract onWritable(connection: ConnectionId): void;

  onConnected(connection: ConnectionId): void {
    this.step(() => this.process?.onConnected(connection));
  }

  onConnectFailed(connection: ConnectionId): void {
    this.step(() => this.process?.onConnectFailed(connection));
  }

  onPacket(connection: ConnectionId, packet: Packet): void {
    this.step(() => this.process?.onPacket(connection, packet));
  }

  onClosed(connection: ConnectionId): void {
    this.step(() => this.process?.onClosed(connection));
  }
}
