import type { Disk, DiskSpeed } from '../disk/disk.ts';
import type { DiskFault, FaultOf } from '../fault-plan.ts';
import type { SimulatedServer } from '../process/simulated-server.ts';
import { undoAll, type Aim, type Blow, type Scene } from './blow.ts';
import { damage, damageStopped } from './damage.ts';
import { Overlay } from './overlay.ts';
import { once, partiesOf, serversAmong } from './server-blow.ts';
import type { Draw } from './targets.ts';

const AS_PLANNED: DiskSpeed = { fsync: undefined, throughput: undefined };

type Servers = readonly SimulatedServer[];

/** Disks are slow, stand still, are full, fail, and lie. What a server does about it is for the protocol to say. */
export class DiskFaults {
  readonly #scene: Scene;
  readonly #slow: Overlay<DiskSpeed>;
  readonly #stalled: Overlay<true>;
  readonly #full: Overlay<true>;
  readonly #failing: Overlay<true>;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#slow = this.#overlay<DiskSpeed>((disk, speed) => disk.setSpeed(speed ?? AS_PLANNED));
    this.#stalled = this.#overlay<true>((disk, isOn) => disk.setStalled(isOn ?? false));
    this.#full = this.#overlay<true>((disk, isOn) => disk.setFull(isOn ?? false));
    this.#failing = this.#overlay<true>((disk, isOn) => disk.setFailing(isOn ?? false));
  }

  aim(fault: DiskFault, aim: Aim): Blow {
    const servers = serversAmong(this.#scene, aim, fault.target);
    switch (fault.kind) {
      case 'slowDisk':
        return lasting(servers, this.#slow, fault);
      case 'stallDisk':
        return lasting(servers, this.#stalled, true);
      case 'fullDisk':
        return lasting(servers, this.#full, true);
      case 'failWrites':
        return lasting(servers, this.#failing, true);
      case 'flipBit':
        return fault.where === 'log' ? this.#flipLogBit(servers, aim.draw) : this.#flipSnapshotBit(servers);
      case 'loseSnapshot':
        return this.#loseSnapshot(servers, fault);
      case 'loseLog':
        return this.#loseLog(servers, fault);
    }
  }

  // Who has nothing that could be damaged is not struck.

  #flipLogBit(servers: Servers, draw: Draw): Blow {
    return once(
      servers.filter(({ disk }) => disk.files.logs.durableRecords > 0),
      (server) =>
        damage(this.#scene, server, 'flipBit log', ({ logs }) =>
          logs.flipBit(Math.floor(draw() * logs.durableRecords)),
        ),
    );
  }

  #flipSnapshotBit(servers: Servers): Blow {
    const { now } = this.#scene.queue;
    return once(
      servers.filter(({ disk }) => disk.files.snapshots.hasDurable(now)),
      (server) => damage(this.#scene, server, 'flipBit snapshot', ({ snapshots }) => snapshots.flipBit(now)),
    );
  }

  #loseSnapshot(servers: Servers, fault: FaultOf<'loseSnapshot'>): Blow {
    return once(
      servers.filter(({ disk }) => !disk.files.snapshots.isEmpty),
      (server) =>
        damageStopped(this.#scene, server, fault, ({ snapshots }, now) => snapshots.loseNewest(now)),
    );
  }

  #loseLog(servers: Servers, fault: FaultOf<'loseLog'>): Blow {
    return once(
      servers.filter(({ disk }) => !disk.files.logs.isEmpty),
      (server) => damageStopped(this.#scene, server, fault, ({ logs }) => logs.loseNewest()),
    );
  }

  #overlay<T>(apply: (disk: Disk, value: T | undefined) => void): Overlay<T> {
    return new Overlay<T>((party, value) => {
      const server = this.#scene.cast.serverOf(party);
      if (server !== undefined) apply(server.disk, value);
    });
  }
}

const lasting = <T>(servers: Servers, overlay: Overlay<T>, value: T): Blow => ({
  struck: partiesOf(servers),
  strike: () => undoAll(servers.map(({ party }) => overlay.add(party, value))),
});
