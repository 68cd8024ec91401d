import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { assert, defined } from '../../../protocol/assert.ts';
import { isBroken } from '../../../reports/run-record.ts';
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
function freePath({ files }: CommandLineDeps, folder: string, promise: string, hash: string): string {
  const paths = HASH_LENGTHS.map((length) => join(folder, `${hash.slice(0, length)}-${promise}.yaml`));
  const isFree = (path: string): boolean => files.read(path)?.includes(hash) ?? true;
  return paths.find(isFree) ?? defined(paths.at(-1), 'a path');
}

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
  /** It cannot be read, is no failure file, or Zabsim failed over it. It stays where it is. */
  | { readonly state: 'unusable'; readonly why: string }
);

/** The name of the folder, beside the failures, of those that are fixed. */
const FIXED = 'fixed';

/**
 * Runs every failure file of a folder again, in the order of their names, each with the release that it was found in. What is fixed moves to `FOLDER/fixed`: kept,
 * as it may become a regression test, but not tried again. Ends early when interrupted.
 */
export async function retryFailures(deps: CommandLineDeps, folder: string): Promise<readonly Retried[]> {
  const retried: Retried[] = [];
  for (const name of deps.files.list(folder).filter((file) => file.endsWith('.yaml'))) {
    if (deps.isInterrupted()) break;
    retried.push(await retry(deps, folder, name));
  }
  return retried;
}

async function retry(deps: CommandLineDeps, folder: string, name: string): Promise<Retried> {
  const file = join(folder, name);
  const { loadScenario } = await deps.scenarios();
  const loaded = loadScenario(file);
  if (!loaded.ok) return { file, state: 'unusable', why: loaded.problems[0]?.message ?? 'it cannot be read' };
  const { recorded } = loaded.plan;
  if (recorded === undefined)
    return { file, state: 'unusable', why: 'it has recorded no run: it is no failure file' };
  const { promise, seed } = recorded;
  try {
    const result = await runToTheEnd(deps, loaded.plan, seed);
    const evidence = evidenceOf(result, promise);
    if (evidence !== undefined)
      return { file, state: 'failing', promise, evidence, shape: shapeOf(promise, evidence) };
  } catch (error) {
    return { file, state: 'unusable', why: error instanceof Error ? error.message : String(error) };
  }
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
