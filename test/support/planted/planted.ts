/**
 * Planted defects: ways to be wrong that no release of ZooKeeper is known for. Each replaces a method of ours for the time of a run, so
 * that the code under test has no flag for it, and is told to break one promise.
 */
import type { PromiseName } from '../../../sim/checkers/promise-names.ts';
import type { RunPlan } from '../../../sim/plan.ts';
import type { PromiseResult } from '../../../sim/result.ts';
import { runSimulation } from '../../../sim/simulation.ts';

export interface PlantedDefect {
  /** A few words: it names a row of the table. */
  readonly name: string;
  /** What goes wrong, in a sentence. */
  readonly does: string;
  readonly breaks: PromiseName;
  /** A small run in which it shows. */
  readonly plan: RunPlan;
  /** Until it is called back, every run has the defect. */
  plant(): Uproot;
}

export type Uproot = () => void;

/** Each of them shows every defect: the first in the table of the checkers' README, the other lest that was luck. */
export const SEEDS = { table: '1', other: '2' } as const;

/** Runs a plan with the defect in it. Runs are synchronous, so nobody else meets it. */
export function runPlanted(defect: PlantedDefect, seed: string): readonly PromiseResult[] {
  const uproot = defect.plant();
  try {
    return runSimulation(defect.plan, seed).promises;
  } finally {
    uproot();
  }
}

/** The promises that a run has broken. */
export const brokenOnes = (promises: readonly PromiseResult[]): readonly string[] =>
  promises
    .filter(({ kept, unknown, voidedBy }) => !kept && unknown === undefined && voidedBy === undefined)
    .map(({ name }) => name);

interface Type<T> {
  readonly prototype: T;
}
type MethodOf<T> = {
  [Key in keyof T]: T[Key] extends (...args: infer _Args) => unknown ? Key : never;
}[keyof T];
type ArgsOf<T, Key extends keyof T> = T[Key] extends (...args: infer Args) => unknown ? Args : never;
type ResultOf<T, Key extends keyof T> = T[Key] extends (...args: never) => infer Result ? Result : never;
type Bare<T, Key extends keyof T> = (self: T, ...args: ArgsOf<T, Key>) => ResultOf<T, Key>;

/** Another method in the place of a class's own, which it gets to call. */
export function replaceMethod<T extends object, Key extends MethodOf<T>>(
  type: Type<T>,
  name: Key,
  replacement: (original: Bare<T, Key>) => Bare<T, Key>,
): Uproot {
  return replace(type, name, (descriptor) => {
    const method = descriptor.value as (this: T, ...args: ArgsOf<T, Key>) => ResultOf<T, Key>;
    const instead = replacement((self, ...args) => method.apply(self, args));
    return {
      ...descriptor,
      value(this: T, ...args: ArgsOf<T, Key>) {
        return instead(this, ...args);
      },
    };
  });
}

/** Another getter in the place of a class's own, whose value it is given. */
export function replaceGetter<T extends object, Key extends keyof T>(
  type: Type<T>,
  name: Key,
  replacement: (value: T[Key], self: T) => T[Key],
): Uproot {
  return replace(type, name, (descriptor) => ({
    ...descriptor,
    get(this: T) {
      return replacement(descriptor.get?.call(this) as T[Key], this);
    },
  }));
}

function replace<T extends object>(
  { prototype }: Type<T>,
  name: keyof T,
  change: (descriptor: PropertyDescriptor) => PropertyDescriptor,
): Uproot {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  if (descriptor === undefined) throw new Error(`nothing to replace: ${String(name)}`);
  Object.defineProperty(prototype, name, change(descriptor));
  return () => void Object.defineProperty(prototype, name, descriptor);
}

export const all =
  (...uproots: readonly Uproot[]): Uproot =>
  () =>
    uproots.forEach((uproot) => uproot());

/** True on every `n`-th call. */
export function everyNth(n: number): () => boolean {
  let calls = 0;
  return () => ++calls % n === 0;
}
