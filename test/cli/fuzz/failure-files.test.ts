import { describe, expect, it } from 'vitest';
import { loadText } from '../../../scenarios/loader.ts';
import { writeScenario } from '../../../scenarios/write/scenario.ts';
import {
  retryFailures,
  saveFailure,
  type Failure,
  type RunPlanned,
} from '../../../sim/cli/fuzz/failure-files.ts';
import { runCommandLine } from '../../../sim/cli/program.ts';
import type { CommandLineDeps } from '../../../sim/cli/deps.ts';
import { runOne } from '../../../sim/fuzz/run-one.ts';
import type { RunPlan } from '../../../sim/plan.ts';
import type { RunResult } from '../../../sim/result.ts';
import { Simulation } from '../../../sim/simulation.ts';
import { dependenciesOf } from '../../support/command-line.ts';
import { outcomeOf } from '../../support/fuzz-world.ts';
import { libraryPlan } from '../../support/library-plan.ts';
import { memoryFiles } from '../../support/memory-files.ts';

const ISSUE = 'ZOOKEEPER-1419';
const FOLDER = '.zabsim/failures';
const broken: RunPlan = { ...libraryPlan(ISSUE), release: ISSUE, expectations: [] };

const failure: Failure = {
  plan: broken,
  drawn: broken,
  seed: '7/12',
  promise: 'liveness',
  attempts: 40,
  isMinimal: true,
  keepsShape: true,
  foundBy: 'npx zabsim fuzz --runs 100 --seed 7',
};

/** A world in memory with the real simulator and the real loader. `alter`: what another version would do instead. */
function realWorld(alter: (result: RunResult) => RunResult = (result) => result) {
  const { deps, written, files } = dependenciesOf({
    simulate: (plan, seed, sinks) => {
      const simulation = new Simulation(plan, seed, { sinks, slices: false });
      return {
        advance: () => {
          const result = simulation.advance(Infinity);
          return result && alter(result);
        },
      };
    },
  });
  const loadScenario = (path: string) => loadText(path, files.get(path) ?? '', memoryFiles({}));
  const real: CommandLineDeps = {
    ...deps,
    scenarios: async () => ({ ...(await deps.scenarios()), loadScenario, writeScenario }),
  };
  return { deps: real, written, files };
}

const ofVersion =
  (version: string) =>
  (result: RunResult): RunResult => ({ ...result, version });

async function replay(text: string, alter?: (result: RunResult) => RunResult, ...words: string[]) {
  const { deps, written, files } = realWorld(alter);
  files.set('f.yaml', text);
  const status = await runCommandLine(deps, ['replay', 'f.yaml', ...words]);
  return { status, ...written };
}

async function savedText(): Promise<string> {
  const { deps, files } = realWorld();
  return files.get(await saveFailure(deps, FOLDER, failure)) ?? '';
}

/** The defect is taken away, but not the rest of the story. */
const repaired = (text: string): string => text.replace(`release: ${ISSUE}`, 'release: default');

describe('a failure that is saved', () => {
  it('is a scenario that says what broke, how it was found and how to see it again', async () => {
    const { deps, files } = realWorld();
    const path = await saveFailure(deps, FOLDER, failure);
    expect(path).toMatch(/^\.zabsim\/failures\/[0-9a-f]{8}-liveness\.yaml$/);
    const text = files.get(path) ?? '';
    for (const part of [
      '# A run that breaks a promise of ZooKeeper: liveness',
      'no write was answered',
      `npx zabsim replay ${path}`,
      'npx zabsim fuzz --runs 100 --seed 7',
      'Shrunk in 40 runs to 5 servers',
    ])
      expect(text).toContain(part);
    const loaded = loadText(path, text);
    expect(loaded).toMatchObject({ ok: true, plan: { recorded: { seed: '7/12', promise: 'liveness' } } });
  });

  it('has the same name each time, and leaves another failure alone', async () => {
    const { deps, files } = realWorld();
    const first = await saveFailure(deps, FOLDER, failure);
    expect(await saveFailure(deps, FOLDER, { ...failure, foundBy: 'somebody else' })).toBe(first);
    const other = await saveFailure(deps, FOLDER, { ...failure, seed: '7/13' });
    expect(other).not.toBe(first);
    files.set(first, 'another failure');
    const longer = await saveFailure(deps, FOLDER, failure);
    expect(longer).toMatch(/\/[0-9a-f]{16}-liveness\.yaml$/);
    expect(files.get(first)).toBe('another failure');
  });

  it('is not one that keeps its promise', async () => {
    const { deps } = realWorld();
    const kept = { ...failure, plan: { ...broken, release: 'default' } };
    await expect(saveFailure(deps, FOLDER, kept)).rejects.toThrow('does not break liveness');
  });
});

