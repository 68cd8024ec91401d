/**
 * First in, first out, in a ring that doubles when it is full: every operation takes constant time, however long it gets.
 * PERF: a queue that is empty most of the time, as a connection's is, allocates nothing; an array that is cleared whenever it runs
 * empty costs about three times as much.
 */
export class Queue<T> {
  #ring: (T | undefined)[] = emptyRing(SMALLEST);
  #head = 0;
  #size = 0;

  static of<T>(item: T): Queue<T> {
    const queue = new Queue<T>();
    queue.push(item);
    return queue;
  }

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#ring[this.#head];
  }

  push(item: T): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#size++) & (this.#ring.length - 1)] = item;
  }

  /** Undefined when it is empty. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#ring[this.#head];
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#size--;
    if (this.#size === 0 && this.#ring.length > LARGEST_KEPT) this.clear();
    return item;
  }

  some(test: (item: T) => boolean): boolean {
    for (const item of this) if (test(item)) return true;
    return false;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let i = 0; i < this.#size; i++) yield this.#ring[(this.#head + i) & (this.#ring.length - 1)] as T;
  }

  /** Removes and returns everything. */
  drain(): T[] {
    const items = [...this];
    this.clear();
    return items;
  }

  clear(): void {
    this.#ring = emptyRing(SMALLEST);
    this.#head = 0;
    this.#size = 0;
  }

  #grow(): void {
    const items = [...this];
    this.#ring = [...items, ...emptyRing<T>(items.length)];
    this.#head = 0;
  }
}

/** Slots; always a power of two. */
const SMALLEST = 4;
/** A ring that grew beyond this in a burst is given back when it runs empty. */
const LARGEST_KEPT = 1024;

const emptyRing = <T>(slots: number): (T | undefined)[] => new Array<T | undefined>(slots).fill(undefined);
