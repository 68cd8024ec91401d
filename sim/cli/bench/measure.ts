import type { RunPlan } from '../../plan.ts';
import { Simulation } from '../../simulation.ts';
import { toMs } from '../../time.ts';
import type { TraceSink } from '../../trace-events.ts';

export interface Rates {
  readonly eventsPerSecond: number;
  readonly messagesPerSecond: number;
  readonly writesPerSecond: number;
  readonly virtualPerReal: number;
}

/** Counts commits: a write is committed once, however many servers there are. */
class Commits implements TraceSink {
  count = 0;

  onEvent(_at: number, _party: number, event: { readonly type: string }): void {
    if (event.type === 'committed') this.count++;
  }
}

/** A run that can be measured in stretches. */
export class Measured {
  readonly #simulation: Simulation;
  readonly #commits = new Commits();
  readonly #nowMs: () => number;

  constructor(plan: RunPlan, nowMs: () => number, options: { readonly checkers: boolean }) {
    this.#simulation = new Simulation(plan, 'bench', { checkers: options.checkers, sinks: [this.#commits] });
    this.#nowMs = nowMs;
  }

  /** The rates over the next so many events. */
  over(events: number): Rates {
    const before = this.#position();
    this.#simulation.advance(events);
    const after = this.#position();
    const seconds = (after.realMs - before.realMs) / 1000;
    return {
      eventsPerSecond: (after.events - before.events) / seconds,
      messagesPerSecond: (after.messages - before.messages) / seconds,
      writesPerSecond: (after.writes - before.writes) / seconds,
      virtualPerReal: (after.virtualMs - before.virtualMs) / 1000 / seconds,
    };
  }

  /** Real seconds for so much virtual time. */
  virtualTime(virtualMs: number): number {
    const { queue } = this.#simulation.cluster;
    const startMs = this.#nowMs();
    while (toMs(queue.now) < virtualMs) this.#simulation.advance(1000);
    return (this.#nowMs() - startMs) / 1000;
  }

  #position(): { events: number; messages: number; writes: number; virtualMs: number; realMs: number } {
    const { queue, network } = this.#simulation.cluster;
    return {
      events: queue.processed,
      messages: network.delivered,
      writes: this.#commits.count,
      virtualMs: toMs(queue.now),
      realMs: this.#nowMs(),
    };
  }
}
