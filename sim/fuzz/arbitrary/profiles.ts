import { SWARM_KINDS, type SwarmKind } from '../swarm/fault-kinds.ts';
import type { MixName } from '../swarm/workload.ts';

/** What a fuzzed run may be like, by name. */
export const PROFILES = ['quick', 'default', 'disk', 'clocks', 'sessions', 'elections', 'recovery'] as const;
export type ProfileName = (typeof PROFILES)[number];

/** A fault that the swarm has; or one for a purpose: the power of several machines fails, a machine never comes back, a client has to move. */
export type ActionKind =
  SwarmKind | 'overthrow' | 'standstill' | 'handover' | 'powerCut' | 'lossForGood' | 'dropClient';
export const ACTION_KINDS: readonly ActionKind[] = [
  ...SWARM_KINDS,
  'overthrow',
  'standstill',
  'handover',
  'powerCut',
  'lossForGood',
  'dropClient',
];

/** Values by their weights, the simplest first: that is what a smaller run has. */
type Weights<T> = readonly (readonly [weight: number, value: T])[];

export interface Profile {
  readonly participants: Weights<number>;
  readonly observers: Weights<number>;
  /** Of story, from and to. */
  readonly seconds: readonly [min: number, max: number];
  readonly clients: number;
  /** Of one client, from and to. */
  readonly requests: readonly [min: number, max: number];
  readonly mixes: readonly MixName[];
  /** Timed actions, at most. */
  readonly actions: number;
  /** Every run has one of these kinds of fault: without an election now and then there is little to see. */
  readonly core: Readonly<Partial<Record<ActionKind, number>>>;
  /** How many other kinds one run may have: what all of them together hide, a few bring out. */
  readonly kinds: Weights<number>;
  readonly weights: Readonly<Partial<Record<ActionKind, number>>>;
  /** Values of tickTime where limits are drawn, ms. */
  readonly ticks: readonly number[];
  readonly snapCounts: readonly number[];
  /** The longest session where limits are drawn, ticks: who asks for more gets less, as with most clients. */
  readonly maxSessionTicks: readonly number[];
  /** Of runs with drawn limits, percent: the counter of zxids is near its end. Of clients: the xids are. */
  readonly lastZxids: number;
  readonly lastXids: number;
  /** Of runs, percent: limits that are drawn instead of ZooKeeper's own, a world that is not quiet, quorums by groups. */
  readonly drawnLimits: number;
  readonly drawnWorld: number;
  /** Of runs, percent: in the end everything is healed, and a little later all servers start once more. */
  readonly lastRestarts: number;
  /** Of runs, percent: links, disks and processes have priorities. */
  readonly priorities: number;
  readonly grouped: number;
}

const PROCESSES = {
  crash: 4,
  powerCut: 3,
  overthrow: 3,
  restart: 1,
  pause: 3,
  resume: 1,
  slowCpu: 1,
  lossForGood: 1,
} as const;
const NETWORK = {
  partition: 3,
  bridge: 1,
  ring: 1,
  isolate: 3,
  flap: 1,
  hold: 2,
  release: 1,
  clog: 2,
  swizzle: 1,
  link: 2,
  disconnect: 3,
  refuse: 1,
  fullBacklog: 1,
  heal: 1,
} as const;
const DISKS = { slowDisk: 3, stallDisk: 3, fullDisk: 2, failWrites: 2, flipBit: 2 } as const;
/** What costs data, and so strikes observers only. */
const DATA = { loseSnapshot: 1, wipe: 1, copyData: 1, backup: 1, restore: 1 } as const;
const CLIENTS = { flood: 1, expire: 2, dropClient: 3, standstill: 2, handover: 2 } as const;

/** What makes servers elect. */
const CORE = { crash: 3, powerCut: 3, overthrow: 4, isolate: 1, partition: 1 } as const;

