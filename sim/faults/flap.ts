import type { EventQueue, Scheduled } from '../event-queue.ts';
import type { Micros } from '../time.ts';
import type { Undo } from './blow.ts';

/** Links that are cut and whole by turns: cut at once, and whole when it ends. */
export class Flap {
  readonly #queue: EventQueue;
  readonly #cut: () => Undo;
  readonly #down: Micros;
  readonly #up: Micros;
  #mend: Undo | undefined;
  #next: Scheduled | undefined;

  constructor(init: { queue: EventQueue; cut: () => Undo; down: Micros; up: Micros }) {
    this.#queue = init.queue;
    this.#cut = init.cut;
    this.#down = init.down;
    this.#up = init.up;
  }

  start(): void {
    this.#mend = this.#cut();
    this.#after(this.#down, () => this.#pass());
  }

  end(): void {
    if (this.#next !== undefined) this.#queue.cancel(this.#next);
    this.#mend?.();
  }

  #pass(): void {
    this.#mend?.();
    this.#mend = undefined;
    this.#after(this.#up, () => this.start());
  }

  /** Never at the same moment again, or there would be no end of it. */
  #after(delay: Micros, turn: () => void): void {
    this.#next = this.#queue.schedule(this.#queue.now + Math.max(1, delay), turn);
  }
}
