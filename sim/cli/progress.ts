import { counted, grouped } from '../../reports/numbers.ts';
import type { CommandLineDeps } from './deps.ts';

/**
 * One line on the terminal's standard error that is written over and over: how many runs are done. Only where somebody looks (a
 * terminal, not CI), and only once it takes longer than a person likes to wait.
 */
const QUIET_MS = 2000;
const INTERVAL_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

export class Progress {
  readonly #deps: CommandLineDeps;
  readonly #isWatched: boolean;
  readonly #startedMs: number;
  #shownMs = 0;
  #isShown = false;

  constructor(deps: CommandLineDeps) {
    this.#deps = deps;
    this.#isWatched = deps.stderr.isTty && (deps.env.CI ?? '') === '';
    this.#startedMs = deps.nowMs();
  }

  update(label: string, done: number, total: number, noun = 'seed'): void {
    const now = this.#deps.nowMs();
    if (!this.#isWatched || now - this.#startedMs < QUIET_MS || now - this.#shownMs < INTERVAL_MS) return;
    this.#shownMs = now;
    this.#isShown = true;
    this.#deps.stderr.write(`${CLEAR_LINE}${label}  ${grouped(done)} of ${counted(total, noun)}`);
  }

  /** Before anything else is written to the terminal. */
  clear(): void {
    if (this.#isShown) this.#deps.stderr.write(CLEAR_LINE);
    this.#isShown = false;
  }
}
