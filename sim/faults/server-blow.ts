import type { Party } from '../party.ts';
import type { Target } from '../fault-plan.ts';
import type { SimulatedServer } from '../process/simulated-server.ts';
import type { Aim, Blow, Scene } from './blow.ts';

/** The servers among those who are meant: clients have no disks. */
export const serversAmong = (
  scene: Scene,
  aim: Aim,
  targets: readonly Target[],
): readonly SimulatedServer[] => aim.resolve(targets).flatMap((party) => scene.cast.serverOf(party) ?? []);

export const partiesOf = (servers: readonly SimulatedServer[]): readonly Party[] =>
  servers.map(({ party }) => party);

/** Over as soon as it has struck each of them. */
export const once = (
  servers: readonly SimulatedServer[],
  strike: (server: SimulatedServer) => void,
): Blow => ({
  struck: partiesOf(servers),
  strike: () => {
    for (const server of servers) strike(server);
    return undefined;
  },
});
