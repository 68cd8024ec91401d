import fc from 'fast-check';
import type { ServerSpec } from '../../../protocol/config.ts';
import { lastsOn } from '../../../scenarios/schema/timeline.ts';
import { FAULT_KINDS } from '../../../sim/fault-kinds.ts';
import { faultText } from '../../../sim/faults/fault-text.ts';
import { serverParty } from '../../../sim/party.ts';
import type { NameOf } from '../../../sim/plan-text/names.ts';
import type {
  Ending,
  Fault,
  FaultKind,
  FaultOf,
  Target,
  TimelineEntry,
  Trigger,
  When,
} from '../../../sim/fault-plan.ts';
import { bytes, distribution, interval, linkChange, time, timeAbove, timeBetween } from './amounts.ts';
import { times } from './workload.ts';

/** Who there is to strike. */
export interface Cast {
  readonly servers: readonly ServerSpec[];
  readonly clients: readonly string[];
  readonly nameOf: NameOf;
}

export const timelineEntry = (cast: Cast, durationMs: number): fc.Arbitrary<TimelineEntry> =>
  fc
    .tuple(trigger(cast, durationMs), fc.constantFrom(...FAULT_KINDS))
    .chain(([trigger, kind]) =>
      fc.tuple(fc.constant(trigger), faults(cast)[kind], ending(kind, trigger, cast)),
    )
    .map(([trigger, fault, ending]) => {
      const ends = isOverAtOnce(fault) ? undefined : ending;
      return { trigger, fault, ending: ends, text: faultText(fault, ends, cast.nameOf), source: '' };
    });

/** Of kinds that may last, those that don't: a step of a clock, and a reset that somebody is told of. */
const isOverAtOnce = (fault: Fault): boolean =>
  (fault.kind === 'clock' && fault.driftPpm === undefined && fault.freeze === undefined) ||
  (fault.kind === 'disconnect' && fault.told !== 'nobody');

// ---------------------------------------------------------------------------------------------- when

const trigger = (cast: Cast, durationMs: number): fc.Arbitrary<Trigger> =>
  fc.oneof(
    timeBetween(0, durationMs - 1).map((atMs) => ({ kind: 'at', atMs }) as const),
    timeBetween(0, durationMs - 1).chain((fromMs) =>
      fc.record({
        kind: fc.constant('every' as const),
        interval,
        fromMs: fc.constant(fromMs),
        untilMs: fc.oneof(fc.constant(durationMs), timeBetween(fromMs + 0.001, durationMs)),
        times,
      }),
    ),
    timeBetween(0, durationMs - 1).map((delayMs) => ({ kind: 'then', delayMs }) as const),
    fc.tuple(when(cast), time, fc.boolean()).map(([{ afterMs, ...when }, delayMs, afterPrevious]) => ({
      kind: 'when' as const,
      ...when,
      afterMs: afterPrevious ? 0 : afterMs,
      delayMs,
      afterPrevious,
    })),
  );

function ending(kind: FaultKind, trigger: Trigger, cast: Cast): fc.Arbitrary<Ending | undefined> {
  const none = fc.constant(undefined);
  if (!lastsOn(kind)) return none;
  const forMs = timeAbove.map((ms) => ({ kind: 'for', ms }) as const);
  if (trigger.kind === 'every') return fc.oneof(none, forMs);
  const fromMs = trigger.kind === 'at' ? trigger.atMs : 0;
  return fc.oneof(
    none,
    forMs,
    fc.constant({ kind: 'untilNext' } as const),
    timeAbove.map((ms) => ({ kind: 'until', atMs: Math.round((fromMs + ms) * 1000) / 1000 }) as const),
    when(cast).map((when) => ({ kind: 'untilEvent', ...when }) as const),
  );
}

