import type { FuzzReport } from '../../../reports/fuzz/fuzz-report.ts';
import { groupKey } from '../../fuzz/campaign.ts';
import { indexesOf, WHOLE } from '../../fuzz/shard.ts';
import type { CommandLineDeps } from '../deps.ts';
import type { ExitStatus } from '../exit-status.ts';
import { beginning, journalPath, type Beginning } from './beginning.ts';
import { retryFailures, type Retried } from './failure-files.ts';
import { FuzzProgress } from './fuzz-progress.ts';
import { Hunt, type HuntPlan } from './hunt.ts';
import { planOfLot } from './jobs.ts';
import { openJournal } from './journal-file.ts';
import { Journal } from './journal.ts';
import type { FuzzOptions } from './options.ts';
import { openJunit, publish, statusOf } from './publish.ts';
import { reportOf } from './report-of.ts';
import { failureSaver } from './save.ts';
import { TroubleFiles } from './trouble-files.ts';
import type { FuzzWorker } from './worker-jobs.ts';

/** How often the campaign is looked at. */
const LOOK_MS = 100;

/** All that a campaign has at hand. */
interface Campaigning extends Beginning {
  readonly deps: CommandLineDeps;
  readonly options: FuzzOptions;
  readonly journal: Journal;
  readonly workers: readonly FuzzWorker[];
}

/** `zabsim fuzz`: a campaign, from what is remembered of earlier ones to the report. */
export async function fuzz(deps: CommandLineDeps, options: FuzzOptions): Promise<ExitStatus> {
  const begins = await beginning(deps, options);
  const junit = openJunit(deps, options);
  // One run alone is quickly had again, and no reason to forget a campaign.
  const journal =
    options.only === undefined
      ? openJournal(deps, journalPath(options), begins)
      : new Journal(() => undefined);
  const workers = await startWorkers(deps, options);
  try {
    const report = await campaign({ ...begins, deps, options, journal, workers });
    publish(deps, report, options.json === true, junit);
    return statusOf(report);
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
}

async function startWorkers(deps: CommandLineDeps, options: FuzzOptions): Promise<readonly FuzzWorker[]> {
  const machine = await deps.machine();
  const jobs = options.only === undefined ? (options.jobs ?? machine.cores) : 1;
  const limits = { timeoutMs: options.runTimeout, heapMb: options.runMemory };
  return Array.from({ length: jobs }, () => machine.startWorker(limits));
}

async function campaign(all: Campaigning): Promise<FuzzReport> {
  const { deps, options, begun, past, workers } = all;
  const remembered = await tryAgain(all);
  const startedMs = deps.nowMs() - (past?.spentMs ?? 0);
  const troubleFiles = new TroubleFiles(deps, options.failures);
  const hunt = new Hunt(huntPlan(all, remembered, troubleFiles, () => deps.nowMs() - startedMs));
  const progress = new FuzzProgress(deps, hunt, begun, startedMs);
  const isWhole =
    !deps.isInterrupted() && (await endsUndisturbed(deps, hunt.run(workers), () => progress.update()));
  hunt.stop();
  progress.clear();
  await hunt.saveTheRest();
  return reportOf(hunt, {
    begun,
    only: options.only,
    troubleFiles,
    remembered,
    interrupted: !isWhole,
    seconds: (deps.nowMs() - startedMs) / 1000,
  });
}

/** Failures of earlier campaigns come first: what is known to be broken needs no luck to be found. */
async function tryAgain({ deps, options, past, journal, workers }: Campaigning): Promise<readonly Retried[]> {
  const [worker] = workers;
  if (options.only !== undefined || worker === undefined) return [];
  if (past?.remembered !== undefined) return past.remembered;
  const remembered = await retryFailures(deps, options.failures, async (plan, seed) => {
    if (deps.isInterrupted()) return undefined;
    const outcome = worker.replay({ kind: 'replay', plan, seed });
    return (await endsUndisturbed(deps, outcome)) ? outcome : undefined;
  });
  if (!deps.isInterrupted()) journal.remembered(remembered);
  return remembered;
}

function huntPlan(
  { deps, options, begun, past, journal }: Campaigning,
  remembered: readonly Retried[],
  troubleFiles: TroubleFiles,
  spentMs: () => number,
): HuntPlan {
  const { seed, profile, draws, strategy, release, shard = WHOLE, asked } = begun;
  const { only, failures: folder } = options;
  const runs = 'runs' in asked ? asked.runs : Infinity;
  const save = failureSaver(deps, { folder, seed, profile, strategy, release });
  return {
    seed,
    profile: draws,
    strategy,
    ...(release !== undefined && { release }),
    indexes: () => (only === undefined ? indexesOf(shard, runs) : [only].values()),
    shrinkMs: options.shrinkTime,
    hasTime: () => !('timeMs' in asked) || spentMs() < asked.timeMs,
    known: new Map([...knownFiles(remembered), ...(past?.files ?? [])]),
    past: past?.outcomes ?? new Map(),
    breathe: () => deps.breathe(),
    onEnded: (outcome) => journal.ended(outcome, spentMs()),
    onTrouble: (trouble, lot) => troubleFiles.save(trouble, planOfLot(lot, release)),
    save: async (group, lot, shrunk) => {
      const file = await save(group, lot, shrunk);
      // What is written as it was drawn can still be made smaller when the campaign goes on.
      if (file !== undefined && shrunk !== undefined) journal.saved(group, file, spentMs());
      return file;
    },
  };
}

/** A defect that is remembered has its file, and needs no other. */
const knownFiles = (retried: readonly Retried[]): ReadonlyMap<string, string> =>
  new Map(retried.flatMap((one) => (one.state === 'failing' ? [[groupKey(one), one.file]] : [])));

/** False when it was interrupted. */
async function endsUndisturbed(
  deps: CommandLineDeps,
  work: Promise<unknown>,
  onLook: () => void = () => undefined,
): Promise<boolean> {
  const machine = await deps.machine();
  const ended = work.then(() => true);
  for (;;) {
    if (await Promise.race([ended, machine.pause(LOOK_MS).then(() => false)])) return true;
    onLook();
    if (deps.isInterrupted()) return false;
  }
}
