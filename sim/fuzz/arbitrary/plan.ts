import { DEFAULT_CONFIG, type ServerSpec } from '../../../protocol/config.ts';
import { scenarioNames, type NameOf } from '../../plan-text/names.ts';
import { QUIET_DISKS, QUIET_NETWORK, QUIET_PROCESSES } from '../../plan-defaults.ts';
import type { ClientPlan } from '../../client-plan.ts';
import type { Target, TimelineEntry } from '../../fault-plan.ts';
import type { RunPlan } from '../../plan.ts';
import type { Dice } from '../dice.ts';
import { calmFor, expendable } from '../swarm.ts';
import { drawLimits, type Limits } from '../swarm/limits.ts';
import { drawGroups, server, type Topology } from '../swarm/topology.ts';
import { CLIENT_NAMES, drawClient, withSetup } from '../swarm/workload.ts';
import { drawWorld, SLOW, SLOWEST_FSYNC, type World } from '../swarm/world.ts';
import { diceOf } from './dice-of.ts';
import type { ClientDraft, Draft } from './draft.ts';
import { lastRestart, SETTLING_MS } from './last-restart.ts';
import { LAST_WAY_MS, prioritiesOf } from './priorities.ts';
import { timelineOf } from './timeline.ts';

/** Works a draft out. Total: whatever was left out of the draft, the rest is a run that keeps to the fault model. */
export function planOf(draft: Draft, seed: string): RunPlan {
  const { durationMs } = draft;
  const topology = topologyOf(draft);
  const { servers } = topology;
  const world = worldOf(draft, servers);
  const slowWayMs = world.slowWayMs + (draft.priorities === undefined ? 0 : LAST_WAY_MS);
  const limits = { ...workable(limitsOf(draft, slowWayMs), draft, world), ...topology.quorums };
  const clients = draft.clients.map((client, i) =>
    clientOf(client, i, { servers, durationMs, tickTime: limits.tickTime }),
  );
  const nameOf = scenarioNames(
    servers,
    clients.map((client) => client.name),
  );
  return {
    name: 'fuzz',
    description: `Drawn by the fuzzer from the seed ${JSON.stringify(seed)}.`,
    ensemble: { ...limits, servers },
    network: world.network,
    disks: world.disks,
    clocks: world.clocks,
    processes: world.processes,
    clients,
    timeline: [
      ...prioritiesIn(draft, servers, nameOf),
      ...timelineOf(draft.actions, {
        limits,
        clients,
        durationMs,
        observers: servers.filter((server) => server.learnerType === 'OBSERVER'),
        expendable: expendable(diceOf('expendable', draft.seed), topology),
        hero: heroOf(diceOf('hero', draft.seed), servers),
        nameOf,
      }),
      ...(draft.lastRestart === undefined
        ? []
        : lastRestart(durationMs, diceOf('last', draft.lastRestart), nameOf)),
    ],
    expectations: [],
    durationMs: durationMs + (draft.lastRestart === undefined ? 0 : SETTLING_MS),
    calmMs: calmFor(limits),
  };
}

const prioritiesIn = (
  { priorities }: Draft,
  servers: readonly ServerSpec[],
  nameOf: NameOf,
): readonly TimelineEntry[] => (priorities === undefined ? [] : prioritiesOf(priorities, servers, nameOf));

function topologyOf({ participants, observers, groups }: Draft): Pick<Topology, 'servers' | 'quorums'> {
  const servers = Array.from({ length: participants + observers }, (_, i) => server(i + 1, i < participants));
  const isGrouped = groups !== undefined && participants >= 3;
  const quorums = isGrouped ? drawGroups(diceOf('groups', groups), servers.slice(0, participants)) : {};
  return { servers, quorums };
}

/** One server, in most runs; in the others things happen to whoever plays a role. */
function heroOf(dice: Dice, servers: readonly ServerSpec[]): Target | undefined {
  const { sid } = dice.oneOf(servers);
  return dice.chance(0.75) ? { kind: 'server', sid } : undefined;
}

/** A short story has few writes. */
const ZXIDS_LEFT = 30;

const QUIET = {
  network: QUIET_NETWORK,
  disks: QUIET_DISKS,
  processes: QUIET_PROCESSES,
  clocks: [],
  slowWayMs: 2,
} as const;

const worldOf = ({ world }: Draft, servers: readonly ServerSpec[]): Omit<World, 'options'> =>
  world === undefined ? QUIET : drawWorld(diceOf('world', world), servers, SLOW);

function limitsOf({ limits, durationMs }: Draft, slowWayMs: number): Limits {
  if (limits !== undefined) {
    const { details, maxSessionTicks, ...ranges } = limits;
    const drawn = drawLimits(diceOf('limits', details), {
      slowWayMs,
      durationMs,
      ...ranges,
      zxidsLeft: ZXIDS_LEFT,
    });
    const { tickTime } = drawn;
    const needed = Math.ceil((SESSION_MS + SESSION_WAYS * slowWayMs) / tickTime);
    const longest = diceOf('longest session', details).oneOf(maxSessionTicks);
    const ticks = Math.max(longest, Math.min(needed, SESSION_TICKS));
    return { ...drawn, maxSessionTimeout: ticks * tickTime };
  }
  const { tickTime } = DEFAULT_CONFIG;
  return { ...DEFAULT_CONFIG, minSessionTimeout: 2 * tickTime, maxSessionTimeout: SESSION_TICKS * tickTime };
}

/**
 * Txns are flushed one by one in some runs. Where a flush takes as long as on the slowest of disks, so many clients can open and lose their
 * sessions faster than that, and then nobody ever gets a session that lives; that is no defect either.
 */
const workable = (limits: Limits, { clients }: Draft, { disks }: Pick<World, 'disks'>): Limits => {
  const isSwamped = clients.length > MOST_ONE_BY_ONE && disks.fsync === SLOWEST_FSYNC;
  return isSwamped ? { ...limits, maxBatchSize: Math.max(limits.maxBatchSize, SOME_TOGETHER) } : limits;
};
const MOST_ONE_BY_ONE = 4;
const SOME_TOGETHER = 10;

/** What a session takes to open and to write something: a shorter one expires before, whatever it does, and that is no defect. */
const SESSION_WAYS = 8;
const SESSION_MS = 300;
/** The longest that ZooKeeper grants unless it is told otherwise. */
const SESSION_TICKS = 20;

/** Everyone makes what they all write to, as any of them may find no server at first. Some come later. */
function clientOf(
  { mix, requests, firstXid, details }: ClientDraft,
  index: number,
  among: { readonly servers: readonly ServerSpec[]; readonly durationMs: number; readonly tickTime: number },
): ClientPlan {
  const name = CLIENT_NAMES[index] ?? `client${index + 1}`;
  const client = drawClient(diceOf('client', details), { ...among, name, mixes: [mix], share: requests });
  const dice = diceOf('late', details);
  const byMs = dice.chance(LATE) ? dice.int(0, Math.floor(among.durationMs / 2)) : 0;
  const present = withSetup(later(client, byMs, among.durationMs), true);
  const reads = dice.chance(SYNCED) ? 'synced' : present.reads;
  return { ...present, reads, ...(firstXid !== undefined && { firstXid }) };
}
const LATE = 0.25;
const SYNCED = 0.25;

const later = (client: ClientPlan, byMs: number, durationMs: number): ClientPlan => ({
  ...client,
  startMs: client.startMs + byMs,
  activities: client.activities.map((activity) => ({
    ...activity,
    startMs: Math.min(activity.startMs + byMs, durationMs - 1),
  })),
});
