import type { EnsembleConfig, ServerSpec } from './config.ts';

/** The configuration as /zookeeper/config shows it (QuorumVerifier.toString): one line a server, then the version. */
export function ensembleText(config: EnsembleConfig): string {
  const servers = [...config.servers].sort((a, b) => a.sid - b.sid).map(serverLine);
  const groups = [...(config.groups ?? [])].map(([group, members]) => `group.${group}=${members.join(':')}`);
  const weights = [...(config.weights ?? [])].map(([sid, weight]) => `weight.${sid}=${weight}`);
  return [...servers, ...groups, ...weights, 'version=0'].join('\n');
}

function serverLine(server: ServerSpec): string {
  const { sid, host, quorumPort, electionPort, learnerType, clientPort } = server;
  return `server.${sid}=${host}:${quorumPort}:${electionPort}:${learnerType.toLowerCase()};0.0.0.0:${clientPort}`;
}