const DEFAULT: Profile = {
  participants: [
    [12, 3],
    [6, 5],
    [1, 1],
    [1, 2],
    [1, 4],
  ],
  observers: [
    [12, 0],
    [4, 1],
    [1, 2],
  ],
  seconds: [3, 10],
  clients: 4,
  requests: [4, 40],
  mixes: [
    'entries',
    'registers',
    'counters',
    'locks',
    'members',
    'toggles',
    'barriers',
    'queue',
    'transactions',
    'watches',
    'reads',
    'watchers',
  ],
  actions: 30,
  core: CORE,
  kinds: [
    [1, 1],
    [3, 2],
    [3, 4],
    [2, 8],
    [1, 16],
  ],
  weights: { ...PROCESSES, ...NETWORK, ...DISKS, ...DATA, ...CLIENTS, clock: 2 },
  ticks: [200, 200, 500, 1000],
  snapCounts: [100_000, 4, 10, 30, 1000],
  maxSessionTicks: [20],
  lastZxids: 6,
  lastXids: 2,
  drawnLimits: 90,
  drawnWorld: 60,
  lastRestarts: 30,
  priorities: 0,
  grouped: 5,
};

/** What kind of run each name stands for, as far as it is not the default. */
export const PROFILE: Readonly<Record<ProfileName, Profile>> = {
  default: DEFAULT,
  quick: { ...DEFAULT, seconds: [3, 6], clients: 2, requests: [3, 15], actions: 12 },
  disk: {
    ...DEFAULT,
    requests: [8, 60],
    core: { crash: 3, powerCut: 4, overthrow: 1 },
    weights: {
      ...DISKS,
      ...DATA,
      crash: 4,
      powerCut: 2,
      overthrow: 2,
      restart: 1,
      slowCpu: 1,
      lossForGood: 1,
    },
    ticks: [200, 200, 500],
    snapCounts: [100_000, 4, 4, 10],
    lastRestarts: 70,
  },
  clocks: {
    ...DEFAULT,
    seconds: [4, 12],
    mixes: ['members', 'locks', 'registers'],
    core: { clock: 1 },
    lastRestarts: 0,
    weights: { clock: 6, pause: 4, slowCpu: 2, crash: 2, isolate: 1, clog: 1 },
  },
  sessions: {
    ...DEFAULT,
    // Clients that have lost their server take a second to find another one.
    seconds: [4, 14],
    clients: 8,
    requests: [8, 50],
    mixes: [
      'locks',
      'locks',
      'members',
      'members',
      'toggles',
      'barriers',
      'watches',
      'watchers',
      'transactions',
      'reads',
    ],
    ticks: [200, 500, 1000, 1000],
    maxSessionTicks: [20, 4, 2],
    lastRestarts: 0,
    core: { standstill: 5, handover: 3, dropClient: 1 },
    weights: {
      expire: 5,
      dropClient: 3,
      hold: 4,
      clog: 2,
      refuse: 2,
      stallDisk: 5,
      slowDisk: 3,
      crash: 2,
      pause: 2,
      isolate: 2,
      flood: 1,
    },
    lastXids: 10,
  },
  elections: {
    ...DEFAULT,
    participants: [
      [3, 3],
      [4, 5],
      [1, 4],
    ],
    observers: [
      [1, 0],
      [1, 1],
      [1, 2],
    ],
    ticks: [200, 200, 500],
    clients: 3,
    requests: [4, 40],
    weights: { ...NETWORK, ...PROCESSES, lossForGood: 10 },
    lastRestarts: 0,
    grouped: 15,
  },
  recovery: {
    ...DEFAULT,
    participants: [
      [12, 3],
      [1, 5],
    ],
    clients: 3,
    requests: [20, 100],
    mixes: ['entries', 'entries', 'registers', 'locks', 'members', 'transactions'],
    ticks: [200, 200, 500],
    core: { crash: 3, powerCut: 4, overthrow: 4 },
    weights: {
      crash: 3,
      powerCut: 5,
      overthrow: 5,
      partition: 2,
      isolate: 1,
      slowDisk: 3,
      stallDisk: 3,
      disconnect: 2,
      slowCpu: 2,
      hold: 1,
      fullDisk: 1,
      lossForGood: 1,
    },
    snapCounts: [100_000, 4, 4, 10],
    lastRestarts: 70,
  },
};
