import type { RunPlan } from '../sim/plan.ts';
import { clientIndex, isClient, isServer, type Party } from '../sim/party.ts';

/** Parties as a scenario calls them: a server by its host, with its sid; a client by its name. */
export type PartyNames = (party: Party) => string;

export function partyNames(plan: RunPlan): PartyNames {
  const hosts = new Map<number, string>(plan.ensemble.servers.map(({ sid, host }) => [sid, host]));
  return (party) => {
    if (isServer(party)) return `${hosts.get(party) ?? 'server'} (${String(party)})`;
    if (isClient(party)) return plan.clients[clientIndex(party)]?.name ?? 'client';
    return 'the world';
  };
}
