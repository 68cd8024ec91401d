import { defined } from '../../protocol/assert.ts';
import { Queue } from '../../protocol/queue.ts';
import type { Micros } from '../time.ts';
import type { Draw } from '../witnessed-random.ts';

export interface SeenDraw {
  readonly at: Micros;
  readonly draw: Draw;
  /** Of the run, before it. */
  readonly events: number;
}

/** The first draw in which two runs differ. */
export interface DrawDifference {
  /** Before the earlier of the two. */
  readonly events: number;
  /** Undefined: this run drew no more. */
  readonly first: SeenDraw | undefined;
  readonly second: SeenDraw | undefined;
}

/** Compares the draws of two runs in their order, address and value. Holds what one of them is ahead. */
export class DrawParting {
  readonly #ahead = { first: new Queue<SeenDraw>(), second: new Queue<SeenDraw>() };
  #difference: DrawDifference | undefined;

  onDraw(side: 'first' | 'second', seen: SeenDraw): void {
    if (this.#difference !== undefined) return;
    this.#ahead[side].push(seen);
    const { first, second } = this.#ahead;
    if (first.size > 0 && second.size > 0) this.#compare();
  }

  /** To be asked when both runs are over. */
  difference(): DrawDifference | undefined {
    const { first, second } = this.#ahead;
    if (this.#difference === undefined && first.size + second.size > 0)
      this.#difference = differing(first.first, second.first);
    return this.#difference;
  }

  #compare(): void {
    const first = defined(this.#ahead.first.shift(), 'the draw of one');
    const second = defined(this.#ahead.second.shift(), 'the draw of the other');
    if (!isSame(first.draw, second.draw)) this.#difference = differing(first, second);
  }
}

const differing = (first: SeenDraw | undefined, second: SeenDraw | undefined): DrawDifference => ({
  events: Math.min(first?.events ?? Infinity, second?.events ?? Infinity),
  first,
  second,
});

export const hasSameAddress = (one: Draw, two: Draw): boolean =>
  one.kind === two.kind &&
  one.name === two.name &&
  one.key.length === two.key.length &&
  one.key.every((part, index) => part === two.key[index]);

const isSame = (one: Draw, two: Draw): boolean => one.value === two.value && hasSameAddress(one, two);
