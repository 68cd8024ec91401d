import { defined } from '../../../protocol/assert.ts';
import { CanonicalArrays } from './canonical-arrays.ts';
import { Candidates, NOBODY, type TimedOperation } from './candidates.ts';

/** What the operations would do one after the other. */
export interface SequentialModel<State, Operation> {
  readonly init: State;
  /** The state after it; the very state it was given if nothing changes; undefined where its answer is impossible. */
  step(state: State, operation: Operation): State | undefined;
  /** Equal for equal states, and for no others. */
  key(state: State): string | number;
  /** Whether it changes nothing, whatever the state, if its answer is the one it had. */
  changesNothing(operation: Operation): boolean;
  /** What it looks at or changes, by name. Operations without a common name don't notice each other. */
  touches(operation: Operation): readonly string[];
}

export interface Limits {
  /** Operations that are tried. */
  readonly steps: number;
  /** Situations that are remembered, which is what takes memory: a kilobyte or two each. */
  readonly situations: number;
}

/** `order`: indices of the operations in an order that fits; those without an answer are missing where they never took effect. */
export type Verdict =
  | { readonly kind: 'linearizable'; readonly order: readonly number[] }
  /** `order`: the longest that fits. `misfit`: whose answer was the next to come, and who fits nowhere before it. */
  | { readonly kind: 'not linearizable'; readonly order: readonly number[]; readonly misfit: number }
  | { readonly kind: 'unknown'; readonly limit: keyof Limits };

export interface Finding {
  readonly verdict: Verdict;
  /** What it took. */
  readonly steps: number;
}

/**
 * Is there an order of these operations, each between its invocation and its answer, in which every answer is right? The search of Wing and
 * Gong, with Lowe's memory of situations and Porcupine's list: of those that may come next (invoked before any other was answered that is
 * not in the order yet) one is tried, and if nothing comes of it, the next. A situation, which operations are in the order and what state
 * they led to, is entered only once.
 *
 * - Operations without an answer come last, so one is only put into the order where something else does not fit without it; and never where
 *   it would change nothing, or nothing that any of those notices which may come next: as nobody waits for it, it may as well come later.
 * - One that changes nothing whatever the state is put into the order as soon as it fits, and no other is tried in its place: in any order
 *   that goes on without it, it can be moved to the front.
 *
 * It needs no recursion, no clock and no chance: the same history takes the same steps everywhere.
 */
export function findOrder<State, Operation extends TimedOperation>(
  model: SequentialModel<State, Operation>,
  history: readonly Operation[],
  limits: Limits,
): Finding {
  return new Search(model, history, limits).run();
}

/** How one operation came into the order, to take it out again. */
interface Choice<State> {
  readonly index: number;
  readonly stateBefore: State;
  readonly orderedBefore: number;
  readonly isForced: boolean;
}

class Search<State, Operation extends TimedOperation> {
  readonly #model: SequentialModel<State, Operation>;
  readonly #history: readonly Operation[];
  readonly #limits: Limits;
  readonly #candidates: Candidates;
  readonly #sets: CanonicalArrays;
  readonly #situations = new Set<string>();
  readonly #choices: Choice<State>[] = [];
  #state: State;
  /** Which operations are in the order: an array of #sets. */
  #ordered = 0;
  /** Those without an answer that may matter here. */
  #related: ReadonlySet<number> | undefined;
  #steps = 0;
  #longest: { readonly order: readonly number[]; readonly misfit: number } = { order: [], misfit: NOBODY };

  constructor(model: SequentialModel<State, Operation>, history: readonly Operation[], limits: Limits) {
    this.#model = model;
    this.#history = history;
    this.#limits = limits;
    this.#state = model.init;
    this.#candidates = new Candidates(history);
    this.#sets = new CanonicalArrays(history.length);
  }

  run(): Finding {
    return { verdict: this.#verdict(), steps: this.#steps };
  }

  #verdict(): Verdict {
    let index = this.#candidates.first();
    while (this.#candidates.unanswered !== NOBODY) {
      if (this.#steps >= this.#limits.steps) return { kind: 'unknown', limit: 'steps' };
      if (this.#situations.size >= this.#limits.situations) return { kind: 'unknown', limit: 'situations' };
      if (index === NOBODY) {
        const taken = this.#takeBack();
        if (taken === undefined) return { kind: 'not linearizable', ...this.#longest };
        index = this.#candidates.after(taken);
      } else index = this.#try(index);
    }
    return { kind: 'linearizable', order: this.#order() };
  }

  /** Returns whom to try next. */
  #try(index: number): number {
    const operation = this.#operation(index);
    const isOpen = operation.answered === Infinity;
    if (isOpen && !this.#mayMatter(index)) return this.#candidates.after(index);
    this.#steps++;
    const state = this.#model.step(this.#state, operation);
    if (state === undefined || (isOpen && state === this.#state)) return this.#candidates.after(index);
    const isForced = this.#model.changesNothing(operation);
    const ordered = this.#sets.with(this.#ordered, index, 1);
    if (!this.#isNew(ordered, state)) return isForced ? NOBODY : this.#candidates.after(index);
    this.#choices.push({ index, stateBefore: this.#state, orderedBefore: this.#ordered, isForced });
    this.#candidates.remove(index);
    this.#related = undefined;
    this.#ordered = ordered;
    this.#state = state;
    return this.#candidates.first();
  }

  #mayMatter(index: number): boolean {
    this.#related ??= this.#relatedHere();
    return this.#related.has(index);
  }

  /** Those that touch what one touches that may come next and was answered, or what another does that is related so. */
  #relatedHere(): ReadonlySet<number> {
    const names = new Set<string>();
    const related = new Set<number>();
    let others: number[] = [];
    for (let index = this.#candidates.first(); index !== NOBODY; index = this.#candidates.after(index)) {
      if (this.#operation(index).answered === Infinity) others.push(index);
      else this.#nameAll(index, names);
    }
    for (let before = Infinity; others.length < before;) {
      before = others.length;
      others = others.filter((index) => {
        if (!this.#touches(index).some((name) => names.has(name))) return true;
        related.add(index);
        this.#nameAll(index, names);
        return false;
      });
    }
    return related;
  }

  #nameAll(index: number, names: Set<string>): void {
    for (const name of this.#touches(index)) names.add(name);
  }

  #touches(index: number): readonly string[] {
    return this.#model.touches(this.#operation(index));
  }

  #isNew(ordered: number, state: State): boolean {
    const situation = `${ordered} ${this.#model.key(state)}`;
    if (this.#situations.has(situation)) return false;
    this.#situations.add(situation);
    return true;
  }

  /** Nothing fits here. Goes back to where there was a choice; returns what was chosen there, undefined if there is no way back. */
  #takeBack(): number | undefined {
    if (this.#choices.length > this.#longest.order.length || this.#longest.misfit === NOBODY)
      this.#longest = { order: this.#order(), misfit: this.#candidates.unanswered };
    this.#related = undefined;
    for (let choice = this.#choices.pop(); choice !== undefined; choice = this.#choices.pop()) {
      this.#candidates.putBack(choice.index);
      this.#ordered = choice.orderedBefore;
      this.#state = choice.stateBefore;
      if (!choice.isForced) return choice.index;
    }
    return undefined;
  }

  #order(): number[] {
    return this.#choices.map(({ index }) => index);
  }

  #operation(index: number): Operation {
    return defined(this.#history[index], 'an operation of the history');
  }
}
