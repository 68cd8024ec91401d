import { defined } from '../../../protocol/assert.ts';
import { Campaign, groupKey, troubleOf, type FailureGroup, type Trouble } from '../../fuzz/campaign.ts';
import type { FuzzOutcome } from '../../fuzz/outcome.ts';
import type { Lot, Search } from '../../fuzz/search/search.ts';
import { createSearch, type SearchPlan } from '../../fuzz/search/strategies.ts';
import { Frontier } from './frontier.ts';
import type { ShrunkFailure } from '../../fuzz/shrink/failure.ts';
import type { FuzzWorker } from './worker-jobs.ts';

/** The runs of a campaign, as one process sees them. */
export interface HuntPlan extends SearchPlan {
  readonly release?: string;
  readonly shrinkMs: number;
  /** Asked before every run. */
  readonly hasTime: () => boolean;
  /** Runs that have ended before, by their numbers: of a campaign that goes on. */
  readonly past: ReadonlyMap<number, FuzzOutcome>;
  /** Lets other things happen, as runs of the past take no time. */
  readonly breathe: () => Promise<void>;
  /** Told of every other run, before anything is made of it. */
  readonly onEnded: (outcome: FuzzOutcome) => void;
  /** Told of every run that gave no verdict. */
  readonly onTrouble: (trouble: Trouble, lot: Lot) => Promise<void>;
  /** Files of defects that are remembered from earlier campaigns, by group. */
  readonly known: ReadonlyMap<string, string>;
  /** Writes a failure to its file, and says which. `shrunk`: undefined where that went wrong. */
  readonly save: (
    group: FailureGroup,
    lot: Lot,
    shrunk: ShrunkFailure | undefined,
  ) => Promise<string | undefined>;
}

type Job = (worker: FuzzWorker) => Promise<void>;

/** Gives runs to workers until there are none left, and has every new defect shrunk and saved as soon as it is known which run stands for it. */
export class Hunt {
  readonly campaign = new Campaign();
  readonly #files: Map<string, string>;
  readonly #plan: HuntPlan;
  readonly #search: Search;
  readonly #frontier: Frontier;
  /** Of the runs that are under way, and of those that found something. */
  readonly #lots = new Map<number, Lot>();
  /** Workers without a job, until another one has done its own. */
  readonly #idle: (() => void)[] = [];
  /** Groups that are shrunk, or are being shrunk. */
  readonly #taken: Set<string>;
  readonly #past: Map<number, FuzzOutcome>;
  #isStopped = false;

  constructor(plan: HuntPlan) {
    this.#plan = plan;
    this.#search = createSearch(plan);
    this.#frontier = new Frontier(plan.indexes());
    this.#files = new Map(plan.known);
    this.#taken = new Set(plan.known.keys());
    this.#past = new Map(plan.past);
  }

  async run(workers: readonly FuzzWorker[]): Promise<void> {
    await Promise.all(workers.map((worker) => this.#employ(worker)));
  }

  /** No further job is given out; what ends from now on is not counted. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  fileOf(group: FailureGroup): string | undefined {
    return this.#files.get(groupKey(group));
  }

  /** What was found and not written yet, as it was found: of a campaign that was stopped. */
  async saveTheRest(): Promise<void> {
    for (const group of this.campaign.failures)
      if (this.fileOf(group) === undefined) await this.#save(group, undefined);
  }

  async #employ(worker: FuzzWorker): Promise<void> {
    for (;;) {
      const job = this.#nextJob();
      if (job === 'none') return;
      if (job === 'later') {
        await new Promise<void>((wake) => this.#idle.push(wake));
        continue;
      }
      await job(worker);
      // Not by those who were woken themselves: they would wake each other for ever.
      this.#wake();
    }
  }

  #wake(): void {
    for (const wake of this.#idle.splice(0)) wake();
  }

  /** `later`: what is left waits for what others do. */
  #nextJob(): Job | 'later' | 'none' {
    if (this.#isStopped) return 'none';
    const group = this.#settledGroup();
    if (group !== undefined) {
      this.#taken.add(groupKey(group));
      return (worker) => this.#shrink(worker, group);
    }
    if (this.#search.isOver || (this.#past.size === 0 && !this.#plan.hasTime())) return 'none';
    const lot = this.#search.next();
    return lot === undefined ? 'later' : (worker) => this.#runOne(worker, lot);
  }

  async #runOne(worker: FuzzWorker, lot: Lot): Promise<void> {
    const { onEnded, onTrouble } = this.#plan;
    this.#lots.set(lot.index, lot);
    const known = await this.#recalled(lot);
    const outcome = known ?? (await this.#outcomeOf(worker, lot));
    if (this.#isStopped) return;
    if (known === undefined) onEnded(outcome);
    this.#fold(outcome);
    const trouble = troubleOf(outcome);
    if (trouble !== undefined) await onTrouble(trouble, lot);
  }

  async #recalled({ index }: Lot): Promise<FuzzOutcome | undefined> {
    const known = this.#past.get(index);
    this.#past.delete(index);
    if (known !== undefined) await this.#plan.breathe();
    return known;
  }

  #outcomeOf(worker: FuzzWorker, lot: Lot): Promise<FuzzOutcome> {
    const { strategy, release } = this.#plan;
    const learns = strategy === 'guided';
    return worker.run({ kind: 'run', lot, learns, ...(release !== undefined && { release }) });
  }

  #fold(outcome: FuzzOutcome): void {
    this.campaign.add(outcome);
    this.#search.ended(outcome);
    this.#frontier.ended(outcome.index);
    if (outcome.kind === 'kept') this.#lots.delete(outcome.index);
  }

  /** One that no run can stand for any more but the one that does: all before it have ended. */
  #settledGroup(): FailureGroup | undefined {
    const reached = this.#frontier.first;
    return this.campaign.failures.find((group) => group.index < reached && !this.#taken.has(groupKey(group)));
  }

  async #shrink(worker: FuzzWorker, group: FailureGroup): Promise<void> {
    const { release, shrinkMs } = this.#plan;
    const { promise } = group;
    const job = { kind: 'shrink', lot: this.#lotOf(group), promise, timeMs: shrinkMs } as const;
    const shrunk = await worker.shrink({ ...job, ...(release !== undefined && { release }) });
    if (!this.#isStopped) await this.#save(group, shrunk);
  }

  async #save(group: FailureGroup, shrunk: ShrunkFailure | undefined): Promise<void> {
    const file = await this.#plan.save(group, this.#lotOf(group), shrunk);
    if (file !== undefined) this.#files.set(groupKey(group), file);
  }

  #lotOf({ index }: FailureGroup): Lot {
    return defined(this.#lots.get(index), 'a lot');
  }
}
