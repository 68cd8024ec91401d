/**
 * Who waits for what on this server (server/watch/WatchManager, and the two tables of DataTree). Watches belong to a connection and
 * are one-shot: a trigger removes what it fires. They die with the connection and are never replicated. Left out: persistent
 * watches, and the ACL filter for events.
 */
import type { EventType } from '../client-packets.ts';
import type { ConnectionId } from '../ids.ts';
import { makeZxid, type Zxid } from '../zxid.ts';
import { watchedPath } from './path.ts';

/** Takes events in the order in which they fire, while the txn is being applied. */
export interface WatchSink {
  watchFired(connection: ConnectionId, eventType: EventType, path: string, zxid: Zxid): void;
}

/** The zxid of an event that setWatches made up: no txn fired it. */
export const NO_TXN_ZXID: Zxid = makeZxid(0, -1);

export class WatchManager {
  readonly #sink: WatchSink;
  readonly #dataWatches = new WatchTable();
  readonly #childWatches = new WatchTable();

  constructor(sink: WatchSink) {
    this.#sink = sink;
  }

  /** (connection, path) pairs in both tables. */
  get size(): number {
    return this.#dataWatches.size + this.#childWatches.size;
  }

  /** By getData, and by exists whether the node is there or not. */
  addDataWatch(path: string, connection: ConnectionId): void {
    this.#dataWatches.add(path, connection);
  }

  /** By getChildren and getChildren2. */
  addChildWatch(path: string, connection: ConnectionId): void {
    this.#childWatches.add(path, connection);
  }

  removeConnection(connection: ConnectionId): void {
    this.#dataWatches.removeConnection(connection);
    this.#childWatches.removeConnection(connection);
  }

  nodeCreated(path: string, parent: string, zxid: Zxid): void {
    this.#notifyAll(this.#dataWatches.take(path), 'NodeCreated', path, zxid);
    this.#childrenChanged(parent, zxid);
  }

  nodeDataChanged(path: string, zxid: Zxid): void {
    this.#notifyAll(this.#dataWatches.take(path), 'NodeDataChanged', path, zxid);
  }

  /** One NodeDeleted a connection, whichever watches it had on the node; then the parent's. */
  nodeDeleted(path: string, parent: string, zxid: Zxid): void {
    const told = this.#dataWatches.take(path);
    this.#notifyAll(told, 'NodeDeleted', path, zxid);
    for (const connection of this.#childWatches.take(path) ?? []) {
      if (told?.has(connection) !== true) this.notify(connection, 'NodeDeleted', path, zxid);
    }
    this.#childrenChanged(parent, zxid);
  }

  notify(connection: ConnectionId, eventType: EventType, path: string, zxid: Zxid): void {
    this.#sink.watchFired(connection, eventType, path, zxid);
  }

  #childrenChanged(parent: string, zxid: Zxid): void {
    const path = watchedPath(parent);
    this.#notifyAll(this.#childWatches.take(path), 'NodeChildrenChanged', path, zxid);
  }

  #notifyAll(
    connections: ReadonlySet<ConnectionId> | undefined,
    eventType: EventType,
    path: string,
    zxid: Zxid,
  ): void {
    if (connections === undefined) return;
    for (const connection of connections) this.notify(connection, eventType, path, zxid);
  }
}

/** Both directions of one relation: who watches a path, and what a connection watches. */
class WatchTable {
  readonly #byPath = new Map<string, Set<ConnectionId>>();
  readonly #byConnection = new Map<ConnectionId, Set<string>>();

  get size(): number {
    return [...this.#byPath.values()].reduce((sum, connections) => sum + connections.size, 0);
  }

  add(path: string, connection: ConnectionId): void {
    addTo(this.#byPath, path, connection);
    addTo(this.#byConnection, connection, path);
  }

  /** Removes the watches at exactly this path and says whose they were, oldest first. */
  take(path: string): ReadonlySet<ConnectionId> | undefined {
    if (this.#byPath.size === 0) return undefined;
    const connections = this.#byPath.get(path);
    if (connections === undefined) return undefined;
    this.#byPath.delete(path);
    for (const connection of connections) removeFrom(this.#byConnection, connection, path);
    return connections;
  }

  removeConnection(connection: ConnectionId): void {
    for (const path of this.#byConnection.get(connection) ?? []) removeFrom(this.#byPath, path, connection);
    this.#byConnection.delete(connection);
  }
}

function addTo<K, V>(table: Map<K, Set<V>>, key: K, value: V): void {
  const values = table.get(key);
  if (values === undefined) table.set(key, new Set([value]));
  else values.add(value);
}

function removeFrom<K, V>(table: Map<K, Set<V>>, key: K, value: V): void {
  const values = table.get(key);
  if (values === undefined) return;
  values.delete(value);
  if (values.size === 0) table.delete(key);
}
