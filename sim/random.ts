import seedrandom from 'seedrandom';
import { assert } from '../protocol/assert.ts';
import type { RandomSource } from '../protocol/host.ts';

/**
 * Where all chance comes from (law 5). A component draws from its own named stream; what happens to one message or one fsync is
 * computed from a key, so that a draw added or removed in one place moves nothing elsewhere.
 *
 * Of seedrandom only `tychei` is used: integer state, non-linear seeding, and sound as a family of streams. Seeds are strings with
 * structure, so no two names can spell the same seed; `zabsim/1` is the version of this derivation.
 */
export class Random {
  /** That of the run. */
  readonly #first: string;
  #seed: string;
  readonly #reseeds: (() => void)[] = [];

  constructor(seed: string) {
    this.#first = seed;
    this.#seed = seed;
  }

  /** The stream of this name, from its beginning: who asks twice gets the same draws twice. */
  stream(name: string): RandomStream {
    const stream = this.newStream(name, this.#generator('stream', name));
    this.#reseeds.push(() => stream.reseed(this.#generator('stream', name)));
    return stream;
  }

  /** Keyed draws for one kind of thing. */
  key(name: string): KeyedDraws {
    const draws = this.newKey(name, this.#generator('key', name));
    this.#reseeds.push(() => draws.reseed(this.#generator('key', name)));
    return draws;
  }

  /** The same for what is settled before the run begins, whenever it is asked for: no `redraw` changes it. */
  lastingKey(name: string): KeyedDraws {
    return this.newKey(name, this.#generator('key', name, this.#first));
  }

  /** From now on all draws are those of another seed, also from streams and keys that were handed out before. */
  redraw(seed: string): void {
    this.#seed = seed;
    for (const reseed of this.#reseeds) reseed();
  }

  protected newStream(_name: string, generator: Generator): RandomStream {
    return new RandomStream(generator);
  }

  protected newKey(_name: string, generator: Generator): KeyedDraws {
    return new KeyedDraws(generator);
  }

  #generator(kind: 'stream' | 'key', name: string, seed = this.#seed): Generator {
    return seedrandom.tychei(`zabsim/1|${kind}|${seed.length}:${seed}|${name}`);
  }
}

/** 32 bits at a time. */
export interface Generator {
  int32(): number;
}

/** A named sequence of draws. Every draw takes 32 bits; `int` takes more when it has to reject. */
export class RandomStream implements RandomSource {
  #generator: Generator;

  constructor(generator: Generator) {
    this.#generator = generator;
  }

  /** Goes on from the beginning of another one. */
  reseed(generator: Generator): void {
    this.#generator = generator;
  }

  /** A whole number in [0, bound), each as likely as any other; bound is 1 to 2³². */
  int(bound: number): number {
    assert(Number.isInteger(bound) && bound >= 1 && bound <= WORDS, () => `int(${bound})`);
    const fair = WORDS - (WORDS % bound);
    let word = this.#word();
    while (word >= fair) word = this.#word();
    return word % bound;
  }

  /** In [0, 1), in steps of 2⁻³². */
  unit(): number {
    return this.#word() / WORDS;
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  #word(): number {
    return this.#generator.int32() >>> 0;
  }
}

/** Draws that are a pure function of their key. Two words of the seed, mixed with the key's integers (MurmurHash3's steps). */
export class KeyedDraws {
  #k0: number;
  #k1: number;

  constructor(generator: Generator) {
    this.#k0 = generator.int32();
    this.#k1 = generator.int32();
  }

  reseed(generator: Generator): void {
    this.#k0 = generator.int32();
    this.#k1 = generator.int32();
  }

  /**
   * In [0, 1), in steps of 2⁻³². The key is four whole numbers of up to 53 bits, negative ones included; `salt` (32 bits) tells
   * several draws with one key apart.
   */
  draw(a: number, b: number, c: number, d: number, salt = 0): number {
    let h = absorb(this.#k0, a);
    h = absorb(h, b);
    h = absorb(h, c);
    h = absorb(h, d);
    h = finish(mix(h, salt) ^ this.#k1);
    return (h >>> 0) / WORDS;
  }
}

const WORDS = 2 ** 32;

const absorb = (h: number, value: number): number => mix(mix(h, value | 0), Math.floor(value / WORDS) | 0);

function mix(h: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  h ^= Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

function finish(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
