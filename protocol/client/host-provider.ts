/**
 * client/StaticHostProvider: the servers of the connect string, shuffled once and then tried round robin for ever. Left out:
 * name resolution (an address here is a server) and updateServerList.
 */
import { assert, defined } from '../assert.ts';
import type { RandomSource } from '../host.ts';

/** How long a client rests when it has been round all servers in vain, ms. */
const SPIN_DELAY_MS = 1000;

export interface NextHost {
  readonly address: string;
  /** 0, or a rest before this attempt because the round returned to the last good server, ms. */
  readonly spinDelayMs: number;
}

export class StaticHostProvider {
  readonly #servers: readonly string[];
  #currentIndex = -1;
  /** The last server that took us in; −1 before the first attempt, which is never delayed. */
  #lastIndex = -1;

  constructor(servers: readonly string[], random: RandomSource) {
    assert(servers.length > 0, 'a client needs a server to connect to');
    this.#servers = shuffle(servers, random);
  }

  get size(): number {
    return this.#servers.length;
  }

  next(): NextHost {
    this.#currentIndex = (this.#currentIndex + 1) % this.#servers.length;
    const spinDelayMs = this.#currentIndex === this.#lastIndex ? SPIN_DELAY_MS : 0;
    if (this.#lastIndex === -1) this.#lastIndex = 0;
    return { address: defined(this.#servers[this.#currentIndex], 'the next server'), spinDelayMs };
  }

  /** The handshake succeeded: rounds are counted from this server now. */
  onConnected(): void {
    this.#lastIndex = this.#currentIndex;
  }
}

/** Collections.shuffle: Fisher–Yates from the end. */
function shuffle(servers: readonly string[], random: RandomSource): readonly string[] {
  const shuffled = [...servers];
  for (let left = shuffled.length; left > 1; left--) {
    const drawn = random.int(left);
    const last = defined(shuffled[left - 1], 'the last server');
    shuffled[left - 1] = defined(shuffled[drawn], 'the drawn server');
    shuffled[drawn] = last;
  }
  return shuffled;
}
