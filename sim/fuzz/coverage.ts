import { ErrorCode } from '../../protocol/errors.ts';
import { counterOf } from '../../protocol/zxid.ts';
import type { Party } from '../party.ts';
import { FAULT_KINDS } from '../fault-kinds.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType, TraceSink } from '../trace-events.ts';

type EventOf<Type extends TraceEventType> = Extract<TraceEvent, { readonly type: Type }>;

/** A named situation of the protocol, and when an event shows it. */
interface Situation<Type extends TraceEventType> {
  readonly event: Type;
  readonly holds: (event: EventOf<Type>) => boolean;
}

const when = <Type extends TraceEventType>(
  event: Type,
  holds: (event: EventOf<Type>) => boolean = () => true,
): Situation<Type> => ({ event, holds });

/** Each counts how often a run came into it. None may stay at zero over a campaign: what never happens is not tested. */
const SITUATIONS = {
  'elected while all looked': when('elected', (event) => event.path === 'looking'),
  'elected by those outside the election': when('elected', (event) => event.path === 'outofelection'),
  'leader established': when('established'),
  'leader stepped down': when('state', (event) => event.from === 'LEADING'),
  'follower lost its leader': when('state', (event) => event.from === 'FOLLOWING'),
  'observer lost its leader': when('state', (event) => event.from === 'OBSERVING'),
  'learner dropped by the leader': when('learnerDropped'),
  'epoch rollover': when('stoppedServing', (event) => event.reason.includes('rolled over')),
  'DIFF, nothing missing': when('syncDecision', (event) => event.mode === 'DIFF' && event.queued === 0),
  'DIFF with txns': when('syncDecision', (event) => event.mode === 'DIFF' && event.queued > 0),
  TRUNC: when('syncDecision', (event) => event.mode === 'TRUNC'),
  SNAP: when('syncDecision', (event) => event.mode === 'SNAP'),
  'log truncated': when('logTruncated'),
  'tree taken over': when('snapshotInstalled'),
  'committed while synchronizing': when('applied', (event) => event.cause === 'syncCommit'),
  'log replayed at start': when('recovered', (event) => event.replayed > 0),
  'tree brought to the end of the log': when('applied', (event) => event.cause === 'fastForward'),
  'torn record found': when('recovered', (event) => event.tornRecords > 0),
  'unflushed txns lost': when('crashed', (event) => event.lost > 0),
  'snapshot taken': when('snapshotTaken'),
  'first txn of an epoch committed': when('committed', (event) => counterOf(event.zxid) === 1),
  'session opened': when('sessionAttached', (event) => event.isNew),
  'session taken up again': when('sessionAttached', (event) => !event.isNew),
  'session moved': when('sessionMoved'),
  'request of a moved session refused': when('sessionMovedRefused'),
  'session expired': when('sessionExpired'),
  'session refused': when('sessionRefused'),
  'client saw its session expire': when('keeperState', (event) => event.state === 'Expired'),
  'watch fired': when('watchEvent'),
  'outcome unknown': when('answered', (event) => event.zxid === 0 && event.sent),
  'version did not match': when('answered', (event) => event.err === ErrorCode.BADVERSION),
  'transaction took place': when('answered', (event) => event.err === 0 && event.body?.results !== undefined),
  'write refused': when('applied', (event) => event.txn.body.type === 'error' && event.cause === 'commit'),
  'ephemerals went with their session': when(
    'applied',
    ({ txn: { body }, cause }) => body.type === 'closeSession' && body.paths.length > 0 && cause === 'commit',
  ),
  'connection refused': when('connectFailed', (event) => event.reason === 'refused'),
  'connect timed out': when('connectFailed', (event) => event.reason === 'timeout'),
  'connection reset': when('disconnected', (event) => event.reset),
  'write failed': when('writeFailed'),
  'process exited by itself': when('exited'),
  'refused to start': when('dataDamaged', (event) => event.refuses),
  'packet ignored': when('ignored'),
} as const;

export type SituationName = keyof typeof SITUATIONS;

/** Names of everything that is counted: the situations, then each kind of fault that struck somebody. */
export const SITUATION_NAMES: readonly string[] = [
  ...Object.keys(SITUATIONS),
  ...FAULT_KINDS.map((kind) => `fault: ${kind}`),
];

type Test = readonly [name: string, holds: (event: never) => boolean];
const BY_EVENT: ReadonlyMap<TraceEventType, readonly Test[]> = indexed();

function indexed(): ReadonlyMap<TraceEventType, readonly Test[]> {
  const tests = new Map<TraceEventType, readonly Test[]>();
  for (const [name, { event, holds }] of Object.entries(SITUATIONS))
    tests.set(event, [...(tests.get(event) ?? []), [name, holds]]);
  return tests;
}

/** Counts the situations of one run or of many. */
export class Coverage implements TraceSink {
  readonly #counts = new Map<string, number>(SITUATION_NAMES.map((name) => [name, 0]));

  /** In a fixed order, zeros included. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  onEvent(_at: Micros, _party: Party, event: TraceEvent): void {
    if (event.type === 'fault') {
      if (event.struck.length > 0 || event.kind === 'heal') this.#add(`fault: ${event.kind}`);
      return;
    }
    const situations = BY_EVENT.get(event.type);
    if (situations === undefined) return;
    for (const [name, holds] of situations) if (holds(event as never)) this.#add(name);
  }

  #add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}
