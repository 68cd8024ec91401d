import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';

/** A clock's law: what it has counted at a moment, and how fast it runs from there on. */
interface Law {
  readonly since: Micros;
  readonly elapsed: Micros;
  readonly rate: number;
}

const RIGHT: Law = { since: 0, elapsed: 0, rate: 1 };

/** Servers' monotonic clocks as the trace tells them: for each the µs that it has counted since the run began. */
export class ServerClocks {
  readonly #laws = new Map<Party, Law>();

  elapsed(server: Party, at: Micros): Micros {
    const law = this.#laws.get(server);
    return law === undefined ? at : read(law, at);
  }

  onClockChanged(server: Party, at: Micros, rate: number): void {
    const law = this.#laws.get(server) ?? RIGHT;
    this.#laws.set(server, { since: at, elapsed: read(law, at), rate });
  }
}

const read = ({ since, elapsed, rate }: Law, at: Micros): Micros => elapsed + (at - since) * rate;