describe('failures that are tried again', () => {
  const run: RunPlanned = (plan, seed) => Promise.resolve({ ...runOne(0, seed, plan), wallMs: 1 });

  it('still fail, are fixed and put aside, or cannot be used, each told by its file', async () => {
    const { deps, files } = realWorld();
    const text = await savedText();
    files.set(`${FOLDER}/a-fails.yaml`, text);
    files.set(`${FOLDER}/b-fixed.yaml`, repaired(text));
    files.set(`${FOLDER}/c-broken.yaml`, 'name: [');
    files.set(`${FOLDER}/d-scenario.yaml`, writeScenario(broken));
    files.set(`${FOLDER}/notes.txt`, 'of no interest');
    expect(await retryFailures(deps, FOLDER, run)).toMatchObject([
      { file: `${FOLDER}/a-fails.yaml`, state: 'failing', promise: 'liveness' },
      { file: `${FOLDER}/b-fixed.yaml`, state: 'fixed', movedTo: `${FOLDER}/fixed/b-fixed.yaml` },
      { file: `${FOLDER}/c-broken.yaml`, state: 'unusable' },
      { file: `${FOLDER}/d-scenario.yaml`, state: 'unusable' },
    ]);
    expect(files.has(`${FOLDER}/b-fixed.yaml`)).toBe(false);
    expect(files.get(`${FOLDER}/fixed/b-fixed.yaml`)).toBe(repaired(text));
    expect((await retryFailures(deps, FOLDER, run)).map(({ state }) => state)).not.toContain('fixed');
  });

  it('are told by their files where nobody can say, and the others are tried', async () => {
    const { deps, files } = realWorld();
    const text = await savedText();
    files.set(`${FOLDER}/a-hangs.yaml`, text);
    files.set(`${FOLDER}/b-fails.yaml`, text);
    let runs = 0;
    const hangsOnce: RunPlanned = async (plan, seed) =>
      runs++ > 0 ? run(plan, seed) : outcomeOf(0, { kind: 'hung', error: 'stopped after 60 s' });
    expect(await retryFailures(deps, FOLDER, hangsOnce)).toMatchObject([
      { file: `${FOLDER}/a-hangs.yaml`, state: 'troubled', kind: 'hung', error: 'stopped after 60 s' },
      { file: `${FOLDER}/b-fails.yaml`, state: 'failing' },
    ]);
    expect(files.has(`${FOLDER}/a-hangs.yaml`)).toBe(true);
  });

  it('are no more than were tried when it is interrupted', async () => {
    const { deps, files } = realWorld();
    files.set(`${FOLDER}/a.yaml`, await savedText());
    files.set(`${FOLDER}/b.yaml`, await savedText());
    let runs = 0;
    const interrupted: RunPlanned = async (plan, seed) => (runs++ > 0 ? undefined : run(plan, seed));
    expect(await retryFailures(deps, FOLDER, interrupted)).toMatchObject([{ file: `${FOLDER}/a.yaml` }]);
  });

  it('are none where there is no folder', async () => {
    expect(await retryFailures(realWorld().deps, FOLDER, run)).toEqual([]);
  });
});

describe('zabsim replay of a failure file', () => {
  it('needs no seed, reproduces it bit for bit, and ends with 1: a promise is broken', async () => {
    const run = await replay(await savedText());
    expect(run.stdout).toMatch(/reproduced bit for bit: liveness is broken, fingerprint [0-9a-f]{16}/);
    expect(run.status).toBe(1);
  });

  it('prints one object only with --json', async () => {
    const run = await replay(await savedText(), undefined, '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ verdict: 'broken', seed: '7/12' });
    expect(run.stderr).toContain('reproduced bit for bit');
  });

  it('ends with 3 and says what differs where the same version runs otherwise', async () => {
    const run = await replay(await savedText(), (result) => ({ ...result, fingerprint: '0'.repeat(16) }));
    expect(run.status).toBe(3);
    expect(run.stdout).toContain('liveness is broken again');
    expect(run.stdout).toContain(`fingerprint ${'0'.repeat(16)}, recorded was`);
  });

  it('ends with 3 where the same version no longer breaks the promise', async () => {
    const run = await replay(repaired(await savedText()));
    expect(run.status).toBe(3);
    expect(run.stdout).toContain('liveness is not broken');
  });

  it.each([
    ['still fails', (text: string) => text, 1, 'liveness is still broken'],
    ['is fixed', repaired, 0, 'liveness is no longer broken'],
  ])('says on another version that it %s', async (_what, change, status, says) => {
    const run = await replay(change(await savedText()), ofVersion('9.9.9'));
    expect(run.stdout).toContain(says);
    expect(run.stdout).toContain('run by version 9.9.9');
    expect(run.status).toBe(status);
  });

  it('with another release says whether that has the defect', async () => {
    const run = await replay(await savedText(), undefined, '--release', 'default');
    expect(run.stdout).toContain('liveness is no longer broken');
    expect(run.status).toBe(0);
  });

  it('with another seed is a run like any other', async () => {
    const run = await replay(await savedText(), undefined, '--seed', '1');
    expect(run.stdout).not.toContain('recorded');
  });
});

describe('zabsim run of a failure file', () => {
  it('takes the seed that it recorded, and --seed before it', async () => {
    const { deps, written, files } = realWorld();
    files.set('f.yaml', await savedText());
    await runCommandLine(deps, ['run', 'f.yaml', '--json']);
    await runCommandLine(deps, ['run', 'f.yaml', '--json', '--seed', '5']);
    const seeds = written.stdout.trimEnd().split('\n');
    expect(seeds.map((line) => (JSON.parse(line) as RunResult).seed)).toEqual(['7/12', '5']);
    expect(written.stderr).not.toContain('drawn');
  });
});
