import { ErrorCode } from '../../../protocol/errors.ts';
import type { SessionId } from '../../../protocol/ids.ts';
import { isRead } from '../history.ts';
import type { TimedOperation } from './candidates.ts';
import { type Answer, isAnswerOf, isAnswerOfRead, isRefusal } from './znode-answers.ts';
import {
  applyWrite,
  Draft,
  hasKnownFlags,
  type TreeRequest,
  type Znode,
  type ZnodeTree,
} from './znode-rules.ts';

/** An operation on the tree: a write, a synced read, or the end of a session, which deletes its ephemerals. */
export interface ZnodeOperation extends TimedOperation {
  readonly request: TreeRequest;
  readonly session: SessionId;
  /** Undefined where no answer came. */
  readonly answer: Answer | undefined;
}

export type Changes = ReadonlyMap<string, Znode | undefined>;
const NONE: Changes = new Map();

/** What the operation does to this tree; undefined if its answer cannot be had here. */
export function changesBy(
  tree: ZnodeTree,
  { request, session, answer }: ZnodeOperation,
): Changes | undefined {
  if (isRead(request))
    return answer === undefined || isAnswerOfRead(tree, request, answer) ? NONE : undefined;
  if (answer !== undefined && (isRefusal(answer) || isUndecodable(request, answer))) return NONE;
  const draft = new Draft(tree);
  const outcome = applyWrite(draft, request, session, tree);
  return answer === undefined || isAnswerOf(outcome, answer) ? draft.changes : undefined;
}

/** That it was answered as only those are that change nothing. */
export function isWithoutEffect({ request, answer }: ZnodeOperation): boolean {
  if (isRead(request)) return true;
  if (answer === undefined) return false;
  const { err, body } = answer;
  return (
    err !== ErrorCode.OK || body?.results?.every(({ type }) => type === 'error' || type === 'check') === true
  );
}

/** Most releases cannot decode a multi with a create flag that does not exist; to some it is an operation that fails. */
const isUndecodable = (request: TreeRequest, { err }: Answer): boolean =>
  err === ErrorCode.MARSHALLINGERROR &&
  request.op === 'multi' &&
  request.ops.some((op) => (op.op === 'create' || op.op === 'create2') && !hasKnownFlags(op));
