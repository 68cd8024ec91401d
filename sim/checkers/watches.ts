import type { EventType, RequestBody } from '../../protocol/client-packets.ts';
import type { TxnBody } from '../../protocol/database/txn.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { formatZxid, NO_TXNS, previousZxid, type Zxid } from '../../protocol/zxid.ts';
import { clientParty, type Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import type { EventOf } from './event-of.ts';
import { Change } from './model/node-history.ts';
import { parentOf } from './model/paths.ts';
import { when } from './names.ts';
import type { Observed } from './observed.ts';
import { PromiseChecker } from './promise-checker.ts';
import { WatchTable, type ArmedWatch, type WatchKind } from './watch-table.ts';

/**
 * Source: documented watch guarantees; DataTree (what fires what) and setWatches (what it makes up).
 * Reads: answered, watchEvent, keeperState, established, committed. Cost: one lookup a path that a txn touches, and only while anybody
 * watches; a glance at the client's due watches a reply.
 * Allowed: several changes while a client was away are one event, whose type is made from the watch and the state (its zxid is −1, and it
 * may come twice when a node that was watched in two ways is gone); an exists watch stays silently armed when its node came and went
 * meanwhile; an event does not move the session forward, so on a server that is behind the same change may be seen again.
 * Red: a reply that shows a change before its event came; an event without a watch, without a change, or of another type.
 */
export class Watches extends PromiseChecker {
  readonly name = 'watches';
  readonly promise =
    'A watch fires once for the first change after it was set, before its client can see that change, across reconnections too.';
  readonly reads: readonly TraceEventType[] = [
    'answered',
    'watchEvent',
    'keeperState',
    'crashed',
    'established',
    'committed',
  ];
  readonly #seen: Observed;
  readonly #table: WatchTable;
  /** Clients that have not had a reply since their connection was lost: their watches are being set again. */
  readonly #rearming = new Set<Party>();
  /** Clients that don't set them again: what they watched is gone with the connection. */
  readonly #forgetful: ReadonlySet<Party>;
  /** The zxid of the last event on a client's connection. */
  readonly #lastEvent = new Map<Party, Zxid>();

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
    this.#table = new WatchTable(seen.model.tree);
    const forgetful = seen.plan.clients.map((client, index) =>
      client.autoWatchReset === false ? [clientParty(index)] : [],
    );
    this.#forgetful = new Set(forgetful.flat());
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    if (this.#seen.log.forked) return;
    switch (event.type) {
      case 'answered':
        if (event.zxid !== NO_TXNS) this.#onReply(at, party, event);
        return;
      case 'watchEvent':
        this.#onWatchEvent(at, party, event);
        return;
      case 'keeperState':
        this.#onKeeperState(party, event);
        return;
      case 'crashed':
        this.#onDeath(party);
        return;
      default:
        this.#onLog();
        return;
    }
  }

  #onLog(): void {
    if (this.#table.isEmpty) return;
    const { log } = this.#seen;
    for (let index = log.fresh; index < log.length; index++) {
      const txn = log.txnAt(index);
      if (txn !== undefined) this.#onTxn(txn.zxid, txn.body);
    }
  }

  #onTxn(zxid: Zxid, body: TxnBody): void {
    switch (body.type) {
      case 'create':
      case 'create2':
      case 'delete':
        this.#table.onChange(body.path, zxid);
        this.#table.onChange(parentOf(body.path), zxid);
        return;
      case 'setData':
        this.#table.onChange(body.path, zxid);
        return;
      case 'multi':
        for (const sub of body.txns) this.#onTxn(zxid, sub);
        return;
      case 'closeSession':
        for (const path of body.paths) this.#onTxn(zxid, { type: 'delete', path });
        return;
      default:
        return;
    }
  }

  #onReply(at: Micros, client: Party, event: EventOf<'answered'>): void {
    const operation = this.#seen.history.answered;
    if (operation === undefined) return;
    if (this.#table.hasWatches(client)) this.#noneMissed(at, client, event);
    this.#rearming.delete(client);
    const kind = kindArmedBy(operation.body, event.err);
    if (kind === undefined || !('path' in operation.body)) return;
    const since = shownBy(event);
    const last = since === NO_TXNS ? NO_TXNS : this.#seen.log.last;
    this.#table.arm(client, operation.body.path, kind, since, last);
  }

  /** E1: what this reply can show must have been announced. */
  #noneMissed(at: Micros, client: Party, event: EventOf<'answered'>): void {
    const missed = this.#table
      .overdue(client, event.zxid)
      .filter((watch) => !this.#cameAndWent(watch, event.zxid));
    if (missed.length === 0) this.kept();
    for (const watch of missed) {
      this.#table.drop(watch);
      this.contradicted(
        { until: at, zxids: [watch.due], paths: [watch.path], parties: [client] },
        `${this.#seen.names.who(client)} got a reply as of ${formatZxid(event.zxid)} ${when(at)}`,
        `but no event for ${watch.path}, on which it has had ${NAMED[watch.kind]} since ${formatZxid(watch.since)} and which ${formatZxid(watch.due)} changed`,
      );
    }
  }

  /** The node of an exists watch was created and deleted while its client was away: setWatches finds it missing, and arms again. */
  #cameAndWent(watch: ArmedWatch, shown: Zxid): boolean {
    if (watch.kind !== 'exist' || !this.#rearming.has(watch.client)) return false;
    const history = this.#seen.model.tree.historyOf(watch.path);
    while (watch.due !== NO_TXNS && watch.due <= shown) {
      const gone = history?.firstChange(Change.DELETED, previousZxid(watch.due), shown) ?? NO_TXNS;
      if (gone === NO_TXNS) return false;
      this.#table.postpone(watch, gone, this.#seen.log.last);
    }
    return true;
  }

  #onWatchEvent(at: Micros, client: Party, event: EventOf<'watchEvent'>): void {
    const fired = this.#table.fire(client, event.path, event.eventType);
    if (event.zxid < NO_TXNS) this.#onSynthesised(at, client, event, fired);
    else this.#onChangeEvent(at, client, event, fired);
  }

  /** E4 and E5 for an event that setWatches made up: something has changed since the watch was set, and it says what. */
  #onSynthesised(
    at: Micros,
    client: Party,
    event: EventOf<'watchEvent'>,
    fired: readonly ArmedWatch[],
  ): void {
    if (fired.length === 0) return;
    const { last } = this.#seen.log;
    if (fired.every((watch) => this.#table.firstChange(watch, watch.since, last) === NO_TXNS))
      this.#spurious(at, client, event, `nothing has changed there since ${armedSince(fired)}`);
    else if (fired.every(({ kind }) => !MADE_UP[kind].includes(event.eventType)))
      this.#spurious(at, client, event, `that is nothing to wait for with ${armedSince(fired)}`);
    else this.kept();
  }

  /** E2, E3, E4. */
  #onChangeEvent(
    at: Micros,
    client: Party,
    event: EventOf<'watchEvent'>,
    fired: readonly ArmedWatch[],
  ): void {
    const { model } = this.#seen;
    const changes = model.tree.historyOf(event.path)?.changesBy(event.zxid) ?? 0;
    const previous = this.#lastEvent.get(client) ?? NO_TXNS;
    this.#lastEvent.set(client, event.zxid);
    if ((changes & CHANGE_OF[event.eventType]) === 0)
      this.#spurious(at, client, event, `that is not what ${formatZxid(event.zxid)} did`);
    else if (fired.length === 0)
      this.#spurious(at, client, event, 'it has no watch there, or had its one event already');
    else if (!fired.some((watch) => watch.since < event.zxid))
      this.#spurious(at, client, event, `its watch is from after that change: ${armedSince(fired)}`);
    else if (event.zxid < previous)
      this.#spurious(
        at,
        client,
        event,
        `an event of ${formatZxid(previous)} came before it on this connection`,
      );
    else this.kept();
  }

  #spurious(at: Micros, client: Party, event: EventOf<'watchEvent'>, why: string): void {
    this.contradicted(
      { until: at, paths: [event.path], parties: [client] },
      `${this.#seen.names.who(client)} got ${event.eventType} for ${event.path} (${formatZxid(event.zxid)}) ${when(at)}`,
      `but ${why}`,
    );
  }

  /** A client's watches are in its memory. */
  #onDeath(client: Party): void {
    this.#lastEvent.delete(client);
    this.#rearming.delete(client);
    this.#table.dropAll(client);
  }

  #onKeeperState(client: Party, event: EventOf<'keeperState'>): void {
    this.#lastEvent.delete(client);
    const isOver = event.state === 'Expired' || event.state === 'Closed';
    if (isOver || (event.state === 'Disconnected' && this.#forgetful.has(client)))
      this.#table.dropAll(client);
    else if (event.state === 'Disconnected') this.#rearming.add(client);
  }
}