function when(cast: Cast): fc.Arbitrary<When> {
  const server = fc.constantFrom(...cast.servers.map(({ sid }) => sid));
  const party = fc.constantFrom(...cast.servers.map(({ sid }) => serverParty(sid)), -2);
  const what = fc.oneof(
    fc.constantFrom('committed' as const, 'calmBegan' as const).map((event) => ({ event, fields: {} })),
    server.map((learner) => ({ event: 'syncDecision' as const, fields: { mode: 'SNAP', learner } })),
    party.map((from) => ({ event: 'delivered' as const, fields: { packet: 'NEWLEADER', from } })),
    fc
      .string({ unit: 'binary' })
      .map((reason) => ({ event: 'state' as const, fields: { to: 'LOOKING', reason } })),
    fc.nat().map((zxid) => ({ event: 'committed' as const, fields: { zxid } })),
    fc.boolean().map((reset) => ({ event: 'disconnected' as const, fields: { reset } })),
  );
  return fc
    .record({
      what,
      on: fc.option(target(cast, { rest: false }), { nil: undefined }),
      count: fc.integer({ min: 1, max: 9 }),
      afterMs: time,
    })
    .map(({ what, ...when }) => ({ ...what, ...when }));
}

// ---------------------------------------------------------------------------------------------- whom

const clientTarget = ({ clients }: Cast): fc.Arbitrary<Target> =>
  fc.oneof(
    fc.constantFrom(...clients).map((name) => ({ kind: 'client', name }) as const),
    fc.constantFrom({ kind: 'anyClient' } as const, { kind: 'clients' } as const, LAST_STRUCK),
  );

const LAST_STRUCK = { kind: 'lastStruck' } as const;

const serverTarget = ({ servers }: Cast): fc.Arbitrary<Target> =>
  fc.oneof(
    fc.constantFrom(...servers).map(({ sid }) => ({ kind: 'server', sid }) as const),
    fc
      .constantFrom(
        ...(['leader', 'anyFollower', 'followers', 'anyObserver', 'observers', 'anyServer'] as const),
        ...(['minority', 'minorityWithLeader', 'majority', 'allServers', 'lastStruck'] as const),
      )
      .map((kind) => ({ kind })),
  );

const target = (cast: Cast, { rest }: { readonly rest: boolean }): fc.Arbitrary<Target> =>
  fc.oneof(serverTarget(cast), clientTarget(cast), ...(rest ? [fc.constant({ kind: 'rest' } as const)] : []));

// ---------------------------------------------------------------------------------------------- what

type Faults = { readonly [Kind in FaultKind]: fc.Arbitrary<FaultOf<Kind>> };

