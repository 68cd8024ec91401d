import { unreachable } from '../../protocol/assert.ts';
import type { Channel, ClientProcess } from '../../protocol/host.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import type { EventQueue } from '../event-queue.ts';
import type { Endpoint } from '../network/endpoint.ts';
import type { Network } from '../network/network.ts';
import type { Party } from '../party.ts';
import { toMs, toWholeMs, type Micros } from '../time.ts';
import type { Trace } from '../trace.ts';
import type { TraceEvent } from '../trace-events.ts';
import type { Clock } from './clock.ts';
import { Countdown } from './countdown.ts';
import type { Effect, ServerEffect } from './effects.ts';
import { MachineTimers } from './machine-timers.ts';
import { RecordingHost } from './recording-host.ts';

/** What every process lives in. */
export interface World {
  readonly queue: EventQueue;
  readonly network: Network;
  readonly trace: Trace;
  /** Faults that wait for a trace event strike here, between two effects of a step. */
  readonly afterEffect: () => void;
}

const NO_COUNTDOWNS: readonly Countdown[] = [];

/** All wall clocks start at 2026-01-01T00:00:00Z unless the plan or a fault moves them. */
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
  readonly #clock: Clock;
  readonly #timers: MachineTimers;
  #countdowns: readonly Countdown[] = NO_COUNTDOWNS;
  #isLost = false;
  #isPaused = false;
  /** Steps that came due during a pause. */
  #waiting: (() => void)[] = [];

  constructor(init: {
    world: World;
    party: Party;
    host: string;
    addresses?: readonly string[];
    clock: Clock;
  }) {
    this.world = init.world;
    this.party = init.party;
    this.host = init.host;
    this.#clock = init.clock;
    this.#timers = new MachineTimers(init.world.queue, init.clock, (timer) => {
      this.step(() => this.process?.onTimer(timer));
    });
    init.world.network.attach(this, init.addresses);
  }

  /** The code that runs here; undefined while the process is down. */
  protected abstract get process(): ClientProcess | undefined;

  get isUp(): boolean {
    return this.process !== undefined;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Nobody ever starts it again. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Runs protocol code as one step, now or when the pause ends. */
  protected step(run: () => void): void {
    if (this.process === undefined) return;
    if (this.#isPaused) {
      this.#waiting.push(run);
      return;
    }
    const { now } = this.world.queue;
    this.recorder.elapsedMs = toWholeMs(this.#clock.elapsed(now));
    this.recorder.wallMs = WALL_START_MS + toWholeMs(this.#clock.wall(now));
    run();
    this.#carryOut();
  }

  /** A fault may end the process between two effects: the rest is then never done. */
  #carryOut(): void {
    const { effects } = this.recorder;
    const life = this.#life;
    for (const effect of effects) {
      // What is set off by an effect counts from the next one on.
      const countdowns = this.#countdowns;
      this.#apply(effect);
      if (countdowns.length > 0) this.#countDown(countdowns, effect, life);
      if (this.#life !== life) break;
    }
    effects.length = 0;
  }

  #countDown(countdowns: readonly Countdown[], effect: Effect, life: number): void {
    for (const countdown of countdowns) if (this.#life === life) countdown.onCarriedOut(effect);
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
        this.#timers.set(effect.timer, effect.delayMs);
        return;
      case 'cancelTimer':
        this.#timers.cancel(effect.timer);
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

  // -------------------------------------------------------------------------------------------- clocks

  /** Sets its machine's clocks, or lets them run differently. */
  adjustClock(adjust: (clock: Clock, now: Micros) => void): void {
    adjust(this.#clock, this.world.queue.now);
    this.#timers.onClockChanged();
    this.#recordClock();
  }

  /** For a machine whose clocks were never right: says so. */
  protected introduceClock(): void {
    if (!this.#clock.isRightAt(this.world.queue.now)) this.#recordClock();
  }

  #recordClock(): void {
    const { now } = this.world.queue;
    const { elapsed, wall } = this.#clock.rates;
    this.record({
      type: 'clockChanged',
      elapsedMs: toMs(this.#clock.elapsed(now)),
      wallMs: WALL_START_MS + toMs(this.#clock.wall(now)),
      elapsedRate: elapsed,
      wallRate: wall,
    });
  }

  // -------------------------------------------------------------------------------------------- pause and death

  pause(): void {
    if (this.#isPaused || this.process === undefined) return;
    this.#isPaused = true;
    this.world.network.pause(this);
    this.record({ type: 'paused' });
  }

  /**
   * Everything that came due meanwhile follows, each as an event of its own: all that waits in its sockets at this moment, its own
   * business before that or right after it.
   */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.record({ type: 'resumed' });
    const life = this.#life;
    const at = this.world.queue.now + (this.readsSocketsFirst() ? 1 : 0);
    for (const run of this.#waiting) {
      this.world.queue.schedule(at, () => {
        if (this.#life === life) this.step(run);
      });
    }
    this.#waiting = [];
    this.world.network.resume(this);
  }

  /** On waking: whether what waits in its sockets comes before the timers that came due. */
  protected readsSocketsFirst(): boolean {
    return true;
  }

  /** Lets something happen to it in the middle of what it does, unless it dies before. */
  after(count: { readonly unit: 'effects' | 'writes'; readonly count: number }, happen: () => void): void {
    this.#countdowns = [...this.#countdowns, new Countdown(count, happen)];
  }

  /** Takes back every `after`. */
  spare(): void {
    this.#countdowns = NO_COUNTDOWNS;
  }

  /** From now on it can only end. */
  abandon(): void {
    this.#isLost = true;
  }

  /** The process is gone, with everything that it held in memory. */
  protected die(silent: boolean): void {
    this.#life++;
    this.#isPaused = false;
    this.#waiting = [];
    this.spare();
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
