import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planAt, simulate } from '../../sim/entry/index.ts';
import * as matchers from '../../sim/entry/matchers/matchers.ts';
import '../../sim/entry/vitest.ts';
import type { RunResult } from '../../sim/result.ts';

/** What a failing assertion tells whoever reads it. */
function messageOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('the assertion held');
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const savedFiles = (): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));

const ISSUE = 'ZOOKEEPER-4685';
const broken = (): RunResult => simulate(ISSUE, { release: ISSUE, seed: 1 });
const kept = (): RunResult => simulate('first', { seed: 1 });

describe('a matcher that fails', () => {
  it('names the promise, the evidence, the events, and the line that runs a scenario again', () => {
    const message = messageOf(() => expect(broken()).toKeepEveryPromise());
    expect(message).toMatch(/^legal-packets is broken\n {2}\S/);
    expect(message).toContain('\n  how it came:\n    ');
    expect(message).toMatch(/again {2}npx zabsim run ZOOKEEPER-4685 --seed 1 --release ZOOKEEPER-4685$/);
  });

  it('says how often a promise was kept that should have been broken', () => {
    const message = messageOf(() => expect(kept()).toBreakPromise('legal-packets'));
    expect(message).toMatch(/^expected legal-packets to be broken: it was kept, in \d+ checks\n/);
  });

  it('lists the expectations that were missed, and what was seen', () => {
    const plan = planAt('first');
    const [expectation] = plan.expectations;
    if (expectation?.kind !== 'leader') throw new Error('the first expectation is of a leader');
    const missed = { ...plan, expectations: [{ ...expectation, min: 99, max: 99 }] };
    const result = simulate(missed, { seed: 1 });
    const { pass, message } = matchers.toMeetEveryExpectation(result, { folder });
    expect(pass).toBe(false);
    expect(result.expectations[0]?.seen).toBeDefined();
    expect(message()).toContain(`missed: ${expectation.text} (${String(result.expectations[0]?.seen)})`);
    expect(savedFiles()).toHaveLength(1);
  });

  it('says why a run is not live', () => {
    expect(messageOf(() => expect(simulate('rotten-majority', { seed: 1 })).toBeLive())).toMatch(
      /^not live: no write was answered .*\(.*\)\n {2}\S+ (DOWN|LOOKING)/,
    );
  });
});

describe('a promise', () => {
  it('counts as broken only by what ZooKeeper answers for', () => {
    const result = simulate('wiped-voter', { seed: 1 });
    const voided = result.promises.find((promise) => promise.voidedBy !== undefined);
    if (voided === undefined) throw new Error('nothing was voided');
    expect(result).toKeepEveryPromise();
    expect(matchers.toBreakPromise(result, voided.name as 'atomicity', {}).pass).toBe(false);
  });

  it('that can not be told is neither kept nor broken', () => {
    const result = kept();
    const promises = result.promises.map((promise) =>
      promise.name === 'watches' ? { ...promise, kept: false, unknown: 'too long' } : promise,
    );
    const untold = { ...result, promises };
    expect(matchers.toKeepPromise(untold, 'watches', {}).pass).toBe(false);
    expect(matchers.toBreakPromise(untold, 'watches', {}).pass).toBe(false);
    expect(matchers.toKeepEveryPromise(untold, {}).pass).toBe(false);
  });

  it('that does not exist is refused with the nearest that does', () => {
    expect(() => expect(kept()).toKeepPromise('livenes' as 'liveness')).toThrow(/did you mean liveness\?/);
  });
});

it('refuses what is no result of a run', () => {
  expect(() => expect('first').toKeepEveryPromise()).toThrow(/expect\(simulate\(…\)\)/);
});

it('does not call a scenario without expectations one that meets all of them', () => {
  const { pass } = matchers.toMeetEveryExpectation({ ...kept(), expectations: [] }, {});
  expect(pass).toBe(false);
});

describe('a plan that is no file', () => {
  const plan = { ...planAt(ISSUE), name: 'mine' };
  const failIn = (currentTestName: string, seed: number): string => {
    const result = simulate(plan, { release: ISSUE, seed });
    const place = { testPath: '/project/a.test.ts', currentTestName, folder };
    return matchers.toKeepEveryPromise(result, place).message();
  };

  it('is saved as one when it fails, and the line that is printed runs it again', () => {
    const message = failIn('stays whole', 5);
    const path = /saved {2}(\S+)$/m.exec(message)?.[1] ?? '';
    expect(message).toContain(`again  npx zabsim run ${path} --seed 5`);
    const { recorded } = planAt(path);
    expect(recorded).toMatchObject({ seed: '5', promise: 'legal-packets' });
    expect(simulate(path)).toMatchObject({
      seed: '5',
      verdict: 'broken',
      fingerprint: recorded?.fingerprint,
    });
  });

  it('takes the place of what the same test saved before: while a property shrinks, the last is the smallest', () => {
    for (const seed of [1, 2, 3]) failIn('stays whole', seed);
    expect(savedFiles()).toHaveLength(1);
    failIn('another', 1);
    expect(savedFiles()).toHaveLength(2);
  });

  it('is not saved while nothing fails', () => {
    expect(matchers.toKeepEveryPromise(simulate(plan, { seed: 1 }), { folder }).pass).toBe(true);
    expect(savedFiles()).toEqual([]);
  });
});
