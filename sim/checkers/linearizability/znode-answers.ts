import type { MultiResult, ReadRequest, ReplyBody } from '../../../protocol/client-packets.ts';
import type { Stat } from '../../../protocol/database/stat.ts';
import type { Data } from '../../../protocol/database/txn.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import type { Outcome, SingleOutcome, Znode, ZnodeTree } from './znode-rules.ts';

/** What a client was told. */
export interface Answer {
  readonly err: number;
  readonly body: ReplyBody | undefined;
}

/** A session that is closing, or that has moved to another server, is refused whatever the tree looks like. */
export const isRefusal = ({ err, body }: Answer): boolean =>
  isRefusalCode(err) ||
  body?.results?.some((result) => result.type === 'error' && isRefusalCode(result.err)) === true;

const isRefusalCode = (err: number): boolean =>
  err === ErrorCode.SESSIONEXPIRED || err === ErrorCode.SESSIONMOVED;

/** Whether a write that came to this is answered so. */
export function isAnswerOf(outcome: Outcome, { err, body }: Answer): boolean {
  switch (outcome.kind) {
    case 'failed':
      return err === outcome.err;
    case 'multi':
      return err === ErrorCode.OK && areResultsOf(outcome.results, body?.results);
    case 'created':
      return err === ErrorCode.OK && body?.path === outcome.path && isStatOf(outcome.node, body.stat);
    case 'set':
      return err === ErrorCode.OK && body?.stat !== undefined && isStatOf(outcome.node, body.stat);
    case 'deleted':
    case 'checked':
    case 'closed':
      return err === ErrorCode.OK;
  }
}

const areResultsOf = (
  outcomes: readonly SingleOutcome[],
  results: readonly MultiResult[] | undefined,
): boolean =>
  results?.length === outcomes.length &&
  outcomes.every((outcome, index) => {
    const result = results[index];
    return result !== undefined && isResultOf(outcome, result);
  });

function isResultOf(outcome: SingleOutcome, result: MultiResult): boolean {
  switch (result.type) {
    case 'error':
      return outcome.kind === 'failed' && outcome.err === result.err;
    case 'create':
      return outcome.kind === 'created' && outcome.path === result.path;
    case 'create2':
      return (
        outcome.kind === 'created' && outcome.path === result.path && isStatOf(outcome.node, result.stat)
      );
    case 'setData':
      return outcome.kind === 'set' && isStatOf(outcome.node, result.stat);
    case 'delete':
      return outcome.kind === 'deleted';
    case 'check':
      return outcome.kind === 'checked';
  }
}

/** Whether this is what there is to read. The order of children is free. */
export function isAnswerOfRead(tree: ZnodeTree, { op, path }: ReadRequest, { err, body }: Answer): boolean {
  const node = tree.get(path === '' ? '/' : path);
  if (node === undefined || err !== ErrorCode.OK) return node === undefined && err === ErrorCode.NONODE;
  switch (op) {
    case 'exists':
      return body?.stat !== undefined && isStatOf(node, body.stat);
    case 'getData':
      return body?.stat !== undefined && sameBytes(body.data, node.data) && isStatOf(node, body.stat);
    case 'getChildren':
    case 'getChildren2':
      return areChildrenOf(tree, path, node, body?.children) && isStatOf(node, body?.stat);
  }
}

/** As many as there are, each of them there, none twice. */
function areChildrenOf(
  tree: ZnodeTree,
  path: string,
  node: Znode,
  names: readonly string[] | undefined,
): boolean {
  if (names?.length !== node.children || new Set(names).size !== names.length) return false;
  const prefix = path === '/' || path === '' ? '/' : `${path}/`;
  return names.every((name) => tree.get(prefix + name) !== undefined);
}

/** cversion counts creates and deletes of children. Not every answer has a Stat. */
const isStatOf = (node: Znode, stat: Stat | undefined): boolean =>
  stat === undefined ||
  (stat.version === node.version &&
    stat.cversion === 2 * node.creates - node.children &&
    stat.numChildren === node.children &&
    stat.dataLength === (node.data?.length ?? 0) &&
    stat.ephemeralOwner === node.owner);

/** null and empty data are different. */
const sameBytes = (a: Data | undefined, b: Data): boolean =>
  a === b || (!!a && a.length === b?.length && a.every((byte, index) => byte === b[index]));
