import { clientParty, isClient, type Party } from '../party.ts';
import { someServerHas } from '../plan-release.ts';
import type { RunPlan } from '../plan.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import { type ClientOperation, ClientOperations } from './linearizability/client-operations.ts';
import { misfit, overtaken } from './linearizability/evidence.ts';
import { judge } from './linearizability/judge.ts';
import type { Limits } from './linearizability/search.ts';
import type { Contradiction } from './checker.ts';
import type { Observed } from './observed.ts';
import { PromiseChecker } from './promise-checker.ts';

/** About a second, and 200 MB at most. */
const LIMITS: Limits = { steps: 100_000, situations: 50_000 };

/**
 * Source: documented guarantee "linearizable writes", W4, Y1 for reads that are synced; Herlihy and Wing.
 * Reads: answered (with its operation from ClientHistory), keeperState and crashed of clients, and, to guess with, the committed log.
 * Cost: an object an operation; one pass over all of them at the end, in the order of their zxids. Only where that fails, a search.
 * Allowed: operations that were lost take effect at any later time, or never; refused ones (the session is closing, or has moved) never do.
 * Reads of clients that don't sync may be old, and synced ones too where ZooKeeper is known not to keep that promise (`synced-reads`).
 * Red: answers that no order explains, from what clients were told alone (a lost update, a write done twice or in part, a stale synced read);
 * zxids that contradict real time.
 */
export class LinearizableWrites extends PromiseChecker {
  readonly name = 'linearizable-writes';
  readonly promise =
    'Writes take effect one after the other, each between its request and its answer, and no answer contradicts that order.';
  readonly reads: readonly TraceEventType[] = ['answered', 'keeperState', 'crashed'];
  readonly #seen: Observed;
  readonly #operations: ClientOperations;
  #undecided: string | undefined;

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
    this.#operations = new ClientOperations(seen.history, clientsInSync(seen.plan));
  }

  get undecided(): string | undefined {
    return this.#undecided;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    if (event.type === 'answered') this.#operations.onAnswered(at, party, event);
    else if (event.type === 'keeperState' && event.state === 'SyncConnected')
      this.#operations.onConnected(party, event.sessionId);
    else if (event.type === 'crashed' && isClient(party)) this.#operations.onCrashed(party);
  }

  override finish(): void {
    const { log, names } = this.#seen;
    const history = this.#operations.finish(log);
    const judgement = judge(history, LIMITS);
    switch (judgement.kind) {
      case 'linearizable':
        this.#explained(history);
        break;
      case 'overtaken':
        this.#contradict(overtaken(names, judgement.first, judgement.second));
        break;
      case 'misfit':
        this.#explained(judgement.order);
        this.#contradict(misfit(names, judgement.operation, judgement.order));
        break;
      case 'unknown':
        this.#undecided = `too many of ${judgement.operations} operations overlap: the search gave up after ${judgement.steps} steps`;
    }
  }

  /** Each answer among them could have contradicted the others. */
  #explained(operations: readonly ClientOperation[]): void {
    for (const { answer } of operations) if (answer !== undefined) this.kept();
  }

  #contradict({ about, evidence }: Contradiction): void {
    this.contradicted(about, ...evidence);
  }
}

/** Whose reads are promised to be up to date: of clients that sync before each, unless a release is known not to keep that. */
function clientsInSync(plan: RunPlan): ReadonlySet<Party> {
  if (plan.gaps !== 'broken' && someServerHas(plan, 'syncProvesNothing')) return new Set();
  return new Set(
    plan.clients.flatMap(({ reads }, index) => (reads === 'synced' ? [clientParty(index)] : [])),
  );
}
