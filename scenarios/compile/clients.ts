import { clientAddress, type EnsembleConfig } from '../../protocol/config.ts';
import type { Sid } from '../../protocol/ids.ts';
import type { ClientPlan } from '../../sim/client-plan.ts';
import { timeText } from '../../sim/plan-text/quantities.ts';
import type { WrittenClient } from '../schema/clients.ts';
import type { Path } from '../yaml-source.ts';
import { compileActivity, type Story } from './activities.ts';
import { type Crowds, isReserved, type Names } from './names.ts';
import type { Report } from './report.ts';

export const DEFAULT_SESSION_MS = 10_000;

/** The `clients:` of a scenario, in the order of the file: the order is their party number. */
export function compileClients(
  written: Readonly<Record<string, WrittenClient>>,
  config: EnsembleConfig,
  names: Names,
  durationMs: number,
  report: Report,
): ClientPlan[] {
  const crowds = crowdsOf(written);
  return Object.entries(written).flatMap(([name, client]) => {
    const path = ['clients', name];
    checkName(name, path, names, report);
    checkCrowd(name, crowds, path, report);
    checkSession(client, path, config, report);
    const startMs = client.start ?? 0;
    const story: Story = { startMs, durationMs };
    if (startMs >= durationMs) report.problem([...path, 'start'], ...afterTheEnd(startMs, durationMs));
    const plan = {
      servers: compileServers(client, path, names, report),
      sessionTimeoutMs: client.session ?? DEFAULT_SESSION_MS,
      reads: client.reads ?? 'local',
      ...(client.disableAutoWatchReset === true && { autoWatchReset: false }),
      ...(client.firstXid !== undefined && { firstXid: client.firstXid }),
      startMs,
      activities: (client.does ?? []).map((activity, index) =>
        compileActivity(activity, [...path, 'does', index], story, report),
      ),
    } as const;
    return (crowds.get(name) ?? []).map((name) => ({ name, ...plan }));
  });
}

/** The clients that each name of the file stands for. */
export const crowdsOf = (written: Readonly<Record<string, WrittenClient>>): Crowds =>
  new Map(
    Object.entries(written).map(([name, { count }]) => [
      name,
      count === undefined ? [name] : Array.from({ length: count }, (_, i) => `${name}-${i + 1}`),
    ]),
  );

function checkCrowd(name: string, crowds: Crowds, path: Path, report: Report): void {
  const mine = crowds.get(name) ?? [];
  const others = [...crowds].flatMap(([other, clients]) => (other === name ? [] : clients));
  const twice = mine.find((client) => client !== name && others.includes(client));
  if (twice !== undefined) {
    report.keyProblem(path, `one of them is \`${twice}\`, as another client is`, 'a name of its own');
  }
}

export const afterTheEnd = (ms: number, durationMs: number): [message: string, expected: string] => [
  `${timeText(ms)} is after the story's end`,
  `a time before ${timeText(durationMs)}, the duration`,
];

function checkName(name: string, path: Path, names: Names, report: Report): void {
  if (isReserved(name)) {
    report.keyProblem(path, `a client can't be called \`${name}\``, 'a name that is no role');
  } else if (names.sidOf(name) !== undefined) {
    report.keyProblem(path, `\`${name}\` is a server already`, 'a name of its own');
  }
}

function compileServers(client: WrittenClient, path: Path, names: Names, report: Report): Sid[] {
  if (client.servers === undefined) {
    const reachable = names.servers.filter((server) => server.clientPort > 0);
    if (reachable.length === 0)
      report.keyProblem(path, 'no server has a client port', '`clientPort=` in the zoo.cfg');
    return reachable.map((server) => server.sid);
  }
  const sids: Sid[] = [];
  for (const [index, word] of client.servers.entries()) {
    const at = [...path, 'servers', index];
    const sid = names.readServer(word, at, report);
    if (sid === undefined) continue;
    const server = names.servers.find((candidate) => candidate.sid === sid);
    if (server?.clientPort === 0) {
      report.problem(at, `no client can reach ${clientAddress(server)}`, 'a server with a client port');
    } else if (sids.includes(sid)) {
      report.problem(at, `\`${String(word)}\` is in the list already`, 'each server once');
    }
    sids.push(sid);
  }
  return sids;
}

/** Servers grant what lies between minSessionTimeout and maxSessionTimeout, whatever was asked for. */
function checkSession(client: WrittenClient, path: Path, config: EnsembleConfig, report: Report): void {
  const { minSessionTimeout: min, maxSessionTimeout: max } = config;
  const asked = client.session;
  if (asked === undefined) return;
  const at = [...path, 'session'];
  if (asked <= 0 || !Number.isInteger(asked)) {
    report.problem(at, 'a session lasts whole milliseconds', 'a time above zero, such as 10s');
  } else if (asked < min || asked > max) {
    const granted = timeText(asked < min ? min : max);
    const expected = `${timeText(min)} to ${timeText(max)} (2 to 20 ticks unless the config says otherwise)`;
    report.warning(at, `the servers will grant ${granted} instead of ${timeText(asked)}`, expected);
  }
}
