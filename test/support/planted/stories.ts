/** The runs in which planted defects show: one ensemble that has everything to do, and what may happen to it. */
import type { RunPlan } from '../../../sim/plan.ts';
import { planOf } from '../scenario-text.ts';

const CLIENTS = `
clients:
  writer:
    session: 4s
    servers: [zk2, zk3]
    start: 500ms
    does:
      - { every: 200ms, from: 1s, until: 2600ms, create: /a, data: '0' }
      - { every: 200ms, from: 1s, until: 2600ms, create: /seq }
      - { every: 80ms, from: 3s, until: 9s, set: /a, data: '{n}' }
      - { every: 150ms, from: 3s, until: 9s, create: /seq/s-, sequential: true }
      - { every: 400ms, from: 3s, until: 9s, multi: [{ create: '/m-{n}' }, { create: '/m-{n}/x' }, { set: /a, data: m }] }
      - { every: 400ms, from: 3s, until: 9s, multi: [{ create: '/f-{n}' }, { check: /seq, version: 99 }] }
      - { every: 400ms, from: 3200ms, until: 9s, create: '/f-{n}' }
      - { every: 400ms, from: 3s, until: 9s, create: '/gone-{n}' }
      - { every: 400ms, from: 3300ms, until: 9s, delete: '/gone-{n}' }
  reader:
    session: 4s
    servers: [zk1]
    start: 500ms
    does:
      - { every: 60ms, from: 3s, until: 9s, get: /a, watch: true }
      - { every: 200ms, from: 3s, until: 9s, children: /seq, watch: true }
      - { every: 200ms, from: 3s, until: 9s, exists: '/gone-{n}', watch: true }
      - { every: 500ms, from: 3s, until: 9s, set: /reader, data: '{n}' }
      - { at: 2500ms, create: /reader }
  auditor:
    session: 4s
    reads: synced
    servers: [zk1]
    start: 500ms
    does:
      - { every: 60ms, from: 3s, until: 9s, get: /a }
  guest:
    count: 3
    session: 2s
    start: 500ms
    does:
      - { every: 200ms, from: 1s, until: 2s, create: '/{client}-a', ephemeral: true }
      - { every: 200ms, from: 1s, until: 2s, create: '/{client}-b', ephemeral: true }
      - { every: 200ms, from: 1s, until: 2s, create: /queue }
      - { every: 200ms, from: 2500ms, until: 3500ms, create: /queue/e-, ephemeral: true, sequential: true }
  late:
    session: 4s
    start: 500ms
    does:
      - { every: 300ms, from: 8500ms, until: 9500ms, create: /queue/e-, sequential: true }
`;

/** One more, which reads all the time and closes its session. */
const LEAVER = `
  leaver:
    start: 500ms
    does:
      - { every: 20ms, from: 3s, until: 8s, exists: /a }
      - { at: 9s, close: session }
`;

/** One client that writes for a while, is quiet, and writes once more. */
const ONE_CLIENT = `
clients:
  writer:
    session: 8s
    start: 500ms
    does:
      - { every: 20ms, from: 3s, until: 5s, create: '/a-{n}' }
      - { every: 20ms, from: 9300ms, until: 9700ms, create: '/b-{n}' }
`;

/** One that writes, and many that read wherever they can. */
const WALKERS = `
clients:
  writer:
    servers: [zk1, zk2]
    start: 500ms
    does:
      - { every: 200ms, from: 1s, until: 2s, create: /a }
      - { every: 20ms, from: 3s, until: 9s, set: /a, data: '{n}' }
  walker:
    count: 12
    session: 10s
    start: 500ms
    does:
      - { every: 40ms, from: 3s, until: 9800ms, get: /a }
`;

interface Setting {
  readonly ensemble?: string;
  readonly clients?: string;
  readonly timeline?: readonly string[];
}

const THREE = 'servers: [zk1, zk2, zk3]';

const story = ({ ensemble = THREE, clients = CLIENTS, timeline = [] }: Setting): RunPlan =>
  planOf(
    [
      'name: planted',
      'description: The run of a planted defect.',
      `ensemble: { ${ensemble}, tickTime: 500ms }`,
      'duration: 10s',
      'calm: 8s',
      clients,
      ...(timeline.length > 0 ? ['timeline:'] : []),
      ...timeline.map((entry) => `  - { ${entry} }`),
    ].join('\n'),
  );

export const QUIET = story({});

