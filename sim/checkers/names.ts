import type { Sid } from '../../protocol/ids.ts';
import { clientIndex, isOutsider, isServer, outsiderName, serverParty, WORLD, type Party } from '../party.ts';
import type { RunPlan } from '../plan.ts';
import { toMs, type Micros } from '../time.ts';
import type { Operation } from './history.ts';

/** When something happened, as evidence says it: virtual ms. Only called once a promise is broken. */
export const when = (at: Micros): string => `at ${toMs(at).toFixed(3)} ms`;

export const listed = (sids: readonly Sid[]): string => `{${sids.join(', ')}}`;

/** Who is who in evidence: `server 1 (master01)`, `client alice`. */
export class Names {
  readonly #plan: RunPlan;

  constructor(plan: RunPlan) {
    this.#plan = plan;
  }

  who(party: Party): string {
    if (party === WORLD) return 'the world';
    if (isOutsider(party)) return outsiderName(party);
    if (!isServer(party))
      return `client ${this.#plan.clients[clientIndex(party)]?.name ?? String(clientIndex(party))}`;
    const spec = this.#plan.ensemble.servers.find((server) => serverParty(server.sid) === party);
    return spec === undefined ? `server ${String(party)}` : `server ${String(party)} (${spec.host})`;
  }

  /** `client alice's operation 3 (setData /a)`. */
  operation(operation: Operation): string {
    const { body } = operation;
    const what = 'path' in body ? `${body.op} ${body.path}` : body.op;
    return `${this.who(operation.client)}'s operation ${String(operation.op)} (${what})`;
  }
}
