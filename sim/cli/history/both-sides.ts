import type { BothSides, Compared, Exhibit } from '../../../reports/history/exhibit.ts';
import { reproduceCommand } from '../../../reports/reproduce.ts';
import { Parting } from '../../parting.ts';
import type { RunPlan } from '../../plan.ts';
import type { RunResult } from '../../result.ts';
import type { TraceSink } from '../../trace-events.ts';
import type { CommandLineDeps, RunningSimulation, Simulator, StartOptions } from '../deps.ts';
import { OwnBug } from '../errors.ts';

/** An exhibit's two runs, which take turns. Undefined: interrupted. */
export interface Visit {
  readonly deps: CommandLineDeps;
  readonly simulator: Simulator;
  readonly exhibit: Exhibit;
  readonly seed: string;
}

/** With all that explains the difference. */
export async function compare(visit: Visit): Promise<Compared | undefined> {
  const parting = new Parting();
  const sides = await runBoth(visit, parting);
  return sides === undefined ? undefined : { ...sides, parting: parting.point() };
}

/** Only what became of them. */
export const runBothSides = (visit: Visit): Promise<BothSides | undefined> =>
  runBoth(visit, undefined, { slices: false });

async function runBoth(
  { deps, simulator, exhibit, seed }: Visit,
  parting: Parting | undefined,
  options?: StartOptions,
): Promise<BothSides | undefined> {
  const side = (plan: RunPlan, sink: TraceSink | undefined): Side =>
    new Side(exhibit, plan, seed, simulator.start(plan, seed, sink === undefined ? [] : [sink], options));
  const red = side({ ...exhibit.plan, release: exhibit.id }, parting?.first);
  const green = side(exhibit.plan, parting?.second);
  for (;;) {
    const [redResult, greenResult] = [red.advance(), green.advance()];
    if (redResult !== undefined && greenResult !== undefined)
      return { exhibit, seed, red: redResult, green: greenResult };
    await deps.breathe();
    if (deps.isInterrupted()) return undefined;
  }
}

/** One of the two runs. */
class Side {
  readonly #exhibit: Exhibit;
  readonly #plan: RunPlan;
  readonly #seed: string;
  readonly #running: RunningSimulation;
  #result: RunResult | undefined;

  constructor(exhibit: Exhibit, plan: RunPlan, seed: string, running: RunningSimulation) {
    this.#exhibit = exhibit;
    this.#plan = plan;
    this.#seed = seed;
    this.#running = running;
  }

  /** The result once it is over, undefined before. */
  advance(): RunResult | undefined {
    try {
      this.#result ??= this.#running.advance();
      return this.#result;
    } catch (error) {
      const { release } = this.#plan;
      const reproduce = reproduceCommand({ scenario: this.#exhibit.id, seed: this.#seed, release });
      throw new OwnBug(error, { reproduce, seed: this.#seed, atMs: 0 });
    }
  }
}
