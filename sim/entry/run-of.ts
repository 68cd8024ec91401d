import type { RunPlan } from '../plan.ts';
import type { RunResult } from '../result.ts';

/** What a result came from, for messages that say how to have the run again. */
export interface RunOrigin {
  readonly plan: RunPlan;
  /** The plan was read from a file, or is one of the library: `scenario` says which. */
  readonly isFile: boolean;
  /** Given beside the file. */
  readonly release: string | undefined;
}

/** Known to every copy of the package that is loaded. */
const ORIGIN = Symbol.for('zabsim/run-origin');

interface Remembering {
  readonly [ORIGIN]?: RunOrigin;
}

/** Not enumerable: the result stays the object that `--json` prints, and is equal to one that was printed and read again. */
export function rememberRun(result: RunResult, origin: RunOrigin): RunResult {
  return Object.defineProperty({ ...result }, ORIGIN, { value: origin });
}

/** Undefined for a result that was not made by `simulate`. */
export const originOf = (result: RunResult & Remembering): RunOrigin | undefined => result[ORIGIN];
