import type { SessionId } from '../../protocol/ids.ts';
import { NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import type { About } from '../checkers/checker.ts';
import type { Party } from '../party.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';

/** What servers, clients and disks go through by themselves, whatever it is about. */
const LIFE: ReadonlySet<TraceEventType> = new Set<TraceEventType>([
  'started',
  'crashed',
  'exited',
  'paused',
  'resumed',
  'recovered',
  'reloaded',
  'dataDamaged',
  'writeFailed',
  'clockChanged',
  'state',
  'established',
  'serving',
  'stoppedServing',
  'epochWritten',
  'truncated',
  'logTruncated',
  'logsDeleted',
  'snapshotInstalled',
  'protocolError',
  'keeperState',
]);

/** Too many, and each is told again by what it brings about. `--trace` has them. */
const MESSAGES: ReadonlySet<TraceEventType> = new Set<TraceEventType>(['delivered', 'ignored', 'connected']);

/** The parts of an event by which it can be about something. Not every event has them, and some have them in a txn or a request. */
interface Named {
  readonly zxid?: Zxid;
  readonly epoch?: number;
  readonly sessionId?: SessionId;
  readonly path?: string;
  readonly op?: number;
  readonly txn?: { readonly zxid: Zxid; readonly sessionId: SessionId; readonly body: object };
  readonly body?: object;
  readonly struck?: readonly Party[];
}

/** Whether an event of this party has to do with any of what a contradiction is about. */
export function isRelevant(about: About, party: Party, event: TraceEvent): boolean {
  if (MESSAGES.has(event.type) || isFirstBoot(event)) return false;
  const named: Named = event as Named;
  const parties = about.parties ?? [];
  return (
    (LIFE.has(event.type) && parties.includes(party)) ||
    (named.struck?.some((victim) => parties.includes(victim)) ?? false) ||
    includes(about.zxids, named.zxid ?? named.txn?.zxid) ||
    includes(about.epochs, named.epoch) ||
    includes(about.sessions, named.sessionId ?? named.txn?.sessionId) ||
    (about.operations?.some(({ client, op }) => client === party && op === named.op) ?? false) ||
    namesPath(about.paths ?? [], named)
  );
}

/** Everybody does that, and nothing has happened yet. */
const isFirstBoot = (event: TraceEvent): boolean =>
  (event.type === 'started' && event.incarnation === 1) ||
  (event.type === 'recovered' && event.lastZxid === NO_TXNS && event.currentEpoch === 0) ||
  (event.type === 'epochWritten' && event.epoch === 0);

const includes = <T>(list: readonly T[] | undefined, item: T | undefined): boolean =>
  item !== undefined && list?.includes(item) === true;

function namesPath(paths: readonly string[], { path, txn, body }: Named): boolean {
  if (paths.length === 0) return false;
  return [path, ...pathsIn(txn?.body), ...pathsIn(body)].some((named) => includes(paths, named));
}

/** Of a request, a txn or a multi of either. */
function pathsIn(body: object | undefined): readonly (string | undefined)[] {
  const { path, paths, ops, txns } = (body ?? {}) as {
    readonly path?: string;
    readonly paths?: readonly string[];
    readonly ops?: readonly object[];
    readonly txns?: readonly object[];
  };
  return [path, ...(paths ?? []), ...[...(ops ?? []), ...(txns ?? [])].flatMap(pathsIn)];
}
