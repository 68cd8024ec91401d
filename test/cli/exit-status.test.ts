import { describe, expect, it } from 'vitest';
import { AssertionFailure } from '../../protocol/assert.ts';
import type { RecordedPlan } from '../../sim/history-plan.ts';
import { commandLine, ended, valid, type World } from '../support/command-line.ts';
import { feed, minorityCutOff, resultOf } from '../support/report-runs.ts';

const broken: World = { simulate: (_plan, seed, sinks) => ended(sinks, seed, { verdict: 'broken' }) };
const failed: World = { simulate: (_plan, seed, sinks) => ended(sinks, seed, { verdict: 'failed' }) };

describe('the exit status', () => {
  const cases: readonly (readonly [what: string, words: string, world: World, status: number])[] = [
    ['a run whose promises are kept', 'run first --seed 1', {}, 0],
    ['a broken promise', 'run first --seed 1', broken, 1],
    ['a missed expectation', 'run first --seed 1', failed, 1],
    ['a red run among green ones', 'run first --seeds 1..3', redSeed('2'), 1],
    ['a scenario that is not there', 'run nothing --seed 1', {}, 2],
    ['an unknown option', 'run first --sed 1', {}, 2],
    ['an unknown command', 'rum first', {}, 2],
    ['no command at all', '', {}, 2],
    ['no scenario', 'run', {}, 2],
    ['an option without its value', 'run first --seed', {}, 2],
    ['a range that falls', 'run first --seeds 9..1', {}, 2],
    ['a range that is none', 'run first --seeds ten', {}, 2],
    ['a seed and a range', 'run first --seed 1 --seeds 1..2', {}, 2],
    ['an unknown report format', 'run first --seed 1 --report pdf=out', {}, 2],
    ['a report without a file', 'run first --seed 1 --report junit=', {}, 2],
    ['a report that cannot be written', 'run first --seed 1 --report text=a', { unwritable: ['a'] }, 2],
    ['a replay without a seed', 'replay first', {}, 2],
    ['a replay of a file that is not there', 'replay failure.yaml', {}, 2],
    ['a replay that is what was recorded', 'replay found', recorded(), 1],
    ['a replay that is not what was recorded', 'replay found', recorded({ fingerprint: '1'.repeat(16) }), 3],
    ['a replay of what another version recorded', 'replay found', recorded({ version: '0.0.9' }), 1],
    ['a replay of what is fixed by now', 'replay found', recorded({ version: '0.0.9' }, true), 0],
    ['a replay with its seed', 'replay first --seed 1', {}, 0],
    ['a replay with ZABSIM_SEED', 'replay first', { env: { ZABSIM_SEED: '4' } }, 0],
    ['a valid scenario', 'check first', {}, 0],
    ['an invalid one among valid ones', 'check first nothing', {}, 2],
    ['the library', 'list', {}, 0],
    ['the version', '--version', {}, 0],
    ['the help', '--help', {}, 0],
    ['the help of a command', 'run --help', {}, 0],
    ['an interrupt between two runs', 'run first --seeds 1..9', { interruptAfter: 2 }, 130],
    ['an assertion of ours', 'run first --seed 1', throwing(new AssertionFailure('impossible')), 70],
    ['an exception of ours', 'run first --seed 1', throwing(new TypeError('oops')), 70],
  ];
  it.each(cases)('of %s', async (_what, words, world, status) => {
    const run = await commandLine(words === '' ? [] : words.split(' '), world);
    expect(run.status).toBe(status);
  });
});

describe('an own bug', () => {
  it('is reported with seed, virtual time, last events and the line that reproduces it', async () => {
    const failure = Object.assign(new Error('zxid is missing'), {
      seed: '1',
      atMs: 1234.5,
      lastEvents: ['1.234s server 1 elected leader=3'],
    });
    const run = await commandLine(['run', 'first', '--seed', '1'], throwing(failure));
    expect(run.status).toBe(70);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain('zxid is missing');
    expect(run.stderr).toContain('seed 1, virtual time 1234.5 ms');
    expect(run.stderr).toContain('  1.234s server 1 elected leader=3');
    expect(run.stderr.trimEnd().split('\n').at(-1)).toBe('npx zabsim run first --seed 1');
  });

  it('stops the other seeds, after what was found so far has been printed', async () => {
    const simulate: World['simulate'] = (_plan, seed, sinks) => {
      if (seed === '3') throw new AssertionFailure('impossible');
      return ended(sinks, seed);
    };
    const run = await commandLine(['run', 'first', '--seeds', '1..9'], { simulate });
    expect(run.status).toBe(70);
    expect(run.stdout).toContain('2 of 9 seeds (1..9), then stopped');
    expect(run.stderr).toContain('npx zabsim run first --seed 3');
  });
});

