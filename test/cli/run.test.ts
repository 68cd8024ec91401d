import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../sim/result.ts';
import { commandLine, ended, valid, type World } from '../support/command-line.ts';

const lastLine = (text: string): string | undefined => text.trimEnd().split('\n').at(-1);
const seedsIn = (stdout: string): string[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as RunResult).seed);

describe('the seed', () => {
  it('is the one that is given, whatever text it is', async () => {
    const run = await commandLine(['run', 'first', '--json', '--seed', 'night of the 3rd']);
    expect(seedsIn(run.stdout)).toEqual(['night of the 3rd']);
    expect(run.stderr).toBe('');
  });

  it('is ZABSIM_SEED where none is given', async () => {
    const run = await commandLine(['run', 'first', '--json'], { env: { ZABSIM_SEED: '99' } });
    expect(seedsIn(run.stdout)).toEqual(['99']);
  });

  it('on the command line beats ZABSIM_SEED', async () => {
    const run = await commandLine(['run', 'first', '--json', '--seed', '1'], { env: { ZABSIM_SEED: '99' } });
    expect(seedsIn(run.stdout)).toEqual(['1']);
  });

  it('is drawn, and printed on standard error, where there is none or an empty one', async () => {
    const run = await commandLine(['run', 'first', '--json'], { env: { ZABSIM_SEED: '' } });
    expect(run.stderr).toBe('seed drawn-7 (drawn; give --seed drawn-7 to run it again)\n');
    expect(seedsIn(run.stdout)).toEqual(['drawn-7']);
  });

  it('stands, with the fingerprint, in the very last line, which is ready to be pasted', async () => {
    const run = await commandLine(['run', 'first', '--seed', "it's"]);
    expect(lastLine(run.stdout)).toBe(
      "npx zabsim run first --seed 'it'\\''s'  # fingerprint 0123456789abcdef",
    );
  });

  it('that begins with a dash is joined to its option', async () => {
    const run = await commandLine(['run', 'first', '--seed=-5']);
    expect(lastLine(run.stdout)).toContain('run first --seed=-5');
  });
});

describe('--json', () => {
  it('prints one object a run, one a line, and nothing else on standard output', async () => {
    const run = await commandLine(['run', 'first', 'other', '--seeds', '1..3', '--json', '--trace'], {
      scenarios: new Map([
        ['first', valid()],
        ['other', valid({ name: 'other' })],
      ]),
    });
    expect(seedsIn(run.stdout)).toEqual(['1', '2', '3', '1', '2', '3']);
    expect(run.stderr).toContain('110000 1 voteChanged');
  });

  it('names the scenario as it was given, so that it can be given again', async () => {
    const scenarios = new Map([['./mine.yaml', valid({ name: 'my story' })]]);
    const run = await commandLine(['run', './mine.yaml', '--seed', '1', '--json'], { scenarios });
    expect(JSON.parse(run.stdout)).toMatchObject({ scenario: './mine.yaml' });
  });

  it('tells the wall time that the command line measured', async () => {
    const run = await commandLine(['run', 'first', '--seed', '1', '--json'], { clockStepMs: 2.25 });
    expect(JSON.parse(run.stdout)).toMatchObject({ wallMs: 2.3 });
  });
});

