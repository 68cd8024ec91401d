import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { museumNames } from '../../scenarios/library.ts';

/** The built program in a process of its own: what no injected dependency can show. `npm test` builds it first. */
const MAIN = 'dist/sim/cli/main.js';

function zabsim(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  expect(existsSync(MAIN), 'run "npm run build" first').toBe(true);
  return spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8' });
}

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

  it('begins with the line that lets a shell run it', () => {
    expect(readFileSync(MAIN, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
  });
});
