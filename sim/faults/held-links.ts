import type { Network } from '../network/network.ts';
import type { Undo } from './blow.ts';
import type { Pair } from './pairs.ts';

/** The links that `hold` faults hold. A `release` frees those between its sides, whichever fault holds them, and leaves the rest of it held. */
export class HeldLinks {
  readonly #network: Network;
  readonly #holds = new Set<Hold>();

  constructor(network: Network) {
    this.#network = network;
  }

  hold(pairs: readonly Pair[]): Hold {
    const hold = new Hold(this.#network, pairs);
    this.#holds.add(hold);
    return hold;
  }

  release(pairs: readonly Pair[]): void {
    for (const hold of this.#holds) {
      hold.free(pairs);
      if (hold.isSpent) this.#holds.delete(hold);
    }
  }
}

/** What one fault still holds. */
export class Hold {
  readonly #network: Network;
  #pairs: readonly Pair[];

  constructor(network: Network, pairs: readonly Pair[]) {
    this.#network = network;
    this.#pairs = pairs;
    for (const [from, to] of pairs) network.hold(from, to);
  }

  get isSpent(): boolean {
    return this.#pairs.length === 0;
  }

  get end(): Undo {
    return () => this.free(this.#pairs);
  }

  free(pairs: readonly Pair[]): void {
    const isFreed = ([from, to]: Pair): boolean => pairs.some(([a, b]) => a === from && b === to);
    const freed = this.#pairs.filter(isFreed);
    this.#pairs = this.#pairs.filter((pair) => !isFreed(pair));
    for (const [from, to] of freed) this.#network.release(from, to);
  }
}
