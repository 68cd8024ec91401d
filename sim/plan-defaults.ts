import type { DiskPlan, Distribution, NetworkPlan, ProcessPlan } from './world-plan.ts';

/**
 * What a plan says where nothing is said: a quiet data centre, half a millisecond between hosts, a millisecond and a half for an fsync, and
 * long tails on both.
 */
const NOTHING: Distribution = { kind: 'constant', ms: 0 };

/** Nothing takes time and nothing gets lost. */
export const PERFECT_NETWORK: NetworkPlan = {
  latency: NOTHING,
  jitter: NOTHING,
  pairOffset: NOTHING,
  loss: 0,
  bursts: undefined,
  bandwidth: undefined,
};

export const QUIET_NETWORK: NetworkPlan = {
  ...PERFECT_NETWORK,
  latency: { kind: 'logNormal', medianMs: 0.5, sigma: 0.4 },
  pairOffset: { kind: 'uniform', minMs: 0, maxMs: 0.2 },
};

export const QUIET_DISKS: DiskPlan = {
  fsync: { kind: 'logNormal', medianMs: 1.5, sigma: 0.4 },
  throughput: undefined,
};

export const QUIET_PROCESSES: ProcessPlan = {
  boot: { kind: 'uniform', minMs: 50, maxMs: 150 },
  stage: { kind: 'uniform', minMs: 0, maxMs: 0.05 },
};

/** The limit of what has none, a time or a number: plain data, so no Infinity. */
export const FOR_EVER = Number.MAX_SAFE_INTEGER;
