import type { Checker } from '../checkers/checker.ts';
import { serverParty, type Party } from '../party.ts';
import { partyNames, type PartyNames } from '../party-names.ts';
import type { FaultKind } from '../fault-plan.ts';
import type { RunPlan } from '../plan.ts';
import type { OutsideFault } from '../result.ts';
import { toMs, type Micros } from '../time.ts';
import type { TraceEvent, TraceSink, WorldEvent } from '../trace-events.ts';

type Damage = Extract<WorldEvent, { type: 'dataDamaged' }>;

/** The faults that can change what a disk holds. */
const DAMAGING: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'flipBit',
  'loseSnapshot',
  'loseLog',
  'wipe',
  'copyData',
  'restore',
]);

/** What a voter's disk held once and has to show when it comes back. */
interface Owed {
  readonly zxid: number;
  readonly epoch: number;
}

/**
 * What ZooKeeper promises to survive, and what not. A voter's acknowledgement is worth as much as its disk: what it has flushed counts
 * towards a quorum for ever after. Outside of the model is therefore a voter that would start with a history shorter than the one it had,
 * or with an acceptedEpoch older than one it has promised to: it can cost a committed txn, or elect two leaders of one epoch, in a real
 * ensemble too. All promises rest on that, so from then on every one that was not broken yet is void.
 *
 * Inside is everything else: a crash loses what no fsync covered, a disk that fails says so, a server whose data is rotten refuses to start
 * (it acknowledges nothing, however many they are: that costs liveness, not safety), an observer never acknowledges anything and is brought
 * up to date before it serves, and safety hangs on no clock. But a snapshot that was taken while txns went on applying is whole only with the
 * log: where that is lost even an observer shows a tree that never was. So it does where a snapshot is lost that came from the leader: an
 * older one and the log that followed say nothing of what lies between them.
 */
export class FaultModel implements TraceSink {
  readonly outside: OutsideFault[] = [];
  readonly #checkers: readonly Checker[];
  readonly #voters: ReadonlySet<Party>;
  readonly #nameOf: PartyNames;
  /** Of servers whose data was made unreadable: whoever puts other data in its place puts it in the place of this. */
  readonly #owed = new Map<Party, Owed>();
  #fault: { readonly text: string; readonly at: Micros } | undefined;

  /** Whether a run of this plan has anything to show to it. */
  static concerns(plan: RunPlan): boolean {
    return plan.timeline.some(({ fault }) => DAMAGING.has(fault.kind));
  }

  constructor(plan: RunPlan, checkers: readonly Checker[]) {
    this.#checkers = checkers;
    this.#nameOf = partyNames(plan);
    const voters = plan.ensemble.servers.filter(({ learnerType }) => learnerType === 'PARTICIPANT');
    this.#voters = new Set(voters.map(({ sid }) => serverParty(sid)));
  }

  /** The first fault that voided this promise, as results say it. */
  voiderOf(promise: string): string | undefined {
    const fault = this.outside.find(({ promises }) => promises.includes(promise));
    return fault && `${fault.fault} at ${(fault.atMs / 1000).toFixed(3)} s`;
  }

  onEvent(at: Micros, party: Party, event: TraceEvent): void {
    if (event.type === 'dataDamaged') this.#onDamage(at, party, event);
    else if (event.type === 'fault') this.#fault = { text: event.text, at };
  }

  #onDamage(at: Micros, party: Party, damage: Damage): void {
    const owed = owedAfter(damage, this.#owed.get(party));
    if (damage.refuses) {
      this.#owed.set(party, owed);
      return;
    }
    this.#owed.delete(party);
    const isShort = damage.lastZxid < owed.zxid || damage.epoch < owed.epoch;
    const isCounted = this.#voters.has(party) || damage.what === 'loseLog';
    if ((isShort && isCounted) || damage.hasHole) this.#leave(at, this.#nameFault(at, party, damage));
  }

  #leave(at: Micros, fault: string): void {
    const unbroken = this.#checkers.filter(({ contradictions }) => contradictions.length === 0);
    this.outside.push({ fault, atMs: toMs(at), promises: unbroken.map(({ name }) => name) });
  }

  /** As the timeline says it, and whom it meant by it. */
  #nameFault(at: Micros, party: Party, damage: Damage): string {
    const text = this.#fault?.at === at ? this.#fault.text : damage.what;
    const name = this.#nameOf(party);
    return text.includes(name) ? text : `${text} → ${name}`;
  }
}

const owedAfter = (damage: Damage, owed: Owed | undefined): Owed => ({
  zxid: Math.max(damage.before, owed?.zxid ?? 0),
  epoch: Math.max(damage.beforeEpoch, owed?.epoch ?? 0),
});
