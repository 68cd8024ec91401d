/**
 * Recordings of a real ensemble (test/testdata/transcripts) as our requests, and our replies in the recordings' notation. Nothing
 * here plays them: one test puts them through the pipeline of a single server, another through simulated servers and clients.
 */
import { readFileSync } from 'node:fs';
import type {
  EventType,
  MultiOp,
  MultiResult,
  ReplyBody,
  RequestBody,
} from '../../protocol/client-packets.ts';
import type { Stat } from '../../protocol/database/stat.ts';
import type { Acl, Data } from '../../protocol/database/txn.ts';
import { NO_SESSION, type SessionId } from '../../protocol/ids.ts';
import { createModeOf } from '../../protocol/processors/prep/create-mode.ts';
import type { Zxid } from '../../protocol/zxid.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

/** `request`: send it and wait for the reply. The other two change the session's connection. */
export type Step =
  | { readonly kind: 'request'; readonly session: number; readonly body: RequestBody }
  | { readonly kind: 'reopen' | 'resume'; readonly session: number };

/** What the real ensemble answered, or what we did, in the recordings' notation. */
export type Result = JsonObject;

export interface Transcript {
  readonly name: string;
  readonly sessions: number;
  readonly steps: readonly Step[];
  readonly results: readonly Result[];
}

export const CORE_TRANSCRIPTS: readonly string[] = [21, 22, 23, 24, 206, 402, 502].map(
  (n) => `core-ensemble3-seed${String(n)}`,
);

/** The session timeout that was asked for and granted, ms. */
export const SESSION_TIMEOUT_MS = 30_000;

/** What was recorded. */
export const RECORDED_RELEASE = '3.8.0';

/** What /zookeeper/config held on the recorded ensemble. */
export const RECORDED_CONFIG = [
  'server.1=127.0.0.1:25282:25382:participant',
  'server.2=127.0.0.1:25283:25383:participant',
  'server.3=127.0.0.1:25284:25384:participant',
  'version=0',
].join('\n');

export const loadTranscript = (name: string): Transcript =>
  loadTranscriptFile(new URL(`../testdata/transcripts/${name}.json`, import.meta.url).pathname);

export function loadTranscriptFile(file: string): Transcript {
  const json = object(JSON.parse(readFileSync(file, 'utf8')) as Json);
  return {
    name: file,
    sessions: number(json.sessions),
    steps: list(json.steps).map(toStep),
    results: list(json.results).map(object),
  };
}

function toStep(json: Json): Step {
  const [session, op, args] = list(json);
  const name = string(op);
  if (name === '!reopen') return { kind: 'reopen', session: number(session) };
  if (name === '!resume') return { kind: 'resume', session: number(session) };
  return { kind: 'request', session: number(session), body: toRequest(name, object(args)) };
}

/** An operation of a recording as the request that a server would decode. */
export function toRequest(op: string, args: JsonObject): RequestBody {
  const malformed = hasNullPath(op, args) ? { malformed: true as const } : {};
  switch (op) {
    case 'multi':
      return { op, ops: list(args.ops).map(toMultiOp), ...malformed };
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
      return { op, path: pathOf(args), watch: args.watch === true, ...malformed };
    case 'sync':
      return { op, path: pathOf(args) };
    case 'check':
      throw new TypeError('check outside a multi is in no recording');
    default:
      return { ...toOp(op, args), ...malformed };
  }
}

/** A null path can't be worked with; but setData refuses it like any other that isn't valid, and a create looks at its flags first. */
function hasNullPath(op: string, args: JsonObject): boolean {
  if (op !== 'multi') return args.path === null && op !== 'setData' && !hasUnknownFlags(args);
  return list(args.ops).some((sub) => object(list(sub)[1]).path === null);
}

const hasUnknownFlags = (args: JsonObject): boolean =>
  args.flags !== undefined && createModeOf(number(args.flags)) === undefined;

function toMultiOp(json: Json): MultiOp {
  const [op, args] = list(json);
  return toOp(string(op), object(args));
}

function toOp(op: string, args: JsonObject): MultiOp {
  const path = pathOf(args);
  switch (op) {
    case 'create':
    case 'create2':
      return { op, path, data: bytes(args.data), acl: aclOf(args), flags: number(args.flags) };
    case 'delete':
    case 'check':
      return { op, path, version: number(args.version) };
    case 'setData':
      return { op, path, data: bytes(args.data), version: number(args.version) };
    default:
      throw new TypeError(`no core operation: ${op}`);
  }
}

/** As a server decodes it: half a surrogate pair is no UTF-8, and reads as U+FFFD. The path of a malformed request doesn't matter. */
const pathOf = (args: JsonObject): string =>
  args.path === null ? '' : string(args.path).replace(/\p{Surrogate}/gu, '\ufffd');

