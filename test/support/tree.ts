import { DataTree } from '../../protocol/database/data-tree.ts';
import { OPEN_ACL_UNSAFE, type SubTxn, type Txn, type TxnBody } from '../../protocol/database/txn.ts';
import type { WatchSink } from '../../protocol/database/watch-manager.ts';
import { connectionId, sessionId, type ConnectionId, type SessionId } from '../../protocol/ids.ts';
import type { SnapshotNode } from '../../protocol/storage/snapshot.ts';
import { makeZxid, type Zxid } from '../../protocol/zxid.ts';

export const ALICE = sessionId('0xa');
export const BOB = sessionId('0xb');
export const NOBODY: WatchSink = { watchFired: () => undefined };

export const zxid = (counter: number): Zxid => makeZxid(1, counter);
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Txn `counter` of epoch 1, prepared at `1000 + counter` ms. */
export const txnOf = (counter: number, body: TxnBody, session: SessionId = ALICE): Txn => ({
  zxid: zxid(counter),
  sessionId: session,
  cxid: counter,
  time: 1000 + counter,
  body,
});

export const create = (
  path: string,
  parentCVersion: number,
  init: { data?: string; ephemeral?: boolean; type?: 'create' | 'create2' } = {},
): SubTxn => ({
  type: init.type ?? 'create2',
  path,
  data: bytes(init.data ?? ''),
  acl: OPEN_ACL_UNSAFE,
  ephemeral: init.ephemeral ?? false,
  parentCVersion,
});
export const remove = (path: string): SubTxn => ({ type: 'delete', path });
export const setData = (path: string, data: string, version: number): SubTxn => ({
  type: 'setData',
  path,
  data: bytes(data),
  version,
});

/** A tree with these txns applied as 1, 2, 3… of epoch 1, all of ALICE's session. */
export function treeOf(...bodies: TxnBody[]): DataTree {
  const tree = new DataTree(NOBODY);
  bodies.forEach((body, at) => tree.applyTxn(txnOf(at + 1, body)));
  return tree;
}

/** Everything that clients or servers could tell two trees apart by, in an order of its own. */
export function contentOf(tree: DataTree): unknown {
  const nodes: (SnapshotNode & { children: readonly string[] })[] = [];
  const visit = (path: string): void => {
    const node = tree.getNode(path);
    const children = tree.children(path);
    if (node === undefined || children === undefined) throw new Error(`${path} is listed and missing`);
    nodes.push({ path, data: node.data, acl: node.acl, stat: node.persisted(), children });
    for (const name of children) visit(path === '/' ? `/${name}` : `${path}/${name}`);
  };
  visit('/');
  const ephemerals = tree.sessionsWithEphemerals.map((id) => [id, [...tree.getEphemerals(id)].sort(inOrder)]);
  const byFirst = (a: unknown[], b: unknown[]): number => inOrder(String(a[0]), String(b[0]));
  return { nodes, nodeCount: tree.nodeCount, digest: tree.digest, ephemerals: ephemerals.sort(byFirst) };
}

const inOrder = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Remembers events as `connection type path zxid`, the zxid as its counter. */
export class RecordingSink implements WatchSink {
  readonly events: string[] = [];

  watchFired(connection: ConnectionId, eventType: string, path: string, zxid: Zxid): void {
    const at = zxid < 0 ? zxid : zxid % 2 ** 32;
    this.events.push(`${String(connection)} ${eventType} ${path} ${String(at)}`);
  }

  take(): readonly string[] {
    return this.events.splice(0);
  }
}

export const [C1, C2, C3] = [connectionId(1), connectionId(2), connectionId(3)] as const;
