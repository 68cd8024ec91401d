import type { Micros } from '../time.ts';

/** How fast a machine's clocks run: µs of theirs a µs of virtual time. 0: they stand still. */
interface Rates {
  readonly elapsed: number;
  readonly wall: number;
}

/**
 * The two clocks of one machine, as laws of virtual time: linear until somebody changes them. One oscillator drives both. The monotonic
 * one (System.nanoTime) never jumps; the wall clock (System.currentTimeMillis) can be set. Values in whole µs.
 */
export class Clock {
  /** The law holds from here on: what both showed then, and how they have run since. */
  #since: Micros = 0;
  #elapsed: Micros;
  #wall: Micros;
  #rates: Rates;
  readonly #plannedPpm: number;
  #ppm: number;
  #frozen: 'wall' | 'both' | undefined = undefined;

  /** `elapsed`: how long the machine had been up when the run began. `wall`: how far ahead its wall clock was. */
  constructor(init: { elapsed: Micros; wall?: Micros; driftPpm?: number }) {
    this.#elapsed = init.elapsed;
    this.#wall = init.wall ?? 0;
    this.#plannedPpm = init.driftPpm ?? 0;
    this.#ppm = this.#plannedPpm;
    this.#rates = ratesOf(this.#ppm, undefined);
  }

  get rates(): Rates {
    return this.#rates;
  }

  /** It shows and does what a perfect clock does. */
  isRightAt(now: Micros): boolean {
    return this.#rates.elapsed === 1 && this.#rates.wall === 1 && this.wall(now) === now;
  }

  /** Monotonic time. */
  elapsed(now: Micros): Micros {
    return Math.round(this.#elapsed + (now - this.#since) * this.#rates.elapsed);
  }

  /** Wall-clock time since all right wall clocks started. */
  wall(now: Micros): Micros {
    return Math.round(this.#wall + (now - this.#since) * this.#rates.wall);
  }

  /** When the monotonic clock will show `elapsed`, as it runs now; undefined while it stands still. */
  whenElapsed(elapsed: Micros): Micros | undefined {
    const rate = this.#rates.elapsed;
    return rate === 0 ? undefined : this.#since + Math.ceil((elapsed - this.#elapsed) / rate);
  }

  /** Sets the wall clock forward, or back. */
  step(now: Micros, by: Micros): void {
    this.#newLaw(now);
    this.#wall += by;
  }

  /** Both run too fast by so much, or too slow; undefined: as planned. */
  drift(now: Micros, ppm: number | undefined): void {
    this.#ppm = ppm ?? this.#plannedPpm;
    this.#newLaw(now);
  }

  /** Lets the wall clock stand still, or both; undefined: neither. What was missed stays missed. */
  freeze(now: Micros, which: 'wall' | 'both' | undefined): void {
    this.#frozen = which;
    this.#newLaw(now);
  }

  #newLaw(now: Micros): void {
    this.#elapsed = this.elapsed(now);
    this.#wall = this.wall(now);
    this.#since = now;
    this.#rates = ratesOf(this.#ppm, this.#frozen);
  }
}

function ratesOf(ppm: number, frozen: 'wall' | 'both' | undefined): Rates {
  const rate = Math.max(0, 1 + ppm / 1_000_000);
  return { elapsed: frozen === 'both' ? 0 : rate, wall: frozen === undefined ? rate : 0 };
}
