import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { museumNames } from '../../scenarios/library.ts';

/** The built program in a process of its own: what no injected dependency can show. `npm test` builds it first. */
const MAIN = resolve('dist/sim/cli/main.js');

const zabsim = (...words: string[]): Ended => zabsimIn('.', ...words);

function zabsimIn(cwd: string, ...words: string[]): Ended {
  expect(existsSync(MAIN), 'run "npm run build" first').toBe(true);
  return spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8', cwd });
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'zabsim-'));

describe('the program', () => {
  it("prints the package's version", () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(zabsim('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('tells the shell of a mistake by status 2, without a stack trace', () => {
    const { status, stdout, stderr } = zabsim('run', 'no-such-scenario.yaml', '--seed', '1');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('no-such-scenario.yaml:1:1: error:');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('finds the museum from where it was built', () => {
    const { status, stdout } = zabsim('history', '--json');
    expect(status).toBe(0);
    const listed = (JSON.parse(stdout) as readonly { id: string }[]).map(({ id }) => id);
    expect(new Set(listed)).toEqual(new Set(museumNames()));
  });

  it('fuzzes on threads of its own, with the same findings on one as on two', () => {
    const findings = (jobs: string): unknown => {
      const words = ['--runs', '10', '--seed', '1', '--jobs', jobs, '--json'];
      const { status, stdout } = zabsimIn(newFolder(), 'fuzz', ...words);
      expect(status).toBe(0);
      return { ...(JSON.parse(stdout) as object), seconds: 0, runsPerSecond: 0 };
    };
    expect(findings('2')).toMatchObject({ runs: 10, failures: [], troubles: [], interrupted: false });
    expect(findings('1')).toEqual(findings('2'));
  });

  it('names runs that do not end by their seeds, and goes on', () => {
    const { status, stdout } = zabsimIn(
      newFolder(),
      'fuzz',
      '--runs',
      '3',
      '--seed',
      '1',
      '--run-timeout',
      '1ms',
      '--json',
    );
    expect(status).toBe(70);
    const { troubles } = JSON.parse(stdout) as { troubles: readonly object[] };
    expect(troubles).toMatchObject([
      { kind: 'hung', seed: '1/0' },
      { kind: 'hung', seed: '1/1' },
      { kind: 'hung', seed: '1/2' },
    ]);
  });

  it('begins with the line that lets a shell run it', () => {
    expect(readFileSync(MAIN, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
  });
});
