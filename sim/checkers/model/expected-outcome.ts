import type {
  CheckVersionRequest,
  CreateRequest,
  DeleteRequest,
  MultiOp,
  MultiRequest,
  RequestBody,
  SetDataRequest,
} from '../../../protocol/client-packets.ts';
import type { Acl, Data, SubTxn, TxnBody } from '../../../protocol/database/txn.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { NO_SESSION, type SessionId } from '../../../protocol/ids.ts';
import { epochOf, makeZxid } from '../../../protocol/zxid.ts';
import type { Draft } from './draft.ts';
import { Change, type NodeState } from './node-history.ts';
import { CONFIG_NODE, hasParentPath, isValidPath, parentOf, sequenceSuffix, SYSTEM_PATHS } from './paths.ts';
import type { ReferenceTree } from './reference-tree.ts';

/**
 * What a client's request must have come to at the place in the log where it was decided: a sequential reading of
 * PrepRequestProcessor's rules (the first failure wins). It is evaluated on the tree just before the request's own txn, which
 * is what the leader saw: its speculative state holds all earlier proposals, and they are all committed when this one is.
 */
export type Outcome =
  OperationOutcome | MultiOutcome | { readonly kind: 'closed' } | { readonly kind: 'unjudged' };

export type OperationOutcome =
  | {
      readonly kind: 'created';
      readonly op: 'create' | 'create2';
      readonly path: string;
      readonly data: Data;
      readonly ephemeral: boolean;
      readonly parentCVersion: number;
      /** Right after it, within its txn. */
      readonly state: NodeState;
    }
  | { readonly kind: 'deleted' | 'checked'; readonly path: string }
  | { readonly kind: 'dataSet'; readonly path: string; readonly state: NodeState }
  | { readonly kind: 'failed'; readonly err: number };

export interface MultiOutcome {
  readonly kind: 'multi';
  readonly isFailed: boolean;
  readonly results: readonly OperationOutcome[];
}

export interface Situation {
  readonly tree: ReferenceTree;
  /** The tree before the txn; collects the changes of a multi. */
  readonly draft: Draft;
  readonly sessionId: SessionId;
}

/** `decided`: the committed txn. It only decides what the tree cannot: whether the session was refused. */
export function expectedOutcome(body: RequestBody, decided: TxnBody, situation: Situation): Outcome {
  switch (body.op) {
    case 'multi':
      if (body.malformed === true) return failed(ErrorCode.MARSHALLINGERROR);
      return expectedMulti(body, decided, situation);
    case 'create':
    case 'create2':
    case 'delete':
    case 'setData':
      if (body.malformed === true) return failed(ErrorCode.MARSHALLINGERROR);
      return decided.type === 'multi' || decided.type === 'createSession' || decided.type === 'closeSession'
        ? expectedOperation(body, undefined, situation)
        : expectedOperation(body, decided, situation);
    case 'closeSession':
      return { kind: 'closed' };
    default:
      return { kind: 'unjudged' };
  }
}

function expectedMulti(body: MultiRequest, decided: TxnBody, situation: Situation): Outcome {
  // Refused while it is decoded (a create flag that does not exist), which depends on the release.
  if (body.ops.some((op) => isCreate(op) && !hasKnownFlags(op))) return { kind: 'unjudged' };
  if (decided.type === 'error' && isRefusal(decided.err)) return { kind: 'failed', err: decided.err };
  const subs = decided.type === 'multi' ? decided.txns : [];
  const results: OperationOutcome[] = [];
  for (let i = 0; i < body.ops.length; i++) {
    const op = body.ops[i];
    if (op === undefined) break;
    const outcome = expectedOperation(op, subs[i], situation);
    if (outcome.kind === 'failed')
      return { kind: 'multi', isFailed: true, results: failedFrom(body.ops, i, outcome) };
    results.push(outcome);
  }
  return { kind: 'multi', isFailed: false, results };
}

/** Every result is an error then: 0 before the culprit, RUNTIMEINCONSISTENCY after it. */
const failedFrom = (
  ops: readonly MultiOp[],
  culprit: number,
  outcome: OperationOutcome,
): OperationOutcome[] =>
  ops.map((_, i) =>
    i === culprit
      ? outcome
      : { kind: 'failed', err: i < culprit ? ErrorCode.OK : ErrorCode.RUNTIMEINCONSISTENCY },
  );

function expectedOperation(op: MultiOp, decided: SubTxn | undefined, situation: Situation): OperationOutcome {
  // Whether a session was closing, or had moved to another server, is the leader's knowledge.
  if (decided?.type === 'error' && isRefusal(decided.err)) return failed(decided.err);
  switch (op.op) {
    case 'create':
    case 'create2':
      return expectedCreate(op, situation);
    case 'delete':
      return expectedDelete(op, decided, situation);
    case 'setData':
      return expectedSetData(op, situation);
    case 'check':
      return expectedCheck(op, situation);
  }
}

