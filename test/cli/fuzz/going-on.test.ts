import { describe, expect, it } from 'vitest';
import type { FuzzReport } from '../../../reports/fuzz/fuzz-report.ts';
import type { FuzzOutcome } from '../../../sim/fuzz/outcome.ts';
import { commandLine, ended, type Ended, type World } from '../../support/command-line.ts';
import { scriptedWorker, type ScriptedWorker } from '../../support/fuzz-world.ts';
import { planOf } from '../../support/report-runs.ts';

const JOURNAL = '.zabsim/campaign.jsonl';
const EVIDENCE = ['server 1 lost 0x100000007 at 12.5 ms'];
const LOST = { promise: 'nothing-committed-lost', evidence: EVIDENCE };
const OUTCOMES = new Map<number, Partial<FuzzOutcome>>([
  [3, { kind: 'broken', broken: [LOST], coverage: { TRUNC: 2 } }],
  [5, { kind: 'broken', broken: [LOST] }],
  [9, { kind: 'hung', error: 'stopped after 60 s' }],
]);
const SHRUNK = {
  plan: { ...planOf(), name: 'shrunk' },
  evidence: EVIDENCE,
  attempts: 12,
  isMinimal: true,
  keepsShape: true,
};

const fuzz = (words: readonly string[], script: ScriptedWorker = {}, more: World = {}): Promise<Ended> =>
  commandLine(['fuzz', '--json', ...words], {
    worker: () => scriptedWorker({ outcomes: OUTCOMES, shrink: () => SHRUNK, ...script }),
    simulate: (_plan, seed, sinks) =>
      ended(sinks, seed, { promises: [{ name: LOST.promise, kept: false, checked: 3, evidence: EVIDENCE }] }),
    ...more,
  });

const reportIn = ({ stdout }: Ended): FuzzReport => JSON.parse(stdout) as FuzzReport;
/** But for what it took. */
const findings = (ended: Ended): unknown => ({ ...reportIn(ended), seconds: 0, runsPerSecond: 0 });

/** What is on the disk of a process that was killed when its journal had so many lines, and a part of the next. */
function killedAfter(lines: number, { files }: Ended): ReadonlyMap<string, string> {
  const text = (files.get(JOURNAL) ?? '').split('\n').slice(0, lines + 1);
  const torn = (text.pop() ?? '').slice(0, 20);
  return new Map([...files, [JOURNAL, [...text, torn].join('\n')]]);
}

