import { withProbe } from './calm/probe-plan.ts';
import { clientIndex, isOutsider, isServer, outsiderName, WORLD, type Party } from './party.ts';
import type { RunPlan } from './plan.ts';

/** Parties as a scenario calls them: a server by its host, a client by its name. */
export type PartyNames = (party: Party) => string;

export function partyNames(plan: RunPlan): PartyNames {
  const { ensemble, clients } = withProbe(plan);
  return (party) => {
    if (party === WORLD) return 'the world';
    if (isOutsider(party)) return outsiderName(party);
    if (isServer(party))
      return ensemble.servers.find(({ sid }) => sid === party)?.host ?? `server ${String(party)}`;
    return clients[clientIndex(party)]?.name ?? `client ${String(clientIndex(party))}`;
  };
}
