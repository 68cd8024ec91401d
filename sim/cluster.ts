import { clientAddress } from '../protocol/config.ts';
import { defined } from '../protocol/assert.ts';
import { CalmProbe } from './calm/probe.ts';
import { EventQueue } from './event-queue.ts';
import { Cast } from './faults/cast.ts';
import { FaultRunner } from './faults/fault-runner.ts';
import { Timeline } from './faults/timeline.ts';
import { Network } from './network/network.ts';
import type { RunPlan } from './plan.ts';
import { releaseOfClients, releaseOfServer } from './plan-release.ts';
import { SimulatedClient } from './process/simulated-client.ts';
import { SimulatedServer } from './process/simulated-server.ts';
import type { World } from './process/simulated-process.ts';
import type { Random } from './random.ts';
import { Trace } from './trace.ts';

/** A whole ensemble with its clients, its network and its faults, wired together; nothing has happened yet. */
export class Cluster {
  readonly plan: RunPlan;
  readonly queue = new EventQueue();
  readonly trace = new Trace();
  readonly network: Network;
  readonly cast: Cast;
  readonly faults: FaultRunner;
  readonly #random: Random;
  readonly #world: World;
  readonly #timeline: Timeline;

  constructor(plan: RunPlan, random: Random) {
    this.plan = plan;
    const { queue, trace } = this;
    this.#random = random;
    this.network = new Network({ queue, random, trace, plan: plan.network });
    const world: World = {
      queue,
      network: this.network,
      trace,
      afterEffect: () => this.#timeline.afterEffect(),
    };
    this.#world = world;
    const servers = createServers(world, random, plan);
    const clients = createClients(world, random, plan);
    this.cast = new Cast({ plan, servers, clients });
    this.faults = new FaultRunner({ queue, network: this.network, trace, cast: this.cast, random });
    this.#timeline = new Timeline({
      queue,
      runner: this.faults,
      cast: this.cast,
      random,
      entries: plan.timeline,
    });
    trace.addSink(this.#timeline);
  }

  /** Boots every server, and lets clients and timeline begin. */
  start(): void {
    for (const server of this.cast.servers) server.boot();
    for (const client of this.cast.clients) client.start();
    this.#timeline.start();
  }

  /** The story is over: no more faults, no more requests, what was broken is mended, and somebody looks whether it works. */
  calm(): CalmProbe {
    this.#timeline.stop();
    for (const client of this.cast.clients) client.stop();
    this.faults.healAll();
    const probe = new CalmProbe({ world: this.#world, random: this.#random, plan: this.plan });
    probe.start();
    return probe;
  }
}

function createServers(world: World, random: Random, plan: RunPlan): readonly SimulatedServer[] {
  const { ensemble, disks, processes, clocks } = plan;
  return ensemble.servers.map((spec) => {
    const clock = clocks.find(({ sid }) => sid === spec.sid);
    const release = releaseOfServer(plan, spec.sid);
    return new SimulatedServer({ world, random, spec, config: ensemble, disks, processes, clock, release });
  });
}

function createClients(world: World, random: Random, plan: RunPlan): readonly SimulatedClient[] {
  const release = releaseOfClients(plan);
  const addressOf = new Map(plan.ensemble.servers.map((spec) => [spec.sid, clientAddress(spec)]));
  return plan.clients.map((client, index) => {
    const servers = client.servers.map((sid) => defined(addressOf.get(sid), `server ${sid}`));
    return new SimulatedClient({ world, random, index, plan: client, servers, release });
  });
}
