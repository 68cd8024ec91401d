import type { FuzzReport } from '../../../reports/fuzz/fuzz-report.ts';
import { groupKey, runsOfShard, WHOLE } from '../../fuzz/campaign.ts';
import { PROFILES, type ProfileName } from '../../fuzz/fuzz-plan.ts';
import type { CommandLineDeps } from '../deps.ts';
import type { ExitStatus } from '../exit-status.ts';
import { chooseSeeds } from '../seeds.ts';
import { UsageError } from '../errors.ts';
import { checkRelease } from '../release.ts';
import { failureSaver } from './save.ts';
import { retryFailures, type Retried } from './failure-files.ts';
import { FuzzProgress } from './fuzz-progress.ts';
import { Hunt } from './hunt.ts';
import type { FuzzOptions } from './options.ts';
import { openJunit, publish, statusOf } from './publish.ts';
import { reportOf } from './report-of.ts';
import type { FuzzWorker } from './worker-jobs.ts';

const DEFAULT_RUNS = 1000;
/** How often the campaign is looked at. */
const LOOK_MS = 100;

/** `zabsim fuzz`: a campaign, from what is remembered of earlier ones to the report. */
export async function fuzz(deps: CommandLineDeps, options: FuzzOptions): Promise<ExitStatus> {
  if (options.release !== undefined) checkRelease(options.release);
  const profile = profileNamed(options.profile);
  const seed = chooseSeeds(options.seed === undefined ? {} : { seed: options.seed }, deps).at(0);
  // One run is a shard of so many that no other is in it.
  const { only, release, shard = only === undefined ? WHOLE : { part: only + 1, of: only + 1 } } = options;
  const asked = askedFor(options);
  const junit = openJunit(deps, options);
  // Failures of earlier campaigns come first: what is known to be broken needs no luck to be found.
  const remembered = only === undefined ? await retryFailures(deps, options.failures) : [];
  const machine = await deps.machine();
  const startedMs = deps.nowMs();
  const untilMs = 'timeMs' in asked ? startedMs + asked.timeMs : Infinity;
  const hunt = new Hunt({
    seed,
    profile,
    ...(release !== undefined && { release }),
    shard,
    runs: 'runs' in asked ? runsOfShard(shard, asked.runs) : Infinity,
    shrinkMs: options.shrinkTime,
    hasTime: () => deps.nowMs() < untilMs,
    known: knownFiles(remembered),
    save: failureSaver(deps, { folder: options.failures, seed, profile, release }),
  });
  const limits = { timeoutMs: options.runTimeout, heapMb: options.runMemory };
  const jobs = only === undefined ? (options.jobs ?? machine.cores) : 1;
  const workers = Array.from({ length: jobs }, () => machine.startWorker(limits));
  const progress = new FuzzProgress(deps, hunt, asked, shard);
  const isWhole = await watch(deps, hunt, workers, () => progress.update());
  progress.clear();
  await hunt.saveTheRest();
  const report = reportOf(deps, hunt, {
    options,
    seed,
    asked,
    remembered,
    interrupted: !isWhole,
    seconds: (deps.nowMs() - startedMs) / 1000,
  });
  publish(deps, report, options.json === true, junit);
  return statusOf(report);
}

function askedFor({ runs, time, only }: FuzzOptions): FuzzReport['asked'] {
  if (time !== undefined) return { timeMs: time };
  return { runs: only === undefined ? (runs ?? DEFAULT_RUNS) : only + 1 };
}

function profileNamed(name: string): ProfileName {
  const found = PROFILES.find((profile) => profile === name);
  if (found === undefined)
    throw new UsageError(`--profile: expected one of ${PROFILES.join(', ')}, not ${name}`);
  return found;
}

/** A defect that is remembered has its file, and needs no other. */
const knownFiles = (retried: readonly Retried[]): ReadonlyMap<string, string> =>
  new Map(retried.flatMap((one) => (one.state === 'failing' ? [[groupKey(one), one.file]] : [])));

/** False when it was interrupted. */
async function watch(
  deps: CommandLineDeps,
  hunt: Hunt,
  workers: readonly FuzzWorker[],
  onLook: () => void,
): Promise<boolean> {
  const machine = await deps.machine();
  const hunting = hunt.run(workers).then(() => true);
  try {
    for (;;) {
      if (await Promise.race([hunting, machine.pause(LOOK_MS).then(() => false)])) return true;
      onLook();
      if (!deps.isInterrupted()) continue;
      hunt.stop();
      return false;
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
}
