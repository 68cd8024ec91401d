/**
 * How a client that moved gets its watches back (DataTree.setWatches). The client says what it waits for and the last zxid it saw;
 * for each path the server either arms the watch or, when the node has changed since, makes the event up. Events come before the
 * reply. A node that was created and deleted again in between leaves no trace.
 */
import type { EventType, SetWatchesRequest } from '../client-packets.ts';
import type { ConnectionId } from '../ids.ts';
import type { Release } from '../release/release.ts';
import type { Zxid } from '../zxid.ts';
import type { DataNode } from './data-node.ts';
import type { DataTree } from './data-tree.ts';
import { NO_TXN_ZXID } from './watch-manager.ts';

export function setWatches(
  tree: DataTree,
  connection: ConnectionId,
  request: SetWatchesRequest,
  release: Release,
): void {
  const told = release.setWatchesMixesItsCases ? TOLD_MIXED_UP : TOLD;
  for (const path of request.dataWatches) dataWatch(tree, connection, path, request, told);
  for (const path of request.existWatches) existWatch(tree, connection, path, request, told);
  for (const path of request.childWatches) childWatch(tree, connection, path, request);
}

/** What a watch is told of a node that is there and not as it was when the watch was set. */
interface Told {
  data(node: DataNode, relativeZxid: Zxid): EventType;
  exist(node: DataNode, relativeZxid: Zxid): EventType;
}

const TOLD: Told = { data: () => 'NodeDataChanged', exist: () => 'NodeCreated' };

/** ZOOKEEPER-1667: what a watch had waited for did not matter, only what had happened to the node of late. */
const TOLD_MIXED_UP: Told = {
  data: ({ czxid }, relativeZxid) => (czxid > relativeZxid ? 'NodeCreated' : 'NodeDataChanged'),
  exist: ({ mzxid }, relativeZxid) => (mzxid > relativeZxid ? 'NodeDataChanged' : 'NodeCreated'),
};

function dataWatch(
  tree: DataTree,
  connection: ConnectionId,
  path: string,
  { relativeZxid }: SetWatchesRequest,
  told: Told,
): void {
  const node = tree.getNode(path);
  if (node === undefined) tree.watches.notify(connection, 'NodeDeleted', path, NO_TXN_ZXID);
  else if (node.mzxid > relativeZxid) {
    tree.watches.notify(connection, told.data(node, relativeZxid), path, NO_TXN_ZXID);
  } else tree.watches.addDataWatch(path, connection);
}

function existWatch(
  tree: DataTree,
  connection: ConnectionId,
  path: string,
  { relativeZxid }: SetWatchesRequest,
  told: Told,
): void {
  const node = tree.getNode(path);
  if (node === undefined) tree.watches.addDataWatch(path, connection);
  else tree.watches.notify(connection, told.exist(node, relativeZxid), path, NO_TXN_ZXID);
}

function childWatch(
  tree: DataTree,
  connection: ConnectionId,
  path: string,
  request: SetWatchesRequest,
): void {
  const node = tree.getNode(path);
  if (node === undefined) tree.watches.notify(connection, 'NodeDeleted', path, NO_TXN_ZXID);
  else if (node.pzxid > request.relativeZxid) {
    tree.watches.notify(connection, 'NodeChildrenChanged', path, NO_TXN_ZXID);
  } else tree.watches.addChildWatch(path, connection);
}
