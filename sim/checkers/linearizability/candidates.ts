/** An operation on a clock of the history's own: any numbers that rise. Where two are equal, they overlap. */
export interface TimedOperation {
  readonly invoked: number;
  /** Infinity: no answer came, so it took effect at any time after its invocation, or never. */
  readonly answered: number;
}

export const NOBODY = -1;

/**
 * Who may come next in the order: what was invoked before anything else was answered that is not in the order yet. Two linked lists, so that
 * taking an operation out and putting it back cost nothing: one holds invocations and answers by time, in which the candidates are the
 * invocations ahead of the first answer; the other the invocations that were never answered.
 *
 * In the lists, operation i's invocation is i and its answer is n + i.
 */
export class Candidates {
  readonly #history: readonly TimedOperation[];
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #answeredHead: number;
  readonly #openHead: number;

  constructor(history: readonly TimedOperation[]) {
    const n = history.length;
    this.#history = history;
    this.#answeredHead = 2 * n;
    this.#openHead = 2 * n + 1;
    this.#next = new Int32Array(2 * n + 2);
    this.#previous = new Int32Array(2 * n + 2);
    const indices = history.map((_, index) => index);
    const answered = indices.filter((index) => this.#isAnswered(index));
    const open = indices.filter((index) => !this.#isAnswered(index));
    this.#link(this.#answeredHead, [...answered, ...answered.map((index) => n + index)]);
    this.#link(this.#openHead, open);
  }

  /** Whose answer is the next to come: it has to be in the order by then. NOBODY: all that were answered are in the order. */
  get unanswered(): number {
    const n = this.#history.length;
    let entry = this.#after(this.#answeredHead);
    while (entry < n) entry = this.#after(entry);
    return entry === this.#answeredHead ? NOBODY : entry - n;
  }

  /** The first to try. */
  first(): number {
    return this.#candidateFrom(this.#after(this.#answeredHead));
  }

  /** Whom to try after this one. */
  after(index: number): number {
    const entry = this.#after(index);
    return this.#isAnswered(index) ? this.#candidateFrom(entry) : this.#openCandidate(entry);
  }

  remove(index: number): void {
    this.#unlink(index);
    if (this.#isAnswered(index)) this.#unlink(this.#history.length + index);
  }

  /** Whoever was removed last is put back first. */
  putBack(index: number): void {
    if (this.#isAnswered(index)) this.#relink(this.#history.length + index);
    this.#relink(index);
  }

  /** Behind the last that was answered come the others. */
  #candidateFrom(entry: number): number {
    return entry < this.#history.length ? entry : this.#openCandidate(this.#after(this.#openHead));
  }

  #openCandidate(entry: number): number {
    if (entry === this.#openHead) return NOBODY;
    const next = this.unanswered;
    return next !== NOBODY && this.#time(entry) <= this.#answerOf(next) ? entry : NOBODY;
  }

  #link(head: number, entries: number[]): void {
    entries.sort((a, b) => this.#time(a) - this.#time(b) || a - b);
    let last = head;
    for (const entry of entries) {
      this.#next[last] = entry;
      this.#previous[entry] = last;
      last = entry;
    }
    this.#next[last] = head;
    this.#previous[head] = last;
  }

  #unlink(entry: number): void {
    const next = this.#after(entry);
    const previous = this.#before(entry);
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  #relink(entry: number): void {
    this.#next[this.#before(entry)] = entry;
    this.#previous[this.#after(entry)] = entry;
  }

  #after(entry: number): number {
    return this.#next[entry] ?? NOBODY;
  }

  #before(entry: number): number {
    return this.#previous[entry] ?? NOBODY;
  }

  /** Of an entry. */
  #time(entry: number): number {
    const n = this.#history.length;
    return entry < n ? (this.#history[entry]?.invoked ?? 0) : this.#answerOf(entry - n);
  }

  #answerOf(index: number): number {
    return this.#history[index]?.answered ?? Infinity;
  }

  #isAnswered(index: number): boolean {
    return this.#answerOf(index) !== Infinity;
  }
}
