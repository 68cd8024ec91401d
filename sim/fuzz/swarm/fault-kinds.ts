import type { ServerSpec } from '../../../protocol/config.ts';
import type { Fault, FaultKind, Target } from '../../fault-plan.ts';
import type { Distribution, LinkQuality } from '../../world-plan.ts';
import type { Dice } from '../dice.ts';

/** What a fault is drawn from. */
export interface Stage {
  readonly dice: Dice;
  readonly tickTime: number;
  readonly clients: readonly string[];
  readonly observers: readonly ServerSpec[];
  /**
   * Participants that may be damaged for good: all of them together leave a quorum, or the run is one of the few that is meant to end
   * without.
   */
  readonly expendable: readonly ServerSpec[];
  /** Whom much happens to: what goes wrong takes several blows to the same server. */
  readonly hero?: Target | undefined;
  /** A short story: who is down is soon back, mostly. */
  readonly isBrisk?: boolean;
}
/** How often it is the hero, where there is one. */
export const HEROIC = 0.4;

/** A fault, and for how many ticks it may last at most; 0: it is over at once. */
export interface Drawn {
  readonly fault: Fault;
  readonly maxTicks: number;
}

type Draw = (stage: Stage) => Drawn | undefined;

const named = ({ sid }: ServerSpec): Target => ({ kind: 'server', sid });
const ALL: readonly Target[] = [{ kind: 'allServers' }];
const constant = (ms: number): Distribution => ({ kind: 'constant', ms });

const once = (fault: Fault): Drawn => ({ fault, maxTicks: 0 });
const lasting = (fault: Fault, maxTicks = 30): Drawn => ({ fault, maxTicks });
/** A server that can't write looks for a leader again and again, as fast as the network lets it: more of that shows nothing new. */
const FEW_TICKS = 8;

const someServers = ({ dice, hero }: Stage): readonly Target[] => {
  if (hero !== undefined && dice.chance(HEROIC)) return [hero];
  return [byRole(dice)];
};

/** Machines often share their storage. */
const someDisks = (stage: Stage): readonly Target[] =>
  stage.isBrisk === true && stage.dice.chance(0.4)
    ? [{ kind: stage.dice.oneOf(['allServers', 'followers', 'majority'] as const) }]
    : someServers(stage);

const byRole = (dice: Dice): Target =>
  dice.weighted<Target>([
    [4, { kind: 'leader' }],
    [3, { kind: 'anyFollower' }],
    [3, { kind: 'anyServer' }],
    [2, { kind: 'minority' }],
    [2, { kind: 'minorityWithLeader' }],
    [1, { kind: 'majority' }],
    [1, { kind: 'followers' }],
    [1, { kind: 'observers' }],
    [1, { kind: 'allServers' }],
    [1, { kind: 'lastStruck' }],
  ]);

const someClient = ({ dice, clients }: Stage): readonly Target[] => [
  dice.chance(0.2) ? { kind: 'anyClient' } : { kind: 'client', name: dice.oneOf(clients) },
];

const anybody = (stage: Stage): readonly Target[] =>
  stage.dice.chance(0.8) ? someServers(stage) : someClient(stage);

const twoSides = (stage: Stage): readonly [readonly Target[], readonly Target[]] => [
  anybody(stage),
  stage.dice.chance(0.6) ? ALL : someServers(stage),
];

/** For what costs data: an observer has no vote, so the ensemble loses nothing with it. */
function anObserver({ dice, observers }: Stage): readonly Target[] | undefined {
  const observer = dice.anyOf(observers);
  return observer && [named(observer)];
}

function anExpendable({ dice, expendable, observers }: Stage): readonly Target[] | undefined {
  const server = dice.anyOf([...expendable, ...observers]);
  return server && [named(server)];
}

const restart = ({ dice, tickTime, isBrisk }: Stage): number | undefined =>
  dice.oneOf(
    isBrisk === true
      ? [0, 10, 100, tickTime, tickTime, 2 * tickTime, undefined]
      : [0, 10, tickTime, 5 * tickTime, undefined],
  );

function drawCrash(stage: Stage): Drawn {
  const { dice } = stage;
  // Few, mostly: between an append and its fsync there are not many.
  const after = dice.chance(0.6)
    ? ({ unit: dice.oneOf(['effects', 'writes'] as const), count: dice.ms(1, 12) } as const)
    : undefined;
  const silent = dice.chance(0.4);
  return once({
    kind: 'crash',
    target: dice.chance(0.9) ? someServers(stage) : someClient(stage),
    lose: silent ? dice.oneOf(['none', 'some', 'torn', 'all'] as const) : 'none',
    silent,
    restartAfterMs: restart(stage),
    after,
    forGood: false,
  });
}

