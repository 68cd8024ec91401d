import { describe, expect, it } from 'vitest';
import { sid } from '../../protocol/ids.ts';
import { runSimulation } from '../../sim/simulation.ts';
import type { RunPlan } from '../../sim/plan.ts';
import { commandLine, ended, valid, type World } from '../support/command-line.ts';
import { libraryPlan } from '../support/library-plan.ts';

const lastLine = (text: string): string | undefined => text.trimEnd().split('\n').at(-1);

/** A world that notes which releases it was asked to run. */
function world(plan: Partial<RunPlan> = {}): { releases: (string | undefined)[]; noting: World } {
  const releases: (string | undefined)[] = [];
  const noting: World = {
    scenarios: new Map([['first', valid(plan)]]),
    simulate: (running, seed, sinks) => {
      const { release } = running;
      releases.push(release);
      return ended(sinks, seed, release === undefined ? {} : { release });
    },
  };
  return { releases, noting };
}

describe('zabsim run --release', () => {
  it.each(['3.4.13', 'ZOOKEEPER-1419', '3.4.13,ZOOKEEPER-1419', 'default'])(
    'runs %s in the place of what the scenario says',
    async (release) => {
      const { releases, noting } = world({ release: '3.9.4' });
      const run = await commandLine(['run', 'first', '--seed', '1', '--release', release], noting);
      expect(run.status).toBe(0);
      expect(releases).toEqual([release]);
    },
  );

  it('leaves the scenario its own release where none is given', async () => {
    const { releases, noting } = world({ release: '3.9.4' });
    await commandLine(['run', 'first', '--seed', '1'], noting);
    expect(releases).toEqual(['3.9.4']);
  });

  it('leaves a server the one of its own', async () => {
    const serverReleases = [{ sid: sid(2), release: '3.8.4' }];
    const plans: RunPlan[] = [];
    await commandLine(['run', 'first', '--seed', '1', '--release', '3.9.4'], {
      scenarios: new Map([['first', valid({ serverReleases })]]),
      simulate: (plan, seed, sinks) => {
        plans.push(plan);
        return ended(sinks, seed);
      },
    });
    expect(plans).toMatchObject([{ release: '3.9.4', serverReleases: [{ sid: 2, release: '3.8.4' }] }]);
  });

  it.each([
    ['3.4.99', 'did you mean 3.4.9?'],
    ['ZOKEEPR-1419', 'did you mean ZOOKEEPER-1419?'],
    ['3.4.13,', 'not ``'],
  ])('refuses %j before anything runs, and says what is nearest', async (release, says) => {
    const { releases, noting } = world();
    const run = await commandLine(['run', 'first', '--seed', '1', '--release', release], noting);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain(says);
    expect(releases).toEqual([]);
  });

  it('stands in the head of the report, and in the line that runs it again', async () => {
    const { noting } = world();
    const run = await commandLine(['run', 'first', '--seed', '1', '--release', '3.4.13'], noting);
    expect(run.stdout).toMatch(/^seed 1 · zoo.cfg: .* · release 3\.4\.13$/m);
    expect(lastLine(run.stdout)).toContain('npx zabsim run first --seed 1 --release 3.4.13  # fingerprint');
  });

  it('stands in the line that runs many seeds again, too', async () => {
    const { noting } = world();
    const run = await commandLine(['run', 'first', '--seeds', '1..3', '--release', '3.4.13'], noting);
    expect(lastLine(run.stdout)).toBe('npx zabsim run first --seeds 1..3 --release 3.4.13');
  });

  it('stands in the line that runs the first red seed again', async () => {
    const run = await commandLine(['run', 'first', '--seeds', '1..3', '--release', '3.4.13'], {
      simulate: (_plan, seed, sinks) => ended(sinks, seed, { verdict: 'broken', release: '3.4.13' }),
    });
    expect(lastLine(run.stdout)).toBe('npx zabsim run first --seed 1 --release 3.4.13');
  });

  it('stands in the line below an interrupted run, and below a failure of our own', async () => {
    const words = ['run', 'first', '--seed', '1', '--release', '3.4.13'];
    const never: World = { simulate: () => ({ advance: () => undefined }), interruptAfter: 1 };
    expect(lastLine((await commandLine(words, never)).stdout)).toContain('--seed 1 --release 3.4.13');
    const failing: World = {
      simulate: () => ({
        advance: () => {
          throw new TypeError('oops');
        },
      }),
    };
    expect(lastLine((await commandLine(words, failing)).stderr)).toContain('--seed 1 --release 3.4.13');
  });

  it('is told to programs', async () => {
    const { noting } = world();
    const words = ['run', 'first', '--seed', '1', '--release', '3.4.13', '--json', '--report', 'junit=a.xml'];
    const run = await commandLine(words, noting);
    expect(JSON.parse(run.stdout)).toMatchObject({ release: '3.4.13' });
    expect(run.files.get('a.xml')).toContain('<property name="release" value="3.4.13"/>');
  });

  it('goes into the file that a swarm is saved to', async () => {
    const plans: RunPlan[] = [];
    const words = ['run', '--swarm', '--seed', '7', '--save', 'drawn.yaml', '--release', '3.4.13'];
    const run = await commandLine(words, {
      simulate: (plan, seed, sinks) => {
        plans.push(plan);
        return ended(sinks, seed);
      },
    });
    expect(run.status).toBe(0);
    expect(plans).toMatchObject([{ name: 'swarm-7', release: '3.4.13' }]);
    expect(run.files.get('drawn.yaml')).toContain('release: 3.4.13');
  });
});

describe('a run with an older release', () => {
  it('is another run where the release did something otherwise', () => {
    const plan = libraryPlan('watches');
    const [today, then] = [plan, { ...plan, release: '3.4.3' }].map((each) => runSimulation(each, '1'));
    expect(then?.release).toBe('3.4.3');
    expect(today?.release).toBeUndefined();
    expect(then?.fingerprint).not.toBe(today?.fingerprint);
  });

  it('is the same run with `default` by its name', () => {
    const plan = libraryPlan('watches');
    const [today, byName] = [plan, { ...plan, release: 'default' }].map((each) => runSimulation(each, '1'));
    expect(byName?.fingerprint).toBe(today?.fingerprint);
  });
});
