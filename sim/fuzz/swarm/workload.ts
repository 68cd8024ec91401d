import type { ServerSpec } from '../../../protocol/config.ts';
import type { Activity, ClientPlan, DataPlan, OperationPlan, Repeat } from '../../client-plan.ts';
import type { Dice } from '../dice.ts';

export interface Workload {
  readonly clients: readonly ClientPlan[];
  readonly text: string;
}

const TEXT: DataPlan = { kind: 'text', text: '{client}-{n}' };
export const CLIENT_NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
const TOP = ['/a', '/b', '/c'];
const PATHS = [...TOP, '/a/x', '/a/y', '/b/z'];
const FLEETING = ['/x', '/y'];

/** What a run is mostly about. Each is what applications use ZooKeeper for. */
const MIXES = {
  entries: (dice) => [make('/{client}-{n}', {}), set(dice), get(dice, false)],
  // What is there now is gone soon, and back again.
  toggles: (dice) => {
    const path = dice.oneOf(FLEETING);
    const ephemeral = dice.chance(0.5);
    return [
      make(path, { ephemeral }),
      { op: 'delete', path, version: -1 },
      { op: 'exists', path: dice.oneOf(FLEETING), watch: dice.chance(0.7) },
    ];
  },
  // Who is there waits for what the others make.
  barriers: () => [{ op: 'exists', path: '/ready-{n}', watch: true }, make('/ready-{n}', {})],
  registers: (dice) => [create(dice), set(dice), get(dice, false)],
  counters: (dice) => [set(dice), conditional(dice), get(dice, false)],
  locks: () => [
    make('/a', {}),
    make('/a/lock-', { ephemeral: true, sequential: true }),
    { op: 'getChildren', path: '/a', watch: true },
  ],
  members: (dice) => [
    make('/b', {}),
    make(`/b/{client}`, { ephemeral: true }),
    { op: 'exists', path: `/b/${dice.oneOf(CLIENT_NAMES)}`, watch: true },
  ],
  queue: () => [
    make('/c', {}),
    make('/c/item-', { sequential: true }),
    { op: 'getChildren', path: '/c', watch: true },
    { op: 'delete', path: '/c/item-000000000{n}', version: -1 },
  ],
  transactions: (dice) => [create(dice), multi(dice), multi(dice)],
  watches: (dice) => [create(dice), get(dice, true), set(dice), remove(dice), seen(dice)],
  reads: (dice) => [get(dice, false), seen(dice), { op: 'sync', path: '/' }, set(dice)],
  watchers: (dice) => [
    get(dice, true),
    seen(dice),
    { op: 'getChildren', path: dice.oneOf(TOP), watch: true },
  ],
} as const satisfies Record<string, (dice: Dice) => readonly OperationPlan[]>;
export type MixName = keyof typeof MIXES;
export const MIX_NAMES = Object.keys(MIXES) as MixName[];
/** The fuzzer's alone: a long run has enough of everything. */
const NOT_IN_SWARM: ReadonlySet<MixName> = new Set(['watchers', 'entries', 'toggles', 'barriers']);
const SWARM_MIXES = MIX_NAMES.filter((name) => !NOT_IN_SWARM.has(name));

/** Requests of a whole run: their number is what a run costs. */
const FEW = 15;
const MANY = 150;
const LOTS = 800;

/** `count`: of clients; undefined: drawn. */
export function drawWorkload(
  dice: Dice,
  among: Pick<Context, 'servers' | 'durationMs' | 'tickTime'> & { readonly count: number | undefined },
): Workload {
  const mixes = dice.shuffled(SWARM_MIXES).slice(0, dice.int(1, 3));
  const clients = CLIENT_NAMES.slice(0, among.count ?? dice.int(1, CLIENT_NAMES.length));
  const requests = dice.ms(FEW, dice.chance(0.05) ? LOTS : MANY);
  const share = requests / clients.length;
  return {
    clients: clients.map((name, i) => withSetup(drawClient(dice, { ...among, name, mixes, share }), i === 0)),
    text: `${clients.length} clients, about ${requests} requests: ${mixes.join(', ')}`,
  };
}

