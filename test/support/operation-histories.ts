import type { CreateRequest, MultiOp, ReplyBody } from '../../protocol/client-packets.ts';
import { OPEN_ACL_UNSAFE } from '../../protocol/database/txn.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { sessionId } from '../../protocol/ids.ts';
import { makeZxid, NO_TXNS } from '../../protocol/zxid.ts';
import { isRead } from '../../sim/checkers/history.ts';
import type { TimedOperation } from '../../sim/checkers/linearizability/candidates.ts';
import type { SequentialModel } from '../../sim/checkers/linearizability/search.ts';
import type { Answer } from '../../sim/checkers/linearizability/znode-answers.ts';
import { changesBy } from '../../sim/checkers/linearizability/znode-operation.ts';
import {
  applyWrite,
  Draft,
  FIRST_ZNODES,
  type Outcome,
  type SingleOutcome,
  type TreeRequest,
  type Znode,
  type ZnodeTree,
} from '../../sim/checkers/linearizability/znode-rules.ts';
import type { PlacedOperation } from '../../sim/checkers/linearizability/zxid-order.ts';
import { Random, type RandomStream } from '../../sim/random.ts';
import { statOf } from './trace-builder.ts';
import { bytes } from './tree.ts';

/** Random histories of operations that overlap, made from an order that really was, and then perhaps spoilt. */

/** Something that can be asked and answers at once. */
interface Machine<State, Request, Reply> {
  readonly init: State;
  ask(random: RandomStream): Request;
  answer(state: State, request: Request): { readonly after: State; readonly reply: Reply };
}

interface Event<Request, Reply> extends TimedOperation {
  readonly request: Request;
  readonly reply: Reply | undefined;
  /** Its place in the order that really was, from 1; 0: it never took effect. */
  readonly place: number;
}

export interface Shape {
  readonly count: number;
  /** How far an operation reaches to both sides of where it takes effect; there is one every ten. */
  readonly reach: number;
  /** How many get no answer; half of these take effect. */
  readonly open: number;
  /** How many are spoilt afterwards. */
  readonly spoilt: number;
}

function eventsOf<State, Request, Reply>(
  random: RandomStream,
  machine: Machine<State, Request, Reply>,
  { count, reach, open, spoilt }: Shape,
): readonly Event<Request, Reply>[] {
  const states = [machine.init];
  const events: Event<Request, Reply>[] = [];
  let state = machine.init;
  for (let place = 1; place <= count; place++) {
    const request = machine.ask(random);
    const isOpen = random.chance(open);
    const invoked = 10 * place - random.int(reach) - 1;
    const answered = isOpen ? Infinity : 10 * place + random.int(reach) + 1;
    const isLost = isOpen && random.chance(0.5);
    const { after, reply } = machine.answer(state, request);
    if (!isLost) state = after;
    states.push(state);
    events.push({ invoked, answered, request, reply: isOpen ? undefined : reply, place: isLost ? 0 : place });
  }
  spoil(random, machine, { events, states }, spoilt);
  return events;
}

/** Some operations are answered as if it had been at another time, or take place at another time. */
function spoil<State, Request, Reply>(
  random: RandomStream,
  machine: Machine<State, Request, Reply>,
  { events, states }: { readonly events: Event<Request, Reply>[]; readonly states: readonly State[] },
  share: number,
): void {
  for (const [index, event] of events.entries()) {
    const state = oneOf(random, states);
    if (event.reply === undefined || !random.chance(share)) continue;
    if (random.chance(0.7)) events[index] = { ...event, reply: machine.answer(state, event.request).reply };
    else {
      const shift = random.int(20 * events.length) - 10 * events.length;
      events[index] = { ...event, invoked: event.invoked + shift, answered: event.answered + shift };
    }
  }
}

const oneOf = <T>(random: RandomStream, items: readonly T[]): T => items[random.int(items.length)] as T;

// ---------------------------------------------------------------------------------------------- a register

type RegisterRequest =
  | { readonly kind: 'read' }
  | { readonly kind: 'write'; readonly value: number }
  | { readonly kind: 'swap'; readonly from: number; readonly to: number };

/** `reply`: what was read; whether it was swapped, as 1 or 0. */
type RegisterOperation = Event<RegisterRequest, number>;

