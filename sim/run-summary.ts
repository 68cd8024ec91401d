import { isResult } from './expectations/answers.ts';
import { partySid, type Party } from './party.ts';
import type { RunResult } from './result.ts';
import { toMs, type Micros } from './time.ts';
import type { TraceEvent, TraceSink } from './trace-events.ts';

/** Counts what a result reports: operations as the clients saw them, and every establishment of a leader. */
export class RunSummary implements TraceSink {
  readonly leaders: RunResult['leaders'][number][] = [];
  #ok = 0;
  #failed = 0;
  #unknown = 0;

  get operations(): RunResult['operations'] {
    return { ok: this.#ok, failed: this.#failed, unknown: this.#unknown };
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    if (event.type === 'answered') this.#count(event);
    else if (event.type === 'established') {
      this.leaders.push({ epoch: event.epoch, sid: partySid(party), atMs: toMs(at) });
    }
  }

  #count(answer: Extract<TraceEvent, { type: 'answered' }>): void {
    if (isResult('ok', answer)) this.#ok++;
    else if (isResult('unknown', answer)) this.#unknown++;
    else this.#failed++;
  }
}
