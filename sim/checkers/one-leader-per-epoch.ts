import type { Sid } from '../../protocol/ids.ts';
import type { Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import type { Observed } from './observed.ts';
import { listed, when } from './names.ts';
import { PromiseChecker } from './promise-checker.ts';

/**
 * Source: TLA+ Leadership1/2 (at most one server an epoch reaches the epoch-ack quorum, hence at most one is established); Zab paper,
 * discovery phase.
 * Reads: epochFixed, epochAcked, established, epochWritten, recovered, dataDamaged. Cost: a few map operations an election.
 * Allowed: one epoch fixed by two leaders (each before it has a quorum's epoch acks: only one of them can get those); a leader that
 * learns of its establishment after a later one's (see CommittedLog), as long as its history is committed; epoch files that a fault
 * has changed (what comes of it is not).
 * Red: a second leader of an epoch, or a second term of the first one; an epoch file that goes back.
 */
export class OneLeaderPerEpoch extends PromiseChecker {
  readonly name = 'one-leader-per-epoch';
  readonly promise =
    'An epoch has at most one leader, chosen by a quorum, and no server ever goes back to an older epoch.';
  readonly reads: readonly TraceEventType[] = [
    'epochFixed',
    'epochAcked',
    'established',
    'epochWritten',
    'recovered',
    'dataDamaged',
  ];
  readonly #seen: Observed;
  readonly #acked = new Map<number, Mark>();
  readonly #established = new Map<number, Mark>();
  /** The newest epoch that a server was established in. */
  readonly #reigns = new Map<Party, number>();
  readonly #accepted = new Map<Party, number>();
  readonly #current = new Map<Party, number>();

  constructor(seen: Observed) {
    super();
    this.#seen = seen;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    switch (event.type) {
      case 'epochFixed':
        this.#onEpochFixed(at, party, event.epoch, event.connecting);
        return;
      case 'epochAcked':
        this.#onQuorum(at, party, event.epoch, event.acks, 'acknowledged the epoch');
        this.#onlyOne(this.#acked, at, party, event.epoch, 'had its epoch acknowledged by a quorum');
        return;
      case 'established':
        this.#onlyOne(this.#established, at, party, event.epoch, 'was established');
        this.#onlyForward(this.#reigns, at, party, event.epoch, 'was established in epoch');
        return;
      case 'epochWritten':
        this.#onEpochWritten(at, party, event.file, event.epoch);
        return;
      case 'recovered':
        this.#onRecovered(at, party, event.acceptedEpoch, event.currentEpoch);
        return;
      case 'dataDamaged':
        if (event.refuses) return;
        this.#accepted.delete(party);
        this.#current.delete(party);
        return;
      default:
        return;
    }
  }

  #onEpochFixed(at: Micros, party: Party, epoch: number, connecting: readonly Sid[]): void {
    this.#onQuorum(at, party, epoch, connecting, 'connected');
    const accepted = this.#accepted.get(party) ?? 0;
    if (epoch >= accepted) this.kept();
    else
      this.contradicted(
        { until: at, epochs: [epoch], parties: [party] },
        `${this.#seen.names.who(party)} chose epoch ${String(epoch)} ${when(at)}`,
        `although its own acceptedEpoch file says ${String(accepted)}`,
      );
  }

  #onQuorum(at: Micros, party: Party, epoch: number, sids: readonly Sid[], did: string): void {
    if (this.#seen.quorums.containsQuorum(sids)) this.kept();
    else
      this.contradicted(
        { until: at, epochs: [epoch] },
        `${this.#seen.names.who(party)} went on as leader of epoch ${String(epoch)} ${when(at)}`,
        `when only ${listed(sids)} had ${did}, which is no quorum of ${listed(this.#seen.quorums.voters)}`,
      );
  }

  #onlyOne(marks: Map<number, Mark>, at: Micros, party: Party, epoch: number, did: string): void {
    const first = marks.get(epoch);
    if (first === undefined) {
      marks.set(epoch, { at, party });
      this.kept();
      return;
    }
    this.contradicted(
      { until: at, epochs: [epoch], parties: [party, first.party] },
      `${this.#seen.names.who(party)} ${did} as leader of epoch ${String(epoch)} ${when(at)}`,
      `but ${this.#seen.names.who(first.party)} ${did} as its leader ${when(first.at)}`,
    );
  }

  #onEpochWritten(at: Micros, party: Party, file: 'acceptedEpoch' | 'currentEpoch', epoch: number): void {
    const epochs = file === 'acceptedEpoch' ? this.#accepted : this.#current;
    this.#onlyForward(epochs, at, party, epoch, `wrote its ${file} file:`);
    const accepted = this.#accepted.get(party);
    const current = this.#current.get(party);
    if (accepted === undefined || current === undefined || accepted >= current) return;
    this.contradicted(
      { until: at, parties: [party] },
      `${this.#seen.names.who(party)} wrote its ${file} file ${when(at)}`,
      `and then currentEpoch ${String(current)} was beyond acceptedEpoch ${String(accepted)}`,
    );
  }

  #onRecovered(at: Micros, party: Party, accepted: number, current: number): void {
    if (!this.#seen.disks.isFirstRecovery) return;
    if (this.#accepted.has(party))
      this.#onlyForward(this.#accepted, at, party, accepted, 'found acceptedEpoch');
    if (this.#current.has(party)) this.#onlyForward(this.#current, at, party, current, 'found currentEpoch');
  }

  #onlyForward(epochs: Map<Party, number>, at: Micros, party: Party, epoch: number, did: string): void {
    const before = epochs.get(party);
    if (before === undefined || epoch >= before) {
      epochs.set(party, epoch);
      this.kept();
      return;
    }
    this.contradicted(
      { until: at, epochs: [before], parties: [party] },
      `${this.#seen.names.who(party)} ${did} ${String(epoch)} ${when(at)}`,
      `but it had been at ${String(before)} before`,
    );
  }
}

interface Mark {
  readonly at: Micros;
  readonly party: Party;
}
