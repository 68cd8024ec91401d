import { defined } from '../../../protocol/assert.ts';
import { differentText, sameText, type Diagnosis } from '../../../reports/doctor-text.ts';
import { reproduceCommand } from '../../../reports/reproduce.ts';
import { Examination, type Watch } from '../../doctor/examination.ts';
import type { RunPlan } from '../../plan.ts';
import type { RunResult } from '../../result.ts';
import type { CommandLineDeps, Simulator } from '../deps.ts';
import { OwnBug, UsageError } from '../errors.ts';
import { ExitStatus } from '../exit-status.ts';
import { loadScenarios } from '../load.ts';
import { textStyle } from '../outputs.ts';
import { runningRelease } from '../release.ts';
import { givenSeed, type SeedOptions } from '../seeds.ts';
import { examineNodes } from './nodes.ts';

/** `zabsim doctor`: is a run the same however often, whatever ran before, and on every Node? If not: from where on, and why. */
export interface DoctorOptions extends SeedOptions {
  /** The first is compared with each of the others. */
  readonly runs: number;
  readonly release?: string;
  /** Other Nodes, by command or path. Else those that are found. */
  readonly node?: readonly string[];
}

/** What is examined. */
interface Patient {
  readonly argument: string;
  readonly plan: RunPlan;
  readonly seed: string;
}

export async function examine(
  deps: CommandLineDeps,
  name: string,
  options: DoctorOptions,
): Promise<ExitStatus> {
  const [found] = await loadScenarios(deps, [name]);
  const scenario = defined(found, 'the scenario');
  const source = options.release === undefined ? scenario : runningRelease(options.release)(scenario);
  const seed = options.seed ?? source.recorded?.seed ?? givenSeed(options, deps);
  if (seed === undefined) throw new UsageError('the doctor needs a seed; expected: doctor SCENARIO --seed N');
  const patient = { argument: name, plan: source.planOf(seed).plan, seed };
  const simulator = await deps.simulator();
  const style = textStyle(deps);
  let result: RunResult | undefined;
  for (let run = 1; run < options.runs; run++) {
    const diagnosis = await runTwice(deps, simulator, patient, run);
    if (diagnosis === undefined) return ExitStatus.INTERRUPTED;
    result ??= diagnosis.first;
    if (diagnosis.finding !== undefined) {
      deps.stdout.write(differentText(diagnosis, style));
      return ExitStatus.OWN_BUG;
    }
  }
  deps.stdout.write(sameText(patient, defined(result, 'a result'), options.runs, style));
  return examineNodes(deps, { ...patient, release: options.release }, options.node);
}

/** The same run twice, and one with another seed, in turns: what one of them leaves behind, the next one meets. */
async function runTwice(
  deps: CommandLineDeps,
  simulator: Simulator,
  patient: Patient,
  round: number,
): Promise<Diagnosis | undefined> {
  const examination = new Examination();
  const { plan, seed } = patient;
  const quick = { slices: false, checkers: false };
  // Each begins when its turn comes: the second time nothing is as it was before.
  const turns = [
    new Turn(patient, () => watched(examination.first)),
    new Turn(patient, () => simulator.start(plan, `${seed}/other ${String(round)}`, [], quick)),
    new Turn(patient, () => watched(examination.second)),
  ] as const;
  function watched({ sinks, witness }: Watch): ReturnType<Simulator['start']> {
    return simulator.start(plan, seed, sinks, { slices: false, witness });
  }
  for (;;) {
    const [first, other, second] = [turns[0].advance(), turns[1].advance(), turns[2].advance()];
    if (first !== undefined && other !== undefined && second !== undefined)
      return { ...patient, first, second, finding: examination.finding() };
    await deps.breathe();
    if (deps.isInterrupted()) return undefined;
  }
}

class Turn {
  readonly #patient: Patient;
  readonly #start: () => ReturnType<Simulator['start']>;
  #running: ReturnType<Simulator['start']> | undefined;
  #result: RunResult | undefined;

  constructor(patient: Patient, start: () => ReturnType<Simulator['start']>) {
    this.#patient = patient;
    this.#start = start;
  }

  /** The result once it is over, undefined before. */
  advance(): RunResult | undefined {
    try {
      this.#running ??= this.#start();
      this.#result ??= this.#running.advance();
      return this.#result;
    } catch (error) {
      const { argument, plan, seed } = this.#patient;
      const reproduce = reproduceCommand({ scenario: argument, seed, release: plan.release });
      throw new OwnBug(error, { reproduce, seed, atMs: 0 });
    }
  }
}
