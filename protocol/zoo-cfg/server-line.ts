import { sid as toSid } from '../ids.ts';
import type { ServerSpec } from '../config.ts';
import type { LearnerType } from '../packets.ts';
import { nearestWord } from '../nearest-word.ts';
import { parseJavaLong, parsePort } from './numbers.ts';
import { type Complaints, type Place } from './problem.ts';
import { placeIn, type Property } from './properties.ts';

/**
 * `server.N=host:quorumPort:electionPort[:role][;[clientHost:]clientPort]` (QuorumPeer.QuorumServer). Two things
 * surprise: nothing is trimmed, so a blank at the end of the line spoils the last number; and several addresses
 * joined by `|` need multiAddress.enabled, which Zabsim does not model.
 */
export type ServerLine = Omit<ServerSpec, 'clientPort'> & {
  /** Absent: the file's own clientPort counts. */
  readonly clientPort: number | undefined;
  readonly place: Place;
};

const FORM =
  'host:quorumPort:electionPort, such as `master01:2888:3888`, then `:observer` or `;clientPort` if need be';

/** A piece of the line and the offset at which it begins. */
interface Piece {
  readonly text: string;
  readonly offset: number;
}

/** Reads one server line; `undefined` after a complaint. */
export function parseServerLine(property: Property, complaints: Complaints): ServerLine | undefined {
  const id = property.key.slice('server.'.length);
  const sid = parseJavaLong(id);
  if (sid === undefined || sid < 0) {
    complaints.problem(
      property.keyAt,
      `\`${property.key}\` names no server`,
      'server.N with a whole number N',
    );
    return undefined;
  }
  const [server, client, ...more] = pieces({ text: property.value, offset: 0 }, ';');
  if (server === undefined || more.length > 1 || server.text.includes('|')) {
    complaints.problem(placeIn(property, 0), unreadable(property), FORM);
    return undefined;
  }
  return readAddresses(property, toSid(sid), server, client, complaints);
}

const unreadable = (property: Property): string =>
  property.value === '' ? `\`${property.key}\` is empty` : `can't read \`${property.key}=${property.value}\``;

function readAddresses(
  property: Property,
  sid: ServerSpec['sid'],
  server: Piece,
  client: Piece | undefined,
  complaints: Complaints,
): ServerLine | undefined {
  const [host, quorum, election, role, ...more] = hostAndPorts(server);
  if (
    host === undefined ||
    host.text === '' ||
    quorum === undefined ||
    election === undefined ||
    more.length > 0
  ) {
    complainAboutForm(property, host, quorum, complaints);
    return undefined;
  }
  const quorumPort = readPort(property, quorum, 'quorum port', complaints);
  const electionPort = readPort(property, election, 'election port', complaints);
  const learnerType = readRole(property, role, complaints);
  const clientPort = client === undefined ? undefined : readClientPort(property, client, complaints);
  if (quorumPort === undefined || electionPort === undefined || learnerType === undefined) return undefined;
  if (quorumPort === electionPort) {
    complaints.problem(
      placeIn(property, election.offset),
      `\`${property.key}\` has the same quorum and election port ${quorum.text}`,
      'two different ports',
    );
    return undefined;
  }
  return { sid, host: host.text, quorumPort, electionPort, learnerType, clientPort, place: property.keyAt };
}

/** Says which port is missing when that is all there is to it. */
function complainAboutForm(
  property: Property,
  host: Piece | undefined,
  quorum: Piece | undefined,
  complaints: Complaints,
): void {
  const end = placeIn(property, property.value.length);
  if (host === undefined || host.text === '' || property.value.split(':').length > 3) {
    complaints.problem(placeIn(property, 0), unreadable(property), FORM);
  } else if (quorum === undefined) {
    complaints.problem(
      end,
      `\`${property.key}\` has no quorum port and no election port`,
      FORM,
      `${property.key}=${host.text}:2888:3888`,
    );
  } else {
    const suggestion = `${property.key}=${host.text}:${quorum.text}:3888`;
    complaints.problem(end, `\`${property.key}\` has no election port`, FORM, suggestion);
  }
}

/** ConfigUtils.getHostAndPort: brackets hold an IPv6 address. */
function hostAndPorts(piece: Piece): Piece[] {
  const bracket = /^\[([^\]]*)\](?::|$)/.exec(piece.text);
  if (bracket === null) return pieces(piece, ':');
  const host = { text: bracket[1] ?? '', offset: piece.offset + 1 };
  const rest = { text: piece.text.slice(bracket[0].length), offset: piece.offset + bracket[0].length };
  return [host, ...pieces(rest, ':')];
}

/** String.split: empty pieces at the end do not count. */
function pieces(piece: Piece, separator: string): Piece[] {
  const result: Piece[] = [];
  let offset = piece.offset;
  for (const text of piece.text.split(separator)) {
    result.push({ text, offset });
    offset += text.length + separator.length;
  }
  while (result.at(-1)?.text === '') result.pop();
  return result;
}

function readPort(
  property: Property,
  piece: Piece,
  what: string,
  complaints: Complaints,
): number | undefined {
  const port = parsePort(piece.text);
  if (port !== undefined) return port;
  const trimmed = piece.text.trim();
  const blank = trimmed !== piece.text && parsePort(trimmed) !== undefined;
  complaints.problem(
    placeIn(property, piece.offset + (blank ? piece.text.search(/\s/) : 0)),
    blank
      ? `a blank next to the ${what} of \`${property.key}\`, which ZooKeeper does not trim`
      : `\`${piece.text}\` is no ${what}`,
    'a port number from 0 to 65535',
    blank ? trimmed : undefined,
  );
  return undefined;
}

const ROLES = new Map<string, LearnerType>([
  ['participant', 'PARTICIPANT'],
  ['observer', 'OBSERVER'],
]);

function readRole(
  property: Property,
  piece: Piece | undefined,
  complaints: Complaints,
): LearnerType | undefined {
  const name = piece === undefined ? 'participant' : piece.text.trim().toLowerCase();
  const role = ROLES.get(name);
  if (role === undefined && piece !== undefined) {
    complaints.problem(
      placeIn(property, piece.offset),
      `\`${piece.text}\` is no role`,
      '`participant` or `observer`',
      nearestWord(name, ROLES.keys()),
    );
  }
  return role;
}

/** The host of a client address only says where to listen; clients of the simulation dial the server's own name. */
function readClientPort(property: Property, piece: Piece, complaints: Complaints): number | undefined {
  const parts = hostAndPorts(piece);
  const port = parts.at(-1);
  if (port === undefined) return undefined;
  if (parts.length > 2) {
    complaints.problem(
      placeIn(property, piece.offset),
      `can't read the client address \`${piece.text}\``,
      FORM,
    );
    return undefined;
  }
  return readPort(property, port, 'client port', complaints);
}
