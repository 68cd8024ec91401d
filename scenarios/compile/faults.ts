import { FAULT_KINDS } from '../../sim/fault-kinds.ts';
import type { Fault, FaultKind, FaultOf, Target } from '../../sim/fault-plan.ts';
import type { WrittenEntry, WrittenFault } from '../schema/timeline.ts';
import type { WrittenTargets } from '../schema/targets.ts';
import { ANYBODY, CLIENTS, type FaultPlace, SERVERS } from './fault-place.ts';
import type { Names, Scope } from './names.ts';
import { compileFlap, compileLink, compilePartition } from './network-faults.ts';
import { compileCrash } from './process-faults.ts';

/** The fault of a timeline entry. Its targets may be fewer than were written, after complaints. */
export const compileFault = (entry: WrittenEntry, place: FaultPlace, names: Names): Fault =>
  compileAs(kindOf(entry), entry, place, names);

/** The one key that names a kind of fault: the schema has seen to it that there is one. */
const kindOf = (entry: WrittenEntry): FaultKind => FAULT_KINDS.find((kind) => kind in entry) ?? 'heal';

type Compilers = {
  readonly [Kind in FaultKind]: (
    written: WrittenFault<Kind>,
    place: FaultPlace,
    names: Names,
  ) => FaultOf<Kind>;
};

/** Of one kind, so that compiler and entry are seen to go together. */
const compileAs = <Kind extends FaultKind>(
  kind: Kind,
  written: WrittenFault<Kind>,
  place: FaultPlace,
  names: Names,
): FaultOf<Kind> => COMPILERS[kind](written, place, names);

/** A fault that is no more than whom it strikes. */
const struck =
  <Kind extends FaultKind>(kind: Kind, scope: Scope) =>
  (
    written: Readonly<Record<Kind, WrittenTargets>>,
    place: FaultPlace,
  ): { readonly kind: Kind; readonly target: readonly Target[] } => ({
    kind,
    target: place.targets(written[kind], scope, kind),
  });

/** A fault that stops a server, changes its data, and perhaps starts it again. */
const dataChange =
  <Kind extends FaultKind>(kind: Kind) =>
  (
    written: Readonly<Record<Kind, WrittenTargets>> & { readonly restartAfter?: number | undefined },
    place: FaultPlace,
  ): {
    readonly kind: Kind;
    readonly target: readonly Target[];
    readonly restartAfterMs: number | undefined;
  } => ({ ...struck(kind, SERVERS)(written, place), restartAfterMs: written.restartAfter });

const COMPILERS: Compilers = {
  crash: compileCrash,
  restart: (written, place) => ({
    ...struck('restart', ANYBODY)(written, place),
    ...(written.release !== undefined && { release: written.release }),
  }),
  pause: struck('pause', ANYBODY),
  resume: struck('resume', ANYBODY),
  slowCpu: (written, place) => ({ ...struck('slowCpu', SERVERS)(written, place), stage: written.stage }),
  partition: compilePartition,
  bridge: struck('bridge', SERVERS),
  ring: struck('ring', SERVERS),
  isolate: struck('isolate', ANYBODY),
  flap: compileFlap,
  hold: (written, place) => ({
    kind: 'hold',
    between: place.sides(written.hold, 'hold'),
    oneWay: written.oneWay ?? false,
  }),
  release: (written, place) => ({ kind: 'release', between: place.sides(written.release, 'release') }),
  clog: struck('clog', ANYBODY),
  swizzle: (written, place) => ({ ...struck('swizzle', ANYBODY)(written, place), withinMs: written.within }),
  link: compileLink,
  disconnect: (written, place) => ({
    kind: 'disconnect',
    between: place.sides(written.disconnect, 'disconnect'),
    told: written.told ?? 'both',
  }),
  refuse: (written, place) => ({ ...struck('refuse', SERVERS)(written, place), port: written.port ?? 'all' }),
  fullBacklog: (written, place) => ({
    ...struck('fullBacklog', SERVERS)(written, place),
    port: written.port ?? 'all',
  }),
  slowDisk: (written, place) => {
    const { fsync, throughput } = written;
    if (fsync === undefined && throughput === undefined) {
      place.complain('slowDisk', 'nothing happens to the disk', '`fsync`, `throughput` or both');
    }
    return { ...struck('slowDisk', SERVERS)(written, place), fsync, throughput };
  },
  stallDisk: struck('stallDisk', SERVERS),
  fullDisk: struck('fullDisk', SERVERS),
  failWrites: struck('failWrites', SERVERS),
  flipBit: (written, place) => ({
    ...struck('flipBit', SERVERS)(written, place),
    where: written.in ?? 'log',
  }),
  loseSnapshot: dataChange('loseSnapshot'),
  loseLog: dataChange('loseLog'),
  wipe: dataChange('wipe'),
  copyData: (written, place) => {
    const change = dataChange('copyData')(written, place);
    const from = readSource(written.source, place);
    place.checkOther(change.target, from, 'source');
    return { ...change, from };
  },
  backup: struck('backup', SERVERS),
  restore: dataChange('restore'),
  clock: (written, place) => {
    const { step, drift, freeze } = written;
    if (!step && !drift && freeze === undefined) {
      place.complain('clock', 'nothing happens to the clock', '`step`, `drift` or `freeze`');
    }
    return {
      ...struck('clock', SERVERS)(written, place),
      stepMs: step,
      driftPpm: drift,
      freeze,
    };
  },
  flood: (written, place) => {
    const { connections, sessions = false } = written;
    return { ...struck('flood', SERVERS)(written, place), connections, sessions };
  },
  expire: (written, place) => ({
    ...struck('expire', CLIENTS)(written, place),
    ...(written.password !== undefined && { password: written.password }),
  }),
  heal: () => ({ kind: 'heal' }),
};

const SINGLE: ReadonlySet<Target['kind']> = new Set<Target['kind']>([
  ...(['server', 'leader', 'anyFollower', 'anyObserver', 'anyServer', 'lastStruck'] as const),
]);

/** Whose data it is that is copied: one server's. */
function readSource(written: string | number, place: FaultPlace): Target {
  const [source = { kind: 'lastStruck' }] = place.targets(written, SERVERS, 'source');
  if (!SINGLE.has(source.kind)) {
    place.report.problem(
      place.at('source'),
      `\`${String(written)}\` may be several servers`,
      'one server, such as leader',
    );
  }
  return source;
}
