import { defined } from '../../protocol/assert.ts';
import { isBroken } from '../../reports/run-record.ts';
import { whyJson } from '../../reports/why/why-json.ts';
import { whyText } from '../../reports/why/why-text.ts';
import { isClear, isClose, JumpSearch, type Jump } from '../fuzz/why/jump-search.ts';
import type { Estimate } from '../fuzz/why/estimate.ts';
import { evenly, Moments } from '../fuzz/why/moments.ts';
import type { Why } from '../fuzz/why/why.ts';
import { Window } from '../fuzz/why/window.ts';
import { partyNames } from '../party-names.ts';
import type { RunPlan } from '../plan.ts';
import type { PromiseResult, RunResult } from '../result.ts';
import { fromMs, toMs, type Micros } from '../time.ts';
import type { TraceSink } from '../trace-events.ts';
import type { CommandLineDeps, Simulator, StartOptions } from './deps.ts';
import { OwnBug, UsageError } from './errors.ts';
import { ExitStatus } from './exit-status.ts';
import { loadScenarios } from './load.ts';
import { textStyle } from './outputs.ts';
import { Progress } from './progress.ts';
import { runningRelease } from './release.ts';
import { givenSeed, type SeedOptions } from './seeds.ts';

/** `zabsim why`: from which moment on was it likely that the run would break its promise? */
export interface WhyOptions extends SeedOptions {
  readonly release?: string;
  /** Drawn from each moment. */
  readonly futures: number;
  readonly json?: boolean;
}

/** Moments to begin with, and how many may follow: enough to halve a grid's largest gap down to one of 2²⁰ moments. */
const GRID = 16;
const REFINEMENTS = 24;

export async function explain(deps: CommandLineDeps, name: string, options: WhyOptions): Promise<ExitStatus> {
  const [found] = await loadScenarios(deps, [name]);
  const scenario = defined(found, 'the scenario');
  const source = options.release === undefined ? scenario : runningRelease(options.release)(scenario);
  const seed = options.seed ?? source.recorded?.seed ?? givenSeed(options, deps);
  if (seed === undefined) throw new UsageError('a failing run is needed; expected: why SCENARIO --seed N');
  const { plan } = source.planOf(seed);
  const search = new Explanation(deps, await deps.simulator(), plan, seed, options.futures);
  try {
    const why = await search.explain(name);
    if (why === undefined) {
      deps.stderr.write(`${name} with seed ${seed} breaks no promise: there is nothing to explain\n`);
      return ExitStatus.RED;
    }
    deps.stdout.write(options.json === true ? whyJson(why) : whyText(why, textStyle(deps)));
    return ExitStatus.GREEN;
  } catch (error) {
    if (error instanceof Interrupted) return ExitStatus.INTERRUPTED;
    throw error;
  }
}

class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

class Explanation {
  readonly #deps: CommandLineDeps;
  readonly #simulator: Simulator;
  readonly #plan: RunPlan;
  readonly #seed: string;
  readonly #futures: number;

  constructor(deps: CommandLineDeps, simulator: Simulator, plan: RunPlan, seed: string, futures: number) {
    this.#deps = deps;
    this.#simulator = simulator;
    this.#plan = plan;
    this.#seed = seed;
    this.#futures = futures;
  }

  /** Undefined: nothing is broken. */
  async explain(scenario: string): Promise<Why | undefined> {
    const moments = new Moments();
    const broken = this.#brokenIn(await this.#run(this.#seed, [moments]));
    if (broken === undefined) return undefined;
    const { name: promise, evidence = [], atMs = Infinity } = broken;
    const times = moments.until(fromMs(atMs));
    const search = await this.#search(times, promise);
    const jump = search.jump && (await this.#confirmed(search.jump, times, promise));
    const window = jump === undefined ? undefined : await this.#window(times, jump);
    const { release } = this.#plan;
    return {
      scenario,
      seed: this.#seed,
      ...(release !== undefined && { release }),
      promise,
      evidence,
      brokenAt: defined(times.at(-1), 'the moment of the failure'),
      estimates: search.estimates.map(
        (estimate) =>
          [jump?.before, jump?.after].find((better) => better?.moment === estimate.moment) ?? estimate,
      ),
      times,
      jump,
      events: window?.events ?? [],
      draws: window?.draws ?? [],
    };
  }

  /** The promise that the file was written for, if it is among them. */
  #brokenIn({ promises }: RunResult): PromiseResult | undefined {
    const broken = promises.filter(isBroken);
    return broken.find(({ name }) => name === this.#plan.recorded?.promise) ?? broken[0];
  }

  async #search(times: readonly Micros[], promise: string): Promise<JumpSearch> {
    const search = new JumpSearch({
      last: times.length,
      grid: evenly(times, GRID),
      futures: this.#futures,
      refinements: REFINEMENTS,
    });
    const progress = new Progress(this.#deps);
    try {
      for (let moment = search.next(); moment !== undefined; moment = search.next()) {
        search.add(await this.#estimate(times, moment, promise, 0));
        progress.update('why', search.estimates.length - 1, GRID + REFINEMENTS, 'moment');
      }
    } finally {
      progress.clear();
    }
    return search;
  }

  /**
   * The largest of many jumps is the largest by luck too. So it is looked at once more with futures of its own; undefined: it was luck.
   */
  async #confirmed(jump: Jump, times: readonly Micros[], promise: string): Promise<Jump | undefined> {
    const again = (estimate: Estimate): Estimate | Promise<Estimate> =>
      estimate.moment === times.length
        ? estimate
        : this.#estimate(times, estimate.moment, promise, this.#futures);
    const confirmed = { before: await again(jump.before), after: await again(jump.after) };
    return isClear(confirmed) ? confirmed : undefined;
  }

  /**
   * From so many futures, the first of them with this number. At the beginning nothing is drawn yet: there they are runs with other seeds.
   */
  async #estimate(
    times: readonly Micros[],
    moment: number,
    promise: string,
    first: number,
  ): Promise<Estimate> {
    const at = defined(times[moment], 'the moment');
    let failed = 0;
    for (let future = first; future < first + this.#futures; future++) {
      const seed = `${this.#seed}/future ${String(future)}`;
      const { promises } =
        at === 0 ? await this.#run(seed, []) : await this.#run(this.#seed, [], { redraw: { at, seed } });
      if (promises.some((one) => one.name === promise && isBroken(one))) failed++;
    }
    return { moment, failed, futures: this.#futures };
  }

  async #window(times: readonly Micros[], jump: Jump): Promise<Window> {
    const window = new Window({
      from: times[jump.before.moment] ?? 0,
      to: times[jump.after.moment] ?? Infinity,
      hasMessages: isClose(jump),
      nameOf: partyNames(this.#plan),
    });
    await this.#run(this.#seed, [window], { witness: (at, draw) => window.onDraw(at, draw) });
    return window;
  }

  async #run(seed: string, sinks: readonly TraceSink[], options: StartOptions = {}): Promise<RunResult> {
    const running = this.#simulator.start(this.#plan, seed, sinks, { slices: false, ...options });
    try {
      for (;;) {
        const result = running.advance();
        await this.#deps.breathe();
        if (this.#deps.isInterrupted()) throw new Interrupted();
        if (result !== undefined) return result;
      }
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      throw new OwnBug(error, { reproduce: this.#line(options), seed, atMs: 0 });
    }
  }

  #line({ redraw }: StartOptions): string {
    const drawn =
      redraw === undefined ? '' : `, all drawn anew from ${String(toMs(redraw.at))} ms with ${redraw.seed}`;
    return `${this.#plan.name} with seed ${this.#seed}${drawn}`;
  }
}
