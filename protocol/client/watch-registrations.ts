/**
 * ZKWatchManager: the watches that wait in the client, by kind and path. The server holds one watch a path and connection;
 * how many of the application's wait behind it is known only here. A read that is answered arms its watch, an event takes
 * the watches it fires away, and a lost connection leaves them: they are armed again on the next (see set-watches.ts).
 * Left out: persistent watches and removeWatches.
 */
import { assert, unreachable } from '../assert.ts';
import type { EventType, ReadRequest } from '../client-packets.ts';
import { ErrorCode } from '../errors.ts';

/** Path → how many watches wait on it. Java's is a hash set of watcher objects; here paths keep the order of arming. */
type WatchTable = Map<string, number>;

export class WatchRegistrations {
  readonly #dataWatches: WatchTable = new Map();
  readonly #existWatches: WatchTable = new Map();
  readonly #childWatches: WatchTable = new Map();

  get dataPaths(): readonly string[] {
    return [...this.#dataWatches.keys()];
  }
  get existPaths(): readonly string[] {
    return [...this.#existWatches.keys()];
  }
  get childPaths(): readonly string[] {
    return [...this.#childWatches.keys()];
  }

  get isEmpty(): boolean {
    return this.#dataWatches.size === 0 && this.#existWatches.size === 0 && this.#childWatches.size === 0;
  }

  /**
   * WatchRegistration.register: a read with `watch` was answered with `err`. A znode that is missing can be waited for only
   * by exists; any other error, and a lost connection, arms nothing.
   */
  register(read: ReadRequest, err: number): void {
    if (!read.watch) return;
    if (err === ErrorCode.NONODE && read.op === 'exists') return add(this.#existWatches, read.path);
    if (err !== ErrorCode.OK) return;
    add(this.#tableOf(read), read.path);
  }

  /** ZKWatchManager.materialize: takes away the watches that this event fires, and counts them. */
  materialize(eventType: EventType, path: string): number {
    switch (eventType) {
      case 'NodeCreated':
      case 'NodeDataChanged':
        return take(this.#dataWatches, path) + take(this.#existWatches, path);
      case 'NodeChildrenChanged':
        return take(this.#childWatches, path);
      case 'NodeDeleted':
        return (
          take(this.#dataWatches, path) + take(this.#existWatches, path) + take(this.#childWatches, path)
        );
      default:
        return unreachable(eventType, 'WatchRegistrations.materialize');
    }
  }

  #tableOf(read: ReadRequest): WatchTable {
    switch (read.op) {
      case 'exists':
      case 'getData':
        return this.#dataWatches;
      case 'getChildren':
      case 'getChildren2':
        return this.#childWatches;
      default:
        return unreachable(read.op, 'WatchRegistrations.register');
    }
  }
}

function add(table: WatchTable, path: string): void {
  table.set(path, (table.get(path) ?? 0) + 1);
}

function take(table: WatchTable, path: string): number {
  const watches = table.get(path);
  if (watches === undefined) return 0;
  assert(watches > 0, 'a watch table keeps no empty entries');
  table.delete(path);
  return watches;
}