describe('several seeds', () => {
  it('that are all green give one summary and the line that runs them again', async () => {
    const run = await commandLine(['run', 'first', '--seeds', '1..500']);
    expect(run.stdout).toContain('✔ first: 500 seeds (1..500): every promise was kept');
    expect(run.stdout.split('\n').length).toBeLessThan(6);
    expect(lastLine(run.stdout)).toBe('npx zabsim run first --seeds 1..500');
  });

  it('show red runs whole, name their seeds, and end with the line for the first of them', async () => {
    const run = await commandLine(['run', 'first', '--seeds', '1..9'], redSeeds(['4', '6']));
    expect(run.stdout.match(/clients saw/g)).toHaveLength(2);
    expect(run.stdout).toContain('2 broke a promise (seeds 4, 6)');
    expect(lastLine(run.stdout)).toBe('npx zabsim run first --seed 4');
  });

  it('show no more than three red runs whole, and of the others the line that reproduces each', async () => {
    const run = await commandLine(['run', 'first', '--seeds', '1..9'], redSeeds(['2', '3', '4', '5', '6']));
    expect(run.stdout.match(/clients saw/g)).toHaveLength(3);
    expect(run.stdout).toContain('npx zabsim run first --seed 5\n');
    expect(run.stdout).toContain('npx zabsim run first --seed 6\n');
  });

  it('show progress on a terminal once they take longer than two seconds, and take it away again', async () => {
    const run = await commandLine(['run', 'first', '--seeds', '1..50', '--json'], {
      isTty: true,
      clockStepMs: 60,
    });
    expect(run.stderr).toMatch(/first {2}\d+ of 50 seeds/);
    expect(run.stderr.endsWith('\r\u001b[2K')).toBe(true);
    expect(seedsIn(run.stdout)).toHaveLength(50);
  });

  it.each<[string, World]>([
    ['where nobody watches', { isTty: false, clockStepMs: 60 }],
    ['in CI', { isTty: true, clockStepMs: 60, env: { CI: 'true' } }],
    ['when they are quick', { isTty: true, clockStepMs: 1 }],
  ])('show none %s', async (_where, world) => {
    const run = await commandLine(['run', 'first', '--seeds', '1..20', '--json'], world);
    expect(run.stderr).toBe('');
  });
});

describe('--report', () => {
  it('writes every format that is asked for, beside the report on the terminal', async () => {
    const run = await commandLine(
      'run first --seed 1 --report json=a.json --report junit=b.xml --report text=c.txt'.split(' '),
    );
    expect(run.stdout).toContain('every promise was kept');
    expect(JSON.parse(run.files.get('a.json') ?? '')).toMatchObject({ seed: '1', verdict: 'kept' });
    expect(run.files.get('b.xml')).toContain('<testsuite name="first (seed 1)"');
    expect(run.files.get('c.txt')).toContain('npx zabsim run first --seed 1');
  });

  it('says which file it cannot write, before anything runs', async () => {
    const run = await commandLine(['run', 'first', '--seed', '1', '--report', 'text=/no/where'], {
      unwritable: ['/no/where'],
    });
    expect(run.stderr).toBe("error: cannot write the report: EACCES: permission denied, open '/no/where'\n");
    expect(run.stdout).toBe('');
  });
});

describe('colour', () => {
  const escape = '\u001b[';
  it.each<[string, World, boolean]>([
    ['is used when it is forced', { env: { FORCE_COLOR: '1' } }, true],
    ['is not used when standard output is piped', {}, false],
    ['is not used on a terminal with NO_COLOR', { isTty: true, env: { NO_COLOR: '1' } }, false],
  ])('%s', async (_when, world, coloured) => {
    const run = await commandLine(['run', 'first', '--seed', '1'], world);
    expect(run.stdout.includes(escape)).toBe(coloured);
  });
});

describe('the other commands', () => {
  it('list names and titles, aligned', async () => {
    const run = await commandLine(['list']);
    expect(run.stdout).toBe('first      the leader crashes\npower-cut  all of them crash\n');
  });

  it('check says what a scenario holds, and runs nothing', async () => {
    const run = await commandLine(['check', 'first'], {
      simulate: () => {
        throw new Error('check must not run anything');
      },
    });
    expect(run.stdout).toBe('first: valid, 3 servers, 1 client, 2 faults, 0 expectations\n');
  });

  it('--version prints the version alone', async () => {
    const run = await commandLine(['--version']);
    expect(run.stdout).toBe('0.1.0\n');
  });

  it('--help names the commands and the exit statuses', async () => {
    const run = await commandLine(['--help']);
    for (const word of ['run', 'replay', 'check', 'list', '130']) expect(run.stdout).toContain(word);
    expect(run.stderr).toBe('');
  });
});

describe('--trace', () => {
  it('prints every event, one a line, before the report', async () => {
    const run = await commandLine(['run', 'first', '--seed', '1', '--trace']);
    const lines = run.stdout.split('\n');
    expect(lines[0]).toBe('96000 1 started');
    expect(lines.filter((line) => /^\d+ -?\d+ applied$/.test(line))).toHaveLength(120 * 2 + 20 * 3);
  });
});

function redSeeds(red: readonly string[]): World {
  return {
    simulate: (_plan, seed, sinks) => ended(sinks, seed, { verdict: red.includes(seed) ? 'broken' : 'kept' }),
  };
}
