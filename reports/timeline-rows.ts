import type { ServerState } from '../protocol/packets.ts';
import type { Micros } from '../sim/time.ts';

/**
 * The timeline's rows as data, and where they are kept: the newest and the oldest ones, so that a run of a virtual year takes
 * no more memory than one of a minute.
 */

/** What a server's column shows between two notes. */
export type Lane = ServerState | 'DOWN' | 'PAUSED';

/** A remark in a cell. Where `shorter` forms are given the longest that fits on one line is shown; else the text is wrapped. */
export interface Note {
  readonly text: string;
  readonly shorter?: readonly string[];
}

interface RowBase {
  readonly at: Micros;
  /** By index of the server in the configuration: its state when the row ends. */
  readonly lanes: Lane[];
  /** A fault of links, disks or clocks lasts. */
  readonly faulty: boolean;
}

/** What servers did within a few milliseconds, or in bulk since the row before. */
export interface CellsRow extends RowBase {
  readonly kind: 'moment' | 'bulk';
  readonly cells: readonly Note[][];
  readonly clients: readonly string[];
}

/** What happened to all: across the whole width. */
export interface BandRow extends RowBase {
  readonly kind: 'band';
  readonly mark: 'fault' | 'faultEnded' | 'calm';
  readonly text: string;
}

export type TimelineRow = CellsRow | BandRow;

/** What a report needs of a run besides its result. */
export interface Timeline {
  readonly rows: readonly (TimelineRow | GapRow)[];
  /** Faults that struck. */
  readonly faults: number;
  /** The last event's virtual time. */
  readonly endedAt: Micros;
}

/** Where rows were left out. */
export interface GapRow {
  readonly kind: 'gap';
  readonly leftOut: number;
}

/** Keeps the first `capacity` rows and the last `capacity`. */
export class BoundedRows {
  readonly #capacity: number;
  readonly #first: TimelineRow[] = [];
  /** At most twice the capacity: trimmed in bulk, so that adding stays cheap. */
  #last: TimelineRow[] = [];
  #leftOut = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(row: TimelineRow): void {
    if (this.#first.length < this.#capacity) {
      this.#first.push(row);
      return;
    }
    this.#last.push(row);
    if (this.#last.length < 2 * this.#capacity) return;
    this.#leftOut += this.#capacity;
    this.#last = this.#last.slice(this.#capacity);
  }

  all(): (TimelineRow | GapRow)[] {
    const surplus = Math.max(0, this.#last.length - this.#capacity);
    const leftOut = this.#leftOut + surplus;
    const gap: GapRow[] = leftOut > 0 ? [{ kind: 'gap', leftOut }] : [];
    return [...this.#first, ...gap, ...this.#last.slice(surplus)];
  }
}
