import type { PartingPoint } from '../../sim/parting.ts';
import type { RunPlan } from '../../sim/plan.ts';
import type { RunResult } from '../../sim/result.ts';
import { isBroken, isGreen } from '../run-record.ts';

/** A defect of older releases, as the museum shows it. */
export interface Exhibit {
  /** The issue, which is also the scenario's name: `ZOOKEEPER-1419`. */
  readonly id: string;
  readonly title: string;
  /** The promise that is broken where the defect is. */
  readonly promise: string;
  /** Every version that has something of it, oldest first. */
  readonly versions: readonly string[];
  /** What servers and clients do there, a sentence a behaviour. */
  readonly does: readonly string[];
  readonly plan: RunPlan;
}

/** The same plan with the same seed, with the defect and without. */
export interface BothSides {
  readonly exhibit: Exhibit;
  readonly seed: string;
  readonly red: RunResult;
  readonly green: RunResult;
}

/** Both sides, compared event by event. */
export interface Compared extends BothSides {
  /** Undefined: the two runs are the same. `first` is the red one. */
  readonly parting: PartingPoint | undefined;
}

/** The museum's promise was broken by the defect. */
export const isRed = ({ exhibit, red }: BothSides): boolean =>
  red.promises.some((promise) => promise.name === exhibit.promise && isBroken(promise));

/** Nothing is wrong without it. */
export const isKept = ({ green }: BothSides): boolean => isGreen(green);

export const isAsTold = (sides: BothSides): boolean => isRed(sides) && isKept(sides);
