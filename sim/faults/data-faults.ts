import { EMPTY_DISK, type DurableState } from '../../protocol/storage/durable-state.ts';
import type { Party } from '../party.ts';
import type { DataFault, FaultOf } from '../fault-plan.ts';
import type { SimulatedServer } from '../process/simulated-server.ts';
import type { Aim, Blow, Scene } from './blow.ts';
import { damageStopped } from './damage.ts';
import { once, serversAmong } from './server-blow.ts';

/** What operators do to data directories. */
export class DataFaults {
  readonly #scene: Scene;
  readonly #backups = new Map<Party, DurableState>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  aim(fault: DataFault, aim: Aim): Blow {
    const servers = serversAmong(this.#scene, aim, fault.target);
    switch (fault.kind) {
      case 'wipe':
        return this.#replace(servers, fault, () => EMPTY_DISK);
      case 'copyData': {
        const [from] = serversAmong(this.#scene, aim, [fault.from]);
        const others = servers.filter((server) => server !== from);
        return from === undefined ? NOBODY : this.#replace(others, fault, () => from.disk.durableState());
      }
      case 'backup':
        return once(servers, ({ party, disk }) => this.#backups.set(party, disk.durableState()));
      case 'restore':
        return this.#replace(servers, fault, ({ party }) => this.#backups.get(party) ?? EMPTY_DISK);
    }
  }

  #replace(
    servers: readonly SimulatedServer[],
    fault: FaultOf<'wipe' | 'copyData' | 'restore'>,
    data: (server: SimulatedServer) => DurableState,
  ): Blow {
    return once(servers, (server) =>
      damageStopped(this.#scene, server, fault, (files, now) => files.replace(data(server), now)),
    );
  }
}

const NOBODY: Blow = { struck: [], strike: () => undefined };
