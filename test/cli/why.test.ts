import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../sim/result.ts';
import { fromMs } from '../../sim/time.ts';
import { Simulation } from '../../sim/simulation.ts';
import { commandLine, valid, type World } from '../support/command-line.ts';
import { libraryPlan } from '../support/library-plan.ts';
import { resultOf } from '../support/report-runs.ts';

const BROKEN: Partial<RunResult> = {
  verdict: 'broken',
  promises: [{ name: 'atomicity', kept: false, checked: 3, evidence: ['half of it'], atMs: 900 }],
};

const hash = (text: string): number =>
  Array.from(text).reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 1009, 7);

/**
 * A run with an event every ms that is lost once the draw at 321 ms is made: of futures from later all fail, of those from
 * earlier, and of other seeds, one in ten.
 */
const doomedAt = (ms: number): World => ({
  scenarios: new Map([['story', valid()]]),
  simulate: (_plan, seed, sinks, options) => ({
    advance: () => {
      for (let at = 0; at < 1_000; at++)
        for (const sink of sinks) sink.onEvent(fromMs(at), 1, { type: 'started', incarnation: at + 1 });
      const { redraw } = options ?? {};
      const isDoomed = redraw === undefined ? seed === '1' : redraw.at > fromMs(ms);
      const drawn = redraw?.seed ?? seed;
      return resultOf({ seed, ...(isDoomed || hash(drawn) % 10 === 0 ? BROKEN : {}) });
    },
  }),
});

describe('zabsim why', () => {
  it('names the moment that made a failure likely, and what happened then', async () => {
    const run = await commandLine(['why', 'story', '--seed', '1'], doomedAt(321));
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain('story with seed 1 breaks atomicity at 0.900000s:');
    expect(run.stdout).toContain('half of it');
    expect(run.stdout).toMatch(/0\.322000s +█{30} +100 % +\(91 % to 100 %\) +◀ the jump/);
    expect(run.stdout).toMatch(/with what happened at 0\.321000s/);
    expect(run.stdout).toContain('started incarnation=322');
    expect(run.stdout).not.toContain('started incarnation=323');
  });

  it('says the same to programs', async () => {
    const run = await commandLine(
      ['why', 'story', '--seed', '1', '--futures', '20', '--json'],
      doomedAt(500),
    );
    expect(JSON.parse(run.stdout)).toMatchObject({
      scenario: 'story',
      seed: '1',
      promise: 'atomicity',
      brokenAtMs: 900,
      shape: 'jump',
      jump: {
        before: { atMs: 500, futures: 20 },
        after: { atMs: 501, probability: 1 },
        events: [expect.stringContaining('incarnation=501')],
      },
    });
  });

  it('says that chance has nothing to do with it where every future fails', async () => {
    const run = await commandLine(['why', 'story', '--seed', '1'], {
      ...doomedAt(0),
      simulate: (_plan, seed) => ({ advance: () => resultOf({ seed, ...BROKEN }) }),
    });
    expect(run.stdout).toContain('Whatever is drawn, atomicity is broken nearly always');
  });

  it('takes the seed and the promise that a failure file recorded', async () => {
    const recorded = { seed: '77', promise: 'watches', version: '0.1.0', fingerprint: '0000000000000000' };
    const run = await commandLine(['why', 'failure', '--futures', '5'], {
      scenarios: new Map([['failure', valid({ recorded })]]),
      simulate: (_plan, seed) => ({
        advance: () =>
          resultOf({
            seed,
            verdict: 'broken',
            promises: ['atomicity', 'watches'].map((name) => ({ name, kept: false, checked: 1, atMs: 5 })),
          }),
      }),
    });
    expect(run.stdout).toContain('failure with seed 77 breaks watches at 0.000000s');
  });

  it('has nothing to explain where every promise is kept, and is red', async () => {
    const run = await commandLine(['why', 'first', '--seed', '1']);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toContain('breaks no promise');
  });

  it('needs a seed and enough futures', async () => {
    expect(await commandLine(['why', 'first'])).toMatchObject({ status: 2 });
    expect(await commandLine(['why', 'first', '--seed', '1', '--futures', '2'])).toMatchObject({ status: 2 });
  });

  it('can be interrupted', async () => {
    const run = await commandLine(['why', 'story', '--seed', '1'], { ...doomedAt(321), interruptAfter: 50 });
    expect(run).toMatchObject({ status: 130, stdout: '' });
  });
});

describe('zabsim why, with real runs', () => {
  it('says of a museum story that the release decides it, not chance', async () => {
    const plan = { ...libraryPlan('ZOOKEEPER-2845'), release: 'ZOOKEEPER-2845' };
    const run = await commandLine(['why', 'story', '--seed', '1', '--futures', '5', '--json'], {
      scenarios: new Map([['story', { ok: true, plan, warnings: [] }]]),
      simulate: (of, seed, sinks, options) => {
        const simulation = new Simulation(of, seed, { sinks, ...options });
        return { advance: () => simulation.advance(Infinity) };
      },
    });
    const why = JSON.parse(run.stdout) as { estimates: readonly { probability: number }[] };
    expect(why).toMatchObject({ promise: 'committed-logs-agree', release: 'ZOOKEEPER-2845' });
    expect(new Set(why.estimates.map(({ probability }) => probability))).toEqual(new Set([1]));
  });
});
