import type { ServerSpec } from '../../protocol/config.ts';
import { clientIndex, isClient, type Party } from '../party.ts';

/** What a scenario file calls a server or a client. */
export type NameOf = (party: Party) => string;

/** A server goes by its host, or by `host:quorumPort` where several share one; a client by its name. */
export function scenarioNames(servers: readonly ServerSpec[], clients: readonly string[]): NameOf {
  const names = new Map<Party, string>(servers.map((server) => [server.sid, serverName(server, servers)]));
  return (party) => (isClient(party) ? clients[clientIndex(party)] : names.get(party)) ?? String(party);
}

function serverName({ host, quorumPort }: ServerSpec, servers: readonly ServerSpec[]): string {
  const isAlone = servers.filter((server) => server.host === host).length === 1;
  return isAlone ? host : `${host}:${quorumPort}`;
}
