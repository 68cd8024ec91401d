import type { ServerSpec } from '../../../protocol/config.ts';
import { QUIET_NETWORK, QUIET_PROCESSES } from '../../plan-defaults.ts';
import type {
  ClockPlan,
  DiskPlan,
  Distribution,
  LossBursts,
  NetworkPlan,
  ProcessPlan,
} from '../../world-plan.ts';
import type { Dice } from '../dice.ts';

/** Hosts, wires, disks and clocks as they are while nothing is wrong with them. */
export interface World {
  readonly network: NetworkPlan;
  readonly disks: DiskPlan;
  readonly processes: ProcessPlan;
  readonly clocks: readonly ClockPlan[];
  /** What one way, with its retransmissions, takes when it takes long, ms: limits must leave room for it. */
  readonly slowWayMs: number;
  readonly options: readonly (readonly [name: string, text: string])[];
}

interface Distance {
  readonly text: string;
  readonly latency: Distribution;
  readonly slowMs: number;
}

type Disk = readonly [text: string, fsync: Distribution];
type Weighted<T> = readonly (readonly [weight: number, T])[];

/** What hosts, wires and disks may be like. */
interface Worlds {
  readonly distances: Weighted<Distance>;
  readonly disks: Weighted<Disk>;
  /** The longest that a stage of a process waits for its turn, ms. */
  readonly stagesMs: readonly number[];
}

const DISTANCES: Weighted<Distance> = [
  [4, { text: 'same rack', latency: { kind: 'logNormal', medianMs: 0.3, sigma: 0.4 }, slowMs: 2 }],
  [4, { text: 'same building', latency: { kind: 'exponential', minMs: 0.2, meanMs: 1 }, slowMs: 10 }],
  [2, { text: 'two cities', latency: { kind: 'uniform', minMs: 5, maxMs: 20 }, slowMs: 20 }],
  [1, { text: 'two continents', latency: { kind: 'logNormal', medianMs: 40, sigma: 0.3 }, slowMs: 120 }],
  [
    2,
    {
      text: 'two paths, one slow',
      latency: {
        kind: 'bimodal',
        fast: { kind: 'constant', ms: 0.5 },
        slow: { kind: 'uniform', minMs: 20, maxMs: 100 },
        slowShare: 0.02,
      },
      slowMs: 100,
    },
  ],
  [
    1,
    { text: 'as recorded', latency: { kind: 'recorded', ms: [0.4, 0.4, 0.5, 0.7, 1.1, 3, 30] }, slowMs: 30 },
  ],
];

const DISKS: Weighted<Disk> = [
  [2, ['a flash disk', { kind: 'constant', ms: 0.2 }]],
  [4, ['a good disk', { kind: 'logNormal', medianMs: 1.5, sigma: 0.5 }]],
  [2, ['a shared disk', { kind: 'exponential', minMs: 0.5, meanMs: 8 }]],
  [1, ['a turning disk', { kind: 'uniform', minMs: 2, maxMs: 15 }]],
];

export const COMMON: Worlds = { distances: DISTANCES, disks: DISKS, stagesMs: [0.02, 0.05, 0.05, 2] };

export const SLOWEST_FSYNC: Distribution = { kind: 'uniform', minMs: 20, maxMs: 150 };

/** The slower a thing, the wider the window in which it is half done; and slow ones take no more events than fast ones. */
export const SLOW: Worlds = {
  distances: DISTANCES,
  disks: [...DISKS, [6, ['a tired disk', SLOWEST_FSYNC]]],
  stagesMs: [0.02, 0.05, 2, 10],
};

const MIB = 1024 * 1024;
/** A retransmission or two, where segments get lost at all. */
const LOSS_ROOM_MS = 800;

export function drawWorld(dice: Dice, servers: readonly ServerSpec[], worlds: Worlds = COMMON): World {
  const distance = dice.weighted(worlds.distances);
  const loss = dice.weighted([
    [7, 0],
    [2, 0.002],
    [1, 0.01],
  ]);
  const bursts = dice.chance(0.1) ? drawBursts(dice) : undefined;
  const bandwidth = dice.chance(0.2) ? dice.int(1, 20) * MIB : undefined;
  const jitterMs = dice.chance(0.3) ? dice.int(1, 3) : 0;
  const network: NetworkPlan = {
    ...QUIET_NETWORK,
    latency: distance.latency,
    jitter: jitterMs === 0 ? QUIET_NETWORK.jitter : { kind: 'exponential', minMs: 0, meanMs: jitterMs },
    loss,
    bursts,
    bandwidth,
  };
  const disks = drawDisks(dice, worlds.disks);
  const stageMs = dice.oneOf(worlds.stagesMs);
  const clocks = dice.chance(0.3) ? drawClocks(dice, servers) : [];
  const losses = [
    ...(loss > 0 ? [`loss ${loss * 100} %`] : []),
    ...(bursts !== undefined ? ['loss in bursts'] : []),
    ...(bandwidth !== undefined ? [`${bandwidth / MIB} MiB/s`] : []),
    ...(jitterMs > 0 ? [`jitter ${jitterMs} ms`] : []),
  ];
  return {
    network,
    disks: disks.plan,
    processes: { ...QUIET_PROCESSES, stage: { kind: 'uniform', minMs: 0, maxMs: stageMs } },
    clocks,
    slowWayMs: distance.slowMs + 5 * jitterMs + (loss > 0 || bursts !== undefined ? LOSS_ROOM_MS : 0),
    options: [
      ['network', [distance.text, ...losses].join(', ')],
      ['disks', disks.text],
      ['stages', `up to ${stageMs} ms`],
      ['clocks', clocks.length === 0 ? 'right' : `${clocks.length} wrong`],
    ],
  };
}

const drawBursts = (dice: Dice): LossBursts => ({
  everyMs: dice.int(5, 20) * 1000,
  forMs: dice.int(20, 200),
  loss: dice.oneOf([0.5, 1]),
});

function drawDisks(dice: Dice, disks: Worlds['disks']): { readonly plan: DiskPlan; readonly text: string } {
  const [text, fsync] = dice.weighted(disks);
  const throughput = dice.chance(0.2) ? dice.int(2, 50) * MIB : undefined;
  return {
    plan: { fsync, throughput },
    text: throughput === undefined ? text : `${text}, ${throughput / MIB} MiB/s`,
  };
}

const drawClocks = (dice: Dice, servers: readonly ServerSpec[]): readonly ClockPlan[] =>
  dice.some(servers, 0.5).map(({ sid }) => ({
    sid,
    offsetMs: dice.int(-60, 60) * 1000,
    driftPpm: dice.int(-500, 500),
  }));
