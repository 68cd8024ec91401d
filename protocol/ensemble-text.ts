import type { EnsembleConfig, ServerSpec } from './config.ts';

/**
 * The configuration as /zookeeper/config shows it (QuorumVerifier.toString): one line a server, then the version. Client addresses are
 * left out, as they are where clientPort is a setting of its own.
 */
export function ensembleText(config: EnsembleConfig): string {
  const servers = [...config.servers].sort((a, b) => a.sid - b.sid).map(serverLine);
  const groups = [...(config.groups ?? [])].map(([group, members]) => `group.${group}=${members.join(':')}`);
  const weights = [...(config.weights ?? [])].map(([sid, weight]) => `weight.${sid}=${weight}`);
  return [...servers, ...groups, ...weights, 'version=0'].join('\n');
}

function serverLine(server: ServerSpec): string {
  const { sid, host, quorumPort, electionPort, learnerType } = server;
  return `server.${sid}=${host}:${quorumPort}:${electionPort}:${learnerType.toLowerCase()}`;
}
