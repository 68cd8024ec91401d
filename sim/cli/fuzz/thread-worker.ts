import type { FuzzOutcome } from '../../fuzz/outcome.ts';
import { Thread, type Answer } from './thread.ts';
import type { FuzzWorker, RunJob, ShrinkJob, ShrunkFailure, WorkerLimits } from './worker-jobs.ts';

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

  async run(job: RunJob): Promise<FuzzOutcome> {
    const { timeoutMs } = this.#limits;
    const startedMs = performance.now();
    const answer = await this.#ask<FuzzOutcome>(job, timeoutMs);
    if ('result' in answer) return answer.result;
    const { index, seed } = job;
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

  async #ask<Result>(job: RunJob | ShrinkJob, timeoutMs: number): Promise<Answer<Result>> {
    this.#thread ??= new Thread(this.#entry, this.#limits.heapMb);
    const answer = await this.#thread.ask<Result>(job, timeoutMs);
    if ('death' in answer) await this.close();
    return answer;
  }
}
