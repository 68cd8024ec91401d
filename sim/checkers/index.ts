import type { Party } from '../party.ts';
import { withProbe } from '../calm/probe-plan.ts';
import type { RunPlan } from '../plan.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType, TraceSink } from '../trace-events.ts';
import { Atomicity } from './atomicity.ts';
import type { Checker } from './checker.ts';
import { CrashRecovery } from './crash-recovery.ts';
import { LegalPackets } from './legal-packets.ts';
import { LinearizableWrites } from './linearizable-writes.ts';
import { RequestsAnswered } from './requests-answered.ts';
import { SyncedReads } from './synced-reads.ts';
import { CommittedLogsAgree } from './committed-logs-agree.ts';
import type { FinalState } from './final-server.ts';
import { Liveness } from './liveness.ts';
import { NothingCommittedLost } from './nothing-committed-lost.ts';
import { observe, readersOf } from './observed.ts';
import { OneLeaderPerEpoch } from './one-leader-per-epoch.ts';
import type { Reader } from './promise-checker.ts';
import { QuorumCommits } from './quorum-commits.ts';
import { ServersEqual } from './servers-equal.ts';
import { SessionReads } from './session-reads.ts';
import { SessionsAndEphemerals } from './sessions-and-ephemerals.ts';
import { Watches } from './watches.ts';

export type { FinalServer, FinalState } from './final-server.ts';

/**
 * All promises of a run, as one sink. It knows who reads which events, so that each event is offered once to what the checkers share, then
 * to the checkers that want it, and most events to nobody.
 */
export class CheckerSuite implements TraceSink {
  /** In the order in which results list them. */
  readonly checkers: readonly Checker[];
  readonly #serversEqual: ServersEqual;
  readonly #liveness: Liveness;
  readonly #readers = new Map<TraceEventType, Reader[]>();

  constructor(plan: RunPlan) {
    const seen = observe(withProbe(plan));
    this.#serversEqual = new ServersEqual(seen);
    this.#liveness = new Liveness(seen);
    const checkers = [
      new OneLeaderPerEpoch(seen),
      new QuorumCommits(seen),
      new CommittedLogsAgree(seen),
      new NothingCommittedLost(seen),
      new Atomicity(seen),
      new LinearizableWrites(seen),
      new SessionReads(seen),
      new SyncedReads(seen),
      new RequestsAnswered(seen),
      this.#serversEqual,
      this.#liveness,
      new CrashRecovery(seen),
      new LegalPackets(seen),
      new SessionsAndEphemerals(seen),
      new Watches(seen),
    ];
    this.checkers = checkers;
    for (const reader of [...readersOf(seen), ...checkers]) this.#enrol(reader);
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    const readers = this.#readers.get(event.type);
    if (readers === undefined) return;
    for (const reader of readers) reader.onEvent(at, party, event);
  }

  /** Once, after the last event and before `finish`: how every server of the ensemble ended. */
  onFinalState(final: FinalState): void {
    this.#serversEqual.onFinalState(final.servers);
    this.#liveness.onFinalState(final);
  }

  /** The run is over. */
  finish(): void {
    for (const checker of this.checkers) checker.finish();
  }

  #enrol(reader: Reader): void {
    for (const type of reader.reads) {
      const readers = this.#readers.get(type);
      if (readers === undefined) this.#readers.set(type, [reader]);
      else readers.push(reader);
    }
  }
}

/** Every checker, on, in a fixed order. Add the suite to the trace as one sink. */
export const createCheckers = (plan: RunPlan): CheckerSuite => new CheckerSuite(plan);
