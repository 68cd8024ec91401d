import type { Data } from '../../protocol/database/txn.ts';

/**
 * A running hash in two 32-bit words (law 7). Integer arithmetic only, so it is the same everywhere, and cheap enough to take in
 * every event. It tells runs apart; it does not withstand someone who looks for collisions.
 */
export class Fingerprint {
  #low = 0x243f6a88;
  #high = 0x85a308d3 | 0;
  /**
   * Hashes of large data, which is shared between packets, txns and servers and never modified.
   * PERF: without it a run that writes 1 MiB znodes spends its time here.
   */
  readonly #known = new WeakMap<Uint8Array, { readonly low: number; readonly high: number }>();

  /** 16 hex digits. Does not end it: more may follow. */
  hex(): string {
    return hex32(scramble(this.#low ^ this.#high)) + hex32(scramble(this.#high + 0x9e3779b9));
  }

  /** A whole number of up to 53 bits. */
  number(value: number): void {
    if ((value | 0) === value) {
      this.#word(value);
    } else {
      this.#word(Math.floor(value / 2 ** 32) ^ 0x5bd1e995);
      this.#word(value | 0);
    }
  }

  flag(value: boolean): void {
    this.#word(value ? 1 : 2);
  }

  text(value: string): void {
    const length = value.length;
    this.#word(length);
    let i = 0;
    for (; i + 1 < length; i += 2) this.#word((value.charCodeAt(i) << 16) | value.charCodeAt(i + 1));
    if (i < length) this.#word(value.charCodeAt(i));
  }

  numbers(values: readonly number[]): void {
    this.#word(values.length);
    for (const value of values) this.number(value);
  }

  texts(values: readonly string[]): void {
    this.#word(values.length);
    for (const value of values) this.text(value);
  }

  data(value: Data): void {
    if (value === null) return this.#word(-1);
    this.#word(value.length);
    if (value.length <= 64) return this.#bytes(value);
    const known = this.#known.get(value) ?? this.#learn(value);
    this.#word(known.low);
    this.#word(known.high);
  }

  /** For a field that may be absent: true when it is there, and then its value follows. */
  present<T>(value: T | undefined): value is T {
    this.flag(value !== undefined);
    return value !== undefined;
  }

  #learn(value: Uint8Array): { readonly low: number; readonly high: number } {
    const own = new Fingerprint();
    own.#bytes(value);
    const hash = { low: own.#low, high: own.#high };
    this.#known.set(value, hash);
    return hash;
  }

  #bytes(value: Uint8Array): void {
    for (const byte of value) this.#word(byte);
  }

  /** Each half is a bijection of itself for a given word, and the upper one also sees the lower one. */
  #word(word: number): void {
    const low = Math.imul(this.#low ^ word, 0x9e3779b1);
    this.#low = (low << 15) | (low >>> 17);
    const high = Math.imul(this.#high ^ word ^ this.#low, 0x85ebca6b);
    this.#high = (high << 13) | (high >>> 19);
  }
}

const hex32 = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

function scramble(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
