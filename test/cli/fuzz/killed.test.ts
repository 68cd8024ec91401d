import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The built program, killed in the middle of a campaign. */
const MAIN = resolve('dist/sim/cli/main.js');
const RUNS = 200;
// A release with a defect that shows in many runs and is soon made small, so that there is something to be found, and to be written.
const CAMPAIGN = ['--runs', String(RUNS), '--seed', '1', '--profile', 'quick', '--release', 'ZOOKEEPER-3911'];

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly report: unknown;
}

/** Until it ends, or has written so many lines of its journal. */
function zabsim(folder: string, words: readonly string[], linesUntilKilled = Infinity): Promise<Ended> {
  expect(existsSync(MAIN), 'run "npm run build" first').toBe(true);
  const program = spawn(process.execPath, [MAIN, 'fuzz', '--json', '--shrink-time', '10m', ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  program.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const watcher = watch(folder, { recursive: true }, () => {
    if (linesOf(folder).length > linesUntilKilled) program.kill('SIGKILL');
  });
  return new Promise((done) => {
    program.on('close', (status, signal) => {
      watcher.close();
      const report = status === null ? undefined : (JSON.parse(stdout) as object);
      done({ status, signal, report: { ...report, seconds: 0, runsPerSecond: 0 } });
    });
  });
}

const linesOf = (folder: string): readonly string[] => {
  const path = join(folder, '.zabsim/campaign.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
};

const failuresIn = (folder: string): readonly string[] => readdirSync(join(folder, '.zabsim/failures'));

describe('a campaign that is killed half-way', () => {
  it('has on disk what it found, and goes on to the report of one that was not', async () => {
    const [undisturbed, killed] = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'zabsim-'))) as [
      string,
      string,
    ];
    const whole = await zabsim(undisturbed, CAMPAIGN);
    expect(whole).toMatchObject({ status: 1, report: { runs: RUNS, troubles: [] } });

    // With one worker what is found is made small, and written, before anything else runs.
    const dead = await zabsim(killed, [...CAMPAIGN, '--jobs', '1'], RUNS / 2);
    expect(dead.signal).toBe('SIGKILL');
    const runs = linesOf(killed).filter((line) => line.includes('"kind":"run"'));
    expect(runs.length).toBeGreaterThan(RUNS / 4);
    expect(runs.length).toBeLessThan(RUNS);
    expect(failuresIn(killed).length).toBeGreaterThan(0);

    const resumed = await zabsim(killed, ['--resume']);
    expect(resumed).toEqual(whole);
    expect(failuresIn(killed)).toEqual(failuresIn(undisturbed));
  });
});
