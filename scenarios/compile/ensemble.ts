import { DEFAULT_CONFIG, type EnsembleConfig, type ServerSpec } from '../../protocol/config.ts';
import { type Sid, sid as toSid } from '../../protocol/ids.ts';
import type { FileEnsemble, InlineEnsemble, WrittenServer } from '../schema/ensemble.ts';
import type { Path } from '../yaml-source.ts';
import { isReserved } from './names.ts';
import type { Report } from './report.ts';
import { type OpenFile, readZooCfg } from './zoo-cfg-files.ts';

/**
 * The `ensemble:` of a scenario → EnsembleConfig; `undefined` after a complaint that leaves no ensemble to go on
 * with.
 */
export function compileEnsemble(
  written: FileEnsemble | InlineEnsemble,
  report: Report,
  open: OpenFile,
): EnsembleConfig | undefined {
  const path = ['ensemble'];
  return 'config' in written ? readZooCfg(written, path, report, open) : compileInline(written, path, report);
}

function compileInline(written: InlineEnsemble, path: Path, report: Report): EnsembleConfig | undefined {
  const servers = compileServers(written.servers, [...path, 'servers'], report);
  if (!servers.some((server) => server.learnerType === 'PARTICIPANT')) {
    report.problem(
      [...path, 'servers'],
      'observers without participants',
      'at least one server that is no observer',
    );
    return undefined;
  }
  const tickTime = written.tickTime ?? DEFAULT_CONFIG.tickTime;
  const config: EnsembleConfig = {
    ...DEFAULT_CONFIG,
    minSessionTimeout: 2 * tickTime,
    maxSessionTimeout: 20 * tickTime,
    ...writtenSettings(written),
    ...compileGroups(written.servers, servers, [...path, 'servers'], report),
    servers,
  };
  if (config.minSessionTimeout > config.maxSessionTimeout) {
    const at = written.minSessionTimeout === undefined ? 'maxSessionTimeout' : 'minSessionTimeout';
    report.problem(
      [...path, at],
      'minSessionTimeout is above maxSessionTimeout',
      'a minimum below the maximum',
    );
  }
  return config;
}

/** Everything but the servers, under EnsembleConfig's names; what was not written is absent. */
function writtenSettings(written: InlineEnsemble): Partial<EnsembleConfig> {
  const { leaderConnectDelayDuringRetry, observerElectionDelay, ...plain } = written;
  const settings = {
    ...plain,
    servers: undefined,
    leaderConnectDelayDuringRetryMs: leaderConnectDelayDuringRetry,
    observerElectionDelayMs: observerElectionDelay,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

export const USUAL_PORTS = { quorumPort: 2888, electionPort: 3888, clientPort: 2181 };

type ServerOptions = Exclude<WrittenServer, string>;

const optionsOf = (server: WrittenServer): ServerOptions =>
  typeof server === 'string' ? { name: server } : server;

function compileServers(written: readonly WrittenServer[], path: Path, report: Report): ServerSpec[] {
  const servers: ServerSpec[] = [];
  for (const [index, entry] of written.entries()) {
    const { name, id, role, ...ports } = optionsOf(entry);
    const server: ServerSpec = {
      sid: toSid(id ?? index + 1),
      host: name,
      quorumPort: ports.quorumPort ?? USUAL_PORTS.quorumPort,
      electionPort: ports.electionPort ?? USUAL_PORTS.electionPort,
      clientPort: ports.clientPort ?? USUAL_PORTS.clientPort,
      learnerType: role === 'observer' ? 'OBSERVER' : 'PARTICIPANT',
    };
    checkUnique(server, servers, [...path, index], report);
    servers.push(server);
  }
  return servers;
}

function checkUnique(server: ServerSpec, earlier: readonly ServerSpec[], path: Path, report: Report): void {
  if (isReserved(server.host)) {
    report.problem(path, `a server can't be called \`${server.host}\``, 'a name that is no role');
  }
  const neighbours = earlier.filter((other) => other.host === server.host);
  const shared = [...portsOf(server)].find((port) => neighbours.some((other) => portsOf(other).has(port)));
  if (neighbours.some((other) => other.quorumPort === server.quorumPort)) {
    report.problem(path, `there are two servers \`${server.host}\``, 'a name of its own for each server');
  } else if (shared !== undefined) {
    const message = `two servers of \`${server.host}\` have the port ${String(shared)}`;
    report.problem(path, message, 'ports of its own for each server');
  }
  if (earlier.some((other) => other.sid === server.sid)) {
    report.problem(path, `there are two servers with the number ${String(server.sid)}`, 'an `id` of its own');
  }
}

/** 0 is no port: clients have no way in. */
const portsOf = ({ quorumPort, electionPort, clientPort }: ServerSpec): ReadonlySet<number> =>
  new Set([quorumPort, electionPort, clientPort].filter((port) => port > 0));

/** Hierarchical quorums as soon as one server has a group or a weight, as in zoo.cfg. */
function compileGroups(
  written: readonly WrittenServer[],
  servers: readonly ServerSpec[],
  path: Path,
  report: Report,
): Pick<EnsembleConfig, 'groups' | 'weights'> {
  const options = written.map(optionsOf);
  if (!options.some(({ group, weight }) => group !== undefined || weight !== undefined)) return {};
  const groups = new Map<number, Sid[]>();
  const weights = new Map<Sid, number>();
  for (const [index, { group, weight, name }] of options.entries()) {
    const server = servers[index];
    if (server === undefined) continue;
    if (group === undefined) {
      if (server.learnerType === 'OBSERVER') continue;
      report.problem([...path, index], `\`${name}\` is not in a group`, 'a `group` for every participant');
      continue;
    }
    groups.set(group, [...(groups.get(group) ?? []), server.sid]);
    if (weight !== undefined) weights.set(server.sid, weight);
  }
  return { groups, weights };
}
