import type { EnsembleConfig, ServerSpec } from './config.ts';
import type { Sid } from './ids.ts';
import { parseHierarchy } from './zoo-cfg/groups.ts';
import { warnOfNearMisses } from './zoo-cfg/known-keys.ts';
import { checkOtherKeys } from './zoo-cfg/other-keys.ts';
import { Complaints, FILE_START, type ZooCfgProblem } from './zoo-cfg/problem.ts';
import { parseProperties, type Property } from './zoo-cfg/properties.ts';
import { parseServerLine, type ServerLine } from './zoo-cfg/server-line.ts';
import { Settings } from './zoo-cfg/settings.ts';

export { type MyidResult, parseMyid } from './zoo-cfg/myid.ts';
export type { ZooCfgProblem } from './zoo-cfg/problem.ts';

/**
 * zoo.cfg → EnsembleConfig (QuorumPeerConfig.parse). One file stands for all servers: their differences are in the
 * myid files. Defaults are ZooKeeper's own, so tickTime is 3000 and the limits must be given; zoo_sample.cfg writes
 * 2000, 10 and 5.
 *
 * Differs: we list every problem instead of the first; a server number or an address that is given twice is refused
 * (ZooKeeper takes the last line, or fails to bind); a lone participant runs the quorum code, as with
 * standaloneEnabled=false. TLS, SASL, the oracle, several addresses of one server and dynamic files are not modelled.
 */
export type ZooCfgResult =
  | { readonly ok: true; readonly config: EnsembleConfig; readonly warnings: readonly ZooCfgProblem[] }
  | {
      readonly ok: false;
      readonly problems: readonly ZooCfgProblem[];
      readonly warnings: readonly ZooCfgProblem[];
    };

/** Reads the text of a zoo.cfg. Never throws for what is in the text. */
export function parseZooCfg(text: string): ZooCfgResult {
  const complaints = new Complaints();
  const properties = parseProperties(text, complaints);
  const settings = new Settings(
    properties.filter((property) => !property.key.startsWith('server.')),
    complaints,
  );
  warnOfNearMisses(properties, complaints);
  const lines = readServerLines(properties, complaints);
  checkUnsupported(settings, complaints);
  checkOtherKeys(settings, complaints);
  checkCounts(lines, settings, complaints);
  const config: EnsembleConfig = {
    ...readTimes(settings, complaints),
    ...readTuning(settings),
    ...parseHierarchy(properties, lines, complaints),
    servers: toServers(lines, settings, complaints),
  };
  const problems = complaints.problems.toSorted(byPlace);
  const warnings = complaints.warnings.toSorted(byPlace);
  return problems.length > 0 ? { ok: false, problems, warnings } : { ok: true, config, warnings };
}

/** Equal places keep their order: toSorted is stable. */
const byPlace = (a: ZooCfgProblem, b: ZooCfgProblem): number => a.line - b.line || a.column - b.column;

function readServerLines(properties: readonly Property[], complaints: Complaints): ServerLine[] {
  const lines = new Map<Sid, ServerLine>();
  for (const property of properties) {
    if (!property.key.startsWith('server.')) continue;
    const line = parseServerLine(property, complaints);
    if (line === undefined) continue;
    const earlier = lines.get(line.sid);
    if (earlier === undefined) {
      lines.set(line.sid, line);
    } else {
      const message = `\`server.${String(line.sid)}\` is given a second time (first in line ${String(earlier.place.line)})`;
      complaints.problem(line.place, message, 'each server number once');
    }
  }
  return [...lines.values()];
}

const TICKS = 'a number of ticks above zero, such as';

function readTimes(
  settings: Settings,
  complaints: Complaints,
): Pick<EnsembleConfig, 'tickTime' | 'initLimit' | 'syncLimit' | 'minSessionTimeout' | 'maxSessionTimeout'> {
  const tickTime = settings.positive('tickTime', 3000, 'milliseconds above zero, such as `tickTime=2000`');
  const initLimit = settings.positive('initLimit', 0, `${TICKS} \`initLimit=10\``);
  const syncLimit = settings.positive('syncLimit', 0, `${TICKS} \`syncLimit=5\``);
  const min = settings.int('minSessionTimeout', -1, 'milliseconds');
  const max = settings.int('maxSessionTimeout', -1, 'milliseconds');
  const minSessionTimeout = min === -1 ? 2 * tickTime : min;
  const maxSessionTimeout = max === -1 ? 20 * tickTime : max;
  if (minSessionTimeout > maxSessionTimeout) {
    const key = settings.has('minSessionTimeout') ? 'minSessionTimeout' : 'maxSessionTimeout';
    const message = `minSessionTimeout (${String(minSessionTimeout)}) is above maxSessionTimeout (${String(maxSessionTimeout)})`;
    complaints.problem(settings.keyPlace(key), message, 'a minimum that is not above the maximum');
  }
  return { tickTime, initLimit, syncLimit, minSessionTimeout, maxSessionTimeout };
}

const COUNTERS = 2 ** 32;

function readTuning(
  settings: Settings,
): Omit<
  EnsembleConfig,
  | 'tickTime'
  | 'initLimit'
  | 'syncLimit'
  | 'minSessionTimeout'
  | 'maxSessionTimeout'
  | 'servers'
  | 'groups'
  | 'weights'
