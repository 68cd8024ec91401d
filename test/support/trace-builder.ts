import type { ReplyBody, RequestBody } from '../../protocol/client-packets.ts';
import type { EnsembleConfig } from '../../protocol/config.ts';
import type { Stat } from '../../protocol/database/stat.ts';
import type { Txn, TxnBody } from '../../protocol/database/txn.ts';
import type { ApplyCause } from '../../protocol/events.ts';
import { NO_SESSION, sessionId, sid, type SessionId } from '../../protocol/ids.ts';
import { makeZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import { CheckerSuite } from '../../sim/checkers/index.ts';
import { clientParty, type Party } from '../../sim/party.ts';
import type { ClientPlan } from '../../sim/client-plan.ts';
import type { TimelineEntry } from '../../sim/fault-plan.ts';
import type { RunPlan } from '../../sim/plan.ts';
import { fromMs } from '../../sim/time.ts';
import type { TraceEvent } from '../../sim/trace-events.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from './plans.ts';

/**
 * Writes traces by hand and shows them to the checkers. The short words (`lead`, `write`, `session`) tell a correct story; the long ones
 * (`emit`, `commit`, `answer`) plant what contradicts it. Every word happens one virtual ms after the one before.
 */
export class TraceBuilder {
  readonly suite: CheckerSuite;
  readonly zero: Zxid = NO_TXNS;
  readonly nobody: SessionId = NO_SESSION;
  #nowMs = 0;
  #epoch = 0;
  #leader = 0;
  #last: Zxid = NO_TXNS;
  /** The base of each epoch: (e, 0) has its digest. */
  readonly #bases = new Map<number, Zxid>();
  readonly #ops = new Map<Party, number>();

  constructor(
    options: {
      servers?: number;
      config?: Partial<EnsembleConfig>;
      clients?: readonly Partial<ClientPlan>[];
      timeline?: readonly TimelineEntry[];
      plan?: Partial<RunPlan>;
    } = {},
  ) {
    const servers = serverSpecs(options.servers ?? 3);
    const names = ['alice', 'bob', 'carol'];
    const clients = (options.clients ?? [{}, {}]).map((plan, i) =>
      clientPlan(names[i] ?? 'dave', servers, plan),
    );
    const { config, timeline = [], plan } = options;
    this.suite = new CheckerSuite(runPlan(ensembleOf(servers, config), { clients, timeline, ...plan }));
  }

  // ---------------------------------------------------------------------------------------- anything

  emit(party: Party, event: TraceEvent): this {
    this.#nowMs++;
    this.suite.onEvent(fromMs(this.#nowMs), party, event);
    return this;
  }

  wait(ms: number): this {
    this.#nowMs += ms;
    return this;
  }

  // ---------------------------------------------------------------------------------------- servers

  /** A new leader, its history flushed by everybody who acknowledges it, and everybody serving. */
  lead(leader: number, epoch: number, options: { acks?: number[]; history?: Zxid } = {}): this {
    const acks = options.acks ?? [1, 2, 3];
    this.establish(leader, epoch, options);
    for (const server of acks) this.serve(server, server === leader ? makeZxid(epoch, 0) : this.#last);
    return this;
  }

  establish(
    leader: number,
    epoch: number,
    options: { acks?: number[]; history?: Zxid; digest?: number } = {},
  ): this {
    const acks = (options.acks ?? [1, 2, 3]).map(sid);
    const lastZxid = options.history ?? this.#last;
    this.emit(leader, { type: 'epochFixed', epoch, connecting: acks });
    for (const server of acks) this.emit(server, { type: 'epochWritten', file: 'acceptedEpoch', epoch });
    this.emit(leader, { type: 'epochAcked', epoch, acks });
    for (const server of acks) this.emit(server, { type: 'epochWritten', file: 'currentEpoch', epoch });
    this.#bases.set(epoch, lastZxid);
    this.#epoch = epoch;
    this.#leader = leader;
    this.#last = lastZxid;
    const digest = options.digest ?? this.digestOf(lastZxid);
    return this.emit(leader, { type: 'established', epoch, acks, lastZxid, digest });
  }

  serve(server: number, lastZxid: Zxid = this.#last, digest = this.digestOf(lastZxid)): this {
    return this.emit(server, { type: 'serving', epoch: this.#epoch, lastZxid, digest });
  }

  crash(server: number, durableZxid: Zxid): this {
    return this.emit(server, { type: 'crashed', lost: 0, durableZxid });
  }

  recover(server: number, lastZxid: Zxid): this {
    this.emit(server, { type: 'started', incarnation: 2 });
    const epochs = { acceptedEpoch: this.#epoch, currentEpoch: this.#epoch };
    const found = { snapshotZxid: NO_TXNS, lastZxid, replayed: 0 };
    const damage = { tornRecords: 0, damagedSnapshots: 0, behindHole: 0 };
    return this.emit(server, { type: 'recovered', ...found, ...epochs, ...damage });
  }

  // ---------------------------------------------------------------------------------------- the life of a txn

  /** The next txn of the epoch, or the one with the given zxid, proposed by the leader. */
  propose(body: TxnBody, from: Partial<Txn> = {}): Txn {
    const counter = this.#last >= makeZxid(this.#epoch, 0) ? this.#last + 1 : makeZxid(this.#epoch, 1);
    const txn: Txn = {
      zxid: counter as Zxid,
      sessionId: NO_SESSION,
      cxid: 0,
      time: this.#nowMs,
      body,
      ...from,
    };
    this.#last = txn.zxid;
    this.emit(this.#leader, { type: 'proposed', epoch: this.#epoch, txn });
    return txn;
  }

  flush(zxid: Zxid, servers: number[] = [1, 2, 3]): this {
    for (const server of servers) this.emit(server, { type: 'logFlushed', zxid });
    return this;
  }

  commit(zxid: Zxid, acks: number[] = [1, 2, 3]): this {
    return this.emit(this.#leader, { type: 'committed', epoch: this.#epoch, zxid, acks: acks.map(sid) });
  }

  apply(
    txn: Txn,
    servers: number[] = [1, 2, 3],
    options: { digest?: number; cause?: ApplyCause } = {},
  ): this {
    const { digest = this.digestOf(txn.zxid), cause = 'commit' } = options;
    for (const server of servers) this.emit(server, { type: 'applied', txn, digest, cause });
    return this;
  }

  /** From the proposal to every server. */
  broadcast(body: TxnBody, from: Partial<Txn> = {}): Txn {
    const txn = this.propose(body, from);
    this.flush(txn.zxid).commit(txn.zxid).apply(txn);
    return txn;
  }

  /** A number that differs from txn to txn, and not between (e, 0) and the base of e. */
  digestOf(zxid: Zxid): number {
    const epoch = Math.floor(zxid / 2 ** 32);
    const base = this.#bases.get(epoch);
    return zxid === makeZxid(epoch, 0) && base !== undefined ? this.digestOf(base) : (zxid % 999_983) + 1;
  }

  // ---------------------------------------------------------------------------------------- clients

  /** Opens the client's session; `n` makes its id. */
  session(client: Party, n: number, timeOut = 10_000): SessionId {
    const id = sessionId(`0x${n.toString(16)}`);
    this.broadcast({ type: 'createSession', timeOut }, { sessionId: id });
    this.state(client, 'SyncConnected', id);
    return id;
  }

  state(client: Party, state: 'SyncConnected' | 'Disconnected' | 'Expired' | 'Closed', id: SessionId): this {
    return this.emit(client, { type: 'keeperState', state, sessionId: id, server: '', reason: '' });
  }

  invoke(client: Party, body: RequestBody): number {
    const op = (this.#ops.get(client) ?? 0) + 1;
    this.#ops.set(client, op);
    this.emit(client, { type: 'invoked', op, body });
    return op;
  }

  /** The answer to an operation. Its xid is its number unless told otherwise. */
  answer(client: Party, op: number, id: SessionId, zxid: Zxid, reply: Reply = {}): this {
    const { err = 0, body, xid = op, sent = true } = reply;
    return this.emit(client, { type: 'answered', op, xid, err, sent, zxid, sessionId: id, body });
  }

  /** An operation that is answered at once. */
  ask(client: Party, id: SessionId, body: RequestBody, zxid: Zxid, reply: Reply = {}): this {
    return this.answer(client, this.invoke(client, body), id, zxid, reply);
  }

  /** A write that succeeds, or fails, and is answered. */
  write(client: Party, id: SessionId, request: RequestBody, body: TxnBody, reply: Reply = {}): Txn {
    const op = this.invoke(client, request);
    const txn = this.broadcast(body, { sessionId: id, cxid: op });
    this.answer(client, op, id, txn.zxid, reply);
    return txn;
  }

  // ---------------------------------------------------------------------------------------- verdicts

  /** Names of the promises that were broken. */
  get red(): readonly string[] {
    return this.suite.checkers
      .filter((checker) => checker.contradictions.length > 0)
      .map((checker) => checker.name);
  }

  /** The first violation of a promise, as one text. */
  evidence(name: string): string {
    return (this.#named(name).contradictions[0]?.evidence ?? []).join('\n');
  }

  /** What was missed and is not held against anybody, as one text. */
  knownGap(name: string): string {
    return (this.#named(name).knownGap?.evidence ?? []).join('\n');
  }

  checked(name: string): number {
    return this.#named(name).checked;
  }

  #named(name: string): CheckerSuite['checkers'][number] {
    const checker = this.suite.checkers.find((candidate) => candidate.name === name);
    if (checker === undefined) throw new Error(`no checker ${name}`);
    return checker;
  }
}

export interface Reply {
  readonly err?: number;
  readonly body?: ReplyBody;
  readonly xid?: number;
  readonly sent?: boolean;
}

export const ALICE = clientParty(0);
export const BOB = clientParty(1);

/** A node without children, written once. */
export const statOf = (zxid: Zxid, time: number, stat: Partial<Stat> = {}): Stat => ({
  czxid: zxid,
  mzxid: zxid,
  ctime: time,
  mtime: time,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: NO_SESSION,
  dataLength: 0,
  numChildren: 0,
  pzxid: zxid,
  ...stat,
});
