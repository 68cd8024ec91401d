import { DEFAULT_CONFIG, type ServerSpec } from '../../../protocol/config.ts';
import { sid } from '../../../protocol/ids.ts';
import { QUIET_DISKS, QUIET_NETWORK } from '../../plan-defaults.ts';
import type { Activity, ClientPlan } from '../../client-plan.ts';
import type { RunPlan } from '../../plan.ts';
import type { Distribution } from '../../world-plan.ts';

/** What is measured: ensembles on a quiet network, idle or with clients that write as fast as they are answered. */
const CLIENTS = 10;
const IN_FLIGHT = 50;
const VALUE_BYTES = 100;
const FOREVER_MS = 2 ** 40;

export function idlePlan(servers: number): RunPlan {
  return plan(`${servers} servers, idle`, servers, []);
}

export function loadedPlan(servers: number): RunPlan {
  const clients = Array.from({ length: CLIENTS }, (_, i) => writer(`client${i}`, servers));
  return plan(
    `${servers} servers, ${CLIENTS} clients with ${IN_FLIGHT} writes in flight each`,
    servers,
    clients,
  );
}

function writer(name: string, servers: number): ClientPlan {
  const path = `/${name}`;
  const create: Activity = {
    startMs: 1000,
    repeat: { kind: 'once' },
    operation: { op: 'create', path, data: { kind: 'none' }, ephemeral: false, sequential: false },
  };
  const write: Activity = {
    startMs: 1100,
    repeat: { kind: 'backToBack', inFlight: IN_FLIGHT, untilMs: FOREVER_MS, times: Infinity },
    operation: { op: 'setData', path, data: { kind: 'size', bytes: VALUE_BYTES }, version: -1 },
  };
  return {
    name,
    servers: specs(servers).map((spec) => spec.sid),
    sessionTimeoutMs: 30_000,
    reads: 'local',
    startMs: 900,
    activities: [create, write],
  };
}

function plan(name: string, servers: number, clients: readonly ClientPlan[]): RunPlan {
  return {
    name,
    description: '',
    ensemble: { ...DEFAULT_CONFIG, servers: specs(servers) },
    network: { ...QUIET_NETWORK, latency: { kind: 'logNormal', medianMs: 0.5, sigma: 0.3 } },
    disks: { ...QUIET_DISKS, fsync: { kind: 'logNormal', medianMs: 1, sigma: 0.3 } },
    clocks: [],
    processes: { boot: constant(10), stage: { kind: 'uniform', minMs: 0, maxMs: 0.05 } },
    clients,
    timeline: [],
    expectations: [],
    durationMs: FOREVER_MS,
    calmMs: 0,
  };
}

const specs = (servers: number): readonly ServerSpec[] =>
  Array.from({ length: servers }, (_, i) => ({
    sid: sid(i + 1),
    host: `server${i + 1}`,
    quorumPort: 2888,
    electionPort: 3888,
    clientPort: 2181,
    learnerType: 'PARTICIPANT',
  }));

const constant = (ms: number): Distribution => ({ kind: 'constant', ms });
