import type { EnsembleConfig } from '../config.ts';
import { sid as toSid, type Sid } from '../ids.ts';
import { parseJavaLong } from './numbers.ts';
import type { Complaints } from './problem.ts';
import { placeIn, type Property } from './properties.ts';
import type { ServerLine } from './server-line.ts';

/**
 * `group.G=1:2:3` and `weight.N=w` (QuorumHierarchical.parse). One such key makes the quorums hierarchical: every
 * participant must then be in exactly one group, and who has no weight weighs 1.
 */
type Hierarchy = Pick<EnsembleConfig, 'groups' | 'weights'>;

export const isHierarchyKey = (key: string): boolean => key.startsWith('group') || key.startsWith('weight');

export function parseHierarchy(
  properties: readonly Property[],
  servers: readonly ServerLine[],
  complaints: Complaints,
): Hierarchy {
  const lines = properties.filter((property) => isHierarchyKey(property.key));
  if (lines.length === 0) return {};
  const weights = new Map<Sid, number>();
  const groups = new Map<number, Sid[]>();
  const members = new Map<Sid, Property>();
  for (const line of lines) {
    if (line.key.startsWith('weight')) readWeight(line, weights, complaints);
    else readGroup(line, groups, members, complaints);
  }
  checkMembers(servers, members, weights, complaints);
  return { groups, weights };
}

function readWeight(line: Property, weights: Map<Sid, number>, complaints: Complaints): void {
  const sid = numberOfKey(line, complaints);
  const weight = parseJavaLong(line.value);
  if (weight === undefined || weight < 0) {
    const message = `\`${line.value}\` is no weight`;
    complaints.problem(placeIn(line, 0), message, 'a whole number, 0 or more, without blanks');
  } else if (sid !== undefined) {
    weights.set(toSid(sid), weight);
  }
}

function readGroup(
  line: Property,
  groups: Map<number, Sid[]>,
  members: Map<Sid, Property>,
  complaints: Complaints,
): void {
  const group = numberOfKey(line, complaints);
  const sids: Sid[] = [];
  let offset = 0;
  for (const text of line.value.split(':')) {
    const sid = readMember(line, text, offset, members, complaints);
    if (sid !== undefined) sids.push(sid);
    offset += text.length + 1;
  }
  if (group !== undefined) groups.set(group, sids);
}

function readMember(
  line: Property,
  text: string,
  offset: number,
  members: Map<Sid, Property>,
  complaints: Complaints,
): Sid | undefined {
  const value = parseJavaLong(text);
  const place = placeIn(line, offset);
  if (value === undefined) {
    complaints.problem(place, `\`${text}\` is no server's number`, 'numbers joined by `:`, such as `1:2:3`');
    return undefined;
  }
  const sid = toSid(value);
  if (members.has(sid)) {
    complaints.problem(place, `server ${text} is in multiple groups`, 'every server in one group');
    return undefined;
  }
  members.set(sid, line);
  return sid;
}

/** The number is what follows the first dot; without a dot ZooKeeper fails on the whole key. */
function numberOfKey(line: Property, complaints: Complaints): number | undefined {
  const value = parseJavaLong(line.key.slice(line.key.indexOf('.') + 1));
  if (value === undefined) {
    complaints.problem(
      line.keyAt,
      `\`${line.key}\` has no number`,
      '`group.G` or `weight.N` with a whole number',
    );
  }
  return value;
}

function checkMembers(
  servers: readonly ServerLine[],
  members: ReadonlyMap<Sid, Property>,
  weights: ReadonlyMap<Sid, number>,
  complaints: Complaints,
): void {
  const participants = servers.filter((server) => server.learnerType === 'PARTICIPANT');
  for (const { sid, place } of participants) {
    if (members.has(sid)) continue;
    complaints.problem(
      place,
      `server ${String(sid)} is not in a group`,
      'every participant in one group.G line',
    );
  }
  // A member that is no participant gets no default weight, and QuorumHierarchical dies of the missing one.
  for (const [sid, line] of members) {
    if (weights.has(sid) || participants.some((server) => server.sid === sid)) continue;
    const message = `\`${line.key}\` names server ${String(sid)}, which is no participant and has no weight`;
    complaints.problem(placeIn(line, 0), message, 'participants, each with its server.N line');
  }
}
