import { afterEach, describe, expect, it } from 'vitest';
import { firstDifferentLine } from '../../sim/cli/doctor/lines.ts';
import type { Nodes } from '../../sim/cli/doctor/nodes.ts';
import type { RunPlan } from '../../sim/plan.ts';
import { KeyedDraws } from '../../sim/random.ts';
import { Simulation } from '../../sim/simulation.ts';
import { fromMs } from '../../sim/time.ts';
import { commandLine, type World } from '../support/command-line.ts';
import { libraryPlan } from '../support/library-plan.ts';

const PLAN = libraryPlan('minority-of-three');

/** The real simulator, in small slices so that runs do take turns. */
const worldOf = (plan: RunPlan, more: World = {}): World => ({
  scenarios: new Map([['story', { ok: true, plan, warnings: [] }]]),
  simulate: (of, seed, sinks, options) => {
    const simulation = new Simulation(of, seed, { sinks, ...options });
    return { advance: () => simulation.advance(5_000) };
  },
  ...more,
});

const examined = (plan = PLAN, more: World = {}, words: readonly string[] = []) =>
  commandLine(['doctor', 'story', '--seed', '1', ...words], worldOf(plan, more));

describe('zabsim doctor', () => {
  const { draw } = Object.getOwnPropertyDescriptors(KeyedDraws.prototype);
  afterEach(() => {
    Object.defineProperty(KeyedDraws.prototype, 'draw', draw);
  });

  it('says that a run is the same every time, with how many events and its fingerprint', async () => {
    const run = await examined(PLAN, {}, ['--runs', '3']);
    const { fingerprint } = new Simulation(PLAN, '1').advance(Infinity) ?? { fingerprint: '' };
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout.replaceAll('\n', ' ')).toMatch(
      new RegExp(`same 3 times, with other runs in between: [\\d,]+ events, fingerprint ${fingerprint}`),
    );
  });

  it('finds a draw that is no function of its address, and names whose it is', async () => {
    const original = draw.value;
    let asked = 0;
    // What zk1 sends to zk2 from 4 s on takes another time with every draw that was ever made.
    KeyedDraws.prototype.draw = function (a, b, c, d, salt) {
      const value = Reflect.apply(original ?? (() => 0), this, [a, b, c, d, salt]);
      return a === 1 && b === 2 && c > fromMs(4_000) ? (value + asked++ / 7) % 1 : value;
    };
    const run = await examined();
    expect(run.status).toBe(70);
    expect(run.stdout).toMatch(/The runs part after [\d,]+ events, at \d+\.\d+s/);
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /Cause: the draw itself, which is no function of its address \(law 5\): the link zk1→zk2, for what was sent at \d+\.\d+s/,
    );
  });

  it('finds what an earlier run leaves behind, and that it is not chance', async () => {
    let runs = 0;
    const leaking: RunPlan = {
      ...PLAN,
      get durationMs() {
        runs++;
        return PLAN.durationMs + runs;
      },
    };
    const run = await examined(leaking);
    expect(run.status).toBe(70);
    expect(run.stdout).toContain('calmBegan');
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'Cause: every draw until then was the same, so it is not chance',
    );
  });

  it('finds that somebody draws for something else, and says for what', async () => {
    const { simulate = () => expect.fail('no simulator') } = worldOf(PLAN);
    let starts = 0;
    const run = await examined(PLAN, {
      // The third to start is the second of the pair: its threads know another way to be late.
      simulate: (plan, seed, sinks, options) => {
        const late = { kind: 'uniform', minMs: 0, maxMs: 1 } as const;
        const processes = ++starts === 3 ? { ...plan.processes, stage: late } : plan.processes;
        const clients = starts === 3 ? plan.clients.map((one) => ({ ...one, startMs: 3 })) : plan.clients;
        return simulate({ ...plan, processes, clients }, seed, sinks, options);
      },
    });
    expect(run.status).toBe(70);
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /Cause: the first run drew for the .* \(at [\d.]+s\), the second for the .* \(at [\d.]+s\): whoever draws/,
    );
  });

  it('needs a seed and at least two runs', async () => {
    expect(await commandLine(['doctor', 'story'], worldOf(PLAN))).toMatchObject({ status: 2 });
    expect(await examined(PLAN, {}, ['--runs', '1'])).toMatchObject({ status: 2 });
  });
});

describe('zabsim doctor on several Nodes', () => {
  const nodesOf = (lines: Readonly<Record<string, readonly string[]>>): Nodes => ({
    find: () => Object.keys(lines),
    versionOf: (command) => (command in lines ? command.slice(4) : undefined),
    eventsOn: async function* (command) {
      for (const line of lines[command] ?? []) yield await Promise.resolve(line);
    },
  });

  it('says on which the run is the same', async () => {
    const run = await examined(PLAN, { nodes: nodesOf({ node20: ['a', 'b'], node22: ['a', 'b'] }) });
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('on Node 20.');
    expect(run.stdout).toContain('on Node 22.');
  });

  it('names the first event that differs, on either side', async () => {
    const run = await examined(PLAN, {
      nodes: nodesOf({ node20: ['a', 'b', 'c'], node22: ['a', 'x', 'c'] }),
    });
    expect(run.status).toBe(70);
    expect(run.stdout).toContain('event 2 is\n  on Node 20: b\n  on Node 22: x\n');
  });

  it('takes those that are named instead of those that are found, and refuses what is none', async () => {
    const nodes = nodesOf({ node20: ['a'], node22: ['x'] });
    expect(await examined(PLAN, { nodes }, ['--node', 'node20'])).toMatchObject({ status: 0 });
    expect(await examined(PLAN, { nodes }, ['--node', 'python'])).toMatchObject({
      status: 2,
      stderr: 'python is no Node that can be run\n',
    });
  });

  it('notices where one text ends before the other', async () => {
    const text = async function* (lines: readonly string[]): AsyncGenerator<string> {
      for (const line of lines) yield await Promise.resolve(line);
    };
    expect(await firstDifferentLine(text(['a', 'b']), text(['a']))).toEqual({
      index: 1,
      first: 'b',
      second: undefined,
    });
    expect(await firstDifferentLine(text(['a']), text(['a']))).toBeUndefined();
  });
});
