import { WORLD, type Party } from '../party.ts';
import type { Fault, FaultKind, TimelineEntry } from '../fault-plan.ts';
import type { KeyedDraws } from '../random.ts';
import type { Aim, Blow, Scene, Undo } from './blow.ts';
import { ClientFaults } from './client-faults.ts';
import { ClockFaults } from './clock-faults.ts';
import { DataFaults } from './data-faults.ts';
import { DiskFaults } from './disk-faults.ts';
import { NetworkFaults } from './network-faults.ts';
import { ProcessFaults } from './process-faults.ts';
import { resolveTargets, type Draw } from './targets.ts';

/** A fault that goes on until its time is over, another one ends it, or the story ends. */
export interface ActiveFault {
  readonly entry: TimelineEntry;
  readonly struck: readonly Party[];
  readonly undo: Undo;
  readonly isSpent: () => boolean;
}

/** What a strike's draws are keyed by: the entry, and how often it has struck before. */
export interface StrikeKey {
  readonly address: number;
  readonly repetition: number;
}

/**
 * Lets the timeline's faults strike and end. Whom one finds is settled at the moment it strikes; one that finds nobody is traced with
 * nobody struck.
 */
export class FaultRunner {
  readonly #scene: Scene;
  readonly #draws: KeyedDraws;
  readonly #active = new Set<ActiveFault>();
  #lastStruck: readonly Party[] = [];

  readonly #processes: ProcessFaults;
  readonly #network: NetworkFaults;
  readonly #disks: DiskFaults;
  readonly #data: DataFaults;
  readonly #clocks: ClockFaults;
  readonly #clients: ClientFaults;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#draws = scene.random.key('faults');
    this.#processes = new ProcessFaults(scene);
    this.#network = new NetworkFaults(scene);
    this.#disks = new DiskFaults(scene);
    this.#data = new DataFaults(scene);
    this.#clocks = new ClockFaults(scene);
    this.#clients = new ClientFaults(scene);
  }

  /** `cause`: what set it off, for the trace. Answers the fault if it goes on now. */
  strike(entry: TimelineEntry, key: StrikeKey, cause: string): ActiveFault | undefined {
    const { fault } = entry;
    let nth = 0;
    const draw: Draw = () => this.#draws.draw(key.address, nth++, key.repetition, 0);
    const aim: Aim = {
      draw,
      resolve: (targets) => resolveTargets(targets, this.#scene.cast, this.#lastStruck, draw),
    };
    const blow = this.#aim(fault, aim);
    this.#record('fault', entry, blow.struck, cause);
    const undo = blow.strike();
    if (fault.kind === 'resume') this.#endAll(cause, (active) => isOf(active, 'pause', blow.struck));
    if (fault.kind === 'release') this.#endAll(cause, ({ isSpent }) => isSpent());
    if (fault.kind === 'heal') this.#heal('heal', ({ entry }) => entry.fault.kind !== 'pause');
    if (!LEAVES_NOBODY_STRUCK.has(fault.kind)) this.#lastStruck = blow.foremost ?? blow.struck;
    if (undo === undefined) return undefined;
    const active = { entry, struck: blow.struck, undo, isSpent: blow.isSpent ?? (() => false) };
    this.#active.add(active);
    return active;
  }

  /** Ends it, unless it has ended already. */
  end(active: ActiveFault, cause: string): void {
    if (!this.#active.delete(active)) return;
    active.undo();
    this.#record('faultEnded', active.entry, active.struck, cause);
  }

  /** Ends everything that is still going on, oldest first, and brings back who is down or stands still. */
  healAll(): void {
    this.#heal('calm', () => true);
    for (const process of [...this.#scene.cast.servers, ...this.#scene.cast.clients]) {
      process.spare();
      process.resume();
    }
    for (const server of this.#scene.cast.servers) server.boot();
  }

  #aim(fault: Fault, aim: Aim): Blow {
    switch (fault.kind) {
      case 'crash':
      case 'restart':
      case 'pause':
      case 'resume':
      case 'slowCpu':
        return this.#processes.aim(fault, aim);
      case 'partition':
      case 'bridge':
      case 'ring':
      case 'isolate':
      case 'flap':
      case 'hold':
      case 'release':
      case 'clog':
      case 'swizzle':
      case 'link':
      case 'disconnect':
      case 'refuse':
      case 'fullBacklog':
        return this.#network.aim(fault, aim);
      case 'slowDisk':
      case 'stallDisk':
      case 'fullDisk':
      case 'failWrites':
      case 'flipBit':
      case 'loseSnapshot':
      case 'loseLog':
        return this.#disks.aim(fault, aim);
      case 'wipe':
      case 'copyData':
      case 'backup':
      case 'restore':
        return this.#data.aim(fault, aim);
      case 'clock':
        return this.#clocks.aim(fault, aim);
      case 'flood':
      case 'expire':
        return this.#clients.aim(fault, aim);
      case 'heal':
        return { struck: [], strike: () => undefined };
    }
  }

  /** Ends them, those included that would take their time to end. */
  #heal(cause: string, which: (active: ActiveFault) => boolean): void {
    this.#endAll(cause, which);
    this.#network.settle();
  }

  #endAll(cause: string, which: (active: ActiveFault) => boolean): void {
    for (const active of [...this.#active]) if (which(active)) this.end(active, cause);
  }

  #record(type: 'fault' | 'faultEnded', entry: TimelineEntry, struck: readonly Party[], cause: string): void {
    const { queue, trace } = this.#scene;
    trace.record(queue.now, WORLD, { type, kind: entry.fault.kind, text: entry.text, cause, struck });
  }
}

/** After these `last struck` means whom it meant before: they bring nobody down and cut nobody off. */
const LEAVES_NOBODY_STRUCK: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'restart',
  'resume',
  'release',
  'heal',
  'slowCpu',
  'clock',
  'flood',
  'expire',
  'link',
  'disconnect',
  'backup',
]);

/** A fault of this kind that struck nobody else than these. */
const isOf = ({ entry, struck }: ActiveFault, kind: FaultKind, these: readonly Party[]): boolean =>
  entry.fault.kind === kind && struck.every((party) => these.includes(party));
