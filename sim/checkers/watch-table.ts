import type { EventType } from '../../protocol/client-packets.ts';
import { NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import type { Party } from '../party.ts';
import { CHILD_WATCH_CHANGES, DATA_WATCH_CHANGES } from './model/node-history.ts';
import type { ReferenceTree } from './model/reference-tree.ts';

/** Where a client keeps a watch (ZKWatchManager): by getData or exists on a node, by exists on none, by getChildren. */
export type WatchKind = 'data' | 'exist' | 'child';

export interface ArmedWatch {
  readonly client: Party;
  readonly path: string;
  readonly kind: WatchKind;
  /** The zxid of the reply that armed it: changes after that must fire it. */
  since: Zxid;
  /** The first change after `since`; NO_TXNS while there is none. */
  due: Zxid;
  isArmed: boolean;
}

/** Which kinds an event uses up (ZKWatchManager.materialize). */
const FIRED_BY: Readonly<Record<EventType, readonly WatchKind[]>> = {
  NodeCreated: ['data', 'exist'],
  NodeDataChanged: ['data', 'exist'],
  NodeDeleted: ['data', 'exist', 'child'],
  NodeChildrenChanged: ['child'],
};

export const changesFor = (kind: WatchKind): number =>
  kind === 'child' ? CHILD_WATCH_CHANGES : DATA_WATCH_CHANGES;

/** Every client's one-shot watches, by path (for changes) and by client (for its replies). */
export class WatchTable {
  readonly #byPath = new Map<string, ArmedWatch[]>();
  readonly #byClient = new Map<Party, Set<ArmedWatch>>();
  readonly #due = new Map<Party, ArmedWatch[]>();
  readonly #tree: ReferenceTree;

  constructor(tree: ReferenceTree) {
    this.#tree = tree;
  }

  get isEmpty(): boolean {
    return this.#byPath.size === 0;
  }

  hasWatches(client: Party): boolean {
    return (this.#byClient.get(client)?.size ?? 0) > 0;
  }

  /** A read's reply armed a watch, perhaps one that was armed already. `last`: end of the committed log, which may be ahead of the reply. */
  arm(client: Party, path: string, kind: WatchKind, since: Zxid, last: Zxid): void {
    const watch = this.#find(client, path, kind) ?? this.#add(client, path, kind);
    watch.since = since;
    this.#setDue(watch, this.firstChange(watch, since, last));
  }

  /** A committed txn touched `path`. */
  onChange(path: string, zxid: Zxid): void {
    const watches = this.#byPath.get(path);
    if (watches === undefined) return;
    const changes = this.#tree.historyOf(path)?.changesBy(zxid) ?? 0;
    for (const watch of watches)
      if (watch.due === NO_TXNS && (changes & changesFor(watch.kind)) !== 0) this.#setDue(watch, zxid);
  }

  /** The client got an event: its watches of the matching kinds are used up, and returned. */
  fire(client: Party, path: string, eventType: EventType): readonly ArmedWatch[] {
    const kinds = FIRED_BY[eventType];
    const fired = (this.#byPath.get(path) ?? []).filter(
      (watch) => watch.client === client && kinds.includes(watch.kind),
    );
    for (const watch of fired) this.drop(watch);
    return fired;
  }

  /** Watches of this client that a change up to `zxid` should have fired, oldest change first. */
  overdue(client: Party, zxid: Zxid): readonly ArmedWatch[] {
    const due = this.#due.get(client);
    if (due === undefined || due.length === 0) return [];
    const armed = due.filter((watch) => watch.isArmed && watch.due !== NO_TXNS);
    this.#due.set(client, armed);
    return armed.filter((watch) => watch.due <= zxid);
  }

  /** The change came to nothing that the watch can show: it waits for one after `since` again. */
  postpone(watch: ArmedWatch, since: Zxid, last: Zxid): void {
    watch.since = since;
    watch.due = this.firstChange(watch, since, last);
  }

  firstChange(watch: ArmedWatch, after: Zxid, until: Zxid): Zxid {
    return this.#tree.historyOf(watch.path)?.firstChange(changesFor(watch.kind), after, until) ?? NO_TXNS;
  }

  drop(watch: ArmedWatch): void {
    watch.isArmed = false;
    this.#byClient.get(watch.client)?.delete(watch);
    const others = (this.#byPath.get(watch.path) ?? []).filter((other) => other !== watch);
    if (others.length > 0) this.#byPath.set(watch.path, others);
    else this.#byPath.delete(watch.path);
  }

  dropAll(client: Party): void {
    for (const watch of [...(this.#byClient.get(client) ?? [])]) this.drop(watch);
  }

  #find(client: Party, path: string, kind: WatchKind): ArmedWatch | undefined {
    return this.#byPath.get(path)?.find((watch) => watch.client === client && watch.kind === kind);
  }

  #add(client: Party, path: string, kind: WatchKind): ArmedWatch {
    const watch: ArmedWatch = { client, path, kind, since: NO_TXNS, due: NO_TXNS, isArmed: true };
    const atPath = this.#byPath.get(path);
    if (atPath === undefined) this.#byPath.set(path, [watch]);
    else atPath.push(watch);
    const ofClient = this.#byClient.get(client);
    if (ofClient === undefined) this.#byClient.set(client, new Set([watch]));
    else ofClient.add(watch);
    return watch;
  }

  #setDue(watch: ArmedWatch, zxid: Zxid): void {
    const wasDue = watch.due !== NO_TXNS;
    watch.due = zxid;
    if (wasDue || zxid === NO_TXNS) return;
    const due = this.#due.get(watch.client);
    if (due === undefined) this.#due.set(watch.client, [watch]);
    else due.push(watch);
  }
}
