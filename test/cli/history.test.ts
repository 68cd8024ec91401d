import { describe, expect, it } from 'vitest';
import { commandLine, ended, valid, type World } from '../support/command-line.ts';
import { feed, minorityCutOff, planOf, resultOf, type TracedEvent } from '../support/report-runs.ts';
import type { RunPlan } from '../../sim/plan.ts';
import type { PromiseResult } from '../../sim/result.ts';
import { AssertionFailure } from '../../protocol/assert.ts';

const exhibit = (issue: string, title: string, breaks: string): [string, ReturnType<typeof valid>] => [
  issue,
  valid({ name: issue.toLowerCase(), description: `How ${title} came.`, history: { issue, title, breaks } }),
];

/** Out of order, as files are. */
const SCENARIOS = new Map([
  exhibit('ZABSIM-3', 'a hole in the log', 'committed-logs-agree'),
  exhibit('ZOOKEEPER-1277', 'the counter runs over', 'quorum-commits'),
  exhibit('ZOOKEEPER-1419', 'two votes', 'liveness'),
]);

const brokenPromise = (name: string): PromiseResult => ({
  name,
  kept: false,
  checked: 4,
  evidence: [`${name} was broken by zk1`, 'and zk2 saw it'],
  slice: ['1.000000s zk1 established epoch=1'],
});

const PROMISES: Readonly<Record<string, string>> = {
  'zookeeper-1419': 'liveness',
  'zookeeper-1277': 'quorum-commits',
  'zabsim-3': 'committed-logs-agree',
};

/** Wherever the defect is, the promise that it is said to break is broken, from 1.2 s on. */
const simulate: NonNullable<World['simulate']> = ({ name, release }: RunPlan, seed, sinks) => {
  const promise = PROMISES[name] ?? '';
  const trace: readonly TracedEvent[] = minorityCutOff();
  if (release === undefined)
    return ended(sinks, seed, { promises: [{ name: promise, kept: true, checked: 7 }] });
  return {
    advance: () => {
      for (const sink of sinks) {
        feed(sink, trace.slice(0, 150));
        feed(sink, [[2000, 2, { type: 'crashed', lost: 3, durableZxid: 0 as never }]]);
      }
      return resultOf({ seed, release, verdict: 'broken', promises: [brokenPromise(promise)] });
    },
  };
};

const MUSEUM: World = { scenarios: SCENARIOS, museum: [...SCENARIOS.keys()], simulate };

/** The defect does nothing in the museum's story of this name. */
const withoutEffect = (story: string): World => ({
  ...MUSEUM,
  simulate: (plan, seed, sinks) =>
    simulate(plan.name === story ? planOf({ name: story }) : plan, seed, sinks),
});

describe('zabsim history', () => {
  it('lists issue, title, versions and promise, aligned, in the order of the behaviours', async () => {
    const run = await commandLine(['history'], MUSEUM);
    expect(run.status).toBe(0);
    expect(run.stdout.split('\n').slice(0, 4)).toEqual([
      'issue           what went wrong        versions                  broken promise',
      'ZOOKEEPER-1419  two votes              3.4.0–3.4.3               liveness',
      'ZOOKEEPER-1277  the counter runs over  up to 3.3.4, 3.4.0–3.4.3  quorum-commits',
      'ZABSIM-3        a hole in the log      all                       committed-logs-agree',
    ]);
  });

  it('lists them for programs, with every version', async () => {
    const run = await commandLine(['history', '--json'], MUSEUM);
    expect(JSON.parse(run.stdout)).toMatchObject([
      {
        id: 'ZOOKEEPER-1419',
        title: 'two votes',
        versions: ['3.4.0', '3.4.1', '3.4.2', '3.4.3'],
        promise: 'liveness',
        does: [expect.stringContaining('Of two votes')],
      },
      { id: 'ZOOKEEPER-1277' },
      { id: 'ZABSIM-3' },
    ]);
  });

  it('refuses a file of the museum that shows no defect', async () => {
    const run = await commandLine(['history'], {
      scenarios: new Map([['ZOOKEEPER-1419', valid()]]),
      museum: ['ZOOKEEPER-1419'],
    });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('ZOOKEEPER-1419:1:1: error: this scenario shows no defect');
  });
});

