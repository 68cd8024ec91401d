/**
 * The last stage of every server's pipeline (server/FinalRequestProcessor), without its effects: given a request and what its txn did, it
 * answers. Reads take their path literally, look at the tree as it is, and arm watches for the connection that asked. What stays
 * with the caller: applying, connections, headers, the answer to createSession.
 */
import { defined } from '../assert.ts';
import type { MultiResult, ReadRequest, ReplyBody, RequestBody } from '../client-packets.ts';
import { permits, Perms } from '../database/acl.ts';
import type { ApplyResult } from '../database/apply-result.ts';
import type { DataNode } from '../database/data-node.ts';
import type { DataTree } from '../database/data-tree.ts';
import { setWatches } from '../database/set-watches.ts';
import type { ZKDatabase } from '../database/zk-database.ts';
import { ErrorCode } from '../errors.ts';
import type { ConnectionId } from '../ids.ts';
import type { Release } from '../release/release.ts';
import type { Request } from './request.ts';

/**
 * `err` SESSIONMOVED is no answer: the connection is closed without one, or else client and leader might never agree where the
 * session lives (ZOOKEEPER-710).
 */
export interface Reply {
  readonly err: number;
  /** Absent when err ≠ 0, and for operations that answer with a header only. */
  readonly body?: ReplyBody;
}

const DONE: Reply = { err: ErrorCode.OK };

export class FinalRequestProcessor {
  readonly #database: ZKDatabase;
  readonly #release: Release;

  constructor(init: { database: ZKDatabase; release: Release }) {
    this.#database = init.database;
    this.#release = init.release;
  }

  /**
   * FinalRequestProcessor.processRequest, from the reply on. `applied`: the request's txn's result, undefined for what has none.
   * The request has a connection.
   */
  reply(request: Request, applied: ApplyResult | undefined): Reply {
    if (request.err !== ErrorCode.OK) return { err: request.err };
    if (applied?.type === 'error') return { err: applied.err };
    return this.#answer(request.body, defined(request.connection, 'a request to answer'), applied);
  }

  #answer(body: RequestBody, connection: ConnectionId, applied: ApplyResult | undefined): Reply {
    switch (body.op) {
      case 'create':
      case 'create2':
      case 'delete':
      case 'setData':
        return writeReply(defined(applied, body.op));
      case 'multi':
        return this.#multiReply(defined(applied?.results, body.op));
      case 'exists':
      case 'getData':
      case 'getChildren':
      case 'getChildren2':
        return this.#read(body, connection);
      case 'sync':
        return { err: ErrorCode.OK, body: { path: body.path } };
      case 'setWatches':
        if (body.malformed === true) return { err: ErrorCode.MARSHALLINGERROR };
        setWatches(this.#database.tree, connection, body, this.#release);
        return DONE;
      case 'check':
        return { err: ErrorCode.UNIMPLEMENTED };
      case 'ping':
      case 'createSession':
      case 'closeSession':
        return DONE;
    }
  }

  #read(body: ReadRequest, connection: ConnectionId): Reply {
    if (body.malformed === true) return { err: ErrorCode.MARSHALLINGERROR };
    const { tree } = this.#database;
    if (body.op === 'exists') return this.#exists(tree, body, connection);
    const node = tree.getNode(body.path);
    if (node === undefined) return { err: ErrorCode.NONODE };
    if (!permits(node.acl, Perms.READ)) return { err: ErrorCode.NOAUTH };
    if (body.watch) armWatch(tree, body, connection);
    return { err: ErrorCode.OK, body: readBody(tree, body, node) };
  }

  /** exists alone refuses a NUL, and it arms its watch whether the node is there or not. */
  #exists(tree: DataTree, body: ReadRequest, connection: ConnectionId): Reply {
    if (body.path.includes('\0')) return { err: ErrorCode.BADARGUMENTS };
    const node = tree.getNode(body.path);
    if (node !== undefined && !this.#mayAskFor(node)) return { err: ErrorCode.NOAUTH };
    if (body.watch) tree.watches.addDataWatch(body.path, connection);
    return node === undefined
      ? { err: ErrorCode.NONODE }
      : { err: ErrorCode.OK, body: { stat: node.stat() } };
  }

  #mayAskFor(node: DataNode): boolean {
    return this.#release.existsIgnoresAcl || permits(node.acl, Perms.READ);
  }

  /** The header says OK even when the multi failed; then every result is an error. */
  #multiReply(results: readonly ApplyResult[]): Reply {
    if (this.#hasMoved(results)) return { err: ErrorCode.SESSIONMOVED };
    return { err: ErrorCode.OK, body: { results: results.map((result) => this.#multiResult(result)) } };
  }

  /** ZOOKEEPER-2886: nobody looked for it among the results of a multi. */
  #hasMoved(results: readonly ApplyResult[]): boolean {
    if (this.#release.movedSessionInMultiKeepsItsConnection) return false;
    return results.some((result) => result.err === ErrorCode.SESSIONMOVED);
  }

  /** Differs: what a tree that has parted from the others could not do is an error; ZooKeeper reports it done, without a Stat. */
  #multiResult(result: ApplyResult): MultiResult {
    if (result.err !== ErrorCode.OK) return { type: 'error', err: result.err };
    switch (result.type) {
      case 'create2':
        if (this.#release.create2InMultiAnswersCreate) return createResult(result);
        return { type: 'create2', path: pathOf(result), stat: defined(result.stat, 'a create2 Stat') };
      case 'create':
        return createResult(result);
      case 'setData':
        return { type: 'setData', stat: defined(result.stat, 'a setData Stat') };
      case 'delete':
      case 'check':
        return { type: result.type };
      case 'error':
      case 'multi':
      case 'createSession':
      case 'closeSession':
        return { type: 'error', err: result.err };
    }
  }
}

function armWatch(tree: DataTree, body: ReadRequest, connection: ConnectionId): void {
  if (body.op === 'getData') tree.watches.addDataWatch(body.path, connection);
  else tree.watches.addChildWatch(body.path, connection);
}

function readBody(tree: DataTree, body: ReadRequest, node: DataNode): ReplyBody {
  if (body.op === 'getData') return { data: node.data, stat: node.stat() };
  const children = defined(tree.children(body.path), 'a node that was just found');
  return body.op === 'getChildren' ? { children } : { children, stat: node.stat() };
}

function writeReply(result: ApplyResult): Reply {
  if (result.err !== ErrorCode.OK) return { err: result.err };
  switch (result.type) {
    case 'create':
      return { err: ErrorCode.OK, body: { path: pathOf(result) } };
    case 'create2':
      return {
        err: ErrorCode.OK,
        body: { path: pathOf(result), stat: defined(result.stat, 'a create2 Stat') },
      };
    case 'setData':
      return { err: ErrorCode.OK, body: { stat: defined(result.stat, 'a setData Stat') } };
    default:
      return DONE;
  }
}

const createResult = (result: ApplyResult): MultiResult => ({ type: 'create', path: pathOf(result) });

const pathOf = (result: ApplyResult): string => defined(result.path, 'a created path');
