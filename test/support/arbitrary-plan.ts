import fc from 'fast-check';
import { isChained } from '../../sim/faults/chain.ts';
import { DEFAULT_CONFIG, type EnsembleConfig, type ServerSpec } from '../../protocol/config.ts';
import { sid } from '../../protocol/ids.ts';
import { ISSUES } from '../../protocol/release/release.ts';
import { expectationText } from '../../scenarios/compile/expectation-text.ts';
import { PROMISES } from '../../sim/checkers/promise-names.ts';
import { QUIET_DISKS, QUIET_NETWORK, QUIET_PROCESSES } from '../../sim/plan-defaults.ts';
import { scenarioNames } from '../../sim/plan-text/names.ts';
import type { ClientPlan } from '../../sim/client-plan.ts';
import type { TimelineEntry } from '../../sim/fault-plan.ts';
import type { RunPlan } from '../../sim/plan.ts';
import type { ClockPlan } from '../../sim/world-plan.ts';
import { bytes, distribution, linkQuality, time, timeBetween } from './arbitrary-plan/amounts.ts';
import { expectation, type Cast } from './arbitrary-plan/expectations.ts';
import { timelineEntry } from './arbitrary-plan/timeline.ts';
import { activity } from './arbitrary-plan/workload.ts';

/** Every plan that a scenario file can say: all kinds of fault, trigger, ending, distribution, operation and expectation. */
export const arbitraryPlan: fc.Arbitrary<RunPlan> = fc
  .record({ participants: fc.integer({ min: 1, max: 4 }), observers: fc.integer({ min: 0, max: 2 }) })
  .chain(({ participants, observers }) => fc.tuple(arbitraryServers(participants, observers), clientNames))
  .chain(([servers, clients]) => fc.tuple(planOf(servers, clients), arbitraryPast(servers)))
  .map(([plan, past]) => ({ ...plan, ...past }));

const clientNames = fc.uniqueArray(fc.stringMatching(/^[a-d][a-z0-9_-]{0,3}$/), {
  minLength: 1,
  maxLength: 3,
});

function planOf(servers: readonly ServerSpec[], clients: readonly string[]): fc.Arbitrary<RunPlan> {
  const cast: Cast = { servers, clients, nameOf: scenarioNames(servers, clients) };
  return timeBetween(1_000, 100_000).chain((durationMs) =>
    fc.record({
      name: fc.stringMatching(/^[a-z0-9]{1,5}(-[a-z0-9]{1,5})?$/),
      description: fc
        .string({ unit: 'binary', minLength: 1, maxLength: 30 })
        .map((text) => `A ${text}`.trim()),
      ensemble: arbitraryEnsemble(servers),
      network: fc.oneof(fc.constant(QUIET_NETWORK), fc.record({ ...linkQuality, pairOffset: distribution })),
      disks: fc.oneof(
        fc.constant(QUIET_DISKS),
        fc.record({ fsync: distribution, throughput: fc.option(bytes, { nil: undefined }) }),
      ),
      clocks: arbitraryClocks(servers),
      processes: fc.oneof(
        fc.constant(QUIET_PROCESSES),
        fc.record({ boot: distribution, stage: distribution }),
      ),
      clients: fc.tuple(...clients.map((name) => arbitraryClient(name, servers, durationMs))),
      timeline: fc.array(timelineEntry(cast, durationMs), { maxLength: 8 }).map(fromFree),
      expectations: fc.array(
        expectation(cast).chain((plan) =>
          fc
            .oneof(fc.constant(expectationText(plan, cast.nameOf)), fc.string())
            .map((text) => ({ ...plan, text, source: '' })),
        ),
        { maxLength: 4 },
      ),
      durationMs: fc.constant(durationMs),
      calmMs: time,
    }),
  );
}

/** From the first entry on that waits for none above it. */
const fromFree = (entries: readonly TimelineEntry[]): readonly TimelineEntry[] => {
  const first = entries.findIndex(({ trigger }) => !isChained(trigger));
  return first < 0 ? [] : entries.slice(first);
};

/** Which releases run, and what a file remembers of where it comes from. */
const arbitraryPast = (
  servers: readonly ServerSpec[],
): fc.Arbitrary<Pick<RunPlan, 'release' | 'serverReleases' | 'gaps' | 'history' | 'recorded'>> => {
  const release = fc.constantFrom('3.4.13', '3.9.4', 'default', 'ZOOKEEPER-1419', '3.5.5,ZOOKEEPER-1419');
  const sids = fc.subarray(
    servers.map((server) => server.sid),
    { minLength: 1 },
  );
  return fc.record(
    {
      release,
      serverReleases: fc
        .tuple(sids, release)
        .map(([some, one]) => some.map((sid) => ({ sid, release: one }))),
      gaps: fc.constant('broken' as const),
      history: fc.record({
        issue: fc.constantFrom(...ISSUES),
        title: fc.string({ minLength: 1 }),
        breaks: fc.constantFrom(...PROMISES),
      }),
      recorded: fc.record({
        seed: fc.oneof(fc.string(), fc.constantFrom('1', '7/12', '0x1', 'null', '1e5', '')),
        promise: fc.constantFrom(...PROMISES),
        version: fc.constantFrom('0.1.0', '1.0', '10.20.30-beta.1'),
        fingerprint: fc.oneof(
          fc.stringMatching(/^[0-9a-f]{16}$/),
          fc.constantFrom('1234567890123456', '12345678901234e5', '0000000000000000'),
        ),
      }),
    },
    { requiredKeys: [] },
  );
};