const REGISTER: Machine<number, RegisterRequest, number> = {
  init: 0,
  ask: (random) => {
    const value = random.int(3);
    const kind = random.int(3);
    if (kind === 0) return { kind: 'read' };
    return kind === 1 ? { kind: 'write', value } : { kind: 'swap', from: value, to: random.int(3) };
  },
  answer: (state, request) => {
    if (request.kind === 'read') return { after: state, reply: state };
    if (request.kind === 'write') return { after: request.value, reply: 1 };
    const isSwapped = state === request.from;
    return { after: isSwapped ? request.to : state, reply: Number(isSwapped) };
  },
};

export const REGISTER_MODEL: SequentialModel<number, RegisterOperation> = {
  init: REGISTER.init,
  step: (state, { request, reply }) => {
    const expected = REGISTER.answer(state, request);
    return reply === undefined || reply === expected.reply ? expected.after : undefined;
  },
  key: (state) => state,
  touches: () => ['the register'],
  changesNothing: ({ request, reply }) => request.kind === 'read' || (request.kind === 'swap' && reply === 0),
};

export function registerHistory(seed: string, shape: Shape): readonly RegisterOperation[] {
  return eventsOf(new Random(seed).stream('register'), REGISTER, shape);
}

// ---------------------------------------------------------------------------------------------- znodes

type Znodes = ReadonlyMap<string, Znode>;

interface Asked {
  readonly request: TreeRequest;
  readonly session: ReturnType<typeof sessionId>;
}

const SESSIONS = [sessionId('0xa'), sessionId('0xb')];
const DATAS = [null, bytes('one'), bytes('three')];

const treeOf = (znodes: Znodes): ZnodeTree => ({
  get: (path) => znodes.get(path),
  ownedBy: (session) => [...znodes].flatMap(([path, { owner }]) => (owner === session ? [path] : [])),
});

const withChanges = (znodes: Znodes, changes: ReadonlyMap<string, Znode | undefined>): Znodes => {
  const after = new Map(znodes);
  for (const [path, znode] of changes) {
    if (znode === undefined) after.delete(path);
    else after.set(path, znode);
  }
  return after;
};

/** The tree as a plain map that is copied for every step. */
export const PLAIN_TREES: Pick<SequentialModel<Znodes, PlacedOperation>, 'init' | 'step'> = {
  init: FIRST_ZNODES,
  step: (znodes, operation) => {
    const changes = changesBy(treeOf(znodes), operation);
    return changes && withChanges(znodes, changes);
  },
};

const ZNODES = ({ paths, ends }: World): Machine<Znodes, Asked, Answer> => ({
  init: FIRST_ZNODES,
  ask: (random) => ({ request: randomRequest(random, paths, ends), session: oneOf(random, SESSIONS) }),
  answer: (znodes, { request, session }) => {
    const tree = treeOf(znodes);
    if (isRead(request)) return { after: znodes, reply: readAnswer(tree.get(request.path)) };
    const draft = new Draft(tree);
    const outcome = applyWrite(draft, request, session, tree);
    return { after: withChanges(znodes, draft.changes), reply: answerOf(outcome) };
  },
});

function randomRequest(random: RandomStream, paths: readonly string[], ends: number): TreeRequest {
  if (random.chance(ends)) return { op: 'closeSession' };
  const kind = random.int(9);
  if (kind === 1) return { op: 'multi', ops: [randomOp(random, paths), randomOp(random, paths)] };
  if (kind === 2) return { op: 'getData', path: oneOf(random, paths), watch: false };
  const op = randomOp(random, paths);
  return op.op === 'check' ? { op: 'multi', ops: [op] } : op;
}

function randomOp(random: RandomStream, paths: readonly string[]): MultiOp {
  const path = oneOf(random, paths);
  const version = random.chance(0.6) ? -1 : random.int(2);
  switch (random.int(7)) {
    case 0:
      return { op: 'delete', path, version };
    case 1:
      return { op: 'check', path, version };
    case 2:
    case 3:
      return { op: 'setData', path, data: oneOf(random, DATAS), version };
    default:
      return createOf(random, path);
  }
}

const createOf = (random: RandomStream, path: string): CreateRequest => ({
  op: 'create2',
  path,
  data: oneOf(random, DATAS),
  acl: OPEN_ACL_UNSAFE,
  flags: random.chance(0.6) ? 0 : random.int(4),
});

