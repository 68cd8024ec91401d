import type {
  CheckVersionRequest,
  CloseSessionRequest,
  CreateRequest,
  DeleteRequest,
  MultiOp,
  MultiRequest,
  ReadRequest,
  SetDataRequest,
  WriteOp,
} from '../../../protocol/client-packets.ts';
import type { Data } from '../../../protocol/database/txn.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { NO_SESSION, type SessionId } from '../../../protocol/ids.ts';
import {
  CONFIG_NODE,
  hasParentPath,
  isValidPath,
  parentOf,
  sequenceSuffix,
  SYSTEM_PATHS,
} from '../model/paths.ts';

/**
 * ZooKeeper's tree as a sequential object, knowing of no log and no zxid: what an operation does and answers, given the tree. It is written
 * apart from the protocol and from `checkers/model/`, which is told by the log what was decided. Time and zxids in a Stat are not its business.
 */
export interface Znode {
  readonly data: Data;
  readonly version: number;
  /** Children that were ever created here: what sequential names count. */
  readonly creates: number;
  readonly children: number;
  /** The session whose ephemeral it is. */
  readonly owner: SessionId;
}

export interface ZnodeTree {
  get(path: string): Znode | undefined;
  /** At least all paths whose owner this session is. */
  ownedBy(session: SessionId): Iterable<string>;
}

export type TreeRequest = WriteOp | ReadRequest | CloseSessionRequest;

/** What is asked for in it. */
export const operationsIn = (
  request: TreeRequest,
): readonly (Exclude<TreeRequest, MultiRequest> | MultiOp)[] =>
  request.op === 'multi' ? request.ops : [request];

export type SingleOutcome =
  | { readonly kind: 'failed'; readonly err: number }
  | { readonly kind: 'created' | 'set'; readonly path: string; readonly node: Znode }
  /** The answer says no more. */
  | { readonly kind: 'deleted' | 'checked' | 'closed' };

export type Outcome = SingleOutcome | { readonly kind: 'multi'; readonly results: readonly SingleOutcome[] };

/** Before anything happened. The configuration is no version of anything: the servers set it to −1. */
export const FIRST_ZNODES: ReadonlyMap<string, Znode> = new Map(
  SYSTEM_PATHS.map((path) => [
    path,
    {
      data: new Uint8Array(),
      version: path === CONFIG_NODE ? -1 : 0,
      creates: 0,
      children: SYSTEM_PATHS.filter((other) => other !== '/' && parentOf(other) === path).length,
      owner: NO_SESSION,
    },
  ]),
);

/** What a write would do to the tree; nothing reaches the tree itself. The later operations of a multi see what the earlier ones did. */
export class Draft {
  readonly changes = new Map<string, Znode | undefined>();
  readonly #tree: ZnodeTree;

  constructor(tree: ZnodeTree) {
    this.#tree = tree;
  }

  get(path: string): Znode | undefined {
    return this.changes.has(path) ? this.changes.get(path) : this.#tree.get(path);
  }

  put(path: string, node: Znode): void {
    this.changes.set(path, node);
  }

  remove(path: string): void {
    this.changes.set(path, undefined);
    const parent = this.get(parentOf(path));
    if (parent !== undefined) this.put(parentOf(path), { ...parent, children: parent.children - 1 });
  }

  /** All or nothing. */
  forget(): void {
    this.changes.clear();
  }
}

export function applyWrite(
  draft: Draft,
  request: WriteOp | CloseSessionRequest,
  session: SessionId,
  tree: ZnodeTree,
): Outcome {
  if (request.op === 'closeSession') return closeSession(draft, session, tree);
  if (request.malformed === true) return failed(ErrorCode.MARSHALLINGERROR);
  return request.op === 'multi' ? applyMulti(draft, request, session) : applyOne(draft, request, session);
}

function closeSession(draft: Draft, session: SessionId, tree: ZnodeTree): Outcome {
  for (const path of tree.ownedBy(session)) if (draft.get(path)?.owner === session) draft.remove(path);
  return { kind: 'closed' };
}

/** The first failure fails all: 0 for what comes before it, RUNTIMEINCONSISTENCY for what comes after it. */
function applyMulti(draft: Draft, { ops }: MultiRequest, session: SessionId): Outcome {
  const results: SingleOutcome[] = [];
  for (const op of ops) {
    const outcome = applyOne(draft, op, session);
    if (outcome.kind === 'failed') {
      draft.forget();
      const others = (index: number): number =>
        index < results.length ? ErrorCode.OK : ErrorCode.RUNTIMEINCONSISTENCY;
      return {
        kind: 'multi',
        results: ops.map((_, index) => (index === results.length ? outcome : failed(others(index)))),
      };
    }
    results.push(outcome);
  }
  return { kind: 'multi', results };
}

