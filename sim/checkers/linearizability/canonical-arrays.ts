/** Numbers up to here are put together two at a time into one that is still exact. */
const MAX_ID = 2 ** 26;

/**
 * Arrays of small non-negative integers that are never changed, only made anew with one element replaced, and of which equal ones are the
 * same number: the search keeps a great many that hardly differ, goes back to earlier ones, and asks whether it has had this one before.
 *
 * An array is a binary tree over the bits of the index. A pair of equal halves is made once (hash consing), so an array is known by the
 * number of its root. 0 is the array of zeros, of any size. Reading and replacing cost as many steps as the index has bits.
 */
export class CanonicalArrays {
  readonly #bits: number;
  readonly #lower: number[] = [0];
  readonly #upper: number[] = [0];
  readonly #pairs = new Map<number, number>();

  /** `size`: indices are smaller. */
  constructor(size: number) {
    let bits = 0;
    while (2 ** bits < size) bits++;
    this.#bits = bits;
  }

  get(array: number, index: number): number {
    let node = array;
    for (let bit = this.#bits - 1; bit >= 0 && node !== 0; bit--) node = this.#half(node, (index >> bit) & 1);
    return node;
  }

  with(array: number, index: number, value: number): number {
    return this.#with(array, index, value, this.#bits - 1);
  }

  #with(node: number, index: number, value: number, bit: number): number {
    if (bit < 0) return value;
    const lower = this.#half(node, 0);
    const upper = this.#half(node, 1);
    return ((index >> bit) & 1) === 0
      ? this.#pair(this.#with(lower, index, value, bit - 1), upper)
      : this.#pair(lower, this.#with(upper, index, value, bit - 1));
  }

  #half(node: number, which: number): number {
    return (which === 0 ? this.#lower[node] : this.#upper[node]) ?? 0;
  }

  #pair(lower: number, upper: number): number {
    if (lower === 0 && upper === 0) return 0;
    const key = lower * MAX_ID + upper;
    const known = this.#pairs.get(key);
    if (known !== undefined) return known;
    const id = this.#lower.length;
    this.#lower.push(lower);
    this.#upper.push(upper);
    this.#pairs.set(key, id);
    return id;
  }
}
