import type { RunPlan } from '../sim/plan.ts';
import { isServer, type Party } from '../sim/party.ts';
import { partyNames as namesInScenario, type PartyNames } from '../sim/party-names.ts';

export type { PartyNames } from '../sim/party-names.ts';

/** Parties as a scenario calls them, a server with its sid: `slave02 (3)`. */
export function partyNames(plan: RunPlan): PartyNames {
  const nameOf = namesInScenario(plan);
  return (party: Party) => (isServer(party) ? `${nameOf(party)} (${String(party)})` : nameOf(party));
}
