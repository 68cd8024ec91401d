import { defined } from '../../protocol/assert.ts';
import { DEFAULT_CONFIG, type ServerSpec } from '../../protocol/config.ts';
import { createVerifier } from '../../protocol/quorum.ts';
import type { RunPlan } from '../plan.ts';
import { Random } from '../random.ts';
import { Dice } from './dice.ts';
import type { Stage } from './swarm/fault-kinds.ts';
import { drawLimits, type Limits, limitsText } from './swarm/limits.ts';
import { drawTimeline } from './swarm/timeline.ts';
import { drawTopology, type Topology } from './swarm/topology.ts';
import { drawWorkload } from './swarm/workload.ts';
import { drawWorld } from './swarm/world.ts';

/** A run that the seed has drawn. */
export interface Swarm {
  readonly plan: RunPlan;
  /** What was drawn, for people: `['network', 'same rack, loss 1 %']`. */
  readonly options: readonly (readonly [name: string, text: string])[];
}

/** How far a swarm may go. */
export interface SwarmBounds {
  readonly minDurationMs: number;
  readonly maxDurationMs: number;
  /** So many of them; undefined: drawn. */
  readonly participants?: number;
  readonly observers?: number;
  readonly clients?: number;
}

const DEFAULT_BOUNDS: SwarmBounds = { minDurationMs: 8_000, maxDurationMs: 60_000 };
/** TCP's longest wait between two retransmissions, twice: connections that a long cut has put to sleep. */
const SLEEPING_MS = 240_000;
/** Of all runs: so many lose more for good than a quorum can do without, and must end with a checked excuse. */
const DOOMED = 0.02;

/**
 * Swarm testing: draws from the seed who takes part, their limits, network, disks and clocks, what clients do, and which kinds of fault
 * strike, how strong and how often. Everything stays inside the fault model (sim/README.md), so every broken promise is a defect. Each
 * part has a stream of its own. Source of the idea: Groce et al., Swarm Testing, 2012.
 */
export function drawSwarm(seed: string, bounds: SwarmBounds = DEFAULT_BOUNDS): Swarm {
  const random = new Random(seed);
  const dice = (part: string): Dice => new Dice(random.stream(`swarm/${part}`));
  const durationMs = dice('duration').ms(bounds.minDurationMs, bounds.maxDurationMs);
  const topology = drawTopology(dice('topology'), bounds);
  const world = drawWorld(dice('world'), topology.servers);
  const limits = {
    ...drawLimits(dice('limits'), { slowWayMs: world.slowWayMs, durationMs }),
    ...topology.quorums,
  };
  const { servers } = topology;
  const workload = drawWorkload(dice('workload'), {
    servers,
    durationMs,
    tickTime: limits.tickTime,
    count: bounds.clients,
  });
  const isDoomed = dice('doom').chance(DOOMED);
  const stage: Stage = {
    dice: dice('timeline'),
    tickTime: limits.tickTime,
    clients: workload.clients.map((client) => client.name),
    observers: servers.filter((server) => server.learnerType === 'OBSERVER'),
    expendable: isDoomed ? participantsOf(topology) : expendable(dice('expendable'), topology),
  };
  const nameOf = (sid: number): string =>
    defined(
      servers.find((server) => server.sid === sid),
      `server ${sid}`,
    ).host;
  const story = drawTimeline(stage, durationMs, nameOf, isDoomed);
  return {
    plan: {
      name: 'swarm',
      description: `Drawn by the swarm from the seed ${JSON.stringify(seed)}.`,
      ensemble: { ...limits, servers },
      network: world.network,
      disks: world.disks,
      clocks: world.clocks,
      processes: world.processes,
      clients: workload.clients,
      timeline: story.timeline,
      expectations: [],
      durationMs,
      calmMs: calmFor(limits),
    },
    options: [
      ['duration', `${durationMs} ms`],
      ['servers', topology.text],
      ['limits', limitsText(limits)],
      ...world.options,
      ['clients', workload.text],
      ['faults', story.text],
    ],
  };
}

/** By then every server that can be there is. */
export const calmFor = (limits: Limits): number =>
  SLEEPING_MS + limits.maxNotificationInterval + 2 * (limits.initLimit + limits.syncLimit) * limits.tickTime;

const participantsOf = ({ servers }: Pick<Topology, 'servers'>): readonly ServerSpec[] =>
  servers.filter((server) => server.learnerType === 'PARTICIPANT');

/** Participants that, all together, a quorum can do without. */
export function expendable(
  dice: Dice,
  topology: Pick<Topology, 'servers' | 'quorums'>,
): readonly ServerSpec[] {
  const verifier = createVerifier({ ...DEFAULT_CONFIG, ...topology.quorums, servers: topology.servers });
  const participants = participantsOf(topology);
  const chosen: ServerSpec[] = [];
  for (const candidate of dice.shuffled(participants)) {
    const left = participants.filter((server) => server !== candidate && !chosen.includes(server));
    if (verifier.containsQuorum(new Set(left.map((server) => server.sid)))) chosen.push(candidate);
  }
  return chosen;
}
