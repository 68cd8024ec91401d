import type { ServerSpec } from '../../protocol/config.ts';
import { type Sid, sid as toSid } from '../../protocol/ids.ts';
import { nearestWord } from '../../protocol/nearest-word.ts';
import type { Target } from '../../sim/plan.ts';
import type { Path } from '../yaml-source.ts';
import type { Report } from './report.ts';

/** Roles, as a scenario writes them. They are resolved when the fault strikes. */
const ROLES: ReadonlyMap<string, Target> = new Map<string, Target>([
  ['leader', { kind: 'leader' }],
  ['any follower', { kind: 'anyFollower' }],
  ['followers', { kind: 'followers' }],
  ['any observer', { kind: 'anyObserver' }],
  ['observers', { kind: 'observers' }],
  ['any server', { kind: 'anyServer' }],
  ['minority', { kind: 'minority' }],
  ['minority with leader', { kind: 'minorityWithLeader' }],
  ['all', { kind: 'allServers' }],
  ['last struck', { kind: 'lastStruck' }],
  ['rest', { kind: 'rest' }],
]);

/** Words that can be no server's and no client's name. */
export const isReserved = (word: string): boolean => ROLES.has(word) || word === 'any';

type Word = string | number;

/**
 * Who is called what in this scenario. A server goes by its host name, by `host:quorumPort` where several share a
 * host, and by its number; a client by its name.
 */
export class Names {
  readonly servers: readonly ServerSpec[];
  readonly clients: readonly string[];
  readonly #sidByName = new Map<string, Sid>();

  constructor(servers: readonly ServerSpec[], clients: readonly string[]) {
    this.servers = servers;
    this.clients = clients;
    for (const { host, sid, quorumPort } of servers) {
      this.#sidByName.set(`${host}:${String(quorumPort)}`, sid);
      if (servers.filter((other) => other.host === host).length === 1) this.#sidByName.set(host, sid);
      this.#sidByName.set(String(sid), sid);
    }
  }

  sidOf(word: Word): Sid | undefined {
    return this.#sidByName.get(String(word));
  }

  /** As messages and reports call it. */
  nameOf(sid: Sid): string {
    const server = this.servers.find((candidate) => candidate.sid === sid);
    if (server === undefined) return String(sid);
    return this.#sidByName.has(server.host) ? server.host : `${server.host}:${String(server.quorumPort)}`;
  }

  targetOf(word: Word): Target | undefined {
    const role = ROLES.get(String(word));
    if (role !== undefined) return role;
    const sid = this.sidOf(word);
    if (sid !== undefined) return { kind: 'server', sid };
    return this.clients.includes(String(word)) ? { kind: 'client', name: String(word) } : undefined;
  }

  /** Reads a server's name or number; complains where there is none. */
  readServer(word: Word, path: Path, report: Report): Sid | undefined {
    const sid = this.sidOf(word);
    if (sid === undefined) this.#complain(report, path, 'server', word, this.serverNames());
    return sid;
  }

  readClient(word: string, path: Path, report: Report): string | undefined {
    if (this.clients.includes(word)) return word;
    this.#complain(report, path, 'client', word, this.clients);
    return undefined;
  }

  /** Reads a target of one of the given kinds of party. */
  readTarget(word: Word, path: Path, report: Report, scope: Scope): Target | undefined {
    const target = this.targetOf(word);
    if (target === undefined) {
      const what = scope.clients ? 'server, client or role' : 'server or role';
      this.#complain(report, path, what, word, this.#wordsOf(scope));
    } else if (target.kind === 'client' && !scope.clients) {
      report.problem(path, `\`${String(word)}\` is a client`, listOf(this.#wordsOf(scope)));
    } else if (target.kind === 'rest' && !scope.rest) {
      report.problem(
        path,
        '`rest` has a meaning only among the groups of a partition',
        listOf(this.#wordsOf(scope)),
      );
    } else {
      return target;
    }
    return undefined;
  }

  serverNames(): string[] {
    return this.servers.map((server) => this.nameOf(server.sid));
  }

  #wordsOf(scope: Scope): string[] {
    const roles = [...ROLES.keys()].filter((role) => scope.rest || role !== 'rest');
    return [...this.serverNames(), ...(scope.clients ? this.clients : []), ...roles];
  }

  #complain(report: Report, path: Path, what: string, word: Word, known: readonly string[]): void {
    const expected = known.length === 0 ? `a ${what}, and there is none` : listOf(known);
    report.problem(
      path,
      `there is no ${what} \`${String(word)}\``,
      expected,
      nearestWord(String(word), known),
    );
  }
}

/** Whether a fault may strike clients, and whether `rest` makes sense. */
export interface Scope {
  readonly clients: boolean;
  readonly rest: boolean;
}

export const listOf = (words: readonly string[]): string =>
  words.length === 1 ? `\`${words.join('')}\`` : `one of ${words.map((word) => `\`${word}\``).join(', ')}`;

/** A number that names nobody: keeps compilation going after a complaint. */
export const NOBODY = toSid(-1);
