import type { FuzzOutcome } from '../../fuzz/outcome.ts';
import { Child, type Answer } from './child.ts';
import type { ShrunkFailure } from '../../fuzz/shrink/failure.ts';
import type { FuzzWorker, Job, ReplayJob, RunJob, ShrinkJob, WorkerLimits } from './worker-jobs.ts';

/** As it lies beside this file where it was built. */
const ENTRY = new URL('./worker-process.js', import.meta.url);

/** A worker in a process of its own. A process that dies of a job is replaced for the next. */
export class ProcessWorker implements FuzzWorker {
  readonly #limits: WorkerLimits;
  readonly #flags: readonly string[];
  readonly #entry: URL;
  #child: Child | undefined;

  /** `flags`: for Node. */
  constructor(limits: WorkerLimits, flags: readonly string[] = [], entry: URL = ENTRY) {
    this.#limits = limits;
    this.#flags = flags;
    this.#entry = entry;
  }

  run(job: RunJob): Promise<FuzzOutcome> {
    return this.#run(job, job.lot);
  }

  replay(job: ReplayJob): Promise<FuzzOutcome> {
    return this.#run(job, { index: 0, seed: job.seed });
  }

  async #run(job: RunJob | ReplayJob, run: Pick<FuzzOutcome, 'index' | 'seed'>): Promise<FuzzOutcome> {
    const startedMs = performance.now();
    const answer = await this.#ask<FuzzOutcome>(job, this.#limits.timeoutMs);
    if ('result' in answer) return answer.result;
    const { index, seed } = run;
    const nothing = { broken: [], coverage: {}, events: 0, virtualMs: 0 };
    const wallMs = performance.now() - startedMs;
    return { index, seed, ...nothing, kind: answer.death, error: answer.message, wallMs };
  }

  /** The last attempt may begin just before the time is over. */
  async shrink(job: ShrinkJob): Promise<ShrunkFailure | undefined> {
    const answer = await this.#ask<ShrunkFailure>(job, job.timeMs + 2 * this.#limits.timeoutMs);
    return 'result' in answer ? answer.result : undefined;
  }

  async close(): Promise<void> {
    await this.#child?.end();
    this.#child = undefined;
  }

  async #ask<Result>(job: Job, timeoutMs: number): Promise<Answer<Result>> {
    this.#child ??= new Child(this.#entry, this.#limits.heapMb, this.#flags);
    const answer = await this.#child.ask<Result>(job, timeoutMs);
    if ('death' in answer) await this.close();
    return answer;
  }
}
