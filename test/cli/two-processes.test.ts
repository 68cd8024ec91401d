import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** The built program, as smoke.test.ts runs it. */
const MAIN = 'dist/sim/cli/main.js';

function resultOf(...words: string[]): Readonly<Record<string, unknown>> {
  const { status, stdout } = spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

describe('one scenario with one seed in two processes', () => {
  it('gives the same object but for the time it took', () => {
    const [first, second] = [1, 2].map(() => resultOf('run', 'first', '--seed', '1', '--json'));
    expect(first).toMatchObject({ scenario: 'first', seed: '1', verdict: 'kept' });
    expect(first?.wallMs).toBeGreaterThan(0);
    expect({ ...second, wallMs: 0 }).toEqual({ ...first, wallMs: 0 });
  });
});
