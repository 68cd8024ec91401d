/**
 * What a client sends first on a new connection when it has watches: SetWatches requests that arm them again, or fire those
 * whose znode has changed since `relativeZxid` (SendThread.primeConnection).
 */
import type { SetWatchesRequest } from '../client-packets.ts';
import type { Zxid } from '../zxid.ts';
import type { WatchRegistrations } from './watch-registrations.ts';

/**
 * Characters of path text after which a request is full, so that it stays far below a server's limit of 1 MiB. The path that
 * reaches the limit still goes in.
 */
const SET_WATCHES_MAX_LENGTH = 128 * 1024;

/** The requests in the order in which they are built. Each names every watched path at most once a kind. */
export function setWatchesBatches(watches: WatchRegistrations, relativeZxid: Zxid): SetWatchesRequest[] {
  const batches: SetWatchesRequest[] = [];
  let batch = new Batch();
  for (const kind of ['data', 'exist', 'child'] as const) {
    for (const path of watches[`${kind}Paths`]) {
      batch.add(kind, path);
      if (!batch.isFull) continue;
      batches.push(batch.toRequest(relativeZxid));
      batch = new Batch();
    }
  }
  if (!batch.isEmpty) batches.push(batch.toRequest(relativeZxid));
  return batches;
}

class Batch {
  readonly #paths = { data: [] as string[], exist: [] as string[], child: [] as string[] };
  #length = 0;
  #count = 0;

  get isFull(): boolean {
    return this.#length >= SET_WATCHES_MAX_LENGTH;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  add(kind: 'data' | 'exist' | 'child', path: string): void {
    this.#paths[kind].push(path);
    this.#length += path.length;
    this.#count++;
  }

  toRequest(relativeZxid: Zxid): SetWatchesRequest {
    const { data, exist, child } = this.#paths;
    return { op: 'setWatches', relativeZxid, dataWatches: data, existWatches: exist, childWatches: child };
  }
}
