import type { EventQueue, Scheduled } from '../event-queue.ts';
import type { Party } from '../party.ts';
import { fromMs, type Micros } from '../time.ts';
import type { Undo } from './blow.ts';
import { shuffled, type Draw } from './targets.ts';

/** Who, and how long from now. */
interface Turn {
  readonly party: Party;
  readonly after: Micros;
}

/** When the targets are clogged, and how long after the end of the fault they are freed. */
export interface SwizzleTurns {
  readonly clog: readonly Turn[];
  readonly free: readonly Turn[];
}

/** Each in a drawn order, at drawn moments within `withinMs`; the second order is never the first. */
export function drawTurns(parties: readonly Party[], withinMs: number, draw: Draw): SwizzleTurns {
  const inTurn = (order: readonly Party[]): readonly Turn[] => {
    const moments = order.map(() => Math.floor(draw() * fromMs(withinMs))).sort((a, b) => a - b);
    return order.map((party, i) => ({ party, after: moments[i] ?? 0 }));
  };
  const first = shuffled(parties, draw);
  const second = shuffled(parties, draw);
  const isSame = second.every((party, i) => party === first[i]);
  return { clog: inTurn(first), free: inTurn(isSame ? second.toReversed() : second) };
}

/** Clogs one target after another. Its end takes as long again: then it frees them one after another, unless it is told to `finish`. */
export class Swizzle {
  readonly #queue: EventQueue;
  readonly #clog: (party: Party) => Undo;
  readonly #turns: SwizzleTurns;
  readonly #clogged = new Map<Party, Undo>();
  #scheduled: readonly Scheduled[] = [];

  constructor(init: { queue: EventQueue; clog: (party: Party) => Undo; turns: SwizzleTurns }) {
    this.#queue = init.queue;
    this.#clog = init.clog;
    this.#turns = init.turns;
  }

  begin(): void {
    this.#schedule(this.#turns.clog, (party) => this.#clogged.set(party, this.#clog(party)));
  }

  /** Whose turn has not come is not clogged any more. */
  end(): void {
    this.#cancel();
    this.#schedule(this.#turns.free, (party) => this.#free(party));
  }

  /** Frees at once whoever is still clogged. */
  finish(): void {
    this.#cancel();
    for (const party of this.#clogged.keys()) this.#free(party);
  }

  #free(party: Party): void {
    this.#clogged.get(party)?.();
    this.#clogged.delete(party);
  }

  #schedule(turns: readonly Turn[], what: (party: Party) => void): void {
    const { now } = this.#queue;
    this.#scheduled = turns.map(({ party, after }) => this.#queue.schedule(now + after, () => what(party)));
  }

  #cancel(): void {
    for (const scheduled of this.#scheduled) this.#queue.cancel(scheduled);
  }
}
