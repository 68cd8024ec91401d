import type { ClientEvent } from '../protocol/client-events.ts';
import type { ServerEvent } from '../protocol/events.ts';
import type { Sid } from '../protocol/ids.ts';
import type { RunPlan } from '../sim/plan.ts';
import { clientIndex, partySid, type Party } from '../sim/party.ts';
import { fromMs, type Micros } from '../sim/time.ts';
import type { TraceEvent, TraceSink, WorldEvent } from '../sim/trace-events.ts';
import { BulkClients, BulkCommits, outcomeOf } from './bulk.ts';
import { partyNames, type PartyNames } from './party-names.ts';
import { ServerLanes } from './server-lanes.ts';
import { StandingFaults } from './standing-faults.ts';
import { noteOf, stateNote, syncNote, voteNote } from './timeline-notes.ts';
import { BoundedRows, type BandRow, type CellsRow, type Note, type Timeline } from './timeline-rows.ts';

/**
 * Condenses the trace, while the run goes on, into the rows of the timeline. Decisions that are close in time share a row; commits
 * and client outcomes are only counted, and the counts shown once a bucket of time, before a fault, and before the next decision.
 */
const JOIN_WITHIN: Micros = fromMs(20);
/** What is appended to a cell that is already written; anything later begins a new row. */
const SAME_MOMENT: Micros = fromMs(5);
const NOTES_A_CELL = 3;
/** Counts of a shorter stretch wait for the next row that shows any: an election is not torn apart by three answers. */
const BULK_WORTH_A_ROW: Micros = fromMs(100);
const BUCKETS_A_RUN = 16;
const BUCKET_SECONDS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];

export class TimelineRecorder implements TraceSink {
  readonly #rows: BoundedRows;
  readonly #indexOf: ReadonlyMap<Party, number>;
  readonly #nameOf: PartyNames;
  readonly #lanes: ServerLanes;
  readonly #faults = new StandingFaults();
  /** Those of the scenario; the calm has one of its own, which is not counted. */
  readonly #storyClients: number;
  readonly #commits: readonly BulkCommits[];
  readonly #clients = new BulkClients();
  readonly #connected = new Set<Party>();
  /** Whom each server elected last. */
  readonly #elected = new Map<number, Sid>();
  readonly #bucket: Micros;
  #bucketEnd: Micros;
  #moment: { readonly row: CellsRow; readonly writtenAt: Micros[] } | undefined;
  #lastRowAt: Micros = 0;
  #struck = 0;
  #endedAt: Micros = 0;

  /** `capacity`: how many rows to keep from the beginning, and as many from the end. */
  constructor(plan: RunPlan, capacity = 150) {
    const servers = plan.ensemble.servers;
    this.#rows = new BoundedRows(capacity);
    this.#indexOf = new Map<Party, number>(servers.map(({ sid }, index) => [sid, index]));
    this.#nameOf = partyNames(plan);
    this.#lanes = new ServerLanes(servers.length);
    this.#storyClients = plan.clients.length;
    this.#commits = servers.map(() => new BulkCommits());
    this.#bucket = bucketLength(plan.durationMs + plan.calmMs);
    this.#bucketEnd = this.#bucket;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    if (at >= this.#bucketEnd) this.#endBucket(at);
    this.#endedAt = at;
    switch (event.type) {
      // The frequent ones first: a run has hundreds of thousands of them.
      case 'delivered':
      case 'invoked':
      case 'proposed':
      case 'committed':
      case 'logFlushed':
        return;
      case 'applied':
        return this.#onApplied(party, event);
      case 'answered':
      case 'watchEvent':
      case 'keeperState':
        if (clientIndex(party) < this.#storyClients) this.#onClient(party, event);
        return;
      case 'sessionMoved':
        return this.#clients.count('moved');
      case 'sessionExpired':
        return this.#clients.count('expired');
      case 'fault':
      case 'faultEnded':
      case 'calmBegan':
      case 'calmReached':
        return this.#onWorld(at, event);
      case 'clockChanged':
        this.#faults.onClock(party, event);
        return this.#write(at, this.#indexOf.get(party), noteOf(event), event);
      case 'elected':
        this.#elected.set(party, event.leader);
        return;
      case 'state':
        return this.#onState(at, party, event);
      case 'syncDecision':
        return this.#write(at, this.#indexOf.get(event.learner), syncNote(event), event);
      case 'voteChanged':
        return this.#onVote(at, party, event);
      case 'crashed':
      case 'exited':
        // What this server did before it died belongs above this row.
        this.#flushBulk(at);
        return this.#write(at, this.#indexOf.get(party), noteOf(event), event);
      default:
        return this.#write(at, this.#indexOf.get(party), noteOf(event), event);
    }
  }

  /** The rows so far; counts that no row has shown yet get one. */
  timeline(): Timeline {
    this.#flushBulk(this.#endedAt);
    return { rows: this.#rows.all(), faults: this.#struck, endedAt: this.#endedAt };
  }

  #onApplied(party: Party, event: Extract<ServerEvent, { type: 'applied' }>): void {
    // What a recovery or a synchronization applies is part of it, and those have notes.
    if (event.cause !== 'commit') return;
    const index = this.#indexOf.get(party);
    if (index !== undefined) this.#commits[index]?.count(event.txn.zxid);
  }

  #onClient(
    party: Party,
    event: Extract<ClientEvent, { type: 'answered' | 'watchEvent' | 'keeperState' }>,
  ): void {
    if (event.type === 'answered') this.#clients.count(outcomeOf(event));
    else if (event.type === 'watchEvent') this.#clients.count('watches');
    else this.#onKeeperState(party, event);
  }

