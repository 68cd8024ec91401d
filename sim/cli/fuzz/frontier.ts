/** Which run of a series is the first that has not ended, while they end in any order. */
export class Frontier {
  readonly #series: Iterator<number, undefined>;
  #first: number | undefined;
  /** Ended, though one before them has not. */
  readonly #ahead = new Set<number>();

  constructor(series: Iterator<number, undefined>) {
    this.#series = series;
    this.#first = series.next().value;
  }

  /** Infinity once all have ended. */
  get first(): number {
    return this.#first ?? Infinity;
  }

  ended(run: number): void {
    this.#ahead.add(run);
    while (this.#first !== undefined && this.#ahead.delete(this.#first))
      this.#first = this.#series.next().value;
  }
}
