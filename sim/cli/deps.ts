import type { FormatEvent } from '../../reports/trace-text.ts';
import type { Problem } from '../../scenarios/problem.ts';
import type { DrawnPlan } from './load.ts';
import type { RunPlan } from '../plan.ts';
import type { RunResult } from '../result.ts';
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
  /** Throws when the file can't be written. */
  openFile(path: string): OutputFile;
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

export interface Scenarios {
  readonly loadScenario: (nameOrPath: string) => LoadResult;
  /** A plan as the text of a scenario file. `header`: comment lines above it. */
  readonly writeScenario: (plan: RunPlan, header: string) => string;
  readonly listLibrary: () => readonly { readonly name: string; readonly title: string }[];
  /** The defects of older releases that can be shown, by their issues; each is a scenario of that name. */
  readonly listMuseum: () => readonly string[];
}

export type LoadResult =
  | { readonly ok: true; readonly plan: RunPlan; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Simulator {
  start(plan: RunPlan, seed: string, sinks: readonly TraceSink[], options?: StartOptions): RunningSimulation;
  readonly formatTraceEvent: FormatEvent;
  readonly drawSwarm: (seed: string) => DrawnPlan;
}

export interface StartOptions {
  /** Off: without the events that lead to a broken promise, which take another run. */
  readonly slices?: boolean;
}

/** A run that is taken slice by slice, so that an interrupt finds its way in. */
export interface RunningSimulation {
  /** Runs a slice. The result once the run is over, undefined before. */
  advance(): RunResult | undefined;
}
