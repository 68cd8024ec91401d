import { Worker } from 'node:worker_threads';

/** How a thread ended instead of giving a result. */
export interface Death {
  readonly death: 'hung' | 'outOfMemory' | 'threw';
  readonly message: string;
}

export type Answer<Result> = { readonly result: Result } | Death;

/**
 * One thread that answers one message at a time. It can be told to be quick: a thread that is not is ended, and so is one that takes too
 * much memory or throws. It is of no use after that.
 */
export class Thread {
  readonly #worker: Worker;
  readonly #ready: Promise<Answer<undefined>>;

  /** `entry` gives an empty result once it can begin, and then answers every message with `{ result }`. */
  constructor(entry: URL, heapMb: number) {
    this.#worker = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    this.#ready = this.#answer(undefined);
  }

  /** Loading the program is not part of what the time is for. */
  async ask<Result>(message: object, timeoutMs: number): Promise<Answer<Result>> {
    const ready = await this.#ready;
    if ('death' in ready) return ready;
    const answer = this.#answer<Result>(timeoutMs);
    this.#worker.postMessage(message);
    return answer;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /** The next thing that the thread says, or how it died. */
  #answer<Result>(timeoutMs: number | undefined): Promise<Answer<Result>> {
    return new Promise((resolve) => {
      const settle = (answer: Answer<Result>): void => {
        clearTimeout(timer);
        for (const event of ['message', 'error', 'exit']) this.#worker.removeAllListeners(event);
        // An error that comes late, of a thread that was given up, is nobody's any more.
        this.#worker.on('error', () => undefined);
        resolve(answer);
      };
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              void this.end();
              settle({ death: 'hung', message: `stopped after ${timeoutMs / 1000} s` });
            }, timeoutMs);
      this.#worker.once('message', (answer: Answer<Result>) => settle(answer));
      this.#worker.once('error', (error: Error) => settle(deathBy(error)));
      this.#worker.once('exit', (code) => settle({ death: 'threw', message: `the thread ended (${code})` }));
    });
  }
}

const deathBy = (error: Error): Death =>
  'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? { death: 'outOfMemory', message: error.message }
    : { death: 'threw', message: error.message };
