import { DEFAULT_CONFIG, type EnsembleConfig, type ServerSpec } from '../../protocol/config.ts';
import type { Flow } from '../../sim/plan-text/flow.ts';
import type { ServerRelease } from '../../sim/history-plan.ts';
import { timeText } from '../../sim/plan-text/quantities.ts';
import { USUAL_PORTS } from '../compile/ensemble.ts';
import { block, item, type Lines, pair, pairs } from './lines.ts';

type Setting = Exclude<keyof EnsembleConfig, 'servers' | 'groups' | 'weights'>;

const asIs = (value: number): Flow => value;

/** The settings that a file can have, the keys by which it has them, and how it writes their values. */
const SETTINGS: Readonly<Record<Setting, readonly [key: string, write: (value: number) => Flow]>> = {
  tickTime: ['tickTime', timeText],
  initLimit: ['initLimit', asIs],
  syncLimit: ['syncLimit', asIs],
  minSessionTimeout: ['minSessionTimeout', timeText],
  maxSessionTimeout: ['maxSessionTimeout', timeText],
  maxClientCnxns: ['maxClientCnxns', asIs],
  snapCount: ['snapCount', asIs],
  commitLogCount: ['commitLogCount', asIs],
  snapshotSizeFactor: ['snapshotSizeFactor', asIs],
  maxBatchSize: ['maxBatchSize', asIs],
  minNotificationInterval: ['minNotificationInterval', timeText],
  maxNotificationInterval: ['maxNotificationInterval', timeText],
  cnxTimeout: ['cnxTimeout', timeText],
  leaderConnectDelayDuringRetryMs: ['leaderConnectDelayDuringRetry', timeText],
  observerElectionDelayMs: ['observerElectionDelay', timeText],
  initialCounter: ['initialCounter', asIs],
};

/** The servers right here, whether or not they came from a zoo.cfg. */
export function ensembleLines(config: EnsembleConfig, releases: readonly ServerRelease[] = []): Lines {
  const servers = config.servers.map((server, index) => serverWords(server, index, config, releases));
  const areNames = servers.every((words) => typeof words === 'string');
  const usual = {
    ...DEFAULT_CONFIG,
    minSessionTimeout: 2 * config.tickTime,
    maxSessionTimeout: 20 * config.tickTime,
  };
  const settings = (Object.keys(SETTINGS) as Setting[]).map((setting) => {
    const [key, write] = SETTINGS[setting];
    return [key, config[setting] === usual[setting] ? undefined : write(config[setting])] as const;
  });
  return block('ensemble', [
    ...(areNames ? [pair('servers', servers)] : block('servers', servers.map(item))),
    ...pairs(Object.fromEntries(settings)),
  ]);
}

function serverWords(
  server: ServerSpec,
  index: number,
  { groups, weights }: EnsembleConfig,
  releases: readonly ServerRelease[],
): Flow {
  const { sid, host, learnerType } = server;
  const words = {
    id: sid === index + 1 ? undefined : sid,
    role: learnerType === 'OBSERVER' ? 'observer' : undefined,
    group: [...(groups ?? [])].find(([, members]) => members.includes(sid))?.[0],
    weight: groups && weights?.get(sid),
    quorumPort: unless(USUAL_PORTS.quorumPort, server.quorumPort),
    electionPort: unless(USUAL_PORTS.electionPort, server.electionPort),
    clientPort: unless(USUAL_PORTS.clientPort, server.clientPort),
    release: releases.find((other) => other.sid === sid)?.release,
  };
  const isPlain = Object.values(words).every((value) => value === undefined);
  return isPlain ? host : { name: host, ...words };
}

const unless = (usual: number, value: number): number | undefined => (value === usual ? undefined : value);