function applyOne(draft: Draft, op: MultiOp, session: SessionId): SingleOutcome {
  switch (op.op) {
    case 'create':
    case 'create2':
      return create(draft, op, session);
    case 'delete':
      return remove(draft, op);
    case 'setData':
      return setData(draft, op);
    case 'check':
      return check(draft, op);
  }
}

function create(draft: Draft, op: CreateRequest, session: SessionId): SingleOutcome {
  if (!hasKnownFlags(op) || !hasParentPath(op.path)) return failed(ErrorCode.BADARGUMENTS);
  if (!hasStorableAcl(op)) return failed(ErrorCode.INVALIDACL);
  const above = parentOf(op.path);
  const parent = draft.get(above);
  if (parent === undefined) return failed(ErrorCode.NONODE);
  if (above === CONFIG_NODE) return failed(ErrorCode.NOAUTH);
  const path = isSequential(op) ? op.path + sequenceSuffix(parent.creates) : op.path;
  if (!isValidPath(path)) return failed(ErrorCode.BADARGUMENTS);
  if (draft.get(path) !== undefined) return failed(ErrorCode.NODEEXISTS);
  if (parent.owner !== NO_SESSION) return failed(ErrorCode.NOCHILDRENFOREPHEMERALS);
  const owner = isEphemeral(op) ? session : NO_SESSION;
  const node = { data: op.data, version: 0, creates: 0, children: 0, owner };
  draft.put(path, node);
  draft.put(above, { ...parent, creates: (parent.creates + 1) | 0, children: parent.children + 1 });
  return { kind: 'created', path, node };
}

function remove(draft: Draft, { path, version }: DeleteRequest): SingleOutcome {
  if (!hasParentPath(path) || SYSTEM_PATHS.includes(path)) return failed(ErrorCode.BADARGUMENTS);
  if (draft.get(parentOf(path)) === undefined) return failed(ErrorCode.NONODE);
  if (parentOf(path) === CONFIG_NODE) return failed(ErrorCode.NOAUTH);
  const node = draft.get(path);
  if (node === undefined) return failed(ErrorCode.NONODE);
  if (version !== ANY && version !== node.version) return failed(ErrorCode.BADVERSION);
  if (node.children > 0) return failed(ErrorCode.NOTEMPTY);
  draft.remove(path);
  return { kind: 'deleted' };
}

function setData(draft: Draft, { path, data, version }: SetDataRequest): SingleOutcome {
  if (!isValidPath(path)) return failed(ErrorCode.BADARGUMENTS);
  const node = draft.get(path);
  if (node === undefined) return failed(ErrorCode.NONODE);
  if (path === CONFIG_NODE) return failed(ErrorCode.NOAUTH);
  if (version !== ANY && version !== node.version) return failed(ErrorCode.BADVERSION);
  const after = { ...node, data, version: versionAfter(node.version) };
  draft.put(path, after);
  return { kind: 'set', path, node: after };
}

function check(draft: Draft, { path, version }: CheckVersionRequest): SingleOutcome {
  if (!isValidPath(path)) return failed(ErrorCode.BADARGUMENTS);
  const node = draft.get(path);
  if (node === undefined) return failed(ErrorCode.NONODE);
  return version !== ANY && version !== node.version ? failed(ErrorCode.BADVERSION) : { kind: 'checked' };
}

const failed = (err: number): SingleOutcome => ({ kind: 'failed', err });

const ANY = -1;

/** Wraps around as Java's int does, and skips what means any version. */
const versionAfter = (version: number): number => (version === ANY - 1 ? 0 : (version + 1) | 0);

export const hasKnownFlags = ({ flags }: CreateRequest): boolean => flags >= 0 && flags <= 3;
export const isEphemeral = ({ flags }: CreateRequest): boolean => flags === 1 || flags === 3;
export const isSequential = ({ flags }: CreateRequest): boolean => flags === 2 || flags === 3;

/** What is taken from a client without identities. */
const hasStorableAcl = ({ acl }: CreateRequest): boolean =>
  acl.length > 0 &&
  acl.every(({ scheme, id }) =>
    scheme === 'world' ? id === 'anyone' : scheme === 'digest' || scheme === 'ip',
  );