function drawChange({ dice, tickTime }: Stage): Partial<LinkQuality> {
  return dice.oneOf<Partial<LinkQuality>>([
    { latency: { kind: 'uniform', minMs: 1, maxMs: dice.ms(5, tickTime) } },
    { jitter: { kind: 'exponential', minMs: 0, meanMs: dice.ms(2, 200) } },
    { loss: dice.oneOf([0.02, 0.1, 0.3, 0.7]) },
    { bursts: { everyMs: 2 * tickTime, forMs: dice.ms(20, tickTime), loss: 1 } },
    { bandwidth: dice.ms(2_000, 500_000) },
  ]);
}

/** A lost log leaves a fuzzy snapshot without the txns that make it whole: a tree that never was. The fault model has no place for that. */
export type SwarmKind = Exclude<FaultKind, 'loseLog'>;

/** Every kind that keeps to the fault model. What may cost data that was flushed strikes observers only. */
const KINDS: Readonly<Record<SwarmKind, Draw>> = {
  crash: drawCrash,
  restart: () => once({ kind: 'restart', target: ALL }),
  pause: (stage) => lasting({ kind: 'pause', target: anybody(stage) }),
  resume: () => once({ kind: 'resume', target: ALL }),
  slowCpu: (stage) => {
    const maxMs = stage.dice.ms(2, stage.tickTime / 4);
    return lasting({
      kind: 'slowCpu',
      target: someServers(stage),
      stage: { kind: 'uniform', minMs: 0, maxMs },
    });
  },
  partition: (stage) => {
    const groups = [anybody(stage), [{ kind: 'rest' } as const]];
    return lasting({ kind: 'partition', groups, oneWay: stage.dice.chance(0.35) });
  },
  bridge: (stage) =>
    lasting({ kind: 'bridge', target: [{ kind: stage.dice.oneOf(['leader', 'anyServer'] as const) }] }),
  ring: () => lasting({ kind: 'ring', target: ALL }),
  isolate: (stage) => lasting({ kind: 'isolate', target: anybody(stage) }),
  flap: (stage) => {
    const { dice, tickTime } = stage;
    const [downMs, upMs] = [dice.ms(20, 4 * tickTime), dice.ms(20, 4 * tickTime)];
    return lasting({ kind: 'flap', between: twoSides(stage), downMs, upMs });
  },
  hold: (stage) => lasting({ kind: 'hold', between: twoSides(stage), oneWay: stage.dice.chance(0.4) }),
  release: () => once({ kind: 'release', between: [ALL, ALL] }),
  clog: (stage) => lasting({ kind: 'clog', target: anybody(stage) }),
  swizzle: (stage) => {
    const withinMs = stage.dice.ms(50, 3 * stage.tickTime);
    return lasting({ kind: 'swizzle', target: stage.dice.chance(0.5) ? ALL : someServers(stage), withinMs });
  },
  link: (stage) =>
    lasting({
      kind: 'link',
      between: twoSides(stage),
      oneWay: stage.dice.chance(0.3),
      change: drawChange(stage),
    }),
  disconnect: (stage) => {
    const told = stage.dice.oneOf(['both', 'both', 'first', 'nobody'] as const);
    // Connections that nobody was told of are half open until something ends them.
    const drawn = told === 'nobody' ? lasting : once;
    return drawn({ kind: 'disconnect', between: twoSides(stage), told });
  },
  refuse: (stage) => lasting({ kind: 'refuse', target: someServers(stage), port: drawPort(stage) }),
  fullBacklog: (stage) => lasting({ kind: 'fullBacklog', target: someServers(stage), port: drawPort(stage) }),
  slowDisk: (stage) => {
    const isThrottled = stage.dice.chance(0.3);
    return lasting({
      kind: 'slowDisk',
      target: someDisks(stage),
      fsync: isThrottled ? undefined : constant(stage.dice.ms(20, 2 * stage.tickTime)),
      throughput: isThrottled ? stage.dice.ms(5_000, 1_000_000) : undefined,
    });
  },
  stallDisk: (stage) => lasting({ kind: 'stallDisk', target: someDisks(stage) }),
  fullDisk: (stage) => lasting({ kind: 'fullDisk', target: someServers(stage) }, FEW_TICKS),
  failWrites: (stage) => lasting({ kind: 'failWrites', target: someServers(stage) }, FEW_TICKS),
  flipBit: (stage) => {
    const target = anExpendable(stage);
    return target && once({ kind: 'flipBit', target, where: stage.dice.oneOf(['log', 'snapshot'] as const) });
  },
  loseSnapshot: (stage) => {
    const target = anObserver(stage);
    return target && once({ kind: 'loseSnapshot', target, restartAfterMs: restart(stage) });
  },
  wipe: (stage) => {
    const target = anObserver(stage);
    return target && once({ kind: 'wipe', target, restartAfterMs: restart(stage) });
  },
  copyData: (stage) => {
    const target = anObserver(stage);
    return (
      target &&
      once({ kind: 'copyData', target, from: { kind: 'anyFollower' }, restartAfterMs: restart(stage) })
    );
  },
  backup: (stage) => {
    const target = anObserver(stage);
    return target && once({ kind: 'backup', target });
  },
  restore: (stage) => {
    const target = anObserver(stage);
    return target && once({ kind: 'restore', target, restartAfterMs: restart(stage) });
  },
  clock: drawClock,
  flood: (stage) =>
    lasting({
      kind: 'flood',
      target: [{ kind: 'anyServer' }],
      connections: stage.dice.int(5, 90),
      sessions: stage.dice.chance(0.5),
    }),
  expire: (stage) => once({ kind: 'expire', target: someClient(stage) }),
  heal: () => once({ kind: 'heal' }),
};

