import { releaseNamed } from '../../protocol/release/release.ts';
import { expectedRelease } from '../../scenarios/expected-release.ts';
import { loadScenario, type Problem } from '../../scenarios/loader.ts';
import type { RunPlan } from '../plan.ts';
import type { RunResult } from '../result.ts';
import { runSimulation } from '../simulation.ts';
import { rememberRun } from './run-of.ts';

export interface SimulateOptions {
  /** Any text or number. Where not given: that of the failure that a file records, else ZABSIM_SEED, else 1. */
  readonly seed?: string | number;
  /** What servers and clients run, instead of what the scenario says: `3.4.13`, or an issue whose behaviour alone is wanted. */
  readonly release?: string;
}

/** A mistake of the caller's: a scenario that can't be read, or a release that does not exist. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly problems: readonly Problem[];

  constructor(message: string, problems: readonly Problem[] = []) {
    super(message);
    this.problems = problems;
  }
}

/**
 * Runs a plan, a scenario file, or a scenario of the library by its name. The result is the object that `zabsim run --json` prints. A broken
 * promise is a result, not an exception.
 */
export function simulate(scenario: RunPlan | string, options: SimulateOptions = {}): RunResult {
  const found = typeof scenario === 'string' ? planAt(scenario) : scenario;
  const plan = options.release === undefined ? found : { ...found, release: existing(options.release) };
  const seed = String(options.seed ?? defaultSeed(plan));
  const startedMs = performance.now();
  const result = runSimulation(plan, seed);
  const wallMs = Math.round((performance.now() - startedMs) * 10) / 10;
  const called = typeof scenario === 'string' ? scenario : plan.name;
  const isFile = typeof scenario === 'string';
  return rememberRun({ ...result, scenario: called, wallMs }, { plan, isFile, release: options.release });
}

/** The plan of a scenario file, or of one of the library by its name. Throws ScenarioError with every problem of what can't be read. */
export function planAt(nameOrPath: string): RunPlan {
  const loaded = loadScenario(nameOrPath);
  if (!loaded.ok) throw new ScenarioError(loaded.problems.map(problemText).join('\n'), loaded.problems);
  return loaded.plan;
}

function existing(release: string): string {
  const found = releaseNamed(release);
  if ('unknown' in found) throw new ScenarioError(`release: expected ${expectedRelease(found.unknown)}`);
  return release;
}

function defaultSeed({ recorded }: RunPlan): string {
  const { ZABSIM_SEED } = process.env;
  return recorded?.seed ?? (ZABSIM_SEED === undefined || ZABSIM_SEED === '' ? '1' : ZABSIM_SEED);
}

function problemText({ file, line, column, message, expected, suggestion }: Problem): string {
  const where = line > 0 ? `${file}:${String(line)}:${String(column)}` : file;
  const wanted = expected === '' ? '' : `; expected ${expected}`;
  return `${where}: ${message}${wanted}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`;
}
