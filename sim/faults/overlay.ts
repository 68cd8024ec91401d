import type { Party } from '../party.ts';
import type { Undo } from './blow.ts';

/**
 * Faults of one kind that may overlap on one party: the newest holds, and when it ends the one before holds again, until the last has
 * ended.
 */
export class Overlay<T> {
  readonly #apply: (party: Party, value: T | undefined) => void;
  readonly #layers = new Map<Party, { readonly value: T }[]>();

  /** `apply`: what holds for this party now; undefined: nothing any more. */
  constructor(apply: (party: Party, value: T | undefined) => void) {
    this.#apply = apply;
  }

  add(party: Party, value: T): Undo {
    const layer = { value };
    const layers = this.#layers.get(party) ?? [];
    this.#layers.set(party, [...layers, layer]);
    this.#apply(party, value);
    return () => {
      const layers = this.#layers.get(party) ?? [];
      if (!layers.includes(layer)) return;
      const left = layers.filter((other) => other !== layer);
      this.#layers.set(party, left);
      this.#apply(party, left.at(-1)?.value);
    };
  }

  /** Ends all of them for this party. */
  clear(party: Party): void {
    this.#layers.delete(party);
    this.#apply(party, undefined);
  }
}