/** The first client makes what the others write to: without it most requests would be refused. */
export function withSetup(client: ClientPlan, isFirst: boolean): ClientPlan {
  if (!isFirst) return client;
  const setup = TOP.map((path) => ({
    startMs: client.startMs,
    repeat: { kind: 'once' } as const,
    operation: make(path, {}),
  }));
  return { ...client, activities: [...setup, ...client.activities] };
}

export interface Context {
  readonly name: string;
  readonly mixes: readonly MixName[];
  readonly servers: readonly ServerSpec[];
  readonly durationMs: number;
  readonly tickTime: number;
  /** Requests of this client. */
  readonly share: number;
}

export function drawClient(dice: Dice, context: Context): ClientPlan {
  const { name, mixes, servers, durationMs, tickTime } = context;
  const operations = MIXES[dice.oneOf(mixes)](dice);
  const known = dice.chance(0.7) ? servers : dice.shuffled(servers).slice(0, dice.int(1, 2));
  const startMs = dice.int(0, 2000);
  const activities = operations.map((operation) => drawActivity(dice, operation, context, operations.length));
  const closes: Activity = {
    startMs: dice.int(Math.floor(durationMs / 2), durationMs - 1),
    repeat: { kind: 'once' },
    operation: { op: 'close' },
  };
  return {
    name,
    servers: known.map((server) => server.sid),
    sessionTimeoutMs: tickTime * dice.oneOf([2, 3, 6, 10, 20]),
    reads: dice.chance(0.2) ? 'synced' : 'local',
    startMs,
    activities: dice.chance(0.1) ? [...activities, closes] : activities,
  };
}

function drawActivity(
  dice: Dice,
  operation: OperationPlan,
  { durationMs, share }: Context,
  among: number,
): Activity {
  const times = Math.max(1, Math.round(share / among));
  const startMs = dice.int(500, Math.max(501, Math.floor(durationMs / 4)));
  return { startMs, repeat: drawRepeat(dice, times, startMs, durationMs), operation };
}

function drawRepeat(dice: Dice, times: number, startMs: number, untilMs: number): Repeat {
  if (dice.chance(0.15)) return { kind: 'backToBack', inFlight: dice.int(1, 8), untilMs, times };
  // The requests of a burst come much closer to one another than they would over the whole run.
  const meanMs = Math.max(2, Math.floor((untilMs - startMs) / times / dice.oneOf([1, 1, 4, 20])));
  const interval = dice.chance(0.5)
    ? ({ kind: 'exponential', minMs: 1, meanMs } as const)
    : ({ kind: 'constant', ms: meanMs } as const);
  return { kind: 'every', interval, untilMs, times };
}

function make(
  path: string,
  flags: { readonly ephemeral?: boolean; readonly sequential?: boolean },
): OperationPlan {
  const { ephemeral = false, sequential = false } = flags;
  return { op: 'create', path, data: TEXT, ephemeral, sequential };
}

function create(dice: Dice): OperationPlan {
  const data: DataPlan = dice.chance(0.1) ? { kind: 'size', bytes: dice.int(1, 20_000) } : TEXT;
  return { op: 'create', path: dice.oneOf(PATHS), data, ephemeral: false, sequential: false };
}

const set = (dice: Dice): OperationPlan => ({
  op: 'setData',
  path: dice.oneOf(TOP),
  data: TEXT,
  version: -1,
});
const conditional = (dice: Dice): OperationPlan => ({
  op: 'setData',
  path: dice.oneOf(TOP),
  data: TEXT,
  version: dice.int(0, 5),
});
const remove = (dice: Dice): OperationPlan => ({ op: 'delete', path: dice.oneOf(PATHS), version: -1 });
const get = (dice: Dice, watch: boolean): OperationPlan => ({
  op: 'getData',
  path: dice.oneOf(PATHS),
  watch,
});
const seen = (dice: Dice): OperationPlan => ({
  op: 'exists',
  path: dice.oneOf(PATHS),
  watch: dice.chance(0.5),
});

function multi(dice: Dice): OperationPlan {
  const check: OperationPlan = { op: 'check', path: dice.oneOf(TOP), version: dice.oneOf([-1, -1, 0, 3]) };
  return {
    op: 'multi',
    ops: [set(dice), check, dice.chance(0.5) ? make('/a/m-{client}-{n}', {}) : remove(dice)],
  };
}
