import { describe, expect, it } from 'vitest';
import type { FuzzReport } from '../../../reports/fuzz/fuzz-report.ts';
import type { RunJob, ShrinkJob } from '../../../sim/cli/fuzz/worker-jobs.ts';
import { PROFILE } from '../../../sim/fuzz/arbitrary/profiles.ts';
import type { FuzzOutcome } from '../../../sim/fuzz/outcome.ts';
import { freshLot } from '../../../sim/fuzz/search/random-search.ts';
import type { Lot } from '../../../sim/fuzz/search/search.ts';
import { commandLine, ended, type Ended, type World } from '../../support/command-line.ts';
import { scriptedWorker, type ScriptedWorker } from '../../support/fuzz-world.ts';
import { planOf } from '../../support/report-runs.ts';

const EVIDENCE = ['server 1 lost 0x100000007 at 12.5 ms'];
const LOST = { promise: 'nothing-committed-lost', evidence: EVIDENCE };
const broken: Partial<FuzzOutcome> = { kind: 'broken', broken: [LOST] };

/** A world whose workers do as they are told, and where whatever is saved or tried again breaks the promise. */
const world = (script: ScriptedWorker, more: World = {}): World => ({
  worker: () => scriptedWorker({ shrink: () => SHRUNK, replay: () => broken, ...script }),
  simulate: (_plan, seed, sinks) =>
    ended(sinks, seed, {
      verdict: 'broken',
      promises: [{ name: LOST.promise, kept: false, checked: 3, evidence: EVIDENCE }],
    }),
  ...more,
});

const SHRUNK = {
  plan: { ...planOf(), name: 'shrunk' },
  evidence: EVIDENCE,
  attempts: 12,
  isMinimal: true,
  keepsShape: true,
};
const OUTCOMES = new Map([
  [3, broken],
  [5, broken],
]);

const fuzz = (words: readonly string[], script: ScriptedWorker, more: World = {}): Promise<Ended> =>
  commandLine(['fuzz', '--seed', '7', ...words], world(script, more));

const JOURNAL = '.zabsim/campaign.jsonl';
/** What it wrote, but for its journal. */
const filesOf = ({ files }: Ended): ReadonlyMap<string, string> =>
  new Map([...files].filter(([path]) => path !== JOURNAL));

const reportIn = ({ stdout }: Ended): FuzzReport => JSON.parse(stdout) as FuzzReport;
/** But for what it took. */
const findings = (report: FuzzReport): unknown => ({ ...report, seconds: 0, runsPerSecond: 0 });

