import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { assert, defined } from '../../../protocol/assert.ts';
import { isBroken } from '../../../reports/run-record.ts';
import { troubleOf, type Trouble } from '../../fuzz/campaign.ts';
import type { FuzzOutcome } from '../../fuzz/outcome.ts';
import { shapeOf } from '../../fuzz/shape.ts';
import type { RunPlan } from '../../plan.ts';
import type { RunResult } from '../../result.ts';
import type { CommandLineDeps } from '../deps.ts';
import { failureHeader, failureTitle } from './failure-story.ts';

/** A failing plan that was made smaller, and how it came to that. */
export interface Failure {
  /** As small as it became. */
  readonly plan: RunPlan;
  /** Of the run, and what drew the plan. */
  readonly seed: string;
  readonly promise: string;
  /** The plan as it was drawn. */
  readonly drawn: RunPlan;
  /** Runs that making it smaller took. */
  readonly attempts: number;
  /** False: time ran out first. */
  readonly isMinimal: boolean;
  /** False: its evidence looks another way than that of the drawn run. */
  readonly keepsShape: boolean;
  /** The command that found it. */
  readonly foundBy: string;
}

/** Digits of the hash in a file's name: more only where another failure has the same first ones. */
const HASH_LENGTHS = [8, 16, 64];

/**
 * Writes a failure as a scenario file that remembers its run: `FOLDER/<hash>-<promise>.yaml`. The same failure has the same name, and another one is
 * never overwritten.
 */
export async function saveFailure(deps: CommandLineDeps, folder: string, failure: Failure): Promise<string> {
  const { seed, promise } = failure;
  const { writeScenario } = await deps.scenarios();
  const result = await runToTheEnd(deps, failure.plan, seed);
  const evidence = evidenceOf(result, promise);
  assert(evidence !== undefined, `the failure that is saved does not break ${promise} with seed ${seed}`);
  const plan: RunPlan = {
    ...failure.plan,
    name: promise,
    description: failureTitle(promise, evidence),
    recorded: { seed, promise, version: result.version, fingerprint: result.fingerprint },
  };
  const hash = createHash('sha256').update(writeScenario(plan, '')).digest('hex');
  const path = freePath(deps, folder, promise, hash);
  deps.files.write(path, writeScenario(plan, failureHeader({ ...failure, path, evidence, hash })));
  return path;
}

/** The first that no other failure has; the same one says its whole hash. */
export function freePath({ files }: CommandLineDeps, folder: string, name: string, hash: string): string {
  const paths = HASH_LENGTHS.map((length) => join(folder, `${hash.slice(0, length)}-${name}.yaml`));
  const isFree = (path: string): boolean => files.read(path)?.includes(hash) ?? true;
  return paths.find(isFree) ?? defined(paths.at(-1), 'a path');
}

export type RunPlanned = (plan: RunPlan, seed: string) => Promise<FuzzOutcome | undefined>;

/** What became of a remembered failure. */
export type Retried = { readonly file: string } & (
  | {
      readonly state: 'failing';
      readonly promise: string;
      readonly evidence: readonly string[];
      readonly shape: string;
    }
  /** It no longer breaks its promise, and is to be found there now. */
  | { readonly state: 'fixed'; readonly promise: string; readonly movedTo: string }
  /** Zabsim failed over it: it threw, did not end or took too much memory. It stays where it is. */
  | { readonly state: 'troubled'; readonly kind: Trouble['kind']; readonly error?: string }
  /** It cannot be read, or is no failure file. It stays where it is. */
  | { readonly state: 'unusable'; readonly why: string }
);

/** The name of the folder, beside the failures, of those that are fixed. */
const FIXED = 'fixed';

/**
 * Runs every failure file of a folder again, in the order of their names, each with the release that it was found in. What is fixed moves to `FOLDER/fixed`: kept,
 * as it may become a regression test, but not tried again. `run`: somewhere where it can do no harm; undefined when interrupted, and that is all then.
 */
export async function retryFailures(
  deps: CommandLineDeps,
  folder: string,
  run: RunPlanned,
): Promise<readonly Retried[]> {
  const retried: Retried[] = [];
  for (const name of deps.files.list(folder).filter((file) => file.endsWith('.yaml'))) {
    const one = await retry(deps, folder, name, run);
    if (one === undefined) break;
    retried.push(one);
  }
  return retried;
}

async function retry(
  deps: CommandLineDeps,
  folder: string,
  name: string,
  run: RunPlanned,
): Promise<Retried | undefined> {
  const file = join(folder, name);
  const { loadScenario } = await deps.scenarios();
  const loaded = loadScenario(file);
  if (!loaded.ok) return { file, state: 'unusable', why: loaded.problems[0]?.message ?? 'it cannot be read' };
  const { recorded } = loaded.plan;
  if (recorded === undefined)
    return { file, state: 'unusable', why: 'it has recorded no run: it is no failure file' };
  const { promise, seed } = recorded;
  const outcome = await run(loaded.plan, seed);
  if (outcome === undefined) return undefined;
  const trouble = troubleOf(outcome);
  if (trouble !== undefined) {
    const { kind, error } = trouble;
    return { file, state: 'troubled', kind, ...(error !== undefined && { error }) };
  }
  const evidence = outcome.broken.find((broken) => broken.promise === promise)?.evidence;
  if (evidence !== undefined)
    return { file, state: 'failing', promise, evidence, shape: shapeOf(promise, evidence) };
  const movedTo = join(folder, FIXED, name);
  deps.files.move(file, movedTo);
  return { file, state: 'fixed', promise, movedTo };
}

/** One run takes a moment: an interrupt waits for it, so that what was found is on disk. */
async function runToTheEnd(deps: CommandLineDeps, plan: RunPlan, seed: string): Promise<RunResult> {
  const simulator = await deps.simulator();
  const running = simulator.start(plan, seed, [], { slices: false });
  for (;;) {
    const result = running.advance();
    if (result !== undefined) return result;
    await deps.breathe();
  }
}

/** Undefined: it is kept, or nobody answers for it. */
const evidenceOf = ({ promises }: RunResult, name: string): readonly string[] | undefined => {
  const promise = promises.find((one) => one.name === name && isBroken(one));
  return promise && (promise.evidence ?? []);
};
