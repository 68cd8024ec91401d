import type { EventQueue } from '../event-queue.ts';
import type { Network } from '../network/network.ts';
import { isServer, WORLD, type Party } from '../party.ts';
import type { Fault, Target, TimelineEntry } from '../plan.ts';
import { SimulatedServer } from '../process/simulated-server.ts';
import type { KeyedDraws, Random } from '../random.ts';
import { fromMs } from '../time.ts';
import type { Trace } from '../trace.ts';
import type { Cast } from './cast.ts';
import { resolveTargets, type Draw } from './targets.ts';

/** A fault that goes on until it ends by itself, is ended by another, or the story ends. */
interface ActiveFault {
  readonly entry: TimelineEntry;
  readonly struck: readonly Party[];
  readonly undo: () => void;
}

/**
 * Lets the timeline's faults strike. A fault that finds nobody to strike is traced with nobody struck. What a fault does to packets in
 * flight is the network's to say (network.ts).
 */
export class FaultRunner {
  readonly #queue: EventQueue;
  readonly #network: Network;
  readonly #trace: Trace;
  readonly #cast: Cast;
  readonly #draws: KeyedDraws;
  readonly #active = new Set<ActiveFault>();
  #lastStruck: readonly Party[] = [];

  constructor(init: { queue: EventQueue; network: Network; trace: Trace; cast: Cast; random: Random }) {
    this.#queue = init.queue;
    this.#network = init.network;
    this.#trace = init.trace;
    this.#cast = init.cast;
    this.#draws = init.random.key('faults');
  }

