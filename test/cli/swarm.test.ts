import { describe, expect, it } from 'vitest';
import { commandLine } from '../support/command-line.ts';

describe('zabsim run --swarm', () => {
  it('runs what the seed draws, and its last line runs it again', async () => {
    const run = await commandLine(['run', '--swarm', '--seed', '7']);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('npx zabsim run --swarm --seed 7');
  });

  it('prints what was drawn, with the seed', async () => {
    const run = await commandLine(['run', '--swarm', '--seed', '7']);
    expect(run.stdout).toMatch(/servers +as 7 says/);
  });

  it('gives what was drawn to programs too', async () => {
    const run = await commandLine(['run', '--swarm', '--seed', '7', '--json']);
    expect(JSON.parse(run.stdout)).toMatchObject({ seed: '7', drawn: { servers: 'as 7 says' } });
  });

  it('draws another plan for each seed of a range', async () => {
    const run = await commandLine(['run', '--swarm', '--seeds', '1..3', '--json']);
    const lines = run.stdout.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { drawn: unknown }).drawn)).toEqual([
      { servers: 'as 1 says' },
      { servers: 'as 2 says' },
      { servers: 'as 3 says' },
    ]);
  });

  it('saves the drawn plan as a scenario file that says how to run it', async () => {
    const run = await commandLine(['run', '--swarm', '--seed', '7', '--save', 'drawn.yaml']);
    expect(run.files.get('drawn.yaml')).toContain('name: swarm-7');
    expect(run.files.get('drawn.yaml')).toContain('npx zabsim run drawn.yaml --seed 7');
  });

  it.each([
    [['run'], 'no scenario is named'],
    [['run', 'first', '--swarm'], '--swarm draws the scenario itself'],
    [['run', 'first', '--save', 'x.yaml'], '--save goes with --swarm only'],
    [['run', '--swarm', '--seeds', '1..3', '--save', 'x.yaml'], '--save writes one scenario'],
  ])('refuses %j', async (words, message) => {
    const run = await commandLine(words);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
  });

  it('refuses a file that cannot be written', async () => {
    const words = ['run', '--swarm', '--seed', '7', '--save', '/nowhere.yaml'];
    const run = await commandLine(words, { unwritable: ['/nowhere.yaml'] });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('cannot save the scenario: EACCES');
  });
});
