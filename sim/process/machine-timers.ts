import type { EventQueue, Scheduled } from '../event-queue.ts';
import { fromMs, type Micros } from '../time.ts';
import type { Clock } from './clock.ts';

interface PendingTimer {
  /** In monotonic time. */
  readonly due: Micros;
  /** Undefined while the clock stands still. */
  readonly scheduled: Scheduled | undefined;
}

/** A process's timers, by name. They hang on its machine's monotonic clock, as Object.wait, Thread.sleep and poll do. */
export class MachineTimers {
  readonly #queue: EventQueue;
  readonly #clock: Clock;
  readonly #ring: (timer: string) => void;
  readonly #pending = new Map<string, PendingTimer>();

  constructor(queue: EventQueue, clock: Clock, ring: (timer: string) => void) {
    this.#queue = queue;
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Setting one again replaces it. */
  set(timer: string, delayMs: number): void {
    this.cancel(timer);
    this.#schedule(timer, this.#clock.elapsed(this.#queue.now) + fromMs(Math.max(0, delayMs)));
  }

  cancel(timer: string): void {
    const pending = this.#pending.get(timer);
    if (pending === undefined) return;
    this.#pending.delete(timer);
    if (pending.scheduled !== undefined) this.#queue.cancel(pending.scheduled);
  }

  clear(): void {
    for (const timer of [...this.#pending.keys()]) this.cancel(timer);
  }

  /** The clock runs differently from now on: each rings when it shows what it was set for. */
  onClockChanged(): void {
    for (const [timer, { due }] of [...this.#pending]) {
      this.cancel(timer);
      this.#schedule(timer, due);
    }
  }

  #schedule(timer: string, due: Micros): void {
    const at = this.#clock.whenElapsed(due);
    const scheduled =
      at === undefined
        ? undefined
        : this.#queue.schedule(Math.max(at, this.#queue.now), () => {
            this.#pending.delete(timer);
            this.#ring(timer);
          });
    this.#pending.set(timer, { due, scheduled });
  }
}
