import type { SwarmKind } from '../swarm/fault-kinds.ts';
import type { MixName } from '../swarm/workload.ts';

/** What a fuzzed run may be like, by name. */
export const PROFILES = ['quick', 'default', 'disk', 'clocks', 'sessions', 'elections', 'recovery'] as const;
export type ProfileName = (typeof PROFILES)[number];

/** A fault that the swarm has; or a machine that never comes back. */
export type ActionKind = SwarmKind | 'lossForGood';

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
  /** How many kinds of fault one run may have: what all of them together hide, a few bring out. */
  readonly kinds: Weights<number>;
  readonly weights: Readonly<Partial<Record<ActionKind, number>>>;
  /** Of runs, percent: limits that are drawn instead of ZooKeeper's own, a world that is not quiet, quorums by groups. */
  readonly drawnLimits: number;
  readonly drawnWorld: number;
  readonly grouped: number;
}

const PROCESSES = { crash: 8, restart: 1, pause: 3, resume: 1, slowCpu: 1, lossForGood: 1 } as const;
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
const CLIENTS = { flood: 1, expire: 2 } as const;

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
  seconds: [5, 25],
  clients: 4,
  requests: [4, 40],
  mixes: ['registers', 'counters', 'locks', 'members', 'queue', 'transactions', 'watches', 'reads'],
  actions: 30,
  kinds: [
    [1, 1],
    [3, 2],
    [3, 4],
    [2, 8],
    [1, 16],
  ],
  weights: { ...PROCESSES, ...NETWORK, ...DISKS, ...DATA, ...CLIENTS, clock: 2 },
  drawnLimits: 80,
  drawnWorld: 60,
  grouped: 5,
};

/** What kind of run each name stands for, as far as it is not the default. */
export const PROFILE: Readonly<Record<ProfileName, Profile>> = {
  default: DEFAULT,
  quick: { ...DEFAULT, seconds: [3, 8], clients: 2, requests: [3, 15], actions: 10 },
  disk: {
    ...DEFAULT,
    weights: { ...DISKS, ...DATA, crash: 8, restart: 2, lossForGood: 1 },
  },
  clocks: {
    ...DEFAULT,
    mixes: ['members', 'locks', 'registers'],
    weights: { clock: 10, pause: 4, slowCpu: 2, crash: 2, isolate: 1, clog: 1 },
  },
  sessions: {
    ...DEFAULT,
    clients: 6,
    mixes: ['locks', 'members', 'watches', 'reads'],
    weights: {
      ...CLIENTS,
      expire: 4,
      crash: 4,
      pause: 3,
      isolate: 3,
      disconnect: 4,
      clog: 2,
      hold: 2,
      refuse: 1,
    },
  },
  elections: {
    ...DEFAULT,
    participants: [
      [4, 3],
      [4, 5],
      [1, 4],
      [1, 7],
    ],
    clients: 2,
    weights: { ...NETWORK, ...PROCESSES },
    grouped: 15,
  },
  recovery: {
    ...DEFAULT,
    weights: {
      crash: 12,
      restart: 2,
      stallDisk: 2,
      slowDisk: 2,
      flipBit: 1,
      isolate: 2,
      hold: 1,
      lossForGood: 1,
    },
  },
};
