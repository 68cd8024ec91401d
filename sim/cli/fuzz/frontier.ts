/** Which of the runs 0, 1, 2 … is the first that has not ended, while they end in any order. */
export class Frontier {
  #first = 0;
  /** Ended, though one before them has not. */
  readonly #ahead = new Set<number>();

  get first(): number {
    return this.#first;
  }

  ended(run: number): void {
    this.#ahead.add(run);
    while (this.#ahead.delete(this.#first)) this.#first++;
  }
}
