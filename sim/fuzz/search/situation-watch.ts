import type { ServerState, ZabState } from '../../../protocol/packets.ts';
import { epochOf, NO_TXNS, type Zxid } from '../../../protocol/zxid.ts';
import { DurablePositions } from '../../checkers/durable-positions.ts';
import { isServer, type Party } from '../../party.ts';
import { toMs, type Micros } from '../../time.ts';
import type { TraceEvent, TraceEventType, TraceSink } from '../../trace-events.ts';

/** A server as far as its situation is concerned. */
interface Standing {
  state: ServerState | 'DOWN';
  zabState: ZabState;
  /** The end of its tree. */
  tree: Zxid;
  currentEpoch: number;
}

const START: Standing = {
  state: 'DOWN',
  zabState: 'ELECTION',
  tree: NO_TXNS,
  currentEpoch: 0,
};

const STATES = ['DOWN', 'LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'];
const PHASES = ['ELECTION', 'DISCOVERY', 'SYNCHRONIZATION', 'BROADCAST'];

/** Where a server takes another way, or what it has is put to the test. */
const TURNING_POINTS: ReadonlySet<TraceEventType> = new Set<TraceEventType>([
  'elected',
  'epochFixed',
  'epochWritten',
  'syncDecision',
  'newLeaderAcked',
  'established',
  'serving',
  'stoppedServing',
  'crashed',
  'exited',
  'recovered',
  'truncated',
  'snapshotInstalled',
  'writeFailed',
  'learnerDropped',
  'sessionExpired',
  'sessionMoved',
]);

/**
 * Which situations of the protocol a run comes into: what happens to a server (a turning point, a fault), and how the server
 * stands at that moment: role and phase, its log against its tree, its epoch against its log, its log against what is committed. And how all
 * servers stand whenever one of them changes its role or phase. Each is a number: the same one for the same situation in any run.
 */
export class SituationWatch implements TraceSink {
  readonly #untilMs: number;
  readonly #standings = new Map<Party, Standing>();
  readonly #disks = new DurablePositions();
  readonly #seen = new Map<number, number>();
  readonly #codes = new Map<string, number>();
  #committed: Zxid = NO_TXNS;

  /** What is reached only after `untilMs` is not told. */
  constructor(untilMs: number) {
    this.#untilMs = untilMs;
  }

  /** Situations, and when the run first came into each, ms; in the order in which it did. */
  get seen(): ReadonlyMap<number, number> {
    return this.#seen;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    const atMs = toMs(at);
    if (atMs >= this.#untilMs) return;
    if (event.type === 'fault') {
      for (const struck of event.struck)
        if (isServer(struck)) this.#note(atMs, 'strikes', event.kind, struck);
      return;
    }
    if (!isServer(party)) {
      if (event.type === 'keeperState')
        this.#add(atMs, this.#codeOf(event.state), this.#codeOf(event.reason));
      return;
    }
    if (TURNING_POINTS.has(event.type)) this.#note(atMs, event.type, aspectOf(event), party);
    this.#disks.onEvent(at, party, event);
    if (this.#change(this.#standing(party), event)) this.#noteEnsemble(atMs);
  }

  #note(atMs: number, what: string, which: string, server: Party): void {
    this.#add(atMs, mixed(this.#codeOf(what), this.#codeOf(which)), this.#standingCode(server));
  }

  /** Which server is which, and how many there are of a kind, makes no other situation. */
  #noteEnsemble(atMs: number): void {
    const codes = new Set<number>();
    for (const [server, { state }] of this.#standings)
      codes.add(STATES.indexOf(state) * 3 + relation(this.#disks.of(server), this.#committed));
    this.#add(atMs, ...[...codes].sort((a, b) => a - b));
  }

  /** How a server stands, in one number. */
  #standingCode(server: Party): number {
    const { state, zabState, tree, currentEpoch } = this.#standing(server);
    const disk = this.#disks.of(server);
    let code = STATES.indexOf(state);
    code = code * 4 + (state === 'LOOKING' || state === 'DOWN' ? 0 : PHASES.indexOf(zabState));
    code = code * 3 + relation(currentEpoch, epochOf(disk));
    code = code * 3 + relation(disk, tree);
    return code * 3 + relation(disk, this.#committed);
  }

  /** True where the server has come into another role, phase or epoch. */
  #change(standing: Standing, event: TraceEvent): boolean {
    switch (event.type) {
      case 'state':
        standing.state = event.to;
        return true;
      case 'zabState':
        standing.zabState = event.to;
        return true;
      case 'started':
        Object.assign(standing, START, { state: 'LOOKING' });
        return false;
      case 'crashed':
      case 'exited':
        standing.state = 'DOWN';
        return true;
      case 'recovered':
        standing.tree = event.lastZxid;
        standing.currentEpoch = event.currentEpoch;
        return false;
      case 'applied':
        standing.tree = event.txn.zxid;
        return false;
      case 'snapshotInstalled':
      case 'truncated':
        standing.tree = event.zxid;
        return false;
      case 'reloaded':
        standing.tree = event.lastZxid;
        return false;
      case 'epochWritten':
        if (event.file === 'currentEpoch') standing.currentEpoch = event.epoch;
        return false;
      case 'committed':
        if (event.zxid > this.#committed) this.#committed = event.zxid;
        return false;
      default:
        return false;
    }
  }

  #standing(server: Party): Standing {
    let standing = this.#standings.get(server);
    if (standing === undefined) {
      standing = { ...START };
      this.#standings.set(server, standing);
    }
    return standing;
  }

  #codeOf(name: string): number {
    let code = this.#codes.get(name);
    if (code === undefined) {
      code = hash(name);
      this.#codes.set(name, code);
    }
    return code;
  }

  #add(atMs: number, ...codes: readonly number[]): void {
    const situation = codes.reduce(mixed) >>> 0;
    if (!this.#seen.has(situation)) this.#seen.set(situation, atMs);
  }
}

/** What else there is to know of an event that makes another situation. */
function aspectOf(event: TraceEvent): string {
  switch (event.type) {
    case 'syncDecision':
      return event.queued > 0 ? `${event.mode} with txns` : event.mode;
    case 'epochWritten':
      return event.file;
    case 'elected':
      return event.path;
    default:
      return '';
  }
}

/** 0, 1 or 2: less, equal, greater. */
const relation = (a: number, b: number): number => (a < b ? 0 : a === b ? 1 : 2);

/** FNV-1a. */
function hash(text: string): number {
  let code = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) code = Math.imul(code ^ text.charCodeAt(i), 0x01000193);
  return code;
}

/** One step of MurmurHash3. */
function mixed(one: number, other: number): number {
  let word = Math.imul(other, 0xcc9e2d51);
  word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
  const code = one ^ word;
  return (Math.imul((code << 13) | (code >>> 19), 5) + 0xe6546b64) | 0;
}
