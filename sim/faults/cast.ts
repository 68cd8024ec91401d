import type { Sid } from '../../protocol/ids.ts';
import { createVerifier } from '../../protocol/quorum.ts';
import type { SimulatedClient } from '../process/simulated-client.ts';
import type { SimulatedServer } from '../process/simulated-server.ts';
import { clientIndex, isClient, partySid, type Party } from '../party.ts';
import type { RunPlan } from '../plan.ts';

/** Everyone in the run, and the roles they play at this moment. */
export class Cast {
  readonly servers: readonly SimulatedServer[];
  readonly clients: readonly SimulatedClient[];
  readonly #plan: RunPlan;

  constructor(init: {
    plan: RunPlan;
    servers: readonly SimulatedServer[];
    clients: readonly SimulatedClient[];
  }) {
    this.#plan = init.plan;
    this.servers = init.servers;
    this.clients = init.clients;
  }

  get parties(): readonly Party[] {
    return [...this.servers, ...this.clients].map((process) => process.party);
  }

  server(sid: Sid): SimulatedServer | undefined {
    return this.servers.find((server) => server.sid === sid);
  }

  process(party: Party): SimulatedServer | SimulatedClient | undefined {
    return isClient(party) ? this.clients[clientIndex(party)] : this.server(partySid(party));
  }

  /** The server of this party; undefined for a client. */
  serverOf(party: Party): SimulatedServer | undefined {
    return isClient(party) ? undefined : this.server(partySid(party));
  }

  clientNamed(name: string): SimulatedClient | undefined {
    return this.clients.find((client) => client.name === name);
  }

  /** The server that leads an established ensemble; of two that think so, the one with the newer epoch. */
  leader(): SimulatedServer | undefined {
    const leading = this.servers.filter((server) => {
      const view = server.peer?.view;
      return view?.serverState === 'LEADING' && view.isServing;
    });
    return leading.sort((a, b) => zxidOf(b) - zxidOf(a) || a.sid - b.sid)[0];
  }

  /** Up, and following or observing. */
  learners(learnerType: 'PARTICIPANT' | 'OBSERVER'): readonly SimulatedServer[] {
    const wanted = learnerType === 'PARTICIPANT' ? 'FOLLOWING' : 'OBSERVING';
    return this.servers.filter((server) => server.peer?.view.serverState === wanted);
  }

  participants(): readonly SimulatedServer[] {
    const { servers } = this.#plan.ensemble;
    const voters = new Set(
      servers.filter((spec) => spec.learnerType === 'PARTICIPANT').map((spec) => spec.sid),
    );
    return this.servers.filter((server) => voters.has(server.sid));
  }

  /** Whether these servers, all others lost, are still a quorum. */
  isQuorum(servers: readonly SimulatedServer[]): boolean {
    return createVerifier(this.#plan.ensemble).containsQuorum(new Set(servers.map((server) => server.sid)));
  }
}

const zxidOf = (server: SimulatedServer): number => server.peer?.view.lastProcessedZxid ?? 0;