const aclOf = (args: JsonObject): readonly Acl[] =>
  args.acl === null
    ? []
    : list(args.acl).map((entry) => {
        const [perms, scheme, id] = list(entry);
        return { perms: number(perms), scheme: string(scheme), id: string(id) };
      });

const bytes = (json: Json | undefined): Data =>
  json === null ? null : Uint8Array.from(Buffer.from(string(object(json).$b), 'base64'));

const MULTI_TYPES = { create: 1, create2: 15, setData: 5, delete: 2, check: 13, error: -1 } as const;
const EVENT_TYPES: Readonly<Record<EventType, number>> = {
  NodeCreated: 1,
  NodeDeleted: 2,
  NodeDataChanged: 3,
  NodeChildrenChanged: 4,
};
const SYNC_CONNECTED = 3;

/**
 * Our replies in the recordings' notation. It remembers the first zxid and which sessions were opened, so one belongs to one
 * run: tell it of every session when it is opened, and hand it every reply in order.
 */
export class Notation {
  readonly #sessions: SessionId[] = [];
  #firstZxid: Zxid | undefined = undefined;

  sessionOpened(id: SessionId): void {
    this.#sessions.push(id);
  }

  /** A reply's header and body. */
  reply(reply: { err: number; zxid: Zxid; body?: ReplyBody | undefined }): Result {
    return { err: reply.err, zxid: this.#zxid(reply.zxid), ...this.#body(reply.body ?? {}) };
  }

  /** The same result with the step's watch events, by the session's number in the script; sessions without events are left out. */
  withEvents(result: Result, events: readonly (readonly WatchEvent[])[]): Result {
    const seen = events
      .map((list, session) => [`s${String(session)}`, list.map(eventOf)] as const)
      .filter(([, list]) => list.length > 0);
    return seen.length === 0 ? result : { ...result, events: Object.fromEntries(seen) };
  }

  #body(body: ReplyBody): JsonObject {
    return {
      ...(body.path === undefined ? {} : { path: body.path }),
      ...(body.data === undefined ? {} : { data: this.#data(body.data) }),
      ...(body.children === undefined ? {} : { children: [...body.children].sort(byCodeUnit) }),
      ...(body.stat === undefined ? {} : { stat: this.#stat(body.stat) }),
      ...(body.results === undefined ? {} : { results: body.results.map((r) => this.#multiResult(r)) }),
    };
  }

  #data(data: Data): Json {
    return data === null ? null : `b:${Buffer.from(data).toString('base64')}`;
  }

  #multiResult(result: MultiResult): JsonObject {
    const type = MULTI_TYPES[result.type];
    if (result.type === 'error') return { type, err: result.err };
    return {
      type,
      err: 0,
      ...('path' in result ? { path: result.path } : {}),
      ...('stat' in result ? { stat: this.#stat(result.stat) } : {}),
    };
  }

  #stat(stat: Stat): JsonObject {
    return {
      ...stat,
      czxid: this.#zxid(stat.czxid),
      mzxid: this.#zxid(stat.mzxid),
      pzxid: this.#zxid(stat.pzxid),
      ctime: stat.ctime === 0 ? 0 : 'time',
      mtime: stat.mtime === 0 ? 0 : 'time',
      ephemeralOwner: this.#owner(stat.ephemeralOwner),
    };
  }

  #zxid(zxid: Zxid): Json {
    if (zxid <= 0) return zxid;
    this.#firstZxid ??= zxid;
    const difference = zxid - this.#firstZxid;
    return difference < 0 ? String(difference) : `+${String(difference)}`;
  }

  #owner(id: SessionId): Json {
    return id === NO_SESSION ? 0 : `s${String(this.#sessions.indexOf(id))}`;
  }
}

export interface WatchEvent {
  readonly eventType: EventType;
  readonly path: string;
}

const eventOf = (event: WatchEvent): Json => [EVENT_TYPES[event.eventType], SYNC_CONNECTED, event.path];

/** What a resumed connection is answered with. */
export const RESUMED: Result = { same_session: true, timeout: SESSION_TIMEOUT_MS };
/** The server closed the connection instead of answering. */
export const CLOSED: Result = { closed: true };

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function object(json: Json | undefined): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new TypeError('not an object');
  return json as JsonObject;
}
function list(json: Json | undefined): readonly Json[] {
  if (!Array.isArray(json)) throw new TypeError('not a list');
  return json as readonly Json[];
}
function string(json: Json | undefined): string {
  if (typeof json !== 'string') throw new TypeError('not a string');
  return json;
}
function number(json: Json | undefined): number {
  if (typeof json !== 'number') throw new TypeError('not a number');
  return json;
}
