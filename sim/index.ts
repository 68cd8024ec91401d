/** What a program that imports `zabsim` may use. */
export { runSimulation, SimulationFailure, type SimulationOptions } from './simulation.ts';
export type { RunPlan } from './plan.ts';
export type { ExpectationResult, PromiseResult, RunResult, ServerResult } from './result.ts';
export type { TraceEvent, TraceSink } from './trace-events.ts';
export { VERSION } from './version.ts';
