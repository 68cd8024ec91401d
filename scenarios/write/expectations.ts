import type { OpName } from '../../protocol/client-packets.ts';
import { FOR_EVER } from '../../sim/plan-defaults.ts';
import { fieldWords } from '../../sim/plan-text/events.ts';
import type { Flow, FlowMap } from '../../sim/plan-text/flow.ts';
import type { NameOf } from '../../sim/plan-text/names.ts';
import { timeText } from '../../sim/plan-text/quantities.ts';
import type { Expectation } from '../../sim/plan.ts';
import { expectationText } from '../compile/expectation-text.ts';
import { OPERATION_NAMES } from '../compile/operation-names.ts';
import { OPERATIONS, type WrittenOperationName } from '../schema/expectations.ts';
import { block, item, type Lines } from './lines.ts';

export const expectationLines = (expectations: readonly Expectation[], nameOf: NameOf): Lines =>
  block(
    'expect',
    expectations.map((expectation) => {
      const { text } = expectation;
      const isMadeUp = text === expectationText(expectation, nameOf);
      return item({ ...expectationWords(expectation, nameOf), text: isMadeUp ? undefined : text });
    }),
  );

function expectationWords(expectation: Expectation, nameOf: NameOf): FlowMap {
  switch (expectation.kind) {
    case 'leader': {
      const { server } = expectation;
      return { leader: server === undefined ? 'any' : nameOf(server), ...windowAndCount(expectation) };
    }
    case 'event': {
      const { event, fields, server } = expectation;
      return {
        event,
        with: fieldWords(event, fields, nameOf),
        on: server === undefined ? undefined : nameOf(server),
        ...windowAndCount(expectation),
      };
    }
    case 'answers': {
      const { result, ops, client } = expectation;
      return { answers: result, to: operationWords(ops), client, ...windowAndCount(expectation) };
    }
    case 'watch': {
      const { eventType, path, client } = expectation;
      return { watch: eventType ?? 'any', path, client, ...windowAndCount(expectation) };
    }
    case 'session':
      return {
        session: expectation.state,
        client: expectation.client,
        ...windowAndCount(expectation),
      };
    case 'znode': {
      const { path, exists, data, children } = expectation;
      return { znode: path, exists: exists ? undefined : false, data, children };
    }
    case 'state':
      return { server: nameOf(expectation.server), state: expectation.state };
    case 'promise':
      return { promise: expectation.promise, is: expectation.is };
    case 'live':
      return { live: expectation.live };
  }
}

interface WindowAndCount {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly min: number;
  readonly max: number;
}

const windowAndCount = ({ fromMs, untilMs, min, max }: WindowAndCount): FlowMap => ({
  from: fromMs === 0 ? undefined : timeText(fromMs),
  until: untilMs === FOR_EVER ? undefined : timeText(untilMs),
  ...countWords(min, max),
});

function countWords(min: number, max: number): FlowMap {
  if (min === max) return { times: min };
  if (max === FOR_EVER) return { atLeast: min === 1 ? undefined : min };
  return { atLeast: min === 0 ? undefined : min, atMost: max };
}

/** The word that stands for these operations, or several in their order; none for all of them. */
function operationWords(ops: readonly OpName[]): Flow | undefined {
  const isAll = (word: WrittenOperationName): boolean => OPERATION_NAMES[word].join() === ops.join();
  if (isAll('all')) return undefined;
  const words = OPERATIONS.filter((word) => OPERATION_NAMES[word].every((name) => ops.includes(name)));
  const inOrder = words.toSorted((a, b) => placeOf(a, ops) - placeOf(b, ops));
  return ([...OPERATIONS, 'reads', 'writes'] as const).find(isAll) ?? inOrder;
}

const placeOf = (word: (typeof OPERATIONS)[number], ops: readonly OpName[]): number =>
  ops.findIndex((op) => OPERATION_NAMES[word].includes(op));
