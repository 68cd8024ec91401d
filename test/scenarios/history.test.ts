import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { behavioursOf, releaseWithIssue } from '../../protocol/release/release.ts';
import { libraryPath, museumNames } from '../../scenarios/library.ts';
import { loadScenario, loadText } from '../../scenarios/loader.ts';
import { writeScenario } from '../../scenarios/write/scenario.ts';
import type { RunPlan } from '../../sim/plan.ts';
import type { RunResult } from '../../sim/result.ts';
import { runSimulation } from '../../sim/simulation.ts';
import { libraryPlan } from '../support/library-plan.ts';

const ISSUES = museumNames();
const SEEDS = ['1', '2'];

const runsOf = (plan: RunPlan): readonly RunResult[] =>
  SEEDS.map((seed) => runSimulation(plan, seed, { slices: false }));

describe('the museum', () => {
  it('is not empty', () => {
    expect(ISSUES.length).toBeGreaterThan(0);
  });

  it.each(ISSUES)('has %s, which loads and tells its story', (issue) => {
    expect(loadScenario(issue)).toMatchObject({ ok: true });
    const { name, description, history, release } = libraryPlan(issue);
    expect({ name, issue: history?.issue }).toEqual({ name: issue.toLowerCase(), issue });
    expect(description.length).toBeGreaterThan(100);
    expect(history?.title).toMatch(/^[A-Z].{10,79}[^.]$/);
    // What turns it red is the command line's to say.
    expect(release).toBeUndefined();
    expect(behavioursOf(releaseWithIssue(issue))).not.toEqual([]);
  });

  it.each(ISSUES)('breaks with the defect of %s the promise that it names', (issue) => {
    const plan = libraryPlan(issue);
    for (const { seed, promises } of runsOf({ ...plan, release: issue })) {
      const named = promises.find(({ name }) => name === plan.history?.breaks);
      expect({ seed, kept: named?.kept, voidedBy: named?.voidedBy, unknown: named?.unknown }).toEqual({
        seed,
        kept: false,
        voidedBy: undefined,
        unknown: undefined,
      });
      expect(named?.evidence?.length).toBeGreaterThan(1);
    }
  });

  it.each(ISSUES)('keeps everything without the defect of %s', (issue) => {
    for (const { seed, verdict, outsideModel } of runsOf(libraryPlan(issue)))
      expect({ seed, verdict, outsideModel }).toEqual({ seed, verdict: 'kept', outsideModel: [] });
  });

  it.each(ISSUES)('can write %s down and read it again', (issue) => {
    const plan = libraryPlan(issue);
    const again = loadText('again.yaml', writeScenario(plan));
    expect(again.ok && again.plan.history).toEqual(plan.history);
  });

  it.each(ISSUES)('is called by the issue, and by its folder too: %s', (issue) => {
    expect(loadScenario(`history/${issue}`)).toEqual(loadScenario(issue));
  });

  it('starts each file with the schema that editors complete from', () => {
    for (const issue of ISSUES) {
      expect(readFileSync(libraryPath(`history/${issue}`), 'utf8'), issue).toMatch(
        /^# yaml-language-server: \$schema=\.\.\/scenario\.schema\.json\n/,
      );
    }
  });

  it('says which of its names is nearest to one that does not exist', () => {
    const [issue = ''] = ISSUES;
    expect(loadScenario(`${issue.slice(0, 4)}${issue.slice(5)}`)).toMatchObject({
      ok: false,
      problems: [{ suggestion: expect.stringMatching(/^Z/) as string }],
    });
  });

  it('comes with the package', () => {
    const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: readonly string[] };
    expect(files).toContain('scenarios/history');
  });
});
