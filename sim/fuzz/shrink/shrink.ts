import type { RunPlan } from '../../plan.ts';
import { PASSES } from './passes.ts';

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
  while (shrinking.round());
  return shrinking;
}

class Shrinking implements Shrunk {
  plan: RunPlan;
  attempts = 0;
  isMinimal = true;
  readonly #task: ShrinkTask;

  constructor(task: ShrinkTask) {
    this.#task = task;
    // What was expected does not change what happens.
    this.plan = { ...task.plan, expectations: [] };
  }

  /** Whether another one may find more to leave out. */
  round(): boolean {
    const before = this.plan;
    for (const pass of PASSES)
      pass(
        () => this.plan,
        (smaller) => this.#attempt(smaller),
      );
    return this.isMinimal && this.plan !== before;
  }

  #attempt(smaller: RunPlan): boolean {
    if (!this.#task.hasTime()) {
      this.isMinimal = false;
      return false;
    }
    this.attempts++;
    if (!this.#task.fails(smaller)) return false;
    this.plan = smaller;
    return true;
  }
}
