import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined } from '../../../protocol/assert.ts';
import type { FuzzReport, FuzzTrouble } from '../../../reports/fuzz/fuzz-report.ts';
import { loadText } from '../../../scenarios/loader.ts';
import { writeScenario } from '../../../scenarios/write/scenario.ts';
import { planOfLot } from '../../../sim/cli/fuzz/jobs.ts';
import { ProcessWorker } from '../../../sim/cli/fuzz/process-worker.ts';
import { runCommandLine } from '../../../sim/cli/program.ts';
import { PROFILE } from '../../../sim/fuzz/arbitrary/profiles.ts';
import { freshLot } from '../../../sim/fuzz/search/random-search.ts';
import { runSimulation } from '../../../sim/simulation.ts';
import { dependenciesOf } from '../../support/command-line.ts';

/** Processes of the built program, in which runs 1, 2 and 3 have a leader with a defect. */
const PLANTED = pathToFileURL('test/testdata/planted-runs.mjs');
const RUNS = 6;

describe('a campaign some of whose runs never end, eat memory or throw', () => {
  const { deps, written, files } = dependenciesOf({
    worker: () => new ProcessWorker({ timeoutMs: 4_000, heapMb: 128 }, [], PLANTED),
  });
  let status = 0;
  let report: FuzzReport;
  const troubleOf = (index: number): FuzzTrouble =>
    defined(
      report.troubles.find((trouble) => trouble.index === index),
      'a trouble',
    );

  beforeAll(async () => {
    expect(existsSync('dist/sim/cli/fuzz/worker-process.js'), 'run "npm run build" first').toBe(true);
    const scenarios = { ...(await deps.scenarios()), writeScenario };
    const words = ['--runs', String(RUNS), '--seed', '7', '--profile', 'quick', '--strategy', 'random'];
    status = await runCommandLine({ ...deps, scenarios: () => Promise.resolve(scenarios) }, [
      'fuzz',
      ...words,
      '--jobs',
      '2',
      '--json',
    ]);
    report = JSON.parse(written.stdout) as FuzzReport;
  }, 120_000);

  it('goes on to its end, and ends with status 70', () => {
    expect(report).toMatchObject({ runs: RUNS, failures: [], interrupted: false });
    expect(status).toBe(70);
  });

  it.each([
    [1, 'hung', 'stopped after 4 s'],
    [2, 'outOfMemory', 'memory'],
    [3, 'threw', 'planted'],
  ] as const)('names run %i by its seed: it %s', (index, kind, error) => {
    expect(troubleOf(index)).toMatchObject({ kind, seed: `7/${index}` });
    expect(troubleOf(index).error).toContain(error);
  });

  it('names no other', () => {
    expect(report.troubles.map(({ index }) => index)).toEqual([1, 2, 3]);
  });

  it.each([1, 2, 3])('writes the plan of run %i, so that the line it prints is the same run', (index) => {
    const { file = '', seed, reproduce } = troubleOf(index);
    expect(file).toMatch(/^\.zabsim\/troubles\/[0-9a-f]{8}-(hung|out-of-memory|threw)\.yaml$/);
    expect(reproduce).toBe(`npx zabsim run ${file} --seed ${seed}`);
    const loaded = loadText(file, files.get(file) ?? '');
    const drawn = planOfLot(freshLot(PROFILE.quick, '7', index), undefined);
    const fingerprintOf = (plan: typeof drawn): string => runSimulation(plan, seed).fingerprint;
    expect(loaded.ok && fingerprintOf(loaded.plan)).toBe(fingerprintOf(drawn));
  });
});