/** Which watch a read's answer sets: exists sets one on a missing node too, the others don't. */
function kindArmedBy(body: RequestBody, err: number): WatchKind | undefined {
  if (!('watch' in body) || !body.watch) return undefined;
  if (err === ErrorCode.NONODE) return body.op === 'exists' ? 'exist' : undefined;
  if (err !== ErrorCode.OK) return undefined;
  return body.op === 'exists' || body.op === 'getData' ? 'data' : 'child';
}

/**
 * The state that a reply shows at least: what its header says; if that says nothing (ZOOKEEPER-1412), the last change in the Stat. Without
 * either nothing is known, and only changes from now on are.
 */
function shownBy({ zxid, body }: EventOf<'answered'>): Zxid {
  if (zxid > NO_TXNS) return zxid;
  const stat = body?.stat;
  if (stat === undefined) return NO_TXNS;
  return stat.pzxid > stat.mzxid ? stat.pzxid : stat.mzxid;
}

/** What a watch can be told after an absence: one on a node that there was, that it is another or gone; on none, that there is one. */
const MADE_UP: Readonly<Record<WatchKind, readonly EventType[]>> = {
  data: ['NodeDataChanged', 'NodeDeleted'],
  exist: ['NodeCreated'],
  child: ['NodeChildrenChanged', 'NodeDeleted'],
};

const CHANGE_OF: Readonly<Record<EventType, number>> = {
  NodeCreated: Change.CREATED,
  NodeDeleted: Change.DELETED,
  NodeDataChanged: Change.DATA,
  NodeChildrenChanged: Change.CHILDREN,
};

const NAMED: Readonly<Record<WatchKind, string>> = {
  data: 'a data watch',
  exist: 'an exists watch',
  child: 'a child watch',
};

const armedSince = (watches: readonly ArmedWatch[]): string =>
  watches.map((watch) => `${NAMED[watch.kind]} since ${formatZxid(watch.since)}`).join(', ');
