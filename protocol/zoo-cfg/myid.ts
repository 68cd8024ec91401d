import { type Sid, sid as toSid } from '../ids.ts';
import { parseJavaLong } from './numbers.ts';
import { FILE_START, type ZooCfgProblem } from './problem.ts';

/**
 * The `myid` file in a server's dataDir: its first line is the server's number, and nothing is trimmed
 * (QuorumPeerConfig.setupMyId). `sids` are the servers of the zoo.cfg.
 */
export type MyidResult =
  { readonly ok: true; readonly sid: Sid } | { readonly ok: false; readonly problem: ZooCfgProblem };

export function parseMyid(text: string, sids: readonly Sid[]): MyidResult {
  const line = text.split(/\r\n|\r|\n/, 1)[0] ?? '';
  const value = parseJavaLong(line);
  const known = `one of the zoo.cfg's server numbers: ${sids.join(', ')}`;
  if (value === undefined) return refuse(notANumber(line), known, parseJavaLong(line.trim()));
  const sid = sids.find((candidate) => candidate === toSid(value));
  if (sid === undefined) return refuse(`server ${line} is not in the zoo.cfg`, known, undefined);
  return { ok: true, sid };
}

function notANumber(line: string): string {
  if (line.trim() === '') return 'the first line of the myid file is empty';
  return line.trim() === line
    ? `serverid \`${line}\` is not a number`
    : `serverid \`${line}\` has a blank around it, which ZooKeeper does not trim`;
}

function refuse(message: string, expected: string, meant: number | undefined): MyidResult {
  const problem = { ...FILE_START, message, expected };
  return { ok: false, problem: meant === undefined ? problem : { ...problem, suggestion: String(meant) } };
}
