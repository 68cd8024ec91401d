import type { Micros } from '../../time.ts';
import { interval, type Estimate } from './estimate.ts';
import type { Jump } from './jump-search.ts';

/** When a failure became likely. */
export interface Why {
  /** As the user called it. */
  readonly scenario: string;
  readonly seed: string;
  readonly release?: string;
  readonly promise: string;
  readonly evidence: readonly string[];
  readonly brokenAt: Micros;
  /** Of every moment that was looked at, oldest first; of the last it is known. */
  readonly estimates: readonly Estimate[];
  /** When the moments are. */
  readonly times: readonly Micros[];
  /** Undefined: it was never unlikely, or became likely bit by bit. */
  readonly jump: Jump | undefined;
  /** What happened and what was drawn from the moment before the jump to the one after it. */
  readonly events: readonly string[];
  readonly draws: readonly string[];
}

/** Above this, whatever is drawn it fails: chance has little to do with it. */
const CERTAIN = 0.8;

export type Shape = 'jump' | 'always' | 'gradual';

export function shapeOf({ jump, estimates: [first] }: Why): Shape {
  if (jump !== undefined) return 'jump';
  return first !== undefined && interval(first)[0] > CERTAIN ? 'always' : 'gradual';
}