function expectedCreate(op: CreateRequest, { draft, sessionId }: Situation): OperationOutcome {
  if (!hasKnownFlags(op) || !hasParentPath(op.path)) return failed(ErrorCode.BADARGUMENTS);
  if (op.acl.length === 0 || !op.acl.every(isStorable)) return failed(ErrorCode.INVALIDACL);
  const parent = draft.get(parentOf(op.path));
  if (parent === undefined) return failed(ErrorCode.NONODE);
  if (isReadOnly(parentOf(op.path))) return failed(ErrorCode.NOAUTH);
  const path = isSequential(op) ? op.path + sequenceSuffix(parent.cversion) : op.path;
  if (!isValidPath(path)) return failed(ErrorCode.BADARGUMENTS);
  if (draft.get(path) !== undefined) return failed(ErrorCode.NODEEXISTS);
  if (parent.ephemeralOwner !== NO_SESSION) return failed(ErrorCode.NOCHILDRENFOREPHEMERALS);
  const ephemeral = isEphemeral(op);
  const parentCVersion = (parent.cversion + 1) | 0;
  const state = draft.create(path, op.data, ephemeral ? sessionId : NO_SESSION, parentCVersion);
  return { kind: 'created', op: op.op, path, data: op.data, ephemeral, parentCVersion, state };
}

function expectedDelete(
  op: DeleteRequest,
  decided: SubTxn | undefined,
  situation: Situation,
): OperationOutcome {
  const { draft } = situation;
  if (!hasParentPath(op.path) || SYSTEM_PATHS.includes(op.path)) return failed(ErrorCode.BADARGUMENTS);
  if (draft.get(parentOf(op.path)) === undefined) return failed(ErrorCode.NONODE);
  if (isReadOnly(parentOf(op.path))) return failed(ErrorCode.NOAUTH);
  const node = draft.get(op.path);
  if (node === undefined) return failed(ErrorCode.NONODE);
  if (!matches(op.version, node)) return failed(ErrorCode.BADVERSION);
  if (node.numChildren > 0) return failed(ErrorCode.NOTEMPTY);
  if (decided?.type === 'error' && decided.err === ErrorCode.NOTEMPTY && mayLookFull(op.path, situation))
    return failed(ErrorCode.NOTEMPTY);
  draft.remove(op.path, 0);
  return { kind: 'deleted', path: op.path };
}

function expectedSetData(op: SetDataRequest, { draft }: Situation): OperationOutcome {
  if (!isValidPath(op.path)) return failed(ErrorCode.BADARGUMENTS);
  const node = draft.get(op.path);
  if (node === undefined) return failed(ErrorCode.NONODE);
  if (isReadOnly(op.path)) return failed(ErrorCode.NOAUTH);
  if (!matches(op.version, node)) return failed(ErrorCode.BADVERSION);
  return { kind: 'dataSet', path: op.path, state: draft.setData(op.path, node, op.data, nextVersion(node)) };
}

function expectedCheck(op: CheckVersionRequest, { draft }: Situation): OperationOutcome {
  if (!isValidPath(op.path)) return failed(ErrorCode.BADARGUMENTS);
  const node = draft.get(op.path);
  if (node === undefined) return failed(ErrorCode.NONODE);
  if (!matches(op.version, node)) return failed(ErrorCode.BADVERSION);
  return { kind: 'checked', path: op.path };
}

/**
 * ZooKeeper allows one wrong NOTEMPTY. (1) A closeSession is proposed, and its ChangeRecords delete the session's ephemerals
 * without taking them off their parent's child count. (2) Before it is applied, a delete of that parent is prepared: the parent looks full.
 * Records are copied from one another, so a busy parent can look full for the rest of the leader's term.
 */
function mayLookFull(path: string, { tree, draft }: Situation): boolean {
  const termBegan = makeZxid(epochOf(draft.zxid), 0);
  const history = tree.historyOf(path);
  return history !== undefined && history.firstChange(Change.CHILD_CLOSED, termBegan, draft.zxid) > 0;
}

const failed = (err: number): OperationOutcome => ({ kind: 'failed', err });

const isRefusal = (err: number): boolean =>
  err === ErrorCode.SESSIONEXPIRED || err === ErrorCode.SESSIONMOVED;

/** What an ACL entry needs to be taken from a client without identities; what it then forbids is not modelled. */
const isStorable = ({ scheme, id }: Acl): boolean =>
  scheme === 'world' ? id === 'anyone' : scheme === 'digest' || scheme === 'ip';

/** The one ACL in the tree that isn't open (DataTree.addConfigNode). */
const isReadOnly = (path: string): boolean => path === CONFIG_NODE;

const isCreate = (op: MultiOp): op is CreateRequest => op.op === 'create' || op.op === 'create2';
const hasKnownFlags = (op: CreateRequest): boolean => op.flags >= 0 && op.flags <= 3;
const isEphemeral = (op: CreateRequest): boolean => op.flags === 1 || op.flags === 3;
const isSequential = (op: CreateRequest): boolean => op.flags === 2 || op.flags === 3;

const matches = (version: number, node: NodeState): boolean => version === -1 || version === node.version;

/** Versions wrap around as Java's int does, but skip −1, which means "any" (ZOOKEEPER-4743). */
function nextVersion(node: NodeState): number {
  const next = (node.version + 1) | 0;
  return next === -1 ? 0 : next;
}
