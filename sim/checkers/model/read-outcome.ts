import type { ReadRequest, ReplyBody } from '../../../protocol/client-packets.ts';
import { ErrorCode, errorName } from '../../../protocol/errors.ts';
import type { Zxid } from '../../../protocol/zxid.ts';
import { sameData, statDiffers } from './compare.ts';
import type { NodeState } from './node-history.ts';
import type { ReferenceTree } from './reference-tree.ts';

/**
 * A read's answer against the tree at the reply header's zxid: the first difference in words, or undefined. Paths are taken
 * literally, as FinalRequestProcessor takes them.
 */
export function readDiffers(
  tree: ReferenceTree,
  request: ReadRequest,
  zxid: Zxid,
  err: number,
  body: ReplyBody | undefined,
): string | undefined {
  const node = tree.at(request.path, zxid);
  if (node === undefined) {
    return err === ErrorCode.NONODE
      ? undefined
      : `the node did not exist, but the answer is ${errorName(err)}`;
  }
  if (err !== ErrorCode.OK) return `the node existed, but the answer is ${errorName(err)}`;
  switch (request.op) {
    case 'exists':
      return statDiffers(body?.stat, node);
    case 'getData':
      return sameData(body?.data, node.data) ? statDiffers(body?.stat, node) : 'the data is another';
    case 'getChildren':
      return childrenDiffer(tree, request.path, zxid, node, body?.children);
    case 'getChildren2':
      return childrenDiffer(tree, request.path, zxid, node, body?.children) ?? statDiffers(body?.stat, node);
  }
}

/** As many names as there were children, each of them a child then, none twice: so they are the children. Their order is free. */
function childrenDiffer(
  tree: ReferenceTree,
  path: string,
  zxid: Zxid,
  node: NodeState,
  children: readonly string[] | undefined,
): string | undefined {
  if (children?.length !== node.numChildren || new Set(children).size !== children.length) {
    return `there were ${String(node.numChildren)} children, but the answer names ${String(children?.length ?? 0)}`;
  }
  const prefix = path === '/' || path === '' ? '/' : `${path}/`;
  const stranger = children.find((name) => tree.at(prefix + name, zxid) === undefined);
  return stranger === undefined ? undefined : `the answer names ${stranger}, which was no child`;
}