describe('an interrupt', () => {
  it('in the middle of a run prints how far it got, without a verdict', async () => {
    const simulate: World['simulate'] = (_plan, _seed, sinks) => ({
      advance: () => {
        for (const sink of sinks) feed(sink, minorityCutOff());
        return undefined;
      },
    });
    const run = await commandLine(['run', 'first', '--seed', '1'], { simulate, interruptAfter: 1 });
    expect(run.status).toBe(130);
    expect(run.stdout).toContain('partition: minority | rest');
    expect(run.stdout).toContain('Interrupted after 6.29 s of virtual time: nothing is proven.');
    expect(run.stdout.trimEnd().split('\n').at(-1)).toBe('npx zabsim run first --seed 1');
  });

  it('lets a run that is taken in slices go on to its end when there is none', async () => {
    const simulate: World['simulate'] = (_plan, seed) => {
      let slices = 0;
      return { advance: () => (++slices < 3 ? undefined : resultOf({ seed, events: slices })) };
    };
    const run = await commandLine(['run', 'first', '--seed', '1', '--json'], { simulate });
    expect(run.status).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ events: 3 });
  });

  it('between two runs prints the sum of those that ended, and closes the reports', async () => {
    const run = await commandLine(['run', 'first', '--seeds', '1..9', '--report', 'junit=out.xml'], {
      interruptAfter: 2,
    });
    expect(run.status).toBe(130);
    expect(run.stdout).toContain('2 of 9 seeds (1..9), then stopped');
    expect(run.files.get('out.xml')?.match(/<testsuite /g)).toHaveLength(2);
  });
});

describe('bad input', () => {
  it('is told with file, line, column, what was expected and the nearest right word', async () => {
    const run = await commandLine(['run', 'frist', '--seed', '1']);
    expect(run.stderr).toBe(
      'frist:1:1: error: there is no scenario "frist"\n' +
        "  expected: a file or the name of one of the library's scenarios\n" +
        '  did you mean first?\n',
    );
  });

  it('keeps every scenario from running, the good ones too', async () => {
    const run = await commandLine(['run', 'first', 'nothing', '--seed', '1']);
    expect(run.status).toBe(2);
    expect(run.stdout).toBe('');
  });

  it.each(['run nothing', 'run first --sed 1', 'run first --seeds x', 'replay first'])(
    'never shows a stack trace: %s',
    async (words) => {
      const run = await commandLine(words.split(' '));
      expect(run.stderr).not.toBe('');
      expect(run.stderr).not.toMatch(/^\s+at /m);
    },
  );

  it('suggests the option that was probably meant', async () => {
    const run = await commandLine(['run', 'first', '--sed', '1']);
    expect(run.stderr).toContain('Did you mean --seed?');
  });

  it('of a doubtful kind is a warning, and the run goes on', async () => {
    const warnings = [
      {
        file: 'zoo.cfg',
        line: 1,
        column: 1,
        message: 'unknown key tickTme',
        expected: '',
        suggestion: 'tickTime',
      },
    ];
    const loaded = valid();
    const scenarios = new Map([['first', loaded.ok ? { ...loaded, warnings } : loaded]]);
    const run = await commandLine(['run', 'first', '--seed', '1'], { scenarios });
    expect(run.status).toBe(0);
    expect(run.stderr).toBe('zoo.cfg:1:1: warning: unknown key tickTme\n  did you mean tickTime?\n');
  });
});

function redSeed(red: string): World {
  return {
    simulate: (_plan, seed, sinks) => ended(sinks, seed, { verdict: seed === red ? 'broken' : 'kept' }),
  };
}

/** A failure file, and a run that it is held against. */
function recorded(changes: Partial<RecordedPlan> = {}, isFixed = false): World {
  const remembered = { seed: '7/1', promise: 'watches', version: '0.1.0', fingerprint: '0123456789abcdef' };
  const watches = { name: 'watches', kept: isFixed, checked: 1 };
  const verdict = isFixed ? 'kept' : 'broken';
  return {
    scenarios: new Map([['found', valid({ recorded: { ...remembered, ...changes } })]]),
    simulate: (_plan, seed, sinks) => ended(sinks, seed, { verdict, promises: [watches] }),
  };
}

function throwing(error: Error): World {
  return {
    simulate: () => ({
      advance: () => {
        throw error;
      },
    }),
  };
}