function answerOf(outcome: Outcome): Answer {
  if (outcome.kind === 'failed') return { err: outcome.err, body: undefined };
  if (outcome.kind === 'multi')
    return { err: ErrorCode.OK, body: { results: outcome.results.map((result) => resultOf(result)) } };
  return { err: ErrorCode.OK, body: bodyOf(outcome) };
}

function resultOf(outcome: SingleOutcome): NonNullable<ReplyBody['results']>[number] {
  switch (outcome.kind) {
    case 'failed':
      return { type: 'error', err: outcome.err };
    case 'created':
      return { type: 'create2', path: outcome.path, stat: statOfZnode(outcome.node) };
    case 'set':
      return { type: 'setData', stat: statOfZnode(outcome.node) };
    case 'deleted':
      return { type: 'delete' };
    default:
      return { type: 'check' };
  }
}

function bodyOf(outcome: SingleOutcome): ReplyBody | undefined {
  if (outcome.kind === 'created') return { path: outcome.path, stat: statOfZnode(outcome.node) };
  return outcome.kind === 'set' ? { stat: statOfZnode(outcome.node) } : undefined;
}

const readAnswer = (node: Znode | undefined): Answer =>
  node === undefined
    ? { err: ErrorCode.NONODE, body: undefined }
    : { err: ErrorCode.OK, body: { data: node.data, stat: statOfZnode(node) } };

const statOfZnode = ({ data, version, creates, children, owner }: Znode) =>
  statOf(NO_TXNS, 0, {
    version,
    cversion: 2 * creates - children,
    numChildren: children,
    dataLength: data?.length ?? 0,
    ephemeralOwner: owner,
  });

/** Zxids tell the order that really was: a write's is its place, a read's that of the last write before it. */
function placed(events: readonly Event<Asked, Answer>[]): readonly PlacedOperation[] {
  let lastWrite = 0;
  return events.map(({ request: { request, session }, reply, place, invoked, answered }) => {
    if (place > 0 && !isRead(request)) lastWrite = place;
    const zxid = place === 0 ? NO_TXNS : makeZxid(1, lastWrite);
    return { request, session, answer: reply, invoked, answered, zxid };
  });
}

/** What there is to operate on, and how many of the operations end a session. */
interface World {
  readonly paths: readonly string[];
  readonly ends: number;
}

const SMALL_WORLD: World = { paths: ['/a', '/a', '/a/b'], ends: 0.1 };

export function znodeHistory(
  seed: string,
  shape: Shape,
  world: Partial<World> = {},
): readonly PlacedOperation[] {
  const machine = ZNODES({ ...SMALL_WORLD, ...world });
  return placed(eventsOf(new Random(seed).stream('znodes'), machine, shape));
}

// ---------------------------------------------------------------------------------------------- every order

/** Tries every order, and every choice of those without an answer. */
export function someOrderFits<State, Operation extends TimedOperation>(
  model: Pick<SequentialModel<State, Operation>, 'step'>,
  state: State,
  left: readonly Operation[],
): boolean {
  if (left.every(({ answered }) => answered === Infinity)) return true;
  return left.some((operation) => {
    if (left.some(({ answered }) => answered < operation.invoked)) return false;
    const after = model.step(state, operation);
    const others = left.filter((other) => other !== operation);
    return after !== undefined && someOrderFits(model, after, others);
  });
}

/** Whether this is such an order: each between its invocation and its answer, all that were answered in it, every answer right. */
export function fits<State, Operation extends TimedOperation>(
  model: Pick<SequentialModel<State, Operation>, 'init' | 'step'>,
  history: readonly Operation[],
  order: readonly number[],
): boolean {
  let state: State | undefined = model.init;
  const operations = order.flatMap((index) => history[index] ?? []);
  for (const [place, operation] of operations.entries()) {
    if (operations.slice(place + 1).some(({ answered }) => answered < operation.invoked)) return false;
    state = model.step(state, operation);
    if (state === undefined) return false;
  }
  const isEach = history.every(
    (operation, index) => operation.answered === Infinity || order.includes(index),
  );
  return isEach && new Set(order).size === order.length;
}