describe('zabsim history --release', () => {
  it('says what of it can happen there, and what can not', async () => {
    const run = await commandLine(['history', '--release', '3.4.3'], MUSEUM);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain("Of the museum's 3 defects 3.4.3 has 3:");
    const newer = await commandLine(['history', '--release', '3.5.3'], MUSEUM);
    expect(newer.stdout).toContain("Of the museum's 3 defects 3.5.3 has 1:");
    expect(newer.stdout).toMatch(/^ZABSIM-3 /m);
    expect(newer.stdout).toContain("It can't happen there: ZOOKEEPER-1419 and ZOOKEEPER-1277.");
  });

  it('names what is otherwise there and in no story', async () => {
    const run = await commandLine(['history', '--release', '3.5.3'], MUSEUM);
    expect(run.stdout).toMatch(/in no story of the museum's:[^]*^ZOOKEEPER-2845 +The tree in memory/m);
  });

  it('has nothing of the default', async () => {
    const run = await commandLine(['history', '--release', 'default'], MUSEUM);
    expect(run.stdout).toContain("Of the museum's 3 defects default has none.");
  });

  it('narrows --json and --check to what can happen there', async () => {
    const listed = await commandLine(['history', '--release', '3.5.3', '--json'], MUSEUM);
    const checked = await commandLine(['history', '--release', '3.5.3', '--check', '--json'], MUSEUM);
    for (const { stdout } of [listed, checked])
      expect(JSON.parse(stdout)).toMatchObject([{ id: 'ZABSIM-3' }]);
  });

  it('does not take a version that there never was', async () => {
    const run = await commandLine(['history', '--release', '3.4.99'], MUSEUM);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain('did you mean 3.4.9?');
  });
});

describe('zabsim history ISSUE', () => {
  it('tells the story, where the runs part, what came of it, and how to have either again', async () => {
    const run = await commandLine(['history', 'ZOOKEEPER-1419'], MUSEUM);
    expect(run.status).toBe(0);
    const inOrder = [
      'ZOOKEEPER-1419: two votes',
      'How two votes came.',
      'The defect (3.4.0–3.4.3): Of two votes',
      'The two runs part after 150 events, at ',
      '  both       ',
      '  with it    2.000000s slave01   crashed lost=3',
      '  without it ',
      'With the defect: ✘ liveness is broken',
      'liveness was broken by zk1',
      'how it came:',
      '1.000000s zk1 established epoch=1',
      'Without it: ✔ every promise is kept, in 7 checks',
      'npx zabsim run ZOOKEEPER-1419 --seed 1 --release ZOOKEEPER-1419  # with the defect',
      'npx zabsim run ZOOKEEPER-1419 --seed 1  # without it',
    ];
    const places = inOrder.map((part) => run.stdout.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it.each(['zookeeper-1419', '1419', 'Zookeeper-1419'])('is called %s as well', async (word) => {
    const run = await commandLine(['history', word], MUSEUM);
    expect(run.stdout).toContain('ZOOKEEPER-1419: two votes');
  });

  it.each([
    ['1491', 'did you mean 1419?'],
    ['zookeper-1277', 'did you mean ZOOKEEPER-1277?'],
    ['paxos', '`zabsim history` lists what there is'],
  ])('that is none, as %s, is told with the nearest', async (word, says) => {
    const run = await commandLine(['history', word], MUSEUM);
    expect(run).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `error: the museum has no ${word}; ${says}\n`,
    });
  });

  it('takes its seed from --seed, from ZABSIM_SEED, or it is 1', async () => {
    const given = await commandLine(['history', '1419', '--seed', '17'], MUSEUM);
    expect(given.stdout).toContain('--seed 17 --release ZOOKEEPER-1419');
    const fromEnv = await commandLine(['history', '1419'], { ...MUSEUM, env: { ZABSIM_SEED: '23' } });
    expect(fromEnv.stdout).toContain('--seed 23 --release ZOOKEEPER-1419');
  });

  it('is red for the shell when the defect did no harm, and says that the runs are the same', async () => {
    const run = await commandLine(['history', '1419'], withoutEffect('zookeeper-1419'));
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('With seed 1 the two runs are the same, event by event.');
    expect(run.stdout).toContain('With the defect: liveness should be broken, and was not');
  });

  it('is red for the shell when something is broken without the defect, and says what', async () => {
    const run = await commandLine(['history', '1419'], {
      ...MUSEUM,
      simulate: (plan, seed, sinks) => simulate({ ...plan, release: 'ZOOKEEPER-1419' }, seed, sinks),
    });
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/Without it: ✘ not all is well: the verdict is broken\n +liveness/);
  });

  it('names what else the defect broke', async () => {
    const run = await commandLine(['history', '1419'], {
      ...MUSEUM,
      simulate: (plan, seed, sinks) =>
        plan.release === undefined
          ? simulate(plan, seed, sinks)
          : ended(sinks, seed, { verdict: 'broken', promises: ['watches', 'liveness'].map(brokenPromise) }),
    });
    expect(run.stdout).toContain('Broken too: watches.');
  });

  it('is plain when piped and coloured where it is forced', async () => {
    const coloured = await commandLine(['history', '1419'], { ...MUSEUM, env: { FORCE_COLOR: '1' } });
    const plain = await commandLine(['history', '1419'], MUSEUM);
    expect(plain.stdout).not.toContain('\u001b[');
    expect(coloured.stdout).toContain('\u001b[');
    expect(coloured.stdout.replace(/\u001b\[[\d;]*m/g, '')).toBe(plain.stdout);
  });

  it('that makes Zabsim fail is reported with the line that shows it again', async () => {
    const run = await commandLine(['history', '1419'], {
      ...MUSEUM,
      simulate: () => ({
        advance: () => {
          throw new AssertionFailure('impossible');
        },
      }),
    });
    expect(run.status).toBe(70);
    expect(run.stderr).toContain('npx zabsim run ZOOKEEPER-1419 --seed 1 --release ZOOKEEPER-1419\n');
  });

  it('can be interrupted', async () => {
    const never: World = { ...MUSEUM, simulate: () => ({ advance: () => undefined }), interruptAfter: 3 };
    expect(await commandLine(['history', '1419'], never)).toMatchObject({ status: 130, stdout: '' });
  });
});

describe('zabsim history --check', () => {
  it('says of each whether it is red with its defect and green without', async () => {
    const run = await commandLine(['history', '--check'], withoutEffect('zabsim-3'));
    expect(run.status).toBe(1);
    expect(run.stdout.split('\n').slice(0, 6)).toEqual([
      'issue           promise               broken with the defect  all kept without it',
      'ZOOKEEPER-1419  liveness              ✔ yes                   ✔ yes',
      'ZOOKEEPER-1277  quorum-commits        ✔ yes                   ✔ yes',
      'ZABSIM-3        committed-logs-agree  ✘ no                    ✔ yes',
      '',
      '✘ 1 of 3 are not as told.',
    ]);
  });

  it('gives programs one array of id, promise, red and green', async () => {
    const run = await commandLine(['history', '--check', '--json'], MUSEUM);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toEqual([
      { id: 'ZOOKEEPER-1419', promise: 'liveness', red: true, green: true },
      { id: 'ZOOKEEPER-1277', promise: 'quorum-commits', red: true, green: true },
      { id: 'ZABSIM-3', promise: 'committed-logs-agree', red: true, green: true },
    ]);
  });

  it('counts, with many seeds, in how many of them', async () => {
    const world: World = {
      ...MUSEUM,
      simulate: (plan, seed, sinks) =>
        simulate(seed === '4' ? planOf({ name: plan.name }) : plan, seed, sinks),
    };
    const text = await commandLine(['history', '1277', '--check', '--seeds', '1..10'], world);
    expect(text.status).toBe(1);
    expect(text.stdout).toMatch(/ZOOKEEPER-1277 +quorum-commits +✘ 9 of 10 +✔ 10 of 10/);
    const json = await commandLine(['history', '1277', '--check', '--seeds', '1..10', '--json'], world);
    expect(JSON.parse(json.stdout)).toEqual([
      {
        id: 'ZOOKEEPER-1277',
        promise: 'quorum-commits',
        red: false,
        green: true,
        runs: 10,
        redRuns: 9,
        greenRuns: 10,
      },
    ]);
  });

  it('needs another promise than the named one to be left alone: only that one makes it red', async () => {
    const run = await commandLine(['history', '1419', '--json'], {
      ...MUSEUM,
      simulate: (plan, seed, sinks) =>
        plan.release === undefined
          ? simulate(plan, seed, sinks)
          : ended(sinks, seed, { verdict: 'broken', promises: [brokenPromise('watches')] }),
    });
    expect(run.status).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject([{ red: false, green: true }]);
  });

  it('holds nothing void and nothing unknown against the defect', async () => {
    const excused: readonly Partial<PromiseResult>[] = [{ voidedBy: 'wipe: zk1' }, { unknown: 'too long' }];
    for (const excuse of excused) {
      const promises = [{ ...brokenPromise('liveness'), ...excuse }];
      const run = await commandLine(['history', '1419', '--json'], {
        ...MUSEUM,
        simulate: (plan, seed, sinks) =>
          plan.release === undefined ? simulate(plan, seed, sinks) : ended(sinks, seed, { promises }),
      });
      expect(JSON.parse(run.stdout)).toMatchObject([{ red: false }]);
    }
  });

  it('shows progress on a terminal once it takes longer than two seconds, and takes it away again', async () => {
    const run = await commandLine(['history', '--check', '--seeds', '1..20', '--json'], {
      ...MUSEUM,
      isTty: true,
      clockStepMs: 60,
    });
    expect(run.stderr).toMatch(/history {2}\d+ of 60 pairs/);
    expect(run.stderr.endsWith('\r\u001b[2K')).toBe(true);
    expect(JSON.parse(run.stdout)).toHaveLength(3);
  });

  it('that is interrupted tells what was done so far', async () => {
    const run = await commandLine(['history', '--check', '--json'], { ...MUSEUM, interruptAfter: 2 });
    expect(run.status).toBe(130);
    expect(JSON.parse(run.stdout)).toHaveLength(1);
  });
});

describe('what does not go together', () => {
  it.each([
    ['history --seeds 1..3', '--seeds goes with --check'],
    ['history --seed 3', '--seed goes with an issue or with --check'],
    ['history 1419 --release 3.4.3', '--release asks what a release has of all'],
    ['history --check --seed 1 --seeds 1..2', 'cannot be used with'],
  ])('%s', async (words, says) => {
    const run = await commandLine(words.split(' '), MUSEUM);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain(says);
  });
});

describe('the list of the library', () => {
  it('has one line for the whole museum', async () => {
    const run = await commandLine(['list'], MUSEUM);
    expect(run.stdout.trimEnd().split('\n').at(-1)).toBe(
      'history/…  3 defects of older releases: `zabsim history`.',
    );
  });
});
