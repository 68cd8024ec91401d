/** `zabsim`: what a program that imports the package may use. */
export { planAt, ScenarioError, simulate, type SimulateOptions } from './simulate.ts';
export { runSimulation, SimulationFailure, type SimulationOptions } from '../simulation.ts';
export { PROMISES, type PromiseName } from '../checkers/promise-names.ts';
export { writeScenario } from '../../scenarios/write/scenario.ts';
export type { Problem } from '../../scenarios/problem.ts';
export type { RunPlan } from '../plan.ts';
export type { ExpectationResult, PromiseResult, RunResult, ServerResult } from '../result.ts';
export type { TraceEvent, TraceSink } from '../trace-events.ts';
export { VERSION } from '../version.ts';