function faults(cast: Cast): Faults {
  const some = (one: fc.Arbitrary<Target>): fc.Arbitrary<readonly Target[]> =>
    fc.array(one, { minLength: 1, maxLength: 3 });
  const servers = some(serverTarget(cast));
  const anybody = some(target(cast, { rest: false }));
  const between = fc.tuple(anybody, anybody);
  const restartAfterMs = fc.option(time, { nil: undefined });
  const port = fc.constantFrom('election', 'quorum', 'client', 'all');
  const oneWay = fc.boolean();
  const of = <Kind extends FaultKind, Rest extends object>(
    kind: Kind,
    rest: { [K in keyof Rest]: fc.Arbitrary<Rest[K]> },
  ) => fc.record(rest).map((fields) => ({ kind, ...fields }));
  return {
    crash: crash(anybody),
    restart: fc.oneof(
      of('restart', { target: anybody }),
      of('restart', { target: anybody, release: fc.constantFrom('3.4.13', 'ZOOKEEPER-1419') }),
    ),
    pause: of('pause', { target: anybody }),
    resume: of('resume', { target: anybody }),
    slowCpu: of('slowCpu', { target: servers, stage: distribution }),
    partition: of('partition', { groups: groups(cast), oneWay }),
    bridge: of('bridge', { target: servers }),
    ring: of('ring', { target: servers }),
    isolate: of('isolate', { target: anybody }),
    flap: of('flap', { between, downMs: timeAbove, upMs: timeAbove }),
    hold: of('hold', { between, oneWay }),
    release: of('release', { between }),
    clog: of('clog', { target: anybody }),
    swizzle: of('swizzle', { target: anybody, withinMs: time }),
    link: of('link', { between, oneWay, change: linkChange }),
    disconnect: of('disconnect', { between, told: fc.constantFrom('both', 'first', 'nobody') }),
    refuse: of('refuse', { target: servers, port }),
    fullBacklog: of('fullBacklog', { target: servers, port }),
    slowDisk: of('slowDisk', {
      target: servers,
      fsync: fc.option(distribution, { nil: undefined }),
      throughput: fc.option(bytes, { nil: undefined }),
    }).filter(({ fsync, throughput }) => fsync !== undefined || throughput !== undefined),
    stallDisk: of('stallDisk', { target: servers }),
    fullDisk: of('fullDisk', { target: servers }),
    failWrites: of('failWrites', { target: servers }),
    flipBit: of('flipBit', { target: servers, where: fc.constantFrom('log', 'snapshot') }),
    loseSnapshot: of('loseSnapshot', { target: servers, restartAfterMs }),
    loseLog: of('loseLog', { target: servers, restartAfterMs }),
    wipe: of('wipe', { target: servers, restartAfterMs }),
    copyData: of('copyData', {
      target: servers,
      from: serverTarget(cast).filter(({ kind }) => ['server', 'leader', 'anyFollower'].includes(kind)),
      restartAfterMs,
    }),
    backup: of('backup', { target: servers }),
    restore: of('restore', { target: servers, restartAfterMs }),
    clock: of('clock', {
      target: servers,
      stepMs: fc.option(fc.integer({ min: -9_000_000, max: 9_000_000 }), { nil: undefined }),
      driftPpm: fc.option(fc.integer({ min: -500_000, max: 500_000 }), { nil: undefined }),
      freeze: fc.constantFrom('wall', 'both', undefined),
    }).filter(({ stepMs, driftPpm, freeze }) => Boolean(stepMs) || Boolean(driftPpm) || freeze !== undefined),
    flood: of('flood', {
      target: servers,
      connections: fc.integer({ min: 1, max: 999 }),
      sessions: fc.boolean(),
    }),
    expire: fc.oneof(
      of('expire', { target: some(clientTarget(cast)) }),
      of('expire', { target: some(clientTarget(cast)), password: fc.constant('wrong') }),
    ),
    heal: fc.constant({ kind: 'heal' }),
  };
}

/** A process that is killed loses nothing that it has written. */
const crash = (target: fc.Arbitrary<readonly Target[]>): fc.Arbitrary<FaultOf<'crash'>> =>
  fc
    .record({
      target,
      lose: fc.constantFrom('none', 'some', 'torn', 'all'),
      silent: fc.boolean(),
      restartAfterMs: fc.option(time, { nil: undefined }),
      after: fc.option(
        fc.record({ unit: fc.constantFrom('effects', 'writes'), count: fc.integer({ min: 1, max: 99 }) }),
        { nil: undefined },
      ),
      forGood: fc.boolean(),
    })
    .map((crash) => ({
      ...crash,
      kind: 'crash' as const,
      lose: crash.silent ? crash.lose : 'none',
      forGood: crash.forGood && crash.restartAfterMs === undefined,
    }));

/** No two of them can have a member in common. */
const groups = ({ servers, clients }: Cast): fc.Arbitrary<readonly (readonly Target[])[]> =>
  fc
    .tuple(
      fc.shuffledSubarray<Target>(
        [
          ...servers.map(({ sid }) => ({ kind: 'server', sid }) as const),
          ...clients.map((name) => ({ kind: 'client', name }) as const),
        ],
        { minLength: 1 },
      ),
      fc.boolean(),
    )
    .map(([named, isSplit]) =>
      isSplit && named.length > 1
        ? [named.slice(0, 1), named.slice(1)]
        : [named, [{ kind: 'rest' as const }]],
    );
