import {
  Campaign,
  groupKey,
  indexInShard,
  seedOfRun,
  type FailureGroup,
  type Shard,
} from '../../fuzz/campaign.ts';
import type { ProfileName } from '../../fuzz/fuzz-plan.ts';
import type { FuzzOutcome } from '../../fuzz/outcome.ts';
import { Frontier } from './frontier.ts';
import type { FuzzWorker, ShrunkFailure } from './worker-jobs.ts';

/** The runs of a campaign, as one process sees them. */
export interface HuntPlan {
  readonly seed: string;
  readonly profile: ProfileName;
  readonly release?: string;
  readonly shard: Shard;
  /** Of this shard; Infinity where time is the limit. */
  readonly runs: number;
  readonly shrinkMs: number;
  /** Asked before every run. */
  readonly hasTime: () => boolean;
  /** Files of defects that are remembered from earlier campaigns, by group. */
  readonly known: ReadonlyMap<string, string>;
  /** Writes a failure to its file, and says which. `shrunk`: undefined where that went wrong. */
  readonly save: (group: FailureGroup, shrunk: ShrunkFailure | undefined) => Promise<string | undefined>;
}

/** Gives runs to workers until there are none left, and has every new defect shrunk and saved as soon as it is known which run stands for it. */
export class Hunt {
  readonly campaign = new Campaign();
  readonly #files: Map<string, string>;
  readonly #plan: HuntPlan;
  readonly #frontier = new Frontier();
  /** Groups that are shrunk, or are being shrunk. */
  readonly #taken: Set<string>;
  #given = 0;
  #isStopped = false;

  constructor(plan: HuntPlan) {
    this.#plan = plan;
    this.#files = new Map(plan.known);
    this.#taken = new Set(plan.known.keys());
  }

  async run(workers: readonly FuzzWorker[]): Promise<void> {
    await Promise.all(workers.map((worker) => this.#employ(worker)));
  }

  /** No further job is given out; what ends from now on is not counted. */
  stop(): void {
    this.#isStopped = true;
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
      if (job === undefined) return;
      await job(worker);
    }
  }

  #nextJob(): ((worker: FuzzWorker) => Promise<void>) | undefined {
    if (this.#isStopped) return undefined;
    const group = this.#settledGroup();
    if (group !== undefined) {
      this.#taken.add(groupKey(group));
      return (worker) => this.#shrink(worker, group);
    }
    const { runs, hasTime } = this.#plan;
    if (this.#given >= runs || !hasTime()) return undefined;
    const n = this.#given++;
    return (worker) => this.#runOne(worker, n);
  }

  async #runOne(worker: FuzzWorker, n: number): Promise<void> {
    const index = indexInShard(this.#plan.shard, n);
    const outcome: FuzzOutcome = await worker.run({ kind: 'run', ...this.#job(index) });
    if (this.#isStopped) return;
    this.campaign.add(outcome);
    this.#frontier.ended(n);
  }

  /** One that no run can stand for any more but the one that does: all before it have ended. */
  #settledGroup(): FailureGroup | undefined {
    const reached = indexInShard(this.#plan.shard, this.#frontier.first);
    return this.campaign.failures.find((group) => group.index < reached && !this.#taken.has(groupKey(group)));
  }

  async #shrink(worker: FuzzWorker, group: FailureGroup): Promise<void> {
    const { promise, index } = group;
    const job = { ...this.#job(index), promise, timeMs: this.#plan.shrinkMs };
    const shrunk = await worker.shrink({ kind: 'shrink', ...job });
    if (!this.#isStopped) await this.#save(group, shrunk);
  }

  async #save(group: FailureGroup, shrunk: ShrunkFailure | undefined): Promise<void> {
    const file = await this.#plan.save(group, shrunk);
    if (file !== undefined) this.#files.set(groupKey(group), file);
  }

  #job(index: number): { index: number; seed: string; profile: ProfileName; release?: string } {
    const { seed, profile, release } = this.#plan;
    return { index, seed: seedOfRun(seed, index), profile, ...(release !== undefined && { release }) };
  }
}
