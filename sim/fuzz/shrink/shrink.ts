import type { RunPlan } from '../../plan.ts';
import { PASSES, POLISH, type Pass } from './passes.ts';

export interface ShrinkTask {
  readonly plan: RunPlan;
  /** Whether a smaller plan fails in the same way: the same promise, not just any. */
  readonly fails: (plan: RunPlan) => boolean;
  /** Asked before every attempt: is there time for one more run? */
  readonly hasTime: () => boolean;
}

export interface Shrunk {
  readonly plan: RunPlan;
  /** Runs that it took. */
  readonly attempts: number;
  /** False: time ran out before nothing could be left out any more. */
  readonly isMinimal: boolean;
}

/**
 * Makes a failing plan smaller, for as long as it fails in the same way: fewer faults, clients, servers, operations, a quieter world, a shorter
 * story, rounder times. The seed stays, and as every draw has an address, what is left of the world stays as it was. Deterministic but for the time.
 */
export function shrinkPlan(task: ShrinkTask): Shrunk {
  const shrinking = new Shrinking(task);
  while (shrinking.round(PASSES));
  while (shrinking.round(POLISH));
  const { plan, attempts, isMinimal } = shrinking;
  return { plan, attempts, isMinimal };
}

class Shrinking implements Shrunk {
  plan: RunPlan;
  attempts = 0;
  isMinimal = true;
  readonly #task: ShrinkTask;
  /** Plans that did not fail: a round tries much of what the one before it tried. */
  readonly #inVain = new Set<string>();

  constructor(task: ShrinkTask) {
    this.#task = task;
    // What was expected does not change what happens.
    this.plan = { ...task.plan, expectations: [] };
  }

  /** Whether another one may find more to leave out. */
  round(passes: readonly Pass[]): boolean {
    const before = this.plan;
    for (const pass of passes)
      pass(
        () => this.plan,
        (smaller) => this.#attempt(smaller),
      );
    return this.isMinimal && this.plan !== before;
  }

  #attempt(smaller: RunPlan): boolean {
    const text = JSON.stringify(smaller, withMaps);
    if (this.#inVain.has(text)) return false;
    if (!this.#task.hasTime()) {
      this.isMinimal = false;
      return false;
    }
    this.attempts++;
    if (!this.#task.fails(smaller)) {
      this.#inVain.add(text);
      return false;
    }
    this.plan = smaller;
    return true;
  }
}

const withMaps = (_key: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);
