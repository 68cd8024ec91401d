import { DEFAULT_CONFIG, type EnsembleConfig, type ServerSpec } from '../../protocol/config.ts';
import { sid } from '../../protocol/ids.ts';
import { PERFECT_NETWORK } from '../../sim/plan-defaults.ts';
import type { ClientPlan } from '../../sim/client-plan.ts';
import type { RunPlan } from '../../sim/plan.ts';
import type { Distribution } from '../../sim/world-plan.ts';

/** Small complete plans for tests that drive a cluster by hand. */
export const constant = (ms: number): Distribution => ({ kind: 'constant', ms });

export function serverSpecs(count: number, observers = 0): readonly ServerSpec[] {
  return Array.from({ length: count + observers }, (_, i) => ({
    sid: sid(i + 1),
    host: `server${i + 1}`,
    quorumPort: 2888,
    electionPort: 3888,
    clientPort: 2181,
    learnerType: i < count ? ('PARTICIPANT' as const) : ('OBSERVER' as const),
  }));
}

export const ensembleOf = (
  servers: readonly ServerSpec[],
  config: Partial<EnsembleConfig> = {},
): EnsembleConfig => ({
  ...DEFAULT_CONFIG,
  ...config,
  servers,
});

export function clientPlan(
  name: string,
  servers: readonly ServerSpec[],
  plan: Partial<ClientPlan> = {},
): ClientPlan {
  return {
    name,
    servers: servers.map((server) => server.sid),
    sessionTimeoutMs: 30_000,
    reads: 'local',
    startMs: 0,
    activities: [],
    ...plan,
  };
}

export function runPlan(ensemble: EnsembleConfig, plan: Partial<RunPlan> = {}): RunPlan {
  return {
    name: 'test',
    description: '',
    ensemble,
    network: { ...PERFECT_NETWORK, latency: constant(1) },
    disks: { fsync: constant(1), throughput: undefined },
    clocks: [],
    processes: { boot: constant(10), stage: { kind: 'uniform', minMs: 0, maxMs: 0.05 } },
    clients: [],
    timeline: [],
    expectations: [],
    durationMs: 10_000,
    calmMs: 30_000,
    ...plan,
  };
}
