import { serverParty, type Party } from '../party.ts';
import type { RunPlan } from '../plan.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import type { FinalServer } from './final-server.ts';
import type { Reader } from './promise-checker.ts';

/**
 * Which servers could not be there in the calm, told from the trace alone: lost to a crash for good, or started in the calm and ended by
 * ZooKeeper itself. What the simulation claims is held against it.
 */
export class Absences implements Reader {
  readonly reads: readonly TraceEventType[] = ['fault', 'crashed', 'started', 'exited', 'calmBegan'];
  /** What the timeline calls crashes that are for good. */
  readonly #forGood: ReadonlySet<string>;
  readonly #doomed = new Set<Party>();
  readonly #lost = new Set<Party>();
  /** With what ZooKeeper said, of processes that were started in the calm and are not up any more. */
  readonly #exits = new Map<Party, string>();
  readonly #startedInCalm = new Set<Party>();
  #isCalm = false;

  constructor(plan: RunPlan) {
    const crashes = plan.timeline.filter(({ fault }) => fault.kind === 'crash' && fault.forGood);
    this.#forGood = new Set(crashes.map(({ text }) => text));
  }

  onEvent(_at: Micros, party: Party, event: TraceEvent): void {
    switch (event.type) {
      case 'fault':
        if (this.#forGood.has(event.text)) for (const struck of event.struck) this.#doomed.add(struck);
        return;
      case 'crashed':
        if (this.#doomed.has(party)) this.#lost.add(party);
        return;
      case 'started':
        this.#lost.delete(party);
        this.#exits.delete(party);
        if (this.#isCalm) this.#startedInCalm.add(party);
        return;
      case 'exited':
        if (this.#startedInCalm.has(party)) this.#exits.set(party, event.reason);
        return;
      case 'calmBegan':
        this.#isCalm = true;
        return;
      default:
        return;
    }
  }

  /** Why the claim is wrong; undefined when it is borne out. */
  contradiction({ sid, absence, up }: FinalServer): string | undefined {
    const party = serverParty(sid);
    if (absence === undefined) return undefined;
    if (up) return 'but it is up';
    if (absence.kind === 'lost') return this.#lost.has(party) ? undefined : 'but no crash for good took it';
    const exit = this.#exits.get(party);
    if (exit === undefined) return 'but it was not started in the calm, or did not exit then';
    return exit === absence.reason ? undefined : `but when it exited it said: ${exit}`;
  }
}
