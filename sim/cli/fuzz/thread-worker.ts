import type { FuzzOutcome } from '../../fuzz/outcome.ts';
import { Thread, type Answer } from './thread.ts';
import type { ShrunkFailure } from '../../fuzz/shrink/failure.ts';
import type { FuzzWorker, Job, ReplayJob, RunJob, ShrinkJob, WorkerLimits } from './worker-jobs.ts';

/** As it lies beside this file where it was built. */
const ENTRY = new URL('./worker-thread.js', import.meta.url);

/** A worker on a thread of its own. A thread that dies of a job is replaced for the next. */
export class ThreadWorker implements FuzzWorker {
  readonly #limits: WorkerLimits;
  readonly #entry: URL;
  #thread: Thread | undefined;

  constructor(limits: WorkerLimits, entry: URL = ENTRY) {
    this.#limits = limits;
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
    await this.#thread?.end();
    this.#thread = undefined;
  }

  async #ask<Result>(job: Job, timeoutMs: number): Promise<Answer<Result>> {
    this.#thread ??= new Thread(this.#entry, this.#limits.heapMb);
    const answer = await this.#thread.ask<Result>(job, timeoutMs);
    if ('death' in answer) await this.close();
    return answer;
  }
}