/** The leader loses its power in the middle of it, and comes back. */
export const LEADER_CRASHES = story({
  timeline: ['at: 5s, crash: leader, power: lost, restartAfter: 2s'],
});

/** Everybody loses power at once. */
export const POWER_CUT = story({
  timeline: ['at: 6s, crash: all, power: lost, restartAfter: 1s'],
});

/** One server is gone and will not come back. */
export const ONE_IS_LOST = story({ timeline: ['at: 5s, crash: any follower, forGood: true'] });

/** Two servers and two servers hear nothing of each other. */
export const SPLIT_IN_TWO = story({
  ensemble: 'servers: [zk1, zk2, zk3, zk4]',
  timeline: ['at: 4s, partition: [[zk1, zk2], [zk3, zk4]], for: 4s'],
});

/** The leader and one follower of five are on their own. */
export const MINORITY_OF_FIVE = story({
  ensemble: 'servers: [zk1, zk2, zk3, zk4, zk5]',
  timeline: ['at: 4s, partition: [[minority with leader], [rest]], for: 4s'],
});

/** The leader is cut off with txns that nobody else has, and comes back before there are any others; later it starts again. */
export const LEADER_CUT_OFF = story({
  clients: ONE_CLIENT,
  timeline: [
    'when: { event: proposed, since: 4900ms }, partition: [[leader], [rest]], for: 3500ms',
    'at: 9800ms, crash: zk3, restartAfter: 100ms',
  ],
});

/** The leader stands still while the others elect another, and believes for a moment that it still leads. */
export const LEADER_PAUSES = story({
  clients: WALKERS,
  timeline: ['at: 4s, pause: zk3, for: 5s', 'at: 7900ms, disconnect: [clients, all]'],
});

/** A second leader has just been established when everybody loses power. */
export const POWER_CUT_IN_EPOCH_TWO = story({
  clients: ONE_CLIENT,
  timeline: [
    'at: 5s, crash: leader, restartAfter: 2s',
    'when: { event: established, since: 5s }, crash: all, power: lost, restartAfter: 1s',
  ],
});

/** Servers take snapshots often, and lose power. */
export const POWER_CUT_AFTER_SNAPSHOTS = story({
  ensemble: `${THREE}, snapCount: 60`,
  timeline: ['at: 6s, crash: all, power: lost, restartAfter: 1s'],
});

/** Clients lose their connections again and again. In the end one of them closes its session. */
export const CLIENTS_MOVE_AND_CLOSE = story({
  clients: CLIENTS + LEAVER,
  timeline: ['every: 500ms, from: 3s, until: 8s, disconnect: [clients, all]'],
});

/** One server is behind the others. */
export const SLOW_FOLLOWER = story({
  timeline: [
    'at: 3s, link: [zk1, [zk2, zk3]], latency: 150ms',
    'every: 500ms, from: 3s, until: 8500ms, disconnect: [[reader, auditor], all]',
  ],
});

/** The leader is cut off from the other servers, not from its clients. */
export const LEADER_CUT_OFF_WITH_CLIENTS = story({
  clients: WALKERS,
  timeline: ['when: { event: proposed, since: 4s }, partition: [[leader], [rest]], for: 5s'],
});

/** Somebody who does not know its password asks for the session of a client. */
export const SESSION_GUESSED = story({ timeline: ['at: 5s, expire: late, password: wrong'] });

/** Power cuts in the middle of writes to slow disks, one server after the other. */
export const TORN_LOGS = story({
  timeline: [
    'at: 3s, slowDisk: all, fsync: 30ms',
    'every: 1s, from: 3s, until: 8500ms, crash: any follower, power: lost, lose: torn, restartAfter: 200ms',
  ],
});

/** A server that has just taken a snapshot loses everything that no fsync covered. */
export const SNAPSHOT_LOST = story({
  ensemble: `${THREE}, snapCount: 60`,
  timeline: [
    'when: { event: snapshotWritten, on: zk1, since: 4s }, after: 10ms, crash: zk1, power: lost, lose: all, restartAfter: 500ms',
  ],
});

/** The guests die one after the other, and their sessions expire. */
export const GUESTS_LEAVE = story({
  timeline: [
    'at: 5s, crash: guest-1, power: lost, forGood: true',
    'at: 5500ms, crash: guest-2, power: lost, forGood: true',
    'at: 6s, crash: guest-3, power: lost, forGood: true',
  ],
});
