import type { MultiResult, ReplyBody } from '../../../protocol/client-packets.ts';
import type { Data, SubTxn, Txn, TxnBody } from '../../../protocol/database/txn.ts';
import type { Stat } from '../../../protocol/database/stat.ts';
import { errorName } from '../../../protocol/errors.ts';
import type { MultiOutcome, OperationOutcome, Outcome } from './expected-outcome.ts';
import type { NodeState } from './node-history.ts';

/** Comparisons of what was seen with what the model says. Each returns the first difference in words, or undefined. */

export function txnDiffers(txn: TxnBody, outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'unjudged':
      return undefined;
    case 'closed':
      return txn.type === 'closeSession' ? undefined : `the txn is ${txn.type}, not closeSession`;
    case 'multi':
      return multiTxnDiffers(txn, outcome);
    default:
      return txn.type === 'multi' || txn.type === 'createSession' || txn.type === 'closeSession'
        ? `the txn is ${txn.type}`
        : subTxnDiffers(txn, outcome);
  }
}

function multiTxnDiffers(txn: TxnBody, outcome: MultiOutcome): string | undefined {
  if (txn.type !== 'multi') return `the txn is ${txn.type}, not multi`;
  if (txn.txns.length !== outcome.results.length) {
    return `the multi has ${String(txn.txns.length)} results instead of ${String(outcome.results.length)}`;
  }
  return firstDifference(txn.txns, outcome.results, subTxnDiffers);
}

function subTxnDiffers(txn: SubTxn, outcome: OperationOutcome): string | undefined {
  switch (outcome.kind) {
    case 'failed':
      return txn.type === 'error' && txn.err === outcome.err
        ? undefined
        : `the txn is ${titleOf(txn)} instead of error ${errorName(outcome.err)}`;
    case 'created':
      return createDiffers(txn, outcome);
    case 'deleted':
      return txn.type === 'delete' && txn.path === outcome.path
        ? undefined
        : `the txn is ${titleOf(txn)} instead of delete ${outcome.path}`;
    case 'checked':
      return txn.type === 'check' && txn.path === outcome.path
        ? undefined
        : `the txn is ${titleOf(txn)} instead of check ${outcome.path}`;
    case 'dataSet':
      return setDataDiffers(txn, outcome);
  }
}

function createDiffers(
  txn: SubTxn,
  outcome: OperationOutcome & { readonly kind: 'created' },
): string | undefined {
  if ((txn.type !== 'create' && txn.type !== 'create2') || txn.path !== outcome.path)
    return `the txn is ${titleOf(txn)} instead of create ${outcome.path}`;
  if (txn.ephemeral !== outcome.ephemeral) return `the txn's ephemeral flag is ${String(txn.ephemeral)}`;
  if (txn.parentCVersion !== outcome.parentCVersion)
    return `the txn counts ${String(txn.parentCVersion)} creates under the parent instead of ${String(outcome.parentCVersion)}`;
  return sameData(txn.data, outcome.data) ? undefined : 'the txn has other data than the request';
}

function setDataDiffers(
  txn: SubTxn,
  { path, state }: OperationOutcome & { readonly kind: 'dataSet' },
): string | undefined {
  if (txn.type !== 'setData' || txn.path !== path)
    return `the txn is ${titleOf(txn)} instead of setData ${path}`;
  if (txn.version !== state.version)
    return `the txn makes version ${String(txn.version)} instead of ${String(state.version)}`;
  return sameData(txn.data, state.data) ? undefined : 'the txn has other data than the request';
}

/** What a client was told. A multi answers err 0 even when it failed. */
export function replyDiffers(err: number, body: ReplyBody | undefined, outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'unjudged':
      return undefined;
    case 'failed':
      return err === outcome.err ? undefined : told(err, errorName(outcome.err));
    case 'multi':
      return err === 0 ? multiReplyDiffers(body?.results, outcome) : told(err, 'OK');
    default:
      return err === 0 ? okReplyDiffers(body, outcome) : told(err, 'OK');
  }
}

function okReplyDiffers(body: ReplyBody | undefined, outcome: Outcome): string | undefined {
  if (outcome.kind === 'dataSet') return statDiffers(body?.stat, outcome.state);
  if (outcome.kind !== 'created') return undefined;
  if (body?.path !== outcome.path) return `the reply names ${body?.path ?? 'no path'}, not ${outcome.path}`;
  return outcome.op === 'create2' ? statDiffers(body.stat, outcome.state) : undefined;
}

function multiReplyDiffers(
  results: readonly MultiResult[] | undefined,
  outcome: MultiOutcome,
): string | undefined {
  if (results?.length !== outcome.results.length) {
    return `the reply has ${String(results?.length ?? 0)} results instead of ${String(outcome.results.length)}`;
  }
  return firstDifference(results, outcome.results, resultDiffers);
}

