import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a process ended instead of giving a result. */
export interface Death {
  readonly death: 'hung' | 'outOfMemory' | 'threw';
  readonly message: string;
}

export type Answer<Result> = { readonly result: Result } | Death;

/** Each child has a core, and its runs leave much garbage: no helper threads for it, which the other children would lack, and room to let it die young. */
const GC = ['--single-threaded-gc', '--max-semi-space-size=32'];
/** Enough of what a process says last to find out what it died of. */
const LAST_WORDS = 8_000;

/** Flags for children, as far as this Node knows them: they are V8's, and it may drop them. */
export const flagsOfChildren = (): readonly string[] =>
  GC.filter((flag) => spawnSync(process.execPath, [flag, '--version']).status === 0);

/**
 * A process that answers one message at a time. It can be told to be quick: one that is not is ended, and one that takes too much memory or throws
 * ends by itself. It is of no use after that. A process and not a thread, as it can be given flags of its own, and what it does to its memory is no matter of
 * the campaign's.
 */
export class Child {
  readonly #process: ChildProcess;
  readonly #ready: Promise<Answer<undefined>>;
  #lastWords = '';

  /** `entry` gives an empty result once it can begin, and then answers every message with `{ result }`. */
  constructor(entry: URL, heapMb: number, flags: readonly string[]) {
    this.#process = fork(fileURLToPath(entry), {
      execArgv: [...flags, `--max-old-space-size=${heapMb}`],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    this.#ready = this.#answer(undefined);
  }

  /** Loading the program is not part of what the time is for. */
  async ask<Result>(message: object, timeoutMs: number): Promise<Answer<Result>> {
    const ready = await this.#ready;
    if ('death' in ready) return ready;
    const answer = this.#answer<Result>(timeoutMs);
    this.#process.send(message);
    return answer;
  }

  /** Whatever it is doing. */
  end(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#process.once('close', () => resolve());
      this.#process.kill('SIGKILL');
    });
  }

  /** The next thing that the process says, or how it died. */
  #answer<Result>(timeoutMs: number | undefined): Promise<Answer<Result>> {
    return new Promise((resolve) => {
      const settle = (answer: Answer<Result>): void => {
        clearTimeout(timer);
        for (const event of ['message', 'error', 'close']) this.#process.removeAllListeners(event);
        // An error that comes late, of a process that was given up, is nobody's any more.
        this.#process.on('error', () => undefined);
        resolve(answer);
      };
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              settle({ death: 'hung', message: `stopped after ${timeoutMs / 1000} s` });
              void this.end();
            }, timeoutMs);
      this.#process.once('message', (answer: Answer<Result>) => settle(answer));
      this.#process.once('error', (error: Error) => settle({ death: 'threw', message: error.message }));
      // Not `exit`: what it says last may still be on its way then.
      this.#process.once('close', (code: number | null) => settle(this.#deathOf(code)));
    });
  }

  #deathOf(code: number | null): Death {
    const memory = /FATAL ERROR:.*(?:heap|memory).*/.exec(this.#lastWords)?.[0];
    if (memory !== undefined) return { death: 'outOfMemory', message: memory };
    const thrown = /^\w*Error: (.*)$/m.exec(this.#lastWords)?.[1];
    return { death: 'threw', message: thrown ?? `the process ended (${code ?? 'by a signal'})` };
  }
}