> {
  return {
    maxClientCnxns: settings.int('maxClientCnxns', 60),
    snapCount: settings.property('snapCount', 100_000, 2),
    commitLogCount: settings.property('commitLogCount', 500, 500),
    snapshotSizeFactor: snapshotSizeFactor(settings.text('snapshotSizeFactor')),
    maxBatchSize: settings.property('maxBatchSize', 1000, 1),
    minNotificationInterval: settings.property('fastleader.minNotificationInterval', 200, 1),
    maxNotificationInterval: settings.property('fastleader.maxNotificationInterval', 60_000, 1),
    cnxTimeout: settings.property('cnxTimeout', 5000, 1),
    leaderConnectDelayDuringRetryMs: settings.property('leaderConnectDelayDuringRetryMs', 100, 0),
    observerElectionDelayMs: settings.property('observer.election.DelayMs', 200, 0),
    initialCounter: Number(settings.text('testingonly.initialZxid') ?? 0) % COUNTERS || 0,
  };
}

/** ZKDatabase: unreadable or above 1 means the default. */
function snapshotSizeFactor(text: string | undefined): number {
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) || value > 1 ? 0.33 : value;
}

/** What ZooKeeper offers and Zabsim would silently get wrong. */
function checkUnsupported(settings: Settings, complaints: Complaints): void {
  if (!settings.has('dataDir')) {
    complaints.problem(
      FILE_START,
      'dataDir is not set',
      '`dataDir=` and a folder, such as `/var/lib/zookeeper`',
    );
  }
  if (settings.has('dynamicConfigFile')) {
    const message = 'server lines in a dynamic configuration file are not read';
    complaints.problem(settings.keyPlace('dynamicConfigFile'), message, 'the server.N lines in this file');
  }
  if (settings.int('electionAlg', 3) !== 3) {
    complaints.problem(
      settings.keyPlace('electionAlg'),
      'invalid electionAlg value',
      '3, the only one there is',
    );
  }
  if (settings.has('clientPortAddress') && !settings.has('clientPort')) {
    const message = 'clientPortAddress is set but clientPort is not set';
    complaints.problem(settings.keyPlace('clientPortAddress'), message, '`clientPort=2181`');
  }
}

/** QuorumPeerConfig.parseDynamicConfig: how many participants and observers make sense. */
function checkCounts(lines: readonly ServerLine[], settings: Settings, complaints: Complaints): void {
  const participants = lines.filter((line) => line.learnerType === 'PARTICIPANT').length;
  const observers = lines.length - participants;
  const standalone = settings.boolean('standaloneEnabled', true);
  const place = lines[0]?.place ?? FILE_START;
  if (lines.length === 0 && complaints.problems.length === 0) {
    complaints.problem(place, 'there is no server', 'a line `server.1=master01:2888:3888` for each server');
  } else if (participants === 0 && observers > 0) {
    complaints.problem(place, 'observers without participants', 'at least one server that is no observer');
  } else if (participants === 1 && observers > 0 && standalone) {
    complaints.problem(
      place,
      'observers with one participant',
      'more participants, or `standaloneEnabled=false`',
    );
  } else if (participants === 1 && standalone) {
    complaints.warning(place, 'ZooKeeper runs a lone server without a quorum', 'three servers or more');
  } else if (participants === 2) {
    complaints.warning(place, 'two servers tolerate no failure', 'three servers or more');
  } else if (participants > 0 && participants % 2 === 0) {
    complaints.warning(
      place,
      'an even number of participants tolerates no more than one less',
      'an odd number',
    );
  }
}

function toServers(lines: readonly ServerLine[], settings: Settings, complaints: Complaints): ServerSpec[] {
  const clientPort = settings.int('clientPort', 0, 'a port number');
  if (clientPort < 0 || clientPort > 65_535) {
    const message = `\`${String(clientPort)}\` is no port`;
    complaints.problem(settings.keyPlace('clientPort'), message, 'a number from 0 to 65535');
  }
  const taken = new Map<string, ServerLine>();
  return lines.map((line) => {
    const { sid, host, quorumPort, electionPort, learnerType } = line;
    const server = {
      sid,
      host,
      quorumPort,
      electionPort,
      clientPort: line.clientPort ?? clientPort,
      learnerType,
    };
    checkPorts(line, server, taken, complaints);
    return server;
  });
}

/** No two servers can listen at one address; without a client port (0) a server has no clients. */
function checkPorts(
  line: ServerLine,
  server: ServerSpec,
  taken: Map<string, ServerLine>,
  complaints: Complaints,
): void {
  if (server.clientPort === 0) {
    const message = `server ${String(line.sid)} has no client port: no client can reach it`;
    complaints.warning(line.place, message, '`clientPort=2181`, or `;2181` at the end of its line');
  }
  const ports = [server.quorumPort, server.electionPort, server.clientPort].filter((port) => port > 0);
  for (const port of ports) {
    const address = `${server.host}:${String(port)}`;
    const other = taken.get(address);
    taken.set(address, line);
    if (other === undefined) continue;
    const message = `server ${String(line.sid)} listens at ${address}, as server ${String(other.sid)} does`;
    complaints.problem(line.place, message, 'an address of its own for every port');
  }
}
