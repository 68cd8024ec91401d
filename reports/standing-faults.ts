import type { FaultKind, RunPlan } from '../sim/plan.ts';
import type { WorldEvent } from '../sim/trace-events.ts';

/**
 * The faults that last and strike links or disks: while one of them stands the timeline is shaded. Crashes and pauses are not among
 * them, as they show in the column of the server they hit.
 */
const LASTING: ReadonlySet<FaultKind> = new Set<FaultKind>(['partition', 'isolate', 'link', 'slowDisk']);

export class StandingFaults {
  readonly #kinds: ReadonlyMap<string, FaultKind>;
  readonly #standing = new Map<string, number>();

  constructor(plan: RunPlan) {
    this.#kinds = new Map(plan.timeline.map(({ text, fault }) => [text, fault.kind]));
  }

  get any(): boolean {
    return this.#standing.size > 0;
  }

  onEvent(event: Extract<WorldEvent, { type: 'fault' | 'faultEnded' | 'calmBegan' }>): void {
    switch (event.type) {
      case 'fault':
        return this.#strike(event.text);
      case 'faultEnded':
        return this.#end(event.text);
      case 'calmBegan':
        return this.#standing.clear();
    }
  }

  #strike(text: string): void {
    const kind = this.#kinds.get(text);
    if (kind === 'heal') this.#standing.clear();
    else if (kind !== undefined && LASTING.has(kind))
      this.#standing.set(text, (this.#standing.get(text) ?? 0) + 1);
  }

  #end(text: string): void {
    const standing = this.#standing.get(text) ?? 0;
    if (standing > 1) this.#standing.set(text, standing - 1);
    else this.#standing.delete(text);
  }
}