/** Some on one host, with ports of their own; some numbered out of order. */
function arbitraryServers(participants: number, observers: number): fc.Arbitrary<readonly ServerSpec[]> {
  const indices = Array.from({ length: participants + observers }, (_, i) => i);
  return fc
    .record({
      ids: fc.uniqueArray(fc.integer({ min: 0, max: 254 }), {
        minLength: indices.length,
        maxLength: indices.length,
      }),
      areNumbered: fc.boolean(),
      hosts: fc.constantFrom<readonly string[]>(
        ['zk1', 'zk2', 'zk3', 'zk4', 'zk5', 'zk6'],
        ['10.0.0.1', '1.5', 'a-b.c', 'null', '1e5', 'x_1'],
        ['h', 'h', 'k', 'k', 'h', 'last.of'],
      ),
    })
    .map(({ ids, areNumbered, hosts }) =>
      indices.map((i) => ({
        sid: sid(areNumbered ? (ids[i] ?? i) : i + 1),
        host: hosts[i] ?? `zk${i}`,
        quorumPort: hosts[0] === 'h' ? 2888 + i : 2888,
        electionPort: hosts[0] === 'h' ? 3888 + i : 3888,
        clientPort: hosts[0] === 'h' ? 2181 + i : 2181,
        learnerType: i < participants ? 'PARTICIPANT' : 'OBSERVER',
      })),
    );
}

function arbitraryEnsemble(servers: readonly ServerSpec[]): fc.Arbitrary<EnsembleConfig> {
  const ms = fc.integer({ min: 1, max: 100_000 });
  const count = fc.integer({ min: 1, max: 1000 });
  const settings = fc.record(
    {
      tickTime: ms,
      initLimit: count,
      syncLimit: count,
      maxClientCnxns: count,
      snapCount: fc.integer({ min: 2, max: 1000 }),
      commitLogCount: fc.integer({ min: 500, max: 1000 }),
      snapshotSizeFactor: fc.constantFrom(-1, 0, 0.33, 0.9),
      maxBatchSize: count,
      minNotificationInterval: ms,
      maxNotificationInterval: ms,
      cnxTimeout: ms,
      leaderConnectDelayDuringRetryMs: fc.nat({ max: 1000 }),
      observerElectionDelayMs: fc.nat({ max: 1000 }),
      initialCounter: fc.nat(),
    },
    { requiredKeys: [] },
  );
  const sessions = fc.option(fc.record({ min: ms, more: ms }), { nil: undefined });
  return fc.tuple(settings, sessions, fc.boolean()).map(([set, session, isGrouped]) => {
    const { tickTime } = { ...DEFAULT_CONFIG, ...set };
    const minSessionTimeout = session?.min ?? 2 * tickTime;
    return {
      ...DEFAULT_CONFIG,
      ...set,
      minSessionTimeout,
      maxSessionTimeout: session === undefined ? 20 * tickTime : minSessionTimeout + session.more,
      ...(isGrouped && groupsOf(servers)),
      servers,
    };
  });
}

/** Participants in two groups by turns; every second one has a weight. */
function groupsOf(servers: readonly ServerSpec[]): Pick<EnsembleConfig, 'groups' | 'weights'> {
  const sids = servers.filter((server) => server.learnerType === 'PARTICIPANT').map((server) => server.sid);
  const groups = [0, 1].map((group) => [group, sids.filter((_, i) => i % 2 === group)] as const);
  const weights = sids.flatMap((sid, i) => (i % 2 === 0 ? [[sid, i] as const] : []));
  return { groups: new Map(groups.filter(([, members]) => members.length > 0)), weights: new Map(weights) };
}

const arbitraryClocks = (servers: readonly ServerSpec[]): fc.Arbitrary<readonly ClockPlan[]> =>
  fc
    .tuple(
      fc.shuffledSubarray(servers.map((server) => server.sid)),
      fc.array(fc.integer({ min: -500_000, max: 500_000 }), { minLength: 6, maxLength: 6 }),
    )
    .map(([sids, numbers]) =>
      sids.map((sid, i) => ({ sid, offsetMs: numbers[i] ?? 0, driftPpm: numbers[i + 1] ?? 0 })),
    );

const arbitraryClient = (
  name: string,
  servers: readonly ServerSpec[],
  durationMs: number,
): fc.Arbitrary<ClientPlan> =>
  timeBetween(0, durationMs - 1).chain((startMs) =>
    fc
      .record({
        servers: fc.shuffledSubarray(
          servers.map((server) => server.sid),
          { minLength: 1 },
        ),
        sessionTimeoutMs: fc.integer({ min: 1, max: 100_000 }),
        reads: fc.constantFrom('local', 'synced'),
        setsWatchesAgain: fc.boolean(),
        firstXid: fc.option(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { nil: undefined }),
        activities: fc.array(activity(startMs, durationMs), { maxLength: 4 }),
      })
      .map(({ setsWatchesAgain, firstXid, ...client }) => ({
        ...client,
        name,
        startMs,
        ...(!setsWatchesAgain && { autoWatchReset: false }),
        ...(firstXid !== undefined && { firstXid }),
      })),
  );
