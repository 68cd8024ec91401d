import { counted, duration, grouped } from '../../../reports/numbers.ts';
import { runsOfShard, WHOLE } from '../../fuzz/shard.ts';
import type { CommandLineDeps } from '../deps.ts';
import type { Hunt } from './hunt.ts';
import type { Begun } from './journal.ts';

const LINE_MS = 10_000;
const CLEAR_LINE = '\r\u001b[2K';

/** How far a campaign is: on a terminal one line that is written over and over, else a line every ten seconds. */
export class FuzzProgress {
  readonly #deps: CommandLineDeps;
  readonly #hunt: Hunt;
  readonly #planned: string;
  readonly #isWatched: boolean;
  readonly #startedMs: number;
  #shownMs: number;
  #isShown = false;

  /** `startedMs`: of a campaign that goes on, as if it had never stopped. */
  constructor(deps: CommandLineDeps, hunt: Hunt, { asked, shard = WHOLE }: Begun, startedMs: number) {
    this.#deps = deps;
    this.#hunt = hunt;
    this.#planned =
      'runs' in asked
        ? `of ${counted(runsOfShard(shard, asked.runs), 'run')}`
        : `runs, ${duration(asked.timeMs)} in all`;
    this.#isWatched = deps.stderr.isTty && (deps.env.CI ?? '') === '';
    this.#startedMs = startedMs;
    this.#shownMs = deps.nowMs();
  }

  update(): void {
    const now = this.#deps.nowMs();
    if (!this.#isWatched && now - this.#shownMs < LINE_MS) return;
    this.#shownMs = now;
    this.#isShown = this.#isWatched;
    const line = this.#line((now - this.#startedMs) / 1000);
    this.#deps.stderr.write(this.#isWatched ? `${CLEAR_LINE}${line}` : `${line}\n`);
  }

  /** Before anything else is written to the terminal. */
  clear(): void {
    if (this.#isShown) this.#deps.stderr.write(CLEAR_LINE);
    this.#isShown = false;
  }

  #line(seconds: number): string {
    const { runs, failures, troubles } = this.#hunt.campaign;
    const perSecond = seconds > 0 ? Math.round(runs / seconds) : 0;
    const found = counted(failures.length, 'failure');
    const bad = troubles.length === 0 ? '' : `, ${counted(troubles.length, 'run')} without a verdict`;
    return `${grouped(runs)} ${this.#planned}, ${grouped(perSecond)} runs/s, ${found}${bad}`;
  }
}
