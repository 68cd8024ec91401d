import { describe, expect, it } from 'vitest';
import type { FuzzReport } from '../../../reports/fuzz/fuzz-report.ts';
import type { FuzzOutcome } from '../../../sim/fuzz/outcome.ts';
import { commandLine, ended, type Ended, type World } from '../../support/command-line.ts';
import { scriptedWorker } from '../../support/fuzz-world.ts';
import { planOf } from '../../support/report-runs.ts';

const lost = (zxid: string): Partial<FuzzOutcome> => ({
  kind: 'broken',
  broken: [{ promise: 'nothing-committed-lost', evidence: [`server 1 lost ${zxid} at 1.5 ms`] }],
});
const OUTCOMES = new Map<number, Partial<FuzzOutcome>>([
  [4, lost('0x100000001')],
  [7, lost('0x100000009')],
  [9, { kind: 'hung', error: 'stopped after 60 s' }],
  [10, { coverage: { TRUNC: 2 } }],
  [11, { coverage: { TRUNC: 1 } }],
]);

const SHRUNK = { plan: planOf(), evidence: [], attempts: 1, isMinimal: true, keepsShape: true };
const WORLD: World = {
  worker: () => scriptedWorker({ outcomes: OUTCOMES, shrink: () => SHRUNK }),
  simulate: (_plan, seed, sinks) =>
    ended(sinks, seed, {
      verdict: 'broken',
      promises: [{ name: 'nothing-committed-lost', kept: false, checked: 1, evidence: [`lost in ${seed}`] }],
    }),
};

const fuzz = async (...words: string[]): Promise<string> =>
  (await commandLine(['fuzz', '--seed', '7', '--runs', '12', '--json', ...words], WORLD)).stdout;

const merge = (files: Readonly<Record<string, string>>, ...words: string[]): Promise<Ended> =>
  commandLine(['merge', ...Object.keys(files), ...words], { disk: new Map(Object.entries(files)) });

const findings = (json: string): unknown => {
  const { failures, ...report } = JSON.parse(json) as FuzzReport;
  return { ...report, failures, seconds: 0, runsPerSecond: 0 };
};

describe('zabsim merge', () => {
  it('makes of all shards the report that the whole campaign would have given', async () => {
    const files = {
      'b.json': await fuzz('--shard', '2/3'),
      'a.json': await fuzz('--shard', '1/3'),
      'c.json': await fuzz('--shard', '3/3'),
    };
    const merged = await merge(files, '--json');
    expect(findings(merged.stdout)).toEqual(findings(await fuzz()));
    expect(JSON.parse(merged.stdout)).toMatchObject({
      runs: 12,
      coverage: { TRUNC: 3 },
      failures: [{ index: 4, runs: 2 }],
      troubles: [{ index: 9 }],
    });
    expect(merged.status).toBe(70);
  });

  it('prints and writes as a campaign does', async () => {
    const files = { 'a.json': await fuzz('--shard', '1/2'), 'b.json': await fuzz('--shard', '2/2') };
    const merged = await merge(files, '--junit', 'all.xml');
    expect(merged.stdout).toContain('12 runs from the seed 7: 1 failure, 1 run without a verdict.');
    expect(merged.files.get('all.xml')).toContain('failures="1" errors="1"');
  });

  it('refuses a shard that is missing, or there twice', async () => {
    const a = await fuzz('--shard', '1/3');
    const c = await fuzz('--shard', '3/3');
    expect(await merge({ 'a.json': a, 'c.json': c })).toMatchObject({
      status: 2,
      stderr: 'error: missing: shard 2/3\n',
    });
    expect((await merge({ 'a.json': a, 'again.json': a })).stderr).toContain(
      'a.json and again.json are both shard 1/3',
    );
  });

  it.each([
    ['seed', ['--seed', '8']],
    ['asked', ['--runs', '13']],
    ['profile', ['--profile', 'disk']],
    ['release', ['--release', '3.5.3']],
  ])('refuses shards of campaigns that differ in %s', async (key, words) => {
    const files = {
      'a.json': await fuzz('--shard', '1/2'),
      'b.json': await fuzz('--shard', '2/2', ...words),
    };
    const merged = await merge(files);
    expect(merged.status).toBe(2);
    expect(merged.stderr).toContain(`a.json and b.json are of different campaigns: ${key} `);
  });

  it('refuses what is no report', async () => {
    expect((await merge({ 'a.json': '{"runs": 3}' })).stderr).toContain(
      'a.json is not what `zabsim fuzz --json`',
    );
    expect((await commandLine(['merge', 'none.json'])).stderr).toContain('there is no file none.json');
  });
});