describe('zabsim fuzz --resume', () => {
  const begin = (): Promise<Ended> => fuzz(['--runs', '20', '--seed', '7', '--jobs', '2']);

  // Before the second line nothing has run.
  it.each(Array.from({ length: 21 }, (_, lines) => lines + 2))(
    'ends as it would have, though it was killed after %i lines',
    async (lines) => {
      const whole = await begin();
      const disk = killedAfter(lines, whole);
      const before = new Set((disk.get(JOURNAL) ?? '').match(/"index":\d+/g));
      const runs = new Set<string>();
      const onJob: ScriptedWorker['onJob'] = ({ kind, lot }) =>
        kind === 'run' && runs.add(`"index":${lot.index}`);
      const again = await fuzz(['--resume'], { onJob }, { disk });
      expect(findings(again)).toEqual(findings(whole));
      expect(again.status).toBe(70);
      expect(runs.size + before.size).toBe(20);
      expect([...runs].filter((run) => before.has(run))).toEqual([]);
    },
  );

  it('of a campaign that has ended runs nothing, shrinks nothing, and tells it again', async () => {
    const whole = await begin();
    const jobs: unknown[] = [];
    const again = await fuzz(['--resume'], { onJob: (job) => jobs.push(job) }, { disk: whole.files });
    expect(findings(again)).toEqual(findings(whole));
    expect(jobs).toEqual([]);
  });

  it('goes on for more runs than before, and again from there', async () => {
    const longer = await fuzz(['--runs', '30', '--seed', '7']);
    const extended = await fuzz(['--resume', '--runs', '30'], {}, { disk: (await begin()).files });
    expect(findings(extended)).toEqual(findings(longer));
    const again = await fuzz(['--resume'], {}, { disk: extended.files });
    expect(findings(again)).toEqual(findings(longer));
  });

  it('after an interrupt goes on too, and shrinks what was written as it was drawn', async () => {
    const turns = (index: number): number => (index < 6 ? 1 : Infinity);
    const words = ['--runs', '20', '--seed', '7', '--jobs', '2', '--shrink-time', '1s'];
    const first = await fuzz(words, { turns, shrink: () => undefined }, { interruptAfter: 50 });
    expect(first.status).toBe(130);
    const again = await fuzz(['--resume'], {}, { disk: first.files });
    expect(findings(again)).toEqual(findings(await begin()));
  });

  it('counts the time that was spent before', async () => {
    const clockStepMs = 100;
    const first = await fuzz(['--time', '2s', '--seed', '7', '--jobs', '1'], {}, { clockStepMs });
    const again = await fuzz(['--resume', '--jobs', '1'], {}, { disk: first.files, clockStepMs });
    expect(reportIn(again).runs).toBe(reportIn(first).runs);
    const words = ['--resume', '--time', '4s', '--jobs', '1'];
    const longer = await fuzz(words, {}, { disk: first.files, clockStepMs });
    expect(reportIn(longer).runs).toBeGreaterThan(reportIn(first).runs);
    expect(reportIn(longer).asked).toEqual({ timeMs: 4000 });
  });

  it('does not try again what was remembered, and tells it', async () => {
    const recorded = { seed: '7/3', promise: LOST.promise, version: '0.1.0', fingerprint: '0' };
    const file = '.zabsim/failures/1-x.yaml';
    const scenarios = new Map([[file, { ok: true, plan: { ...planOf(), recorded }, warnings: [] } as const]]);
    const replay = (): Partial<FuzzOutcome> => ({ kind: 'broken', broken: [LOST] });
    const words = ['--runs', '20', '--seed', '7'];
    const whole = await fuzz(words, { replay }, { disk: new Map([[file, '']]), scenarios });
    expect(reportIn(whole).remembered).toMatchObject([{ file, state: 'failing' }]);
    const again = await fuzz(['--resume'], {}, { disk: killedAfter(8, whole), scenarios });
    expect(findings(again)).toEqual(findings(whole));
  });

  it.each([
    [['--seed', '8'], 'another seed: 7, not 8'],
    [['--profile', 'disk'], 'another profile: default, not disk'],
    [['--runs', '19'], '--runs 20, not --runs 19'],
    [['--journal', 'none.jsonl'], 'there is no journal none.jsonl'],
    [['--shard', '1/2'], 'there is no journal .zabsim/campaign-1-of-2.jsonl'],
    [['--only', '3'], 'cannot be used with'],
  ])('refuses %j, and touches nothing', async (words, message) => {
    const { files } = await begin();
    const run = await fuzz(['--resume', ...words], {}, { disk: files });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
    expect(run.files).toEqual(files);
  });
});

describe('the journal of a campaign', () => {
  it('has the shard in its name, or the name that it is given', async () => {
    const shard = await fuzz(['--runs', '4', '--seed', '7', '--shard', '2/4']);
    expect([...shard.files.keys()]).toContain('.zabsim/campaign-2-of-4.jsonl');
    const named = await fuzz(['--runs', '2', '--seed', '7', '--journal', 'x.jsonl']);
    expect([...named.files.keys()]).toEqual(['x.jsonl']);
  });

  it('takes the place of the one before, and is left alone by one run that is wanted alone', async () => {
    const before = await fuzz(['--runs', '9', '--seed', '7']);
    const alone = await fuzz(['--only', '0', '--seed', '8'], {}, { disk: before.files });
    expect(alone.files).toEqual(before.files);
    const fresh = await fuzz(['--runs', '2', '--seed', '8'], {}, { disk: before.files });
    expect(fresh.files.get(JOURNAL)?.match(/"kind":"run"/g)).toHaveLength(2);
    expect(fresh.files.get(JOURNAL)).toContain('"seed":"8"');
  });

  it('that cannot be written costs the journal, not the campaign', async () => {
    const run = await fuzz(['--runs', '4', '--seed', '7'], {}, { unwritable: [JOURNAL] });
    expect(reportIn(run).runs).toBe(4);
    expect(run.stderr.match(/cannot write the journal/g)).toHaveLength(1);
  });
});
