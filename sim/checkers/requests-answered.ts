import type { ReplyBody, RequestBody } from '../../protocol/client-packets.ts';
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import type { Packet } from '../../protocol/packets.ts';
import { NO_TXNS } from '../../protocol/zxid.ts';
import { probeParty } from '../calm/probe-plan.ts';
import { clientParty, isClient, type Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import { Conversation, type Waiting } from './conversation.ts';
import type { EventOf } from './event-of.ts';
import type { Operation } from './history.ts';
import { when } from './names.ts';
import type { Observed } from './observed.ts';
import { PromiseChecker } from './promise-checker.ts';

/**
 * Source: ClientCnxn (replies come in the order of the requests), FinalRequestProcessor (a moved session ends the connection, or client and
 * leader may never agree where the session lives).
 * Reads: answered, keeperState, crashed, and delivered, of which only requests and replies between clients and servers. Cost: one look at
 * most packets, one map entry a request on its way.
 * No time is given, so that none can be too short: while a client is connected it pings, and the answer to a ping (or to anything else) that
 * was sent after a request says that the request should have been answered. A client that hears nothing at all ends the connection itself.
 * Allowed: requests that end with their connection, unanswered by the server; a client that was started again is not followed any more, as its
 * dead process's requests may still arrive.
 * Red: a reply that is left out, comes twice, or out of order, or that its client does not take for the answer; an operation that its
 * application never hears of again, or twice; an answer SESSIONMOVED on a connection that goes on.
 */
export class RequestsAnswered extends PromiseChecker {
  readonly name = 'requests-answered';
  readonly promise =
    'Every request on a connection that lives is answered once, in order, and a client whose session is alive gets on.';
  readonly reads: readonly TraceEventType[] = ['delivered', 'answered', 'keeperState', 'crashed'];
  readonly #seen: Observed;
  /** Of clients that are connected. */
  readonly #conversations = new Map<Party, Conversation>();
  /** The last one of clients that are not. */
  readonly #ended = new Map<Party, Conversation>();
  /** Clients that have died, or opened another session: an xid alone does not say whose request it is. */
  readonly #lostTrack = new Set<Party>();
  /** The last operation that was sent and has ended. */
  readonly #lastOp = new Map<Party, number>();
  /** Clients that were told SESSIONMOVED on the connection that they have. */
  readonly #moved = new Map<Party, { readonly at: Micros; readonly operation: Operation }>();
  /** When the session of a client ended. */
  readonly #over = new Map<Party, Micros>();
  /** Clients whose syncs are not all their own. */
  readonly #synced: ReadonlySet<Party>;

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
    const synced = seen.plan.clients.flatMap(({ reads }, index) =>
      reads === 'synced' ? [clientParty(index)] : [],
    );
    this.#synced = new Set(synced);
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    switch (event.type) {
      case 'delivered':
        this.#onDelivered(at, party, event.from, event.packet);
        return;
      case 'answered':
        this.#onAnswered(at, party, event);
        return;
      case 'keeperState':
        this.#onKeeperState(at, party, event.state);
        return;
      case 'crashed':
        if (isClient(party)) this.#lose(party);
        return;
      default:
        return;
    }
  }

  /** Who has no session any more has been told what became of everything it asked. */
  override finish(): void {
    for (const [client, at] of this.#over) {
      const left = this.#seen.history.unanswered(client);
      if (left === 0) this.kept();
      else
        this.contradicted(
          { from: at, until: at, parties: [client] },
          `${this.#seen.names.who(client)}'s session ended ${when(at)}`,
          `but of ${String(left)} operations its application has never heard again`,
        );
    }
  }

  // ---------------------------------------------------------------------------------------- packets

  #onDelivered(at: Micros, party: Party, from: Party, packet: Packet): void {
    if (packet.type === 'reply') {
      const conversation = this.#conversations.get(party);
      if (conversation !== undefined) this.#onReply(at, party, conversation, packet.xid);
    } else if (packet.type === 'request' && this.#isOwn(from, packet.body)) {
      this.#conversations.get(from)?.onRequest(at, party, packet.xid, packet.body);
    }
  }

  /** What the client library asks by itself has no answer that anybody hears of; its pings are counted. */
  #isOwn(client: Party, { op }: RequestBody): boolean {
    return op !== 'setWatches' && (op !== 'sync' || !this.#synced.has(client));
  }

  #onReply(at: Micros, client: Party, conversation: Conversation, xid: number): void {
    this.#hasEnded(at, client, `it got the reply ${String(xid)}`);
    if (conversation.isRepeated(xid)) {
      this.contradicted(
        { until: at, parties: [client] },
        `${this.#seen.names.who(client)} got a reply to its request ${String(xid)} ${when(at)}`,
        'but that request had been answered before',
      );
      return;
    }
    const overtaken = conversation.onReply(xid);
    if (overtaken === undefined) this.kept();
    else this.#leftOut(at, client, overtaken, xid);
  }

  #leftOut(at: Micros, client: Party, waiting: Waiting, xid: number): void {
    const { names } = this.#seen;
    const { body, server } = waiting;
    const what = 'path' in body ? `${body.op} ${body.path}` : body.op;
    this.contradicted(
      {
        from: waiting.at,
        until: at,
        parties: [client, server],
        ...('path' in body && { paths: [body.path] }),
      },
      `${names.who(client)}'s request ${String(waiting.xid)} (${what}) reached ${names.who(server)} ${when(waiting.at)}`,
      `but the next reply that the client got, ${when(at)}, ${xid < 0 ? 'was to a ping, by its number' : `was to its request ${String(xid)}`}`,
    );
  }

  // ---------------------------------------------------------------------------------------- answers

  #onAnswered(at: Micros, client: Party, event: EventOf<'answered'>): void {
    const operation = this.#seen.history.answered;
    if (operation === undefined) {
      this.contradicted(
        { until: at, operations: [{ client, op: event.op }] },
        `${this.#seen.names.who(client)}'s operation ${String(event.op)} was answered ${errorName(event.err)} ${when(at)}`,
        'but nothing was asked under this number, or it had been answered before',
      );
      return;
    }
    if (!event.sent) return;
    this.#inOrder(at, operation);
    this.#conversations.get(client)?.onSettled(event.xid);
    if (event.zxid === NO_TXNS) return;
    this.#hasEnded(
      at,
      client,
      `${this.#seen.names.operation(operation)} was answered ${errorName(event.err)}`,
    );
    if (event.err === ErrorCode.SESSIONMOVED || someMoved(event.body))
      this.#moved.set(client, { at, operation });
  }

  #inOrder(at: Micros, operation: Operation): void {
    const { client, op } = operation;
    const last = this.#lastOp.get(client) ?? 0;
    if (op > last) this.kept();
    else
      this.contradicted(
        {
          from: operation.invokedAt,
          until: at,
          operations: [last, op].map((each) => ({ client, op: each })),
        },
        `${this.#seen.names.operation(operation)} was answered ${when(at)}`,
        `but operation ${String(last)}, which was asked later, had been answered before`,
      );
    this.#lastOp.set(client, op);
  }

  /** Nothing may follow an answer SESSIONMOVED but the end of the connection. */
  #hasEnded(at: Micros, client: Party, what: string): void {
    const moved = this.#moved.get(client);
    if (moved === undefined) return;
    this.#moved.delete(client);
    this.contradicted(
      { from: moved.at, until: at, parties: [client], operations: [moved.operation] },
      `${this.#seen.names.operation(moved.operation)} was answered SESSIONMOVED ${when(moved.at)}`,
      `but the connection was not ended: on it, ${what} ${when(at)}`,
    );
  }

  // ---------------------------------------------------------------------------------------- connections

  #onKeeperState(at: Micros, client: Party, state: EventOf<'keeperState'>['state']): void {
    if (state === 'SyncConnected') {
      if (this.#lostTrack.has(client)) return;
      this.#conversations.set(client, new Conversation(this.#ended.get(client)));
      return;
    }
    this.#moved.delete(client);
    const conversation = this.#conversations.get(client);
    this.#conversations.delete(client);
    if (state !== 'Disconnected') this.#end(at, client);
    else if (conversation !== undefined) this.#ended.set(client, conversation);
  }

  /** The calm's probe goes on with another session; what a dead process had asked, nobody is told. */
  #end(at: Micros, client: Party): void {
    const { clients } = this.#seen.plan;
    if (client === probeParty({ clients: clients.slice(0, -1) })) this.#lose(client);
    else if (!this.#lostTrack.has(client)) this.#over.set(client, at);
  }

  #lose(client: Party): void {
    this.#lostTrack.add(client);
    this.#conversations.delete(client);
    this.#moved.delete(client);
    this.#over.delete(client);
  }
}

const someMoved = (body: ReplyBody | undefined): boolean =>
  body?.results?.some((result) => result.type === 'error' && result.err === ErrorCode.SESSIONMOVED) ?? false;