  #onKeeperState(party: Party, { state }: Extract<ClientEvent, { type: 'keeperState' }>): void {
    // A client reports Disconnected after every attempt that failed; only the first one lost a connection.
    const wasConnected = this.#connected.delete(party);
    if (state === 'SyncConnected') {
      this.#connected.add(party);
      this.#clients.count('connected');
    } else if (state === 'Disconnected' && wasConnected) this.#clients.count('dropped');
    else if (state === 'Closed') this.#clients.count('closed');
    // Expiries are counted where the leader decides them: a client that is cut off hears of its own only much later.
  }

  #onState(at: Micros, party: Party, event: Extract<ServerEvent, { type: 'state' }>): void {
    const elected = this.#elected.get(party);
    if (event.to === 'LOOKING') this.#elected.delete(party);
    this.#write(at, this.#indexOf.get(party), stateNote(event, partySid(party), elected), event);
  }

  #onVote(at: Micros, party: Party, event: Extract<ServerEvent, { type: 'voteChanged' }>): void {
    const index = this.#indexOf.get(party);
    if (index === undefined) return;
    const { cells } = this.#momentFor(at, index).row;
    const cell = cells[index] ?? [];
    const note = voteNote(event.leader, cell.at(-1));
    // It continues the last note.
    if (note.text.includes('→')) cell.pop();
    this.#write(at, index, note, event);
  }

  #onWorld(
    at: Micros,
    event: Extract<WorldEvent, { type: 'fault' | 'faultEnded' | 'calmBegan' | 'calmReached' }>,
  ): void {
    this.#flushBulk(at);
    if (event.type === 'fault' || event.type === 'faultEnded') this.#faults.onFault(event);
    else this.#faults.clear();
    switch (event.type) {
      case 'fault':
        this.#struck += 1;
        return this.#band(at, 'fault', this.#withStruck(event));
      case 'faultEnded':
        return this.#band(at, 'faultEnded', this.#withStruck(event));
      case 'calmBegan':
        return this.#band(at, 'calm', 'the story ends: clients stop, every fault heals');
      case 'calmReached':
        return this.#band(at, 'calm', 'every server that can be is equal and serving');
    }
  }

  /** A role is followed by the server that had it: `crash: leader → slave02 (3)`. */
  #withStruck({ kind, text, struck }: Extract<WorldEvent, { type: 'fault' | 'faultEnded' }>): string {
    if (struck.length > 0) return `${text} → ${struck.map(this.#nameOf).join(', ')}`;
    return kind === 'heal' ? text : `${text} → nobody`;
  }

  #band(at: Micros, mark: BandRow['mark'], text: string): void {
    this.#closeMoment();
    this.#rows.add({ kind: 'band', at, mark, text, lanes: this.#lanes.now(), faulty: this.#faults.any });
    this.#lastRowAt = at;
  }

  /** The row is opened before the event changes a lane, as what is summed up above it came before. */
  #write(at: Micros, index: number | undefined, note: Note | undefined, event: TraceEvent): void {
    if (index === undefined || note === undefined) return;
    const moment = this.#momentFor(at, index);
    this.#lanes.onEvent(index, event);
    moment.row.cells[index]?.push(note);
    moment.row.lanes.splice(0, moment.row.lanes.length, ...this.#lanes.now());
    moment.writtenAt[index] = at;
  }

  #momentFor(at: Micros, index: number): { readonly row: CellsRow; readonly writtenAt: Micros[] } {
    if (this.#moment !== undefined && canTake(this.#moment, at, index)) return this.#moment;
    if (at - this.#lastRowAt >= BULK_WORTH_A_ROW) this.#flushBulk(at);
    this.#closeMoment();
    const row = this.#cellsRow(
      'moment',
      at,
      this.#commits.map((): Note[] => []),
      [],
    );
    this.#moment = { row, writtenAt: this.#commits.map(() => -1) };
    this.#lastRowAt = at;
    return this.#moment;
  }

  #closeMoment(): void {
    if (this.#moment !== undefined) this.#rows.add(this.#moment.row);
    this.#moment = undefined;
  }

  #endBucket(at: Micros): void {
    this.#flushBulk(this.#bucketEnd);
    this.#bucketEnd += this.#bucket * (Math.floor((at - this.#bucketEnd) / this.#bucket) + 1);
  }

  #flushBulk(at: Micros): void {
    this.#closeMoment();
    if (this.#clients.isEmpty && this.#commits.every((commits) => commits.isEmpty)) return;
    const cells = this.#commits.map((commits) => commits.take());
    this.#rows.add(this.#cellsRow('bulk', at, cells, this.#clients.take()));
    this.#lastRowAt = at;
  }

  #cellsRow(
    kind: CellsRow['kind'],
    at: Micros,
    cells: readonly Note[][],
    clients: readonly string[],
  ): CellsRow {
    return { kind, at, cells, clients, lanes: this.#lanes.now(), faulty: this.#faults.any };
  }
}

function canTake(
  moment: { row: CellsRow; writtenAt: readonly Micros[] },
  at: Micros,
  index: number,
): boolean {
  if (at - moment.row.at > JOIN_WITHIN) return false;
  const notes = moment.row.cells[index]?.length ?? 0;
  if (notes === 0) return true;
  return notes < NOTES_A_CELL && at - (moment.writtenAt[index] ?? at) <= SAME_MOMENT;
}

/** A round length that cuts the run into about sixteen buckets; one second at least. */
function bucketLength(runMs: number): Micros {
  const seconds = BUCKET_SECONDS.find((length) => length * 1000 * BUCKETS_A_RUN >= runMs);
  return fromMs(1000 * (seconds ?? 86_400));
}
