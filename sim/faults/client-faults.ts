import type { Password } from '../../protocol/client-packets.ts';
import type { ClientFault, FaultOf } from '../fault-plan.ts';
import type { Party } from '../party.ts';
import { Flood } from '../process/flood.ts';
import { Stranger } from '../process/stranger.ts';
import type { Aim, Blow, Scene } from './blow.ts';
import type { Draw } from './targets.ts';

/** What clients do to servers, and others to clients' sessions. The machines that do it come with the first fault that needs them. */
export class ClientFaults {
  readonly #scene: Scene;
  #flood: Flood | undefined = undefined;
  #stranger: Stranger | undefined = undefined;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  aim(fault: ClientFault, aim: Aim): Blow {
    const struck = aim.resolve(fault.target);
    return fault.kind === 'flood' ? this.#pour(fault, struck) : this.#expire(fault, struck, aim.draw);
  }

  #pour({ connections, sessions }: FaultOf<'flood'>, struck: readonly Party[]): Blow {
    const { cast, network } = this.#scene;
    const servers = struck.flatMap((party) => cast.serverOf(party) ?? []);
    return {
      struck: servers.map((server) => server.party),
      strike: () => {
        const flood = (this.#flood ??= new Flood(network));
        const opened = servers.flatMap(({ clientAddress }) =>
          flood.open(clientAddress, connections, sessions),
        );
        return () => flood.close(opened);
      },
    };
  }

  /** Nobody is struck who has no session. The draws say at which of the client's servers the stranger begins. */
  #expire({ password }: FaultOf<'expire'>, struck: readonly Party[], draw: Draw): Blow {
    const { cast, network } = this.#scene;
    const errands = cast.clients.flatMap(({ party, client, servers, sessionTimeoutMs: timeOut }) => {
      if (client.session === undefined || !struck.includes(party)) return [];
      const { sessionId, passwd } = client.session;
      const session = { sessionId, passwd: password === 'wrong' ? wrongOne(passwd) : passwd };
      const first = Math.floor(draw() * servers.length);
      return [{ party, session, timeOut, servers: [...servers.slice(first), ...servers.slice(0, first)] }];
    });
    return {
      struck: errands.map(({ party }) => party),
      strike: () => {
        const stranger = (this.#stranger ??= new Stranger(network));
        for (const errand of errands) stranger.close(errand);
        return undefined;
      },
    };
  }
}

/** Any other one. */
const wrongOne = (passwd: Password): Password => passwd.replace(/./, (digit) => (digit === '0' ? '1' : '0'));
