import { randomInt } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Nodes } from './doctor/nodes.ts';
import { DISK_FILES } from './disk-files.ts';
import type { CommandLineDeps, Machine, Output, OutputFile, Scenarios, Simulator } from './deps.ts';

/** The command line's dependencies in a real process. */
const DRAWN_SEEDS = 2 ** 47;
/** Between two slices of a run signals are let in: a few tens of milliseconds. */
const EVENTS_A_SLICE = 20_000;

export function nodeDeps(): CommandLineDeps {
  let isInterrupted = false;
  process.on('SIGINT', () => {
    isInterrupted = true;
  });
  return {
    version: packageVersion(),
    env: process.env,
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    scenarios,
    simulator,
    nodes,
    machine,
    openFile: (path) => openFile(path, 'w'),
    appendTo: (path) => openFile(path, 'a'),
    files: DISK_FILES,
    drawSeed: () => String(randomInt(1, DRAWN_SEEDS)),
    nowMs: () => performance.now(),
    breathe: () => setImmediate(),
    isInterrupted: () => isInterrupted,
  };
}

async function nodes(): Promise<Nodes> {
  const { nodeProcesses } = await import('./doctor/node-processes.ts');
  return nodeProcesses(process.env.PATH);
}

async function scenarios(): Promise<Scenarios> {
  const [{ loadScenario }, { loadProfile }, { listLibrary, museumNames }, { writeScenario }] =
    await Promise.all([
      import('../../scenarios/loader.ts'),
      import('../../scenarios/profile.ts'),
      import('../../scenarios/library.ts'),
      import('../../scenarios/write/scenario.ts'),
    ]);
  return {
    loadScenario: (nameOrPath) => loadScenario(nameOrPath),
    loadProfile: (path) => loadProfile(path),
    listLibrary: () => listLibrary(),
    listMuseum: () => museumNames(),
    writeScenario,
  };
}

async function simulator(): Promise<Simulator> {
  const [{ Simulation }, { formatTraceEvent }, { drawSwarm }] = await Promise.all([
    import('../simulation.ts'),
    import('../trace-format.ts'),
    import('../fuzz/swarm.ts'),
  ]);
  return {
    formatTraceEvent,
    drawSwarm: (seed) => {
      const { plan, options } = drawSwarm(seed);
      return { plan, drawn: options };
    },
    start: (plan, seed, sinks, options) => {
      const simulation = new Simulation(plan, seed, { sinks, ...options });
      return { advance: () => simulation.advance(EVENTS_A_SLICE) };
    },
  };
}

async function machine(): Promise<Machine> {
  const { ProcessWorker } = await import('./fuzz/process-worker.ts');
  const { flagsOfChildren } = await import('./fuzz/child.ts');
  const flags = flagsOfChildren();
  return {
    cores: availableParallelism(),
    startWorker: (limits) => new ProcessWorker(limits, flags),
    pause: (ms) => setTimeout(ms, undefined, { ref: false }),
  };
}

function output(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // `zabsim run … | head`: whoever reads has seen enough. The exit status still says how the run went.
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    isTty: stream.isTTY,
    columns: stream.isTTY ? stream.columns : undefined,
    write: (text) => void stream.write(text),
  };
}

function openFile(path: string, flags: 'w' | 'a'): OutputFile {
  const descriptor = openSync(path, flags);
  return {
    write: (text) => void writeSync(descriptor, text),
    close: () => closeSync(descriptor),
  };
}

/** The package's own file, found from the sources as well as from what was built of them. */
function packageVersion(): string {
  const manifest = createRequire(import.meta.url)('zabsim/package.json') as { readonly version: string };
  return manifest.version;
}