describe('zabsim fuzz', () => {
  it('ends green where every promise was kept, and says how much ran and what came up', async () => {
    const outcomes = new Map([[2, { coverage: { TRUNC: 3 } }]]);
    const run = await fuzz(['--runs', '8'], { outcomes });
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/^ *3 {2}TRUNC$/m);
    expect(run.stdout).toContain(
      '✔ 8 runs from the seed 7: every promise was kept in each of them. 800 events',
    );
    expect(filesOf(run)).toEqual(new Map());
  });

  it('runs a thousand where nothing is said, each drawn from the seed and its number', async () => {
    const seeds = new Set<string>();
    const run = await fuzz(['--json'], { onJob: ({ lot }) => seeds.add(lot.seed) });
    expect(reportIn(run).runs).toBe(1000);
    expect([seeds.size, seeds.has('7/0'), seeds.has('7/999')]).toEqual([1000, true, true]);
  });

  it('shrinks a failure, writes it to a file, and says how to see it again', async () => {
    const run = await fuzz(['--runs', '8', '--json'], { outcomes: OUTCOMES });
    expect(run.status).toBe(1);
    const { failures } = reportIn(run);
    expect(failures).toMatchObject([
      { promise: LOST.promise, seed: '7/3', index: 3, runs: 2, evidence: EVIDENCE },
    ]);
    const file = failures[0]?.file ?? '';
    expect(file).toMatch(/^\.zabsim\/failures\/[0-9a-f]{8}-nothing-committed-lost\.yaml$/);
    expect(failures[0]?.reproduce).toBe(`npx zabsim replay ${file}`);
    expect([...filesOf(run).keys()]).toEqual([file]);
    expect(run.files.get(file)).toContain('npx zabsim fuzz --seed 7 --only 3');
  });

  it('tells a person the promise, its evidence, in how many runs, and the line', async () => {
    const run = await fuzz(['--runs', '8'], { outcomes: OUTCOMES });
    expect(run.stdout).toContain(
      '✘ nothing-committed-lost: 2 runs of 8, first 7/3\n    server 1 lost 0x100000007',
    );
    expect(run.stdout).toMatch(/^npx zabsim replay \.zabsim\/failures\//m);
  });

  it.each([
    [1, 'random'],
    [5, 'random'],
    [2, 'guided'],
    [40, 'guided'],
  ])('finds the same with %i workers, in whatever order runs end, in a %s search', async (jobs, strategy) => {
    const words = ['--runs', '50', '--json', '--strategy', strategy];
    const one = await fuzz([...words, '--jobs', '1'], { outcomes: OUTCOMES });
    const turns = (index: number): number => (index * 37) % 11;
    const many = await fuzz([...words, '--jobs', String(jobs)], { outcomes: OUTCOMES, turns });
    expect(findings(reportIn(many))).toEqual(findings(reportIn(one)));
    expect(filesOf(many)).toEqual(filesOf(one));
  });

  it('shrinks the first run that found a defect, also where a later one ended before it', async () => {
    const shrunk: number[] = [];
    const onJob = ({ kind, lot }: RunJob | ShrinkJob): unknown => kind === 'shrink' && shrunk.push(lot.index);
    const turns = (index: number): number => (index === 3 ? 500 : 1);
    await fuzz(['--runs', '40', '--jobs', '4'], { outcomes: OUTCOMES, turns, onJob });
    expect(shrunk).toEqual([3]);
  });

  it('writes a failure as it was drawn where shrinking came to grief', async () => {
    const run = await fuzz(['--runs', '8', '--json'], { outcomes: OUTCOMES, shrink: () => undefined });
    expect(reportIn(run).failures[0]?.file).toBeDefined();
    expect(filesOf(run).size).toBe(1);
  });

  it('goes on after runs that hung, threw or took too much memory, names them, and ends with status 70', async () => {
    const outcomes = new Map<number, Partial<FuzzOutcome>>([
      [1, { kind: 'hung', error: 'stopped after 60 s' }],
      [2, { kind: 'outOfMemory', error: 'heap limit' }],
      [4, { kind: 'threw', error: 'no such zxid' }],
      [5, broken],
    ]);
    const run = await fuzz(['--runs', '8', '--release', '3.5.3'], { outcomes });
    expect(run.status).toBe(70);
    expect(run.stdout).toContain('the run 7/1 did not end: stopped after 60 s');
    expect(run.stdout).toContain('the run 7/2 took too much memory');
    expect(run.stdout).toContain("the run 7/4 failed an assertion of Zabsim's own: no such zxid");
    const [file = ''] = [...run.files.keys()].filter((path) => path.endsWith('-threw.yaml'));
    expect(file).toMatch(/^\.zabsim\/troubles\/[0-9a-f]{8}-threw\.yaml$/);
    expect(run.files.get(file)).toContain('release: 3.5.3');
    expect(run.stdout).toContain(`npx zabsim run ${file} --seed 7/4`);
    expect(run.stdout).toContain('8 runs from the seed 7: 1 failure, 3 runs without a verdict.');
  });

  it('runs the one run that is wanted, alone', async () => {
    const jobs: (RunJob | ShrinkJob)[] = [];
    const run = await fuzz(['--only', '17', '--profile', 'disk', '--json'], {
      onJob: (job) => jobs.push(job),
    });
    expect(jobs).toEqual([{ kind: 'run', lot: freshLot(PROFILE.disk, '7', 17), learns: false }]);
    expect(reportIn(run)).toMatchObject({ runs: 1, only: 17, strategy: 'random' });
  });

  it.each([
    [['--only', '17', '--strategy', 'guided'], '--only: a run of a guided search depends on those before it'],
    [
      ['--strategy', 'gided'],
      '--strategy: expected one of random, guided, priorities, not gided (did you mean guided?)',
    ],
    [
      ['--strategy', 'guided', '--shard', '1/5'],
      'a guided search has at most 4 shards; use --strategy random for more',
    ],
  ])('refuses %j and says why', async (words, message) => {
    const run = await fuzz(words, {});
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
  });

  it('begins no run after the time is over', async () => {
    const run = await fuzz(['--time', '1s', '--jobs', '1', '--json'], {}, { clockStepMs: 100 });
    expect(reportIn(run)).toMatchObject({ asked: { timeMs: 1000 }, interrupted: false });
    expect(reportIn(run).runs).toBeGreaterThan(3);
    expect(reportIn(run).runs).toBeLessThan(12);
  });

  it('prints what was found when it is interrupted, and does not wait for runs that go on', async () => {
    const turns = (index: number): number => (index < 6 ? 1 : Infinity);
    const words = ['--runs', '500', '--jobs', '2', '--json'];
    const run = await fuzz(words, { outcomes: OUTCOMES, turns }, { interruptAfter: 50 });
    expect(run.status).toBe(130);
    expect(reportIn(run)).toMatchObject({ interrupted: true, runs: 6, failures: [{ index: 3, runs: 2 }] });
  });

  it('writes what it had no time to shrink when it is interrupted', async () => {
    const turns = (index: number): number => (index === 0 ? Infinity : 1);
    const words = ['--runs', '8', '--jobs', '2', '--json'];
    const run = await fuzz(words, { outcomes: OUTCOMES, turns }, { interruptAfter: 50 });
    expect(run.status).toBe(130);
    const [file = ''] = filesOf(run).keys();
    expect(reportIn(run).failures).toMatchObject([{ index: 3, file }]);
    expect(run.files.get(file)).toContain('name: nothing-committed-lost');
  });

  it('tries what it remembers first, says what is fixed, and does not look for a file for what it has', async () => {
    const first = await fuzz(['--runs', '8', '--json'], { outcomes: OUTCOMES });
    const [file = ''] = filesOf(first).keys();
    const recorded = { seed: '7/3', promise: LOST.promise, version: '0.1.0', fingerprint: '0' };
    const scenarios = new Map([[file, { ok: true, plan: { ...planOf(), recorded }, warnings: [] } as const]]);
    const again = await fuzz(
      ['--runs', '8', '--json'],
      { outcomes: OUTCOMES },
      { disk: first.files, scenarios },
    );
    expect(reportIn(again).remembered).toMatchObject([{ file, state: 'failing' }]);
    expect(reportIn(again).failures).toMatchObject([{ file }]);
    const replay = (): object => ({});
    const fixed = await fuzz(['--runs', '8'], { replay }, { disk: first.files, scenarios });
    expect(fixed.status).toBe(0);
    expect(fixed.stdout).toContain('✔ fixed: ');
  });

  it('is red where a remembered failure is not fixed, though nothing else was found', async () => {
    const recorded = { seed: '7/3', promise: LOST.promise, version: '0.1.0', fingerprint: '0' };
    const file = '.zabsim/failures/1-x.yaml';
    const scenarios = new Map([[file, { ok: true, plan: { ...planOf(), recorded }, warnings: [] } as const]]);
    const run = await fuzz(['--runs', '8'], {}, { disk: new Map([[file, '']]), scenarios });
    expect(run.status).toBe(1);
    expect(run.stdout).toContain(`npx zabsim replay ${file}`);
    expect(run.stdout).toContain('1 remembered failure not fixed');
  });

  it('names the remembered failure over which Zabsim failed, goes on, and ends with status 70', async () => {
    const recorded = { seed: '7/3', promise: LOST.promise, version: '0.1.0', fingerprint: '0' };
    const file = '.zabsim/failures/1-x.yaml';
    const scenarios = new Map([[file, { ok: true, plan: { ...planOf(), recorded }, warnings: [] } as const]]);
    const replay = (): Partial<FuzzOutcome> => ({ kind: 'hung', error: 'stopped after 60 s' });
    const words = ['--runs', '8', '--junit', 'fuzz.xml'];
    const run = await fuzz(words, { replay }, { disk: new Map([[file, '']]), scenarios });
    expect(run.status).toBe(70);
    expect(run.stdout).toContain(
      `✘ ${file}, tried again, did not end: stopped after 60 s\nnpx zabsim replay ${file}`,
    );
    expect(run.stdout).toContain('8 runs from the seed 7: 1 run without a verdict.');
    expect(run.files.get('fuzz.xml')).toContain('errors="1"');
  });

  it('takes a profile from a file, names it as it was given, and says it again', async () => {
    const profile = { ...PROFILE.disk, clients: 1 };
    const profiles = new Map([['my profiles/x.yaml', { ok: true, profile } as const]]);
    const lots: Lot[] = [];
    const run = await fuzz(
      ['--runs', '6', '--strategy', 'random', '--profile', 'my profiles/x.yaml', '--json'],
      { outcomes: OUTCOMES, onJob: ({ lot }) => lots.push(lot) },
      { profiles },
    );
    expect(lots[0]).toEqual(freshLot(profile, '7', 0));
    expect(reportIn(run).profile).toBe('my profiles/x.yaml');
    const [text = ''] = filesOf(run).values();
    expect(text).toContain("npx zabsim fuzz --seed 7 --only 3 --profile 'my profiles/x.yaml'");
  });

  it('says what is wrong with a profile file, and runs nothing', async () => {
    const problem = {
      file: 'x.yaml',
      line: 3,
      column: 5,
      message: 'unknown key `crsh`',
      expected: '`crash`',
    };
    const profiles = new Map([['x.yaml', { ok: false, problems: [problem] } as const]]);
    const run = await fuzz(['--profile', 'x.yaml'], {}, { profiles });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('x.yaml:3:5: error: unknown key `crsh`');
    expect(run.files.size).toBe(0);
  });

  it('says how far it is: every ten seconds a line, on a terminal one that is written over', async () => {
    const turns = (): number => 200;
    const piped = await fuzz(['--runs', '4'], { turns }, { clockStepMs: 5_000 });
    expect(piped.stderr).toMatch(/^0 of 4 runs, 0 runs\/s, 0 failures$/m);
    const watched = await fuzz(['--runs', '4'], { turns }, { isTty: true });
    expect(watched.stderr).toContain('\r\u001b[2K0 of 4 runs');
  });

  it('writes JUnit: a case for each broken promise, an error for each run without a verdict', async () => {
    const outcomes = new Map<number, Partial<FuzzOutcome>>([
      [1, { kind: 'hung', error: 'stopped' }],
      [3, broken],
    ]);
    const run = await fuzz(['--runs', '8', '--junit', 'fuzz.xml'], { outcomes });
    const xml = run.files.get('fuzz.xml') ?? '';
    expect(xml).toContain('tests="2" failures="1" errors="1"');
    expect(xml).toContain('name="nothing-committed-lost"');
    expect(xml).toContain('<failure message="server 1 lost 0x100000007 at 12.5 ms">');
    expect(xml).toMatch(/<error message="did not end: stopped">npx zabsim run \S+-hung\.yaml --seed 7\/1</);
  });

  it('refuses a JUnit file that cannot be written before anything runs', async () => {
    const jobs: unknown[] = [];
    const script = { onJob: (job: unknown) => jobs.push(job) };
    const run = await fuzz(['--junit', '/nowhere.xml'], script, { unwritable: ['/nowhere.xml'] });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('cannot write the report: EACCES');
    expect(jobs).toEqual([]);
  });

  it('tells GitHub: an annotation a failure, and a summary below what is there', async () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: 'summary.md' };
    const disk = new Map([['summary.md', 'before\n']]);
    const run = await fuzz(['--runs', '8', '--json'], { outcomes: OUTCOMES }, { env, disk });
    expect(run.stderr).toContain(
      '::error title=zabsim%3A nothing-committed-lost::server 1 lost 0x100000007 at 12.5 ms%0Anpx zabsim replay',
    );
    expect(run.files.get('summary.md')).toMatch(/^before\n### zabsim fuzz: 1 failure\./);
    expect(reportIn(run).failures).toHaveLength(1);
  });

  it.each([
    [['--runs', '0'], 'above zero'],
    [['--runs', '5', '--time', '1m'], 'cannot be used with'],
    [['--time', '10'], 'a time with its unit'],
    [['--shard', '3/2'], 'Expected I/N'],
    [['--profile', 'calm'], '--profile: expected one of quick, default'],
    [['--release', '3.4.99'], '--release: expected'],
  ])('refuses %j', async (words, message) => {
    const run = await fuzz(words, {});
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
  });
});
