import type { BehaviourName } from '../../protocol/release/behaviours.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { epochOf, formatZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import { clientParty, type Party } from '../party.ts';
import type { RunPlan } from '../plan.ts';
import { someServerHas } from '../plan-release.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import type { About, Contradiction } from './checker.ts';
import type { EventOf } from './event-of.ts';
import { isRead, isWrite, type Operation } from './history.ts';
import { when } from './names.ts';
import type { Observed } from './observed.ts';
import { PromiseChecker } from './promise-checker.ts';

/** ZOOKEEPER-1675. With it ZooKeeper does not keep this promise: the documentation says that sync is no quorum operation. */
const GAP: BehaviourName = 'syncProvesNothing';

/**
 * Source: the documentation of sync, as people read it: whoever syncs and then reads sees what others were told before. Y1.
 * Reads: answered (with its operation from ClientHistory). Cost: one comparison a sync and a read after it, a map entry a write.
 * Allowed: reads of sessions that never synced may be old; what is answered while the sync is under way need not be seen; the read may
 * be on another connection than the sync. Where a server's release has the behaviour `syncProvesNothing`, a miss is a known gap of
 * ZooKeeper's and no broken promise, unless the plan asks for more (`gaps: broken`).
 * Red: a sync that is answered from the past; a read after it, or one of a client with `reads: synced`, that misses a write.
 */
export class SyncedReads extends PromiseChecker {
  readonly name = 'synced-reads';
  readonly promise =
    'What is read after a sync is as new as every write that anybody had been told about when the sync was asked for.';
  readonly reads: readonly TraceEventType[] = ['answered'];
  readonly #seen: Observed;
  /** Clients whose every read is synced. */
  readonly #synced: ReadonlySet<Party>;
  readonly #isGap: boolean;
  readonly #syncs = new Map<Party, Synced>();
  /** Who was told of a write, and when; of those that were the newest then. */
  readonly #told = new Map<Zxid, Told>();
  #knownGap: Contradiction | undefined;

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
    this.#synced = clientsWithSyncedReads(seen.plan);
    this.#isGap = seen.plan.gaps !== 'broken' && someServerHas(seen.plan, GAP);
  }

  get knownGap(): Contradiction | undefined {
    return this.#knownGap;
  }

  onEvent(at: Micros, _party: Party, event: TraceEvent): void {
    if (event.type !== 'answered' || event.zxid <= NO_TXNS || this.#seen.log.forked) return;
    const { history } = this.#seen;
    const operation = history.answered;
    if (operation === undefined) return;
    if (isWrite(operation.body)) this.#onWrite(at, operation, event.zxid);
    else if (isRead(operation.body)) this.#onRead(at, operation, event);
    else if (operation.body.op === 'sync' && event.err === ErrorCode.OK) this.#onSync(at, operation, event);
  }

  #onWrite(at: Micros, { client, op }: Operation, zxid: Zxid): void {
    if (zxid === this.#seen.history.acked && !this.#told.has(zxid)) this.#told.set(zxid, { client, op, at });
  }

  /** The server says how far it has come, and all that follows on this session is at least as new. */
  #onSync(at: Micros, operation: Operation, event: EventOf<'answered'>): void {
    const { client } = operation;
    const earlier = this.#syncs.get(client);
    const isNewer =
      earlier?.sessionId !== event.sessionId || operation.ackedBefore > earlier.operation.ackedBefore;
    if (isNewer) this.#syncs.set(client, { sessionId: event.sessionId, operation });
    this.#mustShow(at, operation, operation, event);
  }

  /** A read that finds no node has looked as well. */
  #onRead(at: Micros, operation: Operation, event: EventOf<'answered'>): void {
    if (event.err !== ErrorCode.OK && event.err !== ErrorCode.NONODE) return;
    const last = this.#syncs.get(operation.client);
    if (this.#synced.has(operation.client)) this.#mustShow(at, operation, operation, event);
    else if (last?.sessionId === event.sessionId && last.operation.op < operation.op)
      this.#mustShow(at, operation, last.operation, event);
  }

  /** Everything that anybody had been told about when `sync` was invoked, which may be the operation itself. */
  #mustShow(at: Micros, operation: Operation, sync: Operation, event: EventOf<'answered'>): void {
    const due = sync.ackedBefore;
    if (event.zxid >= due) {
      this.kept();
      return;
    }
    const { names } = this.#seen;
    const told = this.#told.get(due);
    const about: About = {
      from: told?.at ?? sync.invokedAt,
      until: at,
      zxids: [due],
      epochs: [epochOf(event.zxid), epochOf(due)],
      operations: [operation, sync, ...(told === undefined ? [] : [told])],
    };
    const whom = told === undefined ? '' : ` to ${names.who(told.client)} ${when(told.at)}`;
    this.#missed(about, [
      `${names.operation(operation)} was answered ${when(at)} as of ${formatZxid(event.zxid)}`,
      `but the write ${formatZxid(due)} had been answered${whom}`,
      `and ${sync === operation ? 'it' : names.operation(sync)} was invoked after that, ${when(sync.invokedAt)}`,
    ]);
  }

  #missed(about: About, evidence: readonly string[]): void {
    if (this.#isGap) this.#knownGap ??= { about, evidence };
    else this.contradicted(about, ...evidence);
  }
}

/** The sync of a session that obliges the most. */
interface Synced {
  readonly sessionId: SessionId;
  readonly operation: Operation;
}

interface Told {
  readonly client: Party;
  readonly op: number;
  readonly at: Micros;
}

function clientsWithSyncedReads({ clients }: RunPlan): ReadonlySet<Party> {
  const synced = clients.flatMap(({ reads }, index) => (reads === 'synced' ? [clientParty(index)] : []));
  return new Set(synced);
}
