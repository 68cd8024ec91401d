import { assert, defined } from '../../protocol/assert.ts';
import { exp, log } from '../exact-math.ts';
import type { RandomStream } from '../random.ts';

/** Draws for generators. Each part of a generated run has dice of its own, so that one more draw in one part moves no other (law 5). */
export class Dice {
  readonly #stream: RandomStream;

  constructor(stream: RandomStream) {
    this.#stream = stream;
  }

  chance(probability: number): boolean {
    return this.#stream.chance(probability);
  }

  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + this.#stream.int(max - min + 1);
  }

  /** Undefined may be among them, so it is no sign of there being none. */
  oneOf<T>(items: readonly T[]): T {
    assert(items.length > 0, 'a draw from nothing');
    return items[this.#stream.int(items.length)] as T;
  }

  /** One of them, or undefined where there are none. */
  anyOf<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : this.oneOf(items);
  }

  /** Each by its weight. */
  weighted<T>(items: readonly (readonly [weight: number, item: T])[]): T {
    const total = items.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.#stream.unit() * total;
    for (const [weight, item] of items) {
      if (left < weight) return item;
      left -= weight;
    }
    return defined(items.at(-1), 'one of several')[1];
  }

  /** Some of them, each with this probability, in their order. */
  some<T>(items: readonly T[], probability: number): readonly T[] {
    return items.filter(() => this.chance(probability));
  }

  shuffled<T>(items: readonly T[]): readonly T[] {
    const left = [...items];
    const drawn: T[] = [];
    while (left.length > 0) drawn.push(...left.splice(this.int(0, left.length - 1), 1));
    return drawn;
  }

  /** Whole ms from `min` to `max`, small ones as likely as large ones are: evenly over the logarithm. */
  ms(min: number, max: number): number {
    return Math.round(min * exp(this.#stream.unit() * log(max / min)));
  }
}