  /** `address`: what its draws are keyed by. */
  strike(entry: TimelineEntry, address: number): void {
    let nth = 0;
    const draw: Draw = () => this.#draws.draw(address, nth++, 0, 0);
    const resolve = (targets: readonly Target[]): readonly Party[] =>
      resolveTargets(targets, this.#cast, this.#lastStruck, draw);
    this.#strike(entry, entry.fault, resolve);
  }

  /** Ends everything that is still going on, oldest first, and brings back who is down or stands still. */
  healAll(): void {
    for (const active of [...this.#active]) this.#end(active);
    for (const process of [...this.#cast.servers, ...this.#cast.clients]) process.resume();
    for (const server of this.#cast.servers) server.boot();
  }

  #strike(
    entry: TimelineEntry,
    fault: Fault,
    resolve: (targets: readonly Target[]) => readonly Party[],
  ): void {
    switch (fault.kind) {
      case 'crash':
        this.#crash(entry, fault, resolve(fault.target));
        return;
      case 'restart':
        this.#note(entry, resolve(fault.target), (server) => server.boot());
        return;
      case 'pause':
        this.#during(entry, fault.forMs, resolve(fault.target), (party) => this.#pause(party));
        return;
      case 'resume':
        this.#resume(entry, resolve(fault.target));
        return;
      case 'partition':
        this.#partition(entry, fault, fault.groups.map(resolve));
        return;
      case 'isolate':
        this.#isolate(entry, fault.forMs, resolve(fault.target));
        return;
      case 'heal':
        this.#record('fault', entry, []);
        for (const active of [...this.#active]) if (isHealable(active.entry.fault)) this.#end(active);
        return;
      case 'link':
        this.#changeLinks(entry, fault, resolve(fault.between[0]), resolve(fault.between[1]));
        return;
      case 'disconnect':
        this.#disconnect(entry, resolve(fault.between[0]), resolve(fault.between[1]));
        return;
      case 'slowDisk':
        this.#during(entry, fault.forMs, resolve(fault.target), (party) => this.#slowDisk(party, fault));
        return;
    }
  }

  // -------------------------------------------------------------------------------------------- processes

  #crash(entry: TimelineEntry, fault: Fault & { readonly kind: 'crash' }, struck: readonly Party[]): void {
    const up = struck.filter((party) => this.#serverOf(party)?.isUp === true);
    this.#note(entry, up, (server) => {
      server.crash(fault.lose, fault.silent);
      if (fault.restartAfterMs !== undefined) server.boot(fault.restartAfterMs);
    });
    this.#lastStruck = up;
  }

  #note(entry: TimelineEntry, struck: readonly Party[], strike: (server: SimulatedServer) => void): void {
    this.#record('fault', entry, struck);
    for (const party of struck) {
      const server = this.#serverOf(party);
      if (server !== undefined) strike(server);
    }
  }

  #pause(party: Party): () => void {
    this.#cast.process(party)?.pause();
    return () => {
      if (this.#stillOn('pause', party) === undefined) this.#cast.process(party)?.resume();
    };
  }

  /** Ends the pauses of these processes, however they began. */
  #resume(entry: TimelineEntry, struck: readonly Party[]): void {
    this.#record('fault', entry, struck);
    for (const active of [...this.#active]) {
      if (active.entry.fault.kind === 'pause' && active.struck.every((party) => struck.includes(party)))
        this.#end(active);
    }
    for (const party of struck) this.#cast.process(party)?.resume();
  }

  #slowDisk(party: Party, fault: Fault & { readonly kind: 'slowDisk' }): () => void {
    const server = this.#serverOf(party);
    server?.setFsync(fault.fsync);
    return () => server?.setFsync(this.#stillOn('slowDisk', party)?.fsync);
  }

  /** The newest other fault of this kind that this one overlapped and that goes on. */
  #stillOn<Kind extends Fault['kind']>(kind: Kind, party: Party): Extract<Fault, { kind: Kind }> | undefined {
    const isOn = (fault: Fault): fault is Extract<Fault, { kind: Kind }> => fault.kind === kind;
    const faults = [...this.#active]
      .filter(({ struck }) => struck.includes(party))
      .map(({ entry }) => entry.fault);
    return faults.findLast(isOn);
  }

  // -------------------------------------------------------------------------------------------- network

  /** `rest` is everyone whom no other group has. Clients that no group names reach every server. */
  #partition(
    entry: TimelineEntry,
    fault: Fault & { readonly kind: 'partition' },
    resolved: readonly (readonly Party[])[],
  ): void {
    const named = new Set(resolved.flat());
    const rest = this.#cast.servers.map((server) => server.party).filter((party) => !named.has(party));
    const groups = resolved.map((group, i) => (isRest(fault.groups[i]) ? rest : group));
    const cuts = pairsAcross(groups).flatMap(([from, to, isForward]) =>
      fault.oneWay && !isForward ? [] : [this.#cut(from, to)],
    );
    this.#begin(entry, fault.forMs, groups.flat(), cuts);
    this.#lastStruck = groups[0] ?? [];
  }

  #isolate(entry: TimelineEntry, forMs: number | undefined, struck: readonly Party[]): void {
    const cuts = struck.flatMap((party) => {
      const others = this.#cast.parties.filter((other) => other !== party);
      return others.flatMap((other) => [this.#cut(party, other), this.#cut(other, party)]);
    });
    this.#begin(entry, forMs, struck, cuts);
    this.#lastStruck = struck;
  }

  #cut(from: Party, to: Party): () => void {
    this.#network.cut(from, to);
    return () => this.#network.mend(from, to);
  }

  #changeLinks(
    entry: TimelineEntry,
    fault: Fault & { readonly kind: 'link' },
    left: readonly Party[],
    right: readonly Party[],
  ): void {
    const change = {
      ...(fault.latency !== undefined && { latency: fault.latency }),
      ...(fault.loss !== undefined && { loss: fault.loss }),
    };
    const undo = pairsAcross([left, right]).map(([from, to]) => {
      const token = this.#network.setLink(from, to, change);
      return () => this.#network.clearLink(token);
    });
    this.#begin(entry, fault.forMs, [...new Set([...left, ...right])], undo);
  }

  #disconnect(entry: TimelineEntry, left: readonly Party[], right: readonly Party[]): void {
    this.#record('fault', entry, [...new Set([...left, ...right])]);
    for (const a of left) for (const b of right) if (a !== b) this.#network.resetConnections(a, b);
  }

  // -------------------------------------------------------------------------------------------- beginning and ending

  #during(
    entry: TimelineEntry,
    forMs: number | undefined,
    struck: readonly Party[],
    strike: (party: Party) => () => void,
  ): void {
    this.#begin(entry, forMs, struck, struck.map(strike));
    this.#lastStruck = struck;
  }

  #begin(
    entry: TimelineEntry,
    forMs: number | undefined,
    struck: readonly Party[],
    undo: readonly (() => void)[],
  ): void {
    this.#record('fault', entry, struck);
    const active: ActiveFault = {
      entry,
      struck,
      undo: () => {
        for (const step of undo) step();
      },
    };
    this.#active.add(active);
    if (forMs !== undefined) this.#queue.schedule(this.#queue.now + fromMs(forMs), () => this.#end(active));
  }

  #end(active: ActiveFault): void {
    if (!this.#active.delete(active)) return;
    active.undo();
    this.#record('faultEnded', active.entry, active.struck);
  }

  #record(type: 'fault' | 'faultEnded', entry: TimelineEntry, struck: readonly Party[]): void {
    this.#trace.record(this.#queue.now, WORLD, { type, text: entry.text, struck });
  }

  #serverOf(party: Party): SimulatedServer | undefined {
    const process = isServer(party) ? this.#cast.process(party) : undefined;
    return process instanceof SimulatedServer ? process : undefined;
  }
}

const isRest = (group: readonly Target[] | undefined): boolean =>
  group?.length === 1 && group[0]?.kind === 'rest';

/** A heal mends links and disks; a paused process stays paused. */
const isHealable = (fault: Fault): boolean => fault.kind !== 'pause';

/** Every ordered pair of members of two different groups; `isForward`: from the first group. */
function pairsAcross(groups: readonly (readonly Party[])[]): readonly (readonly [Party, Party, boolean])[] {
  return groups.flatMap((from, i) =>
    groups.flatMap((to, j) =>
      i === j ? [] : from.flatMap((a) => to.filter((b) => b !== a).map((b) => [a, b, i === 0] as const)),
    ),
  );
}
