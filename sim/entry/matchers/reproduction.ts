import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reproduceCommand } from '../../../reports/reproduce.ts';
import { writeScenario } from '../../../scenarios/write/scenario.ts';
import type { RunPlan } from '../../plan.ts';
import type { RunResult } from '../../result.ts';
import { originOf } from '../run-of.ts';
import type { TestPlace } from './matchers.ts';

/** Where failures are kept, below the folder that tests are run in. */
const FAILURES = '.zabsim/failures';

/** How to have a run again. A plan that is no file becomes one. `promise`: that was broken. */
export function reproduction(result: RunResult, place: TestPlace, promise?: string): string {
  const origin = originOf(result);
  const { seed, scenario } = result;
  if (origin === undefined)
    return `  again  ${reproduceCommand({ scenario, seed, release: result.release })}`;
  if (origin.isFile) return `  again  ${reproduceCommand({ scenario, seed, release: origin.release })}`;
  const path = save(origin.plan, result, place, promise);
  return `  saved  ${path}\n  again  ${reproduceCommand({ scenario: path, seed })}`;
}

/**
 * One file for each test and promise: while a property shrinks it fails many times, and the last failure, which stays, is the smallest.
 */
function save(plan: RunPlan, result: RunResult, place: TestPlace, promise: string | undefined): string {
  const test = place.currentTestName ?? plan.name;
  const hash = createHash('sha256')
    .update(JSON.stringify([place.testPath ?? '', test]))
    .digest('hex');
  const folder = join(place.folder ?? '', FAILURES);
  const path = join(folder, `${hash.slice(0, 8)}-${promise ?? 'test'}.yaml`);
  const { seed, version, fingerprint } = result;
  const recorded = promise === undefined ? {} : { recorded: { seed, promise, version, fingerprint } };
  const header = `From the test: ${test}\nThe same run: ${reproduceCommand({ scenario: path, seed })}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, writeScenario({ ...plan, ...recorded }, header));
  return path;
}
