import { defined } from '../../../protocol/assert.ts';
import type { RunPlan } from '../../plan.ts';
import { runOne } from '../run-one.ts';
import { shapeOf } from '../shape.ts';
import { FEW } from './fewer-servers.ts';
import { shrinkPlan, type Shrunk } from './shrink.ts';

/** A run that breaks a promise, to be made smaller. */
export interface FailingRun {
  readonly plan: RunPlan;
  readonly seed: string;
  readonly promise: string;
  /** Asked before every attempt: is there time for one more run? */
  readonly hasTime: () => boolean;
}

export interface ShrunkFailure extends Shrunk {
  /** Of the shrunk run. */
  readonly evidence: readonly string[];
  /** Whether it looks like the same defect, and not only breaks the same promise. */
  readonly keepsShape: boolean;
}

/** What fits a page, at most. */
export const FEW_FAULTS = 12;

/**
 * Makes a failing run smaller. It breaks the same promise with the same seed, always. Its evidence keeps its shape too, as behind another shape there may be
 * another defect; that is given up only where nothing else makes a page of it.
 */
export function shrinkFailure({ plan, seed, promise, hasTime }: FailingRun): ShrunkFailure {
  const evidenceOf = (of: RunPlan): readonly string[] | undefined =>
    runOne(0, seed, of).broken.find((broken) => broken.promise === promise)?.evidence;
  const shapeIn = (of: RunPlan): string | undefined => {
    const evidence = evidenceOf(of);
    return evidence && shapeOf(promise, evidence);
  };
  const shape = defined(shapeIn(plan), `a run with seed ${seed} that breaks ${promise}`);
  const alike = shrinkPlan({ plan, fails: (smaller) => shapeIn(smaller) === shape, hasTime });
  const shrunk = isPage(alike.plan) ? alike : shorter(alike);
  const evidence = defined(evidenceOf(shrunk.plan), 'the evidence of a failing run');
  return { ...shrunk, evidence, keepsShape: shapeOf(promise, evidence) === shape };

  function shorter({ plan, attempts, isMinimal }: Shrunk): Shrunk {
    const other = shrinkPlan({ plan, fails: (smaller) => evidenceOf(smaller) !== undefined, hasTime });
    const all = attempts + other.attempts;
    return isPage(other.plan) ? { ...other, attempts: all } : { plan, attempts: all, isMinimal };
  }
}

const isPage = ({ ensemble, timeline }: RunPlan): boolean =>
  ensemble.servers.length <= FEW && timeline.length <= FEW_FAULTS;
