import { setImmediate } from 'node:timers/promises';
import { defined } from '../../protocol/assert.ts';
import type {
  CommandLineDeps,
  LoadResult,
  ProfileResult,
  RunningSimulation,
  StartOptions,
} from '../../sim/cli/deps.ts';
import type { FuzzWorker } from '../../sim/cli/fuzz/worker-jobs.ts';
import type { Nodes } from '../../sim/cli/doctor/nodes.ts';
import { runCommandLine } from '../../sim/cli/program.ts';
import type { RunPlan } from '../../sim/plan.ts';
import type { RunResult } from '../../sim/result.ts';
import type { TraceSink } from '../../sim/trace-events.ts';
import { feed, minorityCutOff, planOf, resultOf } from './report-runs.ts';

/** A command line whose world is in memory: what was written where, and with what the shell was told. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly files: ReadonlyMap<string, string>;
}

export interface World {
  readonly scenarios?: ReadonlyMap<string, LoadResult>;
  /** Profile files by their paths. */
  readonly profiles?: ReadonlyMap<string, ProfileResult>;
  /** Those of the scenarios that belong to the museum. */
  readonly museum?: readonly string[];
  /** What a run gives; by default a kept one whose trace is that of `minorityCutOff`. */
  readonly simulate?: (
    plan: RunPlan,
    seed: string,
    sinks: readonly TraceSink[],
    options?: StartOptions,
  ) => RunningSimulation;
  /** The Nodes of the machine; none where it is not given. */
  readonly nodes?: Nodes;
  /** Does the runs of a campaign; none may be asked for where it is not given. */
  readonly worker?: () => FuzzWorker;
  readonly cores?: number;
  /** Files that are there from the beginning. */
  readonly disk?: ReadonlyMap<string, string>;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTty?: boolean;
  /** Interrupted at the n-th breath. */
  readonly interruptAfter?: number;
  /** How much the clock moves each time it is read, ms. */
  readonly clockStepMs?: number;
  /** Paths that can't be opened. */
  readonly unwritable?: readonly string[];
}

export const valid = (plan: Partial<RunPlan> = {}): LoadResult => ({
  ok: true,
  plan: planOf(plan),
  warnings: [],
});

/** A simulation of one slice. */
export const ended = (
  sinks: readonly TraceSink[],
  seed: string,
  result: Partial<RunResult> = {},
): RunningSimulation => ({
  advance: () => {
    for (const sink of sinks) feed(sink, minorityCutOff());
    return resultOf({ seed, ...result });
  },
});

export async function commandLine(words: readonly string[], world: World = {}): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const files = new Map<string, string>(world.disk);
  const status = await runCommandLine(dependencies(world, written, files), words);
  return { status, ...written, files };
}

/** The same world for code below the command line. */
export function dependenciesOf(world: World = {}): {
  readonly deps: CommandLineDeps;
  readonly written: { readonly stdout: string; readonly stderr: string };
  readonly files: Map<string, string>;
} {
  const written = { stdout: '', stderr: '' };
  const files = new Map<string, string>(world.disk);
  return { deps: dependencies(world, written, files), written, files };
}

function dependencies(
  world: World,
  written: { stdout: string; stderr: string },
  files: Map<string, string>,
): CommandLineDeps {
  let breaths = 0;
  let clock = 0;
  const output = (stream: 'stdout' | 'stderr'): CommandLineDeps['stdout'] => ({
    isTty: world.isTty ?? false,
    columns: world.isTty === true ? 100 : undefined,
    write: (text) => {
      written[stream] += text;
    },
  });
  return {
    version: '0.1.0',
    env: world.env ?? {},
    stdout: output('stdout'),
    stderr: output('stderr'),
    scenarios: () =>
      Promise.resolve({
        loadScenario: (name) => (world.scenarios ?? new Map([['first', valid()]])).get(name) ?? unknown(name),
        loadProfile: (path) => world.profiles?.get(path) ?? unknown(path),
        writeScenario: (plan, header) =>
          `# ${header}\nname: ${plan.name}\n${plan.release === undefined ? '' : `release: ${plan.release}\n`}`,
        listLibrary: () => [
          { name: 'first', title: 'the leader crashes' },
          { name: 'power-cut', title: 'all of them crash' },
        ],
        listMuseum: () => world.museum ?? [],
      }),
    simulator: () =>
      Promise.resolve({
        start: world.simulate ?? ((_plan, seed, sinks) => ended(sinks, seed)),
        drawSwarm: (seed) => ({
          plan: { ...planOf(), name: `swarm-${seed}` },
          drawn: [['servers', `as ${seed} says`]],
        }),
        formatTraceEvent: (at, party, event) => `${String(at)} ${String(party)} ${event.type}`,
      }),
    machine: () =>
      Promise.resolve({
        cores: world.cores ?? 2,
        startWorker: () => defined(world.worker, 'a worker')(),
        pause: () => {
          breaths += 1;
          return setImmediate();
        },
      }),
    openFile: (path) => openFile(path, world, files, ''),
    appendTo: (path) => openFile(path, world, files, files.get(path) ?? ''),
    nodes: () => Promise.resolve(world.nodes ?? NO_NODES),
    files: {
      list: (folder) => namesIn(folder, [...files.keys()]),
      read: (path) => files.get(path),
      write: (path, text) => void files.set(path, text),
      move: (from, to) => {
        files.set(to, files.get(from) ?? '');
        files.delete(from);
      },
    },
    drawSeed: () => 'drawn-7',
    nowMs: () => (clock += world.clockStepMs ?? 1),
    breathe: () => {
      breaths += 1;
      return Promise.resolve();
    },
    isInterrupted: () => world.interruptAfter !== undefined && breaths >= world.interruptAfter,
  };
}

const NO_NODES: Nodes = {
  find: () => [],
  versionOf: () => '20.0.0',
  eventsOn: async function* () {
    // Nothing happens there.
  },
};

const namesIn = (folder: string, paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) =>
    path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/')
      ? [path.slice(folder.length + 1)]
      : [],
  );

function openFile(
  path: string,
  world: World,
  files: Map<string, string>,
  before: string,
): ReturnType<CommandLineDeps['openFile']> {
  if (world.unwritable?.includes(path) === true) throw new Error(`EACCES: permission denied, open '${path}'`);
  files.set(path, before);
  return {
    write: (text) => void files.set(path, `${files.get(path) ?? ''}${text}`),
    close: () => undefined,
  };
}

const unknown = (name: string): Extract<LoadResult, { ok: false }> => ({
  ok: false,
  problems: [
    {
      file: name,
      line: 1,
      column: 1,
      message: `there is no scenario "${name}"`,
      expected: "a file or the name of one of the library's scenarios",
      suggestion: 'first',
    },
  ],
});
