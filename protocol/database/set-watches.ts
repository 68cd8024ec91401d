/**
 * How a client that moved gets its watches back (DataTree.setWatches). The client says what it waits for and the last zxid it saw;
 * for each path the server either arms the watch or, when the node has changed since, makes the event up. Events come before the
 * reply. A node that was created and deleted again in between leaves no trace.
 */
import type { SetWatchesRequest } from '../client-packets.ts';
import type { ConnectionId } from '../ids.ts';
import type { DataTree } from './data-tree.ts';
import { NO_TXN_ZXID } from './watch-manager.ts';

export function setWatches(tree: DataTree, connection: ConnectionId, request: SetWatchesRequest): void {
  for (const path of request.dataWatches) dataWatch(tree, connection, path, request);
  for (const path of request.existWatches) existWatch(tree, connection, path);
  for (const path of request.childWatches) childWatch(tree, connection, path, request);
}

function dataWatch(tree: DataTree, connection: ConnectionId, path: string, request: SetWatchesRequest): void {
  const node = tree.getNode(path);
  if (node === undefined) tree.watches.notify(connection, 'NodeDeleted', path, NO_TXN_ZXID);
  else if (node.mzxid > request.relativeZxid) {
    tree.watches.notify(connection, 'NodeDataChanged', path, NO_TXN_ZXID);
  } else tree.watches.addDataWatch(path, connection);
}

function existWatch(tree: DataTree, connection: ConnectionId, path: string): void {
  if (tree.getNode(path) === undefined) tree.watches.addDataWatch(path, connection);
  else tree.watches.notify(connection, 'NodeCreated', path, NO_TXN_ZXID);
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
