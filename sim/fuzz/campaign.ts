import type { FuzzOutcome } from './outcome.ts';
import { shapeOf } from './shape.ts';
import { FAULT_KINDS } from '../fault-kinds.ts';
import { SITUATION_NAMES } from './coverage.ts';
import { SWARM_KINDS } from './swarm/fault-kinds.ts';

/** The same defect, found once or many times: the same promise, and evidence of the same shape. */
export interface FailureGroup {
  readonly promise: string;
  readonly shape: string;
  /** The first run of the campaign that found it, whichever ended first. */
  readonly index: number;
  readonly seed: string;
  readonly evidence: readonly string[];
  /** In how many runs. */
  readonly runs: number;
}

/** A run that gave no verdict. */
export interface Trouble {
  readonly kind: 'threw' | 'hung' | 'outOfMemory';
  readonly index: number;
  readonly seed: string;
  readonly error?: string;
}

/** Kinds that lie outside of the fault model, so that no plan is drawn with them: they need not come up. */
const NEVER_DRAWN = new Set(
  FAULT_KINDS.filter((kind) => !SWARM_KINDS.some((drawn) => drawn === kind)).map((kind) => `fault: ${kind}`),
);

/** Adds up the runs of a campaign. Runs may end in any order: what is told of them is the same. */
export class Campaign {
  #runs = 0;
  #events = 0;
  #virtualMs = 0;
  readonly #coverage = new Map<string, number>(
    SITUATION_NAMES.filter((name) => !NEVER_DRAWN.has(name)).map((name) => [name, 0]),
  );
  readonly #groups = new Map<string, FailureGroup>();
  readonly #troubles: Trouble[] = [];

  get runs(): number {
    return this.#runs;
  }

  get events(): number {
    return this.#events;
  }

  get virtualMs(): number {
    return this.#virtualMs;
  }

  /** Every situation in a fixed order, zeros included. */
  get coverage(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#coverage);
  }

  /** In the order of the runs that stand for them. */
  get failures(): readonly FailureGroup[] {
    return [...this.#groups.values()].sort(
      (a, b) => a.index - b.index || (groupKey(a) < groupKey(b) ? -1 : 1),
    );
  }

  get troubles(): readonly Trouble[] {
    return this.#troubles.toSorted((a, b) => a.index - b.index);
  }

  add(outcome: FuzzOutcome): void {
    this.#runs++;
    this.#events += outcome.events;
    this.#virtualMs += outcome.virtualMs;
    for (const [name, times] of Object.entries(outcome.coverage))
      this.#coverage.set(name, (this.#coverage.get(name) ?? 0) + times);
    const trouble = troubleOf(outcome);
    if (trouble !== undefined) this.#troubles.push(trouble);
    for (const broken of outcome.broken) this.#addFailure(outcome, broken);
  }

  #addFailure({ index, seed }: FuzzOutcome, { promise, evidence }: FuzzOutcome['broken'][number]): void {
    const shape = shapeOf(promise, evidence);
    const found = { promise, shape, index, seed, evidence, runs: 1 };
    const key = groupKey(found);
    const before = this.#groups.get(key);
    this.#groups.set(key, before === undefined ? found : together(before, found));
  }
}

export function troubleOf({ kind, index, seed, error }: FuzzOutcome): Trouble | undefined {
  if (kind === 'kept' || kind === 'broken') return undefined;
  return { kind, index, seed, ...(error !== undefined && { error }) };
}

export const groupKey = ({ promise, shape }: Pick<FailureGroup, 'promise' | 'shape'>): string =>
  JSON.stringify([promise, shape]);

/** Two findings of the same defect; the earlier run stands for both. */
export function together<Group extends FailureGroup>(one: Group, other: Group): Group {
  const first = one.index <= other.index ? one : other;
  return { ...first, runs: one.runs + other.runs };
}
