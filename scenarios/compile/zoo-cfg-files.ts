import { type EnsembleConfig, quorumAddress, type ServerSpec } from '../../protocol/config.ts';
import { nearestWord } from '../../protocol/nearest-word.ts';
import { parseMyid, parseZooCfg, type ZooCfgProblem } from '../../protocol/zoo-cfg.ts';
import { type Problem, toProblem } from '../problem.ts';
import type { FileEnsemble } from '../schema/ensemble.ts';
import type { Path } from '../yaml-source.ts';
import type { Report } from './report.ts';

/** Reads a file that the scenario names, by the path as it is written there. */
export type OpenFile = (
  path: string,
) =>
  | { readonly ok: true; readonly file: string; readonly text: string }
  | { readonly ok: false; readonly file: string; readonly reason: string };

/**
 * An ensemble from a real zoo.cfg, and the myid file of each of its servers: a server whose myid is missing or is
 * another's would not start, or would start as somebody else.
 */
export function readZooCfg(
  written: FileEnsemble,
  path: Path,
  report: Report,
  open: OpenFile,
): EnsembleConfig | undefined {
  const opened = open(written.config);
  if (!opened.ok) {
    const message = `can't read the zoo.cfg \`${opened.file}\`: ${opened.reason}`;
    report.problem([...path, 'config'], message, 'the path of a zoo.cfg, seen from this file');
    return undefined;
  }
  const result = parseZooCfg(opened.text);
  const warnings = result.warnings.map((warning) => inFile(opened.file, warning));
  report.warnings.push(...warnings);
  if (!result.ok) {
    report.problems.push(...result.problems.map((problem) => inFile(opened.file, problem)));
    return undefined;
  }
  checkMyids(written, path, result.config.servers, report, open);
  return result.config;
}

const inFile = (file: string, problem: ZooCfgProblem): Problem =>
  toProblem(
    { file, line: problem.line, column: problem.column },
    problem.message,
    problem.expected,
    problem.suggestion,
  );

function checkMyids(
  written: FileEnsemble,
  path: Path,
  servers: readonly ServerSpec[],
  report: Report,
  open: OpenFile,
): void {
  if (written.myid === undefined) {
    const hosts = servers.map((server) => server.host).join(', ');
    const expected = '`myid:` with a path for each host of the zoo.cfg';
    report.problem([...path, 'config'], `myid file is missing for ${hosts}`, expected);
    return;
  }
  const met = new Set<ServerSpec>();
  for (const [host, file] of Object.entries(written.myid)) {
    const server = serverCalled(host, servers);
    if (server === undefined) complainAboutHost(host, [...path, 'myid', host], servers, report);
    else checkMyid(server, file, [...path, 'myid', host], servers, report, open);
    if (server !== undefined) met.add(server);
  }
  for (const server of servers) {
    if (met.has(server)) continue;
    const message = `myid file is missing for ${server.host} (server.${String(server.sid)})`;
    report.keyProblem([...path, 'myid'], message, `\`${server.host}:\` and the path of its myid file`);
  }
}

/** By host, or by `host:quorumPort` where several servers share one. */
function serverCalled(name: string, servers: readonly ServerSpec[]): ServerSpec | undefined {
  const byHost = servers.filter((server) => server.host === name);
  return byHost.length === 1 ? byHost[0] : servers.find((server) => quorumAddress(server) === name);
}

function complainAboutHost(host: string, path: Path, servers: readonly ServerSpec[], report: Report): void {
  const shared = servers.filter((server) => server.host === host);
  const names = shared.length > 1 ? shared.map(quorumAddress) : servers.map((server) => server.host);
  const message =
    shared.length > 1
      ? `several servers are on \`${host}\``
      : `no server.N line of the zoo.cfg has the host \`${host}\``;
  report.keyProblem(path, message, `one of ${names.join(', ')}`, nearestWord(host, names));
}

function checkMyid(
  server: ServerSpec,
  file: string,
  path: Path,
  servers: readonly ServerSpec[],
  report: Report,
  open: OpenFile,
): void {
  const opened = open(file);
  if (!opened.ok) {
    const message = `myid file is missing for ${server.host}: can't read \`${opened.file}\`: ${opened.reason}`;
    report.problem(path, message, `a file that says ${String(server.sid)}`);
    return;
  }
  const sids = servers.map((candidate) => candidate.sid);
  const result = parseMyid(opened.text, sids);
  if (!result.ok) {
    report.problems.push(inFile(opened.file, result.problem));
  } else if (result.sid !== server.sid) {
    const message = `myid of ${server.host} is ${String(result.sid)}, but the zoo.cfg has it as server.${String(server.sid)}`;
    const place = { file: opened.file, line: 1, column: 1 };
    report.problems.push(toProblem(place, message, String(server.sid), String(server.sid)));
  }
}
