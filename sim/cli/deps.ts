import type { FormatEvent } from '../../reports/trace-text.ts';
import type { Problem } from '../../scenarios/problem.ts';
import type { Profile } from '../fuzz/arbitrary/profiles.ts';
import type { FuzzWorker, WorkerLimits } from './fuzz/worker-jobs.ts';
import type { Nodes } from './doctor/nodes.ts';
import type { DrawnPlan } from './load.ts';
import type { RunPlan } from '../plan.ts';
import type { RunResult } from '../result.ts';
import type { SimulationOptions } from '../simulation.ts';
import type { TraceSink } from '../trace-events.ts';

/**
 * All that the command line touches: handed in, so that a test can hand in other streams, scenarios and simulations, and see
 * what came out. The heavy modules are promised, not imported: `--help` loads neither YAML nor the simulator.
 */
export interface CommandLineDeps {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  scenarios(): Promise<Scenarios>;
  simulator(): Promise<Simulator>;
  nodes(): Promise<Nodes>;
  machine(): Promise<Machine>;
  /** Throws when the file can't be written. */
  openFile(path: string): OutputFile;
  /** The same, after what is there. What was written is on the disk though the process be killed the next moment. */
  appendTo(path: string): OutputFile;
  readonly files: Files;
  drawSeed(): string;
  /** Monotonic, ms. */
  nowMs(): number;
  /** Lets signals in; between two slices of a run nothing else does. */
  breathe(): Promise<void>;
  isInterrupted(): boolean;
}

export interface Output {
  readonly isTty: boolean;
  /** Undefined where there is no terminal to ask. */
  readonly columns: number | undefined;
  write(text: string): void;
}

export interface OutputFile {
  write(text: string): void;
  close(): void;
}

/** Whole text files by their paths. All but `list` and `read` throw where the disk does not let them. */
export interface Files {
  /** Names of what is in a folder, sorted; none where there is no such folder. */
  list(folder: string): readonly string[];
  /** Undefined where there is no such file. */
  read(path: string): string | undefined;
  /** Its folder too, where there is none yet. */
  write(path: string, text: string): void;
  /** In the place of what may be there. */
  move(from: string, to: string): void;
}

export interface Scenarios {
  readonly loadScenario: (nameOrPath: string) => LoadResult;
  readonly loadProfile: (path: string) => ProfileResult;
  /** A plan as the text of a scenario file. `header`: comment lines above it. */
  readonly writeScenario: (plan: RunPlan, header: string) => string;
  readonly listLibrary: () => readonly { readonly name: string; readonly title: string }[];
  /** The defects of older releases that can be shown, by their issues; each is a scenario of that name. */
  readonly listMuseum: () => readonly string[];
}

export type LoadResult =
  | { readonly ok: true; readonly plan: RunPlan; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What the runs of a campaign are like, from a file. */
export type ProfileResult =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Simulator {
  start(plan: RunPlan, seed: string, sinks: readonly TraceSink[], options?: StartOptions): RunningSimulation;
  readonly formatTraceEvent: FormatEvent;
  readonly drawSwarm: (seed: string) => DrawnPlan;
}

/** See sim/simulation.ts. */
export type StartOptions = Pick<SimulationOptions, 'slices' | 'checkers' | 'redraw' | 'witness'>;

/** A run that is taken slice by slice, so that an interrupt finds its way in. */
export interface RunningSimulation {
  /** Runs a slice. The result once the run is over, undefined before. */
  advance(): RunResult | undefined;
}

/** What many runs at a time take. */
export interface Machine {
  readonly cores: number;
  startWorker(limits: WorkerLimits): FuzzWorker;
  /** Lets other things happen meanwhile; does not keep the process alive. */
  pause(ms: number): Promise<void>;
}
