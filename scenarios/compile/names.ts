import type { ServerSpec } from '../../protocol/config.ts';
import { type Sid, sid as toSid } from '../../protocol/ids.ts';
import { nearestWord } from '../../protocol/nearest-word.ts';
import { type NameOf, scenarioNames } from '../../sim/plan-text/names.ts';
import { type Role, ROLE_WORDS } from '../../sim/plan-text/targets.ts';
import type { Target } from '../../sim/fault-plan.ts';
import type { Path } from '../yaml-source.ts';
import type { Report } from './report.ts';

/** Roles, by the words for them. They are resolved when the fault strikes. */
const ROLES: ReadonlyMap<string, Target> = new Map(
  (Object.keys(ROLE_WORDS) as Role[]).map((kind) => [ROLE_WORDS[kind], { kind }]),
);
const CLIENT_ROLES: ReadonlySet<Target['kind']> = new Set<Target['kind']>(['client', 'anyClient', 'clients']);
/** They may be anybody. */
const OPEN_ROLES: ReadonlySet<Target['kind']> = new Set<Target['kind']>(['lastStruck', 'rest']);

const isClients = ({ kind }: Target): boolean => CLIENT_ROLES.has(kind);
const isServers = ({ kind }: Target): boolean => !CLIENT_ROLES.has(kind) && !OPEN_ROLES.has(kind);

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
  /** By the name that the file gives them, those that it stands for. */
  readonly #crowds: Crowds;
  readonly #sidByName = new Map<string, Sid>();
  readonly nameOf: NameOf;

  constructor(servers: readonly ServerSpec[], crowds: Crowds) {
    this.servers = servers;
    this.clients = [...crowds.values()].flat();
    this.#crowds = crowds;
    this.nameOf = scenarioNames(servers, this.clients);
    for (const { host, sid, quorumPort } of servers) {
      this.#sidByName.set(`${host}:${String(quorumPort)}`, sid);
      if (servers.filter((other) => other.host === host).length === 1) this.#sidByName.set(host, sid);
      this.#sidByName.set(String(sid), sid);
    }
  }

  sidOf(word: Word): Sid | undefined {
    return this.#sidByName.get(String(word));
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
    const words = this.#wordsOf(scope);
    if (target === undefined) {
      this.#complain(report, path, nounOf(scope), word, words);
    } else if (isClients(target) && !scope.clients) {
      report.problem(path, `\`${word}\` is a client`, listOf(words));
    } else if (isServers(target) && !scope.servers) {
      report.problem(path, `\`${word}\` is a server`, listOf(words));
    } else if (target.kind === 'rest' && !scope.rest) {
      report.problem(path, '`rest` has a meaning only among the groups of a partition', listOf(words));
    } else {
      return target;
    }
    return undefined;
  }

  serverNames(): string[] {
    return this.servers.map((server) => this.nameOf(server.sid));
  }

  #wordsOf(scope: Scope): string[] {
    const roles = [...ROLES].filter(
      ([word, role]) =>
        (word !== 'rest' || scope.rest) &&
        (!isClients(role) || scope.clients) &&
        (!isServers(role) || scope.servers),
    );
    return [
      ...(scope.servers ? this.serverNames() : []),
      ...(scope.clients ? this.clients : []),
      ...roles.map(([word]) => word),
    ];
  }

  #complain(report: Report, path: Path, what: string, word: Word, known: readonly string[]): void {
    const crowd = this.#crowds.get(String(word));
    if (crowd !== undefined) {
      const [first = ''] = crowd;
      const message = `\`${word}\` stands for ${String(crowd.length)} clients`;
      report.problem(path, message, `one of \`${first}\` to \`${crowd.at(-1) ?? first}\``, first);
      return;
    }
    const expected = known.length === 0 ? `a ${what}, and there is none` : listOf(known);
    report.problem(
      path,
      `there is no ${what} \`${String(word)}\``,
      expected,
      nearestWord(String(word), known),
    );
  }
}

/** Clients by the name that the file gives them: one of this name, or `name-1` to `name-n`. */
export type Crowds = ReadonlyMap<string, readonly string[]>;

/** Whom a fault may strike, and whether `rest` makes sense. */
export interface Scope {
  readonly servers: boolean;
  readonly clients: boolean;
  readonly rest: boolean;
}

const nounOf = ({ servers, clients }: Scope): string =>
  servers ? (clients ? 'server, client or role' : 'server or role') : 'client or role';

export const listOf = (words: readonly string[]): string =>
  words.length === 1 ? `\`${words.join('')}\`` : `one of ${words.map((word) => `\`${word}\``).join(', ')}`;

/** A number that names nobody: keeps compilation going after a complaint. */
export const NOBODY = toSid(-1);
