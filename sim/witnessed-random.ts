import type { Micros } from './time.ts';
import { type Generator, KeyedDraws, Random, RandomStream } from './random.ts';

/** One draw and its address (law 5). */
export interface Draw {
  /** Of a sequence: its name, and which of its words it is, from 0. Of a key: its kind, and the whole key with the salt at its end. */
  readonly kind: 'stream' | 'key';
  readonly name: string;
  readonly key: readonly number[];
  readonly value: number;
}

export type Witness = (at: Micros, draw: Draw) => void;

/** The same draws as without it, and somebody who sees each of them. */
export class WitnessedRandom extends Random {
  /** Before the world has one, it is the beginning. */
  clock: { readonly now: Micros } = { now: 0 };
  readonly #witness: (draw: Draw) => void;

  constructor(seed: string, witness: Witness) {
    super(seed);
    this.#witness = (draw) => witness(this.clock.now, draw);
  }

  protected override newStream(name: string, generator: Generator): RandomStream {
    const witness = this.#witness;
    let nth = 0;
    return new RandomStream({
      int32() {
        const value = generator.int32();
        witness({ kind: 'stream', name, key: [nth++], value });
        return value;
      },
    });
  }

  protected override newKey(name: string, generator: Generator): KeyedDraws {
    return new WitnessedDraws(name, generator, this.#witness);
  }
}

class WitnessedDraws extends KeyedDraws {
  readonly #name: string;
  readonly #witness: (draw: Draw) => void;

  constructor(name: string, generator: Generator, witness: (draw: Draw) => void) {
    super(generator);
    this.#name = name;
    this.#witness = witness;
  }

  override draw(a: number, b: number, c: number, d: number, salt = 0): number {
    const value = super.draw(a, b, c, d, salt);
    this.#witness({ kind: 'key', name: this.#name, key: [a, b, c, d, salt], value });
    return value;
  }
}
