/**
 * The checks of single operations (PrepRequestProcessor.pRequest2Txn, pRequest2TxnCreate): each turns a request into its txn against the
 * outstanding state, or into an error txn. The first failing check wins, and their order shows to clients: the reference has the
 * table, and the tests repeat it.
 */
import type {
  CheckVersionRequest,
  CreateRequest,
  DeleteRequest,
  MultiOp,
  SetDataRequest,
} from '../../client-packets.ts';
import { fixupAcl, permits, Perms } from '../../database/acl.ts';
import { hasPathShape, isSpecialPath, parentPath, pathProblem, sequentialPath } from '../../database/path.ts';
import type { CheckVersionTxn, CreateTxn, ErrorTxn, SubTxn } from '../../database/txn.ts';
import { ErrorCode } from '../../errors.ts';
import { NO_SESSION, type SessionId } from '../../ids.ts';
import type { Zxid } from '../../zxid.ts';
import { createModeOf } from './create-mode.ts';
import {
  changedRecord,
  createdRecord,
  deletedRecord,
  type ChangeRecord,
  type OutstandingChanges,
} from './outstanding-changes.ts';

/** Whose operation it is, which zxid it takes, and what it is checked against. */
export interface OpContext {
  readonly sessionId: SessionId;
  readonly zxid: Zxid;
  readonly changes: OutstandingChanges;
  /** SessionTracker.checkSession for this request: OK, SESSIONEXPIRED or SESSIONMOVED. */
  checkSession(): ErrorCode;
}

export const errorTxn = (err: ErrorCode): ErrorTxn => ({ type: 'error', err });

export function prepareOp(op: MultiOp, context: OpContext): SubTxn {
  switch (op.op) {
    case 'create':
    case 'create2':
      return prepareCreate(op, context);
    case 'delete':
      return prepareDelete(op, context);
    case 'setData':
      return prepareSetData(op, context);
    case 'check':
      return prepareCheck(op, context);
  }
}

/** pRequest2TxnCreate. */
function prepareCreate(op: CreateRequest, context: OpContext): SubTxn {
  const mode = createModeOf(op.flags);
  if (mode === undefined) return errorTxn(ErrorCode.BADARGUMENTS);
  const session = context.checkSession();
  if (session !== ErrorCode.OK) return errorTxn(session);
  if (!hasPathShape(op.path)) return errorTxn(ErrorCode.BADARGUMENTS);
  const acl = fixupAcl(op.acl);
  if (acl === undefined) return errorTxn(ErrorCode.INVALIDACL);
  const parent = context.changes.recordFor(parentPath(op.path));
  if (parent === undefined) return errorTxn(ErrorCode.NONODE);
  if (!permits(parent.acl, Perms.CREATE)) return errorTxn(ErrorCode.NOAUTH);
  const path = mode.isSequential ? sequentialPath(op.path, parent.cversion) : op.path;
  if (pathProblem(path) !== undefined) return errorTxn(ErrorCode.BADARGUMENTS);
  if (context.changes.recordFor(path) !== undefined) return errorTxn(ErrorCode.NODEEXISTS);
  if (parent.ephemeralOwner !== NO_SESSION) return errorTxn(ErrorCode.NOCHILDRENFOREPHEMERALS);
  return addCreate(context, parent, {
    type: op.op,
    path,
    data: op.data,
    acl,
    ephemeral: mode.isEphemeral,
    parentCVersion: (parent.cversion + 1) | 0,
  });
}

function addCreate({ changes, zxid, sessionId }: OpContext, parent: ChangeRecord, txn: CreateTxn): CreateTxn {
  const owner = txn.ephemeral ? sessionId : NO_SESSION;
  const childCount = parent.childCount + 1;
  changes.add(changedRecord(parent, zxid, { cversion: txn.parentCVersion, childCount }));
  changes.add(createdRecord(zxid, txn.path, owner, txn.acl));
  return txn;
}

/** The right to delete is the parent's to give; the node's own ACL doesn't matter. */
function prepareDelete(op: DeleteRequest, context: OpContext): SubTxn {
  const session = context.checkSession();
  if (session !== ErrorCode.OK) return errorTxn(session);
  if (!hasPathShape(op.path) || isSpecialPath(op.path)) return errorTxn(ErrorCode.BADARGUMENTS);
  const parent = context.changes.recordFor(parentPath(op.path));
  if (parent === undefined) return errorTxn(ErrorCode.NONODE);
  if (!permits(parent.acl, Perms.DELETE)) return errorTxn(ErrorCode.NOAUTH);
  const node = context.changes.recordFor(op.path);
  if (node === undefined) return errorTxn(ErrorCode.NONODE);
  if (!matches(op.version, node.version)) return errorTxn(ErrorCode.BADVERSION);
  if (node.childCount > 0) return errorTxn(ErrorCode.NOTEMPTY);
  addDelete(context, parent, op.path);
  return { type: 'delete', path: op.path };
}

export function addDelete(
  { changes, zxid }: Pick<OpContext, 'changes' | 'zxid'>,
  parent: ChangeRecord,
  path: string,
): void {
  changes.add(changedRecord(parent, zxid, { childCount: parent.childCount - 1 }));
  changes.add(deletedRecord(zxid, path));
}

function prepareSetData(op: SetDataRequest, context: OpContext): SubTxn {
  const session = context.checkSession();
  if (session !== ErrorCode.OK) return errorTxn(session);
  if (pathProblem(op.path) !== undefined) return errorTxn(ErrorCode.BADARGUMENTS);
  const node = context.changes.recordFor(op.path);
  if (node === undefined) return errorTxn(ErrorCode.NONODE);
  if (!permits(node.acl, Perms.WRITE)) return errorTxn(ErrorCode.NOAUTH);
  if (!matches(op.version, node.version)) return errorTxn(ErrorCode.BADVERSION);
  const version = nextVersion(node.version);
  context.changes.add(changedRecord(node, context.zxid, { version }));
  return { type: 'setData', path: op.path, data: op.data, version };
}

function prepareCheck(op: CheckVersionRequest, context: OpContext): CheckVersionTxn | ErrorTxn {
  const session = context.checkSession();
  if (session !== ErrorCode.OK) return errorTxn(session);
  if (pathProblem(op.path) !== undefined) return errorTxn(ErrorCode.BADARGUMENTS);
  const node = context.changes.recordFor(op.path);
  if (node === undefined) return errorTxn(ErrorCode.NONODE);
  if (!permits(node.acl, Perms.READ)) return errorTxn(ErrorCode.NOAUTH);
  if (!matches(op.version, node.version)) return errorTxn(ErrorCode.BADVERSION);
  return { type: 'check', path: op.path, version: nextVersion(node.version) };
}

/** −1 expects nothing. */
const matches = (expected: number, version: number): boolean => expected === -1 || expected === version;

/** checkAndIncVersion: wraps, and skips −1, which no client could expect (ZOOKEEPER-4743). */
const nextVersion = (version: number): number => (version === -2 ? 0 : (version + 1) | 0);
