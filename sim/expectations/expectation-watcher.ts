import type { OpName } from '../../protocol/client-packets.ts';
import type { Sid } from '../../protocol/ids.ts';
import { matchesFields } from '../event-match.ts';
import { clientIndex, clientParty, isClient, type Party, serverParty } from '../party.ts';
import type { ClientPlan } from '../client-plan.ts';
import type { Expectation } from '../plan.ts';
import type { ExpectationResult } from '../result.ts';
import { type Micros, toMs } from '../time.ts';
import type { TraceEvent, TraceEventType, TraceSink } from '../trace-events.ts';
import { isResult, OpenOperations } from './answers.ts';
import { type FinalState, isFinal, judgeFinal } from './final-state.ts';
import { type CountedExpectation, Tally } from './tally.ts';

/**
 * Watches a run for what its scenario expects, and says at the end what was met. An event that no expectation waits
 * for costs one look-up. Times count from the start of the run.
 */
export class ExpectationWatcher implements TraceSink {
  readonly #judges: readonly ((final: FinalState) => ExpectationResult)[];
  readonly #watchers: ReadonlyMap<TraceEventType, readonly Watcher[]>;

  constructor(plan: {
    readonly expectations: readonly Expectation[];
    readonly clients: readonly ClientPlan[];
  }) {
    const watchers = new Map<TraceEventType, Watcher[]>();
    const operations = new OpenOperations();
    this.#judges = plan.expectations.map((expectation) => {
      if (isFinal(expectation)) return (final) => judgeFinal(expectation, final);
      const tally = new Tally(expectation);
      const [type, isWanted] = conditionOf(expectation, plan.clients, operations);
      add(watchers, type, (at, party, event) => {
        if (isWanted(party, event)) tally.add(toMs(at));
      });
      return () => tally.result();
    });
    if (watchers.has('answered')) bracketAnswers(watchers, operations);
    this.#watchers = watchers;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    const watchers = this.#watchers.get(event.type);
    if (watchers === undefined) return;
    for (const watcher of watchers) watcher(at, party, event);
  }

  /** One result for each expectation, in the order of the plan. */
  finish(final: FinalState): ExpectationResult[] {
    return this.#judges.map((judge) => judge(final));
  }
}

type Watcher = (at: Micros, party: Party, event: TraceEvent) => void;
type Condition = (party: Party, event: TraceEvent) => boolean;

function add(watchers: Map<TraceEventType, Watcher[]>, type: TraceEventType, watcher: Watcher): void {
  const others = watchers.get(type);
  if (others === undefined) watchers.set(type, [watcher]);
  else others.push(watcher);
}

/** Operations are remembered when they are invoked and forgotten after every expectation has seen the answer. */
function bracketAnswers(watchers: Map<TraceEventType, Watcher[]>, operations: OpenOperations): void {
  add(watchers, 'invoked', (_, party, event) => {
    if (event.type === 'invoked') operations.onInvoked(party, event.op, event.body.op);
  });
  add(watchers, 'answered', (_, party, event) => {
    if (event.type === 'answered') operations.onAnswered(party, event.op);
  });
}

/** Which events an expectation looks at, and which of them it counts. */
function conditionOf(
  expectation: CountedExpectation,
  clients: readonly ClientPlan[],
  operations: OpenOperations,
): [TraceEventType, Condition] {
  switch (expectation.kind) {
    case 'leader':
      return ['established', (party) => isServer(expectation.server, party)];
    case 'event': {
      const { event: type, fields, server } = expectation;
      return [type, (party, event) => isServer(server, party) && matchesFields(event, fields)];
    }
    case 'answers':
      return ['answered', answerCondition(expectation, clients, operations)];
    case 'watch':
      return ['watchEvent', watchCondition(expectation, clients)];
    case 'session': {
      const isAsked = partyTest(expectation.client, clients);
      const { state } = expectation;
      return [
        'keeperState',
        (party, event) => event.type === 'keeperState' && isAsked(party) && event.state === state,
      ];
    }
  }
}

function answerCondition(
  expectation: Extract<CountedExpectation, { kind: 'answers' }>,
  clients: readonly ClientPlan[],
  operations: OpenOperations,
): Condition {
  const isAsked = partyTest(expectation.client, clients);
  const ops = new Set<OpName | undefined>(expectation.ops);
  return (party, event) =>
    event.type === 'answered' &&
    isAsked(party) &&
    isResult(expectation.result, event) &&
    ops.has(operations.nameOf(party, event.op));
}

function watchCondition(
  { client, eventType, path }: Extract<CountedExpectation, { kind: 'watch' }>,
  clients: readonly ClientPlan[],
): Condition {
  const isAsked = partyTest(client, clients);
  return (party, event) =>
    event.type === 'watchEvent' &&
    isAsked(party) &&
    (eventType === undefined || event.eventType === eventType) &&
    (path === undefined || event.path === path);
}

const isServer = (wanted: Sid | undefined, party: Party): boolean =>
  wanted === undefined || serverParty(wanted) === party;

/** Nobody named: any of the scenario's. */
function partyTest(client: string | undefined, clients: readonly ClientPlan[]): (party: Party) => boolean {
  if (client === undefined) return (party) => isClient(party) && clientIndex(party) < clients.length;
  const wanted = clientParty(clients.findIndex((candidate) => candidate.name === client));
  return (party) => party === wanted;
}