export const SWARM_KINDS = Object.keys(KINDS) as readonly SwarmKind[];

/** A fault of this kind; undefined where this ensemble has nobody whom it may strike. */
export const drawFault = (kind: SwarmKind, stage: Stage): Drawn | undefined => KINDS[kind](stage);

const drawPort = ({ dice }: Stage): 'election' | 'quorum' | 'client' | 'all' =>
  dice.oneOf(['election', 'quorum', 'client', 'all'] as const);

function drawClock(stage: Stage): Drawn {
  const { dice, isBrisk } = stage;
  const clock = { kind: 'clock', target: someServers(stage) } as const;
  const nothing = { stepMs: undefined, driftPpm: undefined, freeze: undefined };
  const step = (): Drawn =>
    once({ ...clock, ...nothing, stepMs: dice.oneOf([-1, 1]) * dice.ms(10, 3_600_000) });
  return dice.oneOf([
    step,
    () => lasting({ ...clock, ...nothing, driftPpm: dice.oneOf([-1, 1]) * dice.ms(10, 100_000) }),
    () => lasting({ ...clock, ...nothing, freeze: dice.oneOf(['wall', 'both'] as const) }),
    // What a short story leaves time for.
    ...(isBrisk === true ? [step] : []),
  ])();
}

/** A client loses its connection, and has to look for another server. */
export const drawDroppedClient = (stage: Stage): Drawn =>
  once({
    kind: 'disconnect',
    between: [[{ kind: 'client', name: stage.dice.oneOf(stage.clients) }], ALL],
    told: stage.dice.oneOf(['both', 'both', 'first'] as const),
  });

/** Several machines at once, with what they had not flushed; the power is soon back. */
export function drawPowerCut(stage: Stage): Drawn {
  const { dice, tickTime } = stage;
  const target = dice.weighted<Target>([
    [3, { kind: 'majority' }],
    [3, { kind: 'allServers' }],
    [2, { kind: 'minorityWithLeader' }],
    [1, { kind: 'leader' }],
    [1, { kind: 'followers' }],
  ]);
  const after = dice.chance(0.3)
    ? ({ unit: dice.oneOf(['effects', 'writes'] as const), count: dice.ms(1, 12) } as const)
    : undefined;
  return once({
    kind: 'crash',
    target: [target],
    lose: dice.oneOf(['all', 'all', 'some', 'torn'] as const),
    silent: true,
    restartAfterMs: dice.oneOf([0, 10, 100, tickTime]),
    after,
    forGood: false,
  });
}

/** A machine that never comes back. Not a kind of its own: it may only strike who is expendable. */
export function drawLossForGood(stage: Stage): Drawn | undefined {
  const target = anExpendable(stage);
  if (target === undefined) return undefined;
  return once({
    kind: 'crash',
    target,
    lose: 'all',
    silent: true,
    restartAfterMs: undefined,
    after: undefined,
    forGood: true,
  });
}
