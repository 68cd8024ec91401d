import { formatZxid } from '../../protocol/zxid.ts';
import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import { when } from './names.ts';
import type { Observed } from './observed.ts';
import { PromiseChecker } from './promise-checker.ts';

/**
 * Source: the Zab paper's model of failures (a process crashes and recovers, and its disk is what it recovers with), for every write point.
 * Reads: started, recovered, exited, crashed, dataDamaged. Cost: one map operation a start and an end.
 * Allowed: a server whose data a fault has damaged, taken away or put another's in the place of; one that starts and ends itself later,
 * because it can't write. What an unlucky crash cost is nothing to this promise, as long as the server comes back.
 * Red: a server that would not go on with the data that its own last process left.
 */
export class CrashRecovery extends PromiseChecker {
  readonly name = 'crash-recovery';
  readonly promise = 'What a crash leaves on disk is enough to start from, whenever it came.';
  readonly reads: readonly TraceEventType[] = ['started', 'recovered', 'exited', 'crashed', 'dataDamaged'];
  readonly #seen: Observed;
  /** How a server's last process ended. */
  readonly #ends = new Map<Party, End>();
  /** Started, and its data not read yet. */
  readonly #starting = new Set<Party>();
  /** Their data are not what their own processes left. */
  readonly #damaged = new Set<Party>();

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    switch (event.type) {
      case 'started':
        this.#starting.add(party);
        return;
      case 'recovered':
        this.#starting.delete(party);
        if (this.#ends.has(party) && !this.#damaged.has(party)) this.kept();
        return;
      case 'crashed':
        this.#starting.delete(party);
        this.#ends.set(party, {
          at,
          how: `its crash left ${when(at)}, with a log up to ${formatZxid(event.durableZxid)}`,
        });
        return;
      case 'exited':
        if (this.#starting.delete(party)) this.#onRefusal(at, party, event.reason);
        else this.#ends.set(party, { at, how: `it left when it ended itself ${when(at)} (${event.reason})` });
        return;
      case 'dataDamaged':
        this.#damaged.add(party);
        return;
      default:
        return;
    }
  }

  #onRefusal(at: Micros, party: Party, reason: string): void {
    if (this.#damaged.has(party)) return;
    const end = this.#ends.get(party);
    this.contradicted(
      { from: end?.at ?? 0, until: at, parties: [party] },
      `${this.#seen.names.who(party)} refused to start ${when(at)}: ${reason}`,
      `but these are the data that ${end === undefined ? 'it was installed with' : end.how}, and nobody has touched them since`,
    );
  }
}

interface End {
  readonly at: Micros;
  readonly how: string;
}
