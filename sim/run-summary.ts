import { isResult } from './expectations/answers.ts';
import { clientIndex, isClient, partySid, type Party } from './party.ts';
import { partyNames, type PartyNames } from './party-names.ts';
import type { RunPlan } from './plan.ts';
import type { FaultResult, RunResult } from './result.ts';
import { toMs, type Micros } from './time.ts';
import type { TraceEvent, TraceSink, WorldEvent } from './trace-events.ts';

type FaultEvent = Extract<WorldEvent, { type: 'fault' | 'faultEnded' }>;

/** Keeps what a result reports: operations as the scenario's clients saw them, every establishment of a leader, every fault. */
export class RunSummary implements TraceSink {
  readonly leaders: RunResult['leaders'][number][] = [];
  readonly faults: FaultResult[] = [];
  readonly #clients: number;
  readonly #nameOf: PartyNames;
  /** Where in `faults` those stand that have not ended, by what they say and whom they struck. */
  readonly #open = new Map<string, number[]>();
  #ok = 0;
  #failed = 0;
  #unknown = 0;

  constructor(plan: RunPlan) {
    this.#clients = plan.clients.length;
    this.#nameOf = partyNames(plan);
  }

  get operations(): RunResult['operations'] {
    return { ok: this.#ok, failed: this.#failed, unknown: this.#unknown };
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    switch (event.type) {
      case 'answered':
        if (isClient(party) && clientIndex(party) < this.#clients) this.#count(event);
        return;
      case 'established':
        this.leaders.push({ epoch: event.epoch, sid: partySid(party), atMs: toMs(at) });
        return;
      case 'fault':
        return this.#onFault(at, event);
      case 'faultEnded':
        return this.#onFaultEnded(at, event);
      default:
        return;
    }
  }

  #count(answer: Extract<TraceEvent, { type: 'answered' }>): void {
    if (isResult('ok', answer)) this.#ok++;
    else if (isResult('unknown', answer)) this.#unknown++;
    else this.#failed++;
  }

  #onFault(at: Micros, { text, kind, cause, struck }: FaultEvent): void {
    const key = keyOf(text, struck);
    const open = this.#open.get(key);
    if (open === undefined) this.#open.set(key, [this.faults.length]);
    else open.push(this.faults.length);
    this.faults.push({ text, kind, cause, atMs: toMs(at), struck: struck.map(this.#nameOf) });
  }

  /** Of two that are the same the older one ends first. */
  #onFaultEnded(at: Micros, { text, struck }: FaultEvent): void {
    const index = this.#open.get(keyOf(text, struck))?.shift();
    const fault = index === undefined ? undefined : this.faults[index];
    if (index !== undefined && fault !== undefined) this.faults[index] = { ...fault, endedAtMs: toMs(at) };
  }
}

const keyOf = (text: string, struck: readonly Party[]): string => `${text} → ${struck.join()}`;