/** Releases before 3.8.2 answer a create2 in a multi like a create. */
function resultDiffers(result: MultiResult, outcome: OperationOutcome): string | undefined {
  switch (outcome.kind) {
    case 'failed':
      return result.type === 'error' && result.err === outcome.err
        ? undefined
        : `the result is ${result.type} instead of error ${errorName(outcome.err)}`;
    case 'created':
      if ((result.type !== 'create' && result.type !== 'create2') || result.path !== outcome.path)
        return `the result is not create ${outcome.path}`;
      return result.type === 'create2' ? statDiffers(result.stat, outcome.state) : undefined;
    case 'dataSet':
      return result.type === 'setData'
        ? statDiffers(result.stat, outcome.state)
        : `the result is ${result.type}, not setData`;
    case 'deleted':
      return result.type === 'delete' ? undefined : `the result is ${result.type}, not delete`;
    case 'checked':
      return result.type === 'check' ? undefined : `the result is ${result.type}, not check`;
  }
}

/** A Stat as clients see it: cversion counts creates and deletes of children. */
export function statDiffers(stat: Stat | undefined, state: NodeState): string | undefined {
  if (stat === undefined) return 'the reply has no Stat';
  if (stat.czxid !== state.czxid) return field('czxid', stat.czxid, state.czxid);
  if (stat.mzxid !== state.mzxid) return field('mzxid', stat.mzxid, state.mzxid);
  if (stat.pzxid !== state.pzxid) return field('pzxid', stat.pzxid, state.pzxid);
  if (stat.version !== state.version) return field('version', stat.version, state.version);
  const cversion = 2 * state.cversion - state.numChildren;
  if (stat.cversion !== cversion) return field('cversion', stat.cversion, cversion);
  if (stat.numChildren !== state.numChildren)
    return field('numChildren', stat.numChildren, state.numChildren);
  const dataLength = state.data?.length ?? 0;
  if (stat.dataLength !== dataLength) return field('dataLength', stat.dataLength, dataLength);
  if (stat.ctime !== state.ctime) return field('ctime', stat.ctime, state.ctime);
  if (stat.mtime !== state.mtime) return field('mtime', stat.mtime, state.mtime);
  if (stat.aversion !== 0) return field('aversion', stat.aversion, 0);
  if (stat.ephemeralOwner !== state.ephemeralOwner)
    return field('ephemeralOwner', stat.ephemeralOwner, state.ephemeralOwner);
  return undefined;
}

/** null and empty data are different. */
export function sameData(a: Data | undefined, b: Data | undefined): boolean {
  if (a === b) return true;
  if (!a || a.length !== b?.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Simulated servers share txn objects, so this is nearly always decided by the first comparison. */
export function sameTxn(a: Txn, b: Txn): boolean {
  if (a === b) return true;
  return (
    a.zxid === b.zxid &&
    a.sessionId === b.sessionId &&
    a.cxid === b.cxid &&
    a.time === b.time &&
    sameBody(a.body, b.body)
  );
}

function sameBody(a: TxnBody, b: TxnBody): boolean {
  switch (a.type) {
    case 'create':
    case 'create2':
      return (
        a.type === b.type &&
        a.path === b.path &&
        a.ephemeral === b.ephemeral &&
        a.parentCVersion === b.parentCVersion &&
        sameData(a.data, b.data)
      );
    case 'delete':
      return a.type === b.type && a.path === b.path;
    case 'setData':
      return a.type === b.type && a.path === b.path && a.version === b.version && sameData(a.data, b.data);
    case 'check':
      return a.type === b.type && a.path === b.path && a.version === b.version;
    case 'error':
      return a.type === b.type && a.err === b.err;
    case 'createSession':
      return a.type === b.type && a.timeOut === b.timeOut;
    case 'closeSession':
      return (
        a.type === b.type && a.paths.length === b.paths.length && a.paths.every((p, i) => p === b.paths[i])
      );
    case 'multi':
      return a.type === b.type && sameBodies(a.txns, b.txns);
  }
}

const sameBodies = (a: readonly SubTxn[], b: readonly SubTxn[]): boolean =>
  a.length === b.length &&
  a.every((sub, i) => {
    const other = b[i];
    return other !== undefined && sameBody(sub, other);
  });

function firstDifference<A, B>(
  seen: readonly A[],
  expected: readonly B[],
  differs: (a: A, b: B) => string | undefined,
): string | undefined {
  for (let i = 0; i < seen.length; i++) {
    const a = seen[i];
    const b = expected[i];
    const difference = a === undefined || b === undefined ? undefined : differs(a, b);
    if (difference !== undefined) return `operation ${String(i + 1)} of the multi: ${difference}`;
  }
  return undefined;
}

/** `delete /a`, `error NONODE`. */
export function titleOf(txn: TxnBody): string {
  switch (txn.type) {
    case 'create':
    case 'create2':
    case 'delete':
    case 'setData':
    case 'check':
      return `${txn.type} ${txn.path}`;
    case 'error':
      return `error ${errorName(txn.err)}`;
    default:
      return txn.type;
  }
}

const told = (err: number, expected: string): string =>
  `the client was told ${errorName(err)} instead of ${expected}`;
const field = (name: string, seen: number | string, expected: number | string): string =>
  `${name} is ${String(seen)} instead of ${String(expected)}`;
