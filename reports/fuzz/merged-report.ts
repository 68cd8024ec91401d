import { groupKey, together } from '../../sim/fuzz/campaign.ts';
import { listed } from '../numbers.ts';
import type { FuzzFailure, FuzzReport } from './fuzz-report.ts';

/** Reports that are not the shards of one campaign. */
export class MergeRefused extends Error {
  override readonly name = 'MergeRefused';
}

export interface ShardFile {
  readonly path: string;
  readonly report: FuzzReport;
}

/** What has to be the same in all shards of a campaign. */
const SAME = ['seed', 'asked', 'profile', 'strategy', 'release', 'version', 'only'] as const;

/** The shards of one campaign as the campaign that they are: all of them, each once. */
export function mergedReport(shards: readonly ShardFile[]): FuzzReport {
  const [first, ...others] = shards;
  if (first === undefined) throw new MergeRefused('there is nothing to merge');
  for (const other of others) refuseStranger(first, other);
  refuseGaps(shards);
  const reports = shards.map(({ report }) => report);
  const { version, seed, profile, strategy, release, asked, only } = first.report;
  const runs = sum(reports, ({ runs }) => runs);
  // Shards run side by side, so the slowest says how long it took.
  const seconds = Math.max(...reports.map((report) => report.seconds));
  return {
    version,
    seed,
    profile,
    strategy,
    ...(release !== undefined && { release }),
    asked,
    ...(only !== undefined && { only }),
    interrupted: reports.some(({ interrupted }) => interrupted),
    runs,
    seconds,
    runsPerSecond: seconds > 0 ? Math.round((runs / seconds) * 10) / 10 : 0,
    events: sum(reports, ({ events }) => events),
    virtualMs: sum(reports, ({ virtualMs }) => virtualMs),
    coverage: addedUp(reports.map(({ coverage }) => coverage)),
    failures: grouped(reports.flatMap(({ failures }) => failures)),
    troubles: reports.flatMap(({ troubles }) => troubles).sort((a, b) => a.index - b.index),
    remembered: onceEach(reports.flatMap(({ remembered }) => remembered)),
  };
}

function refuseStranger(first: ShardFile, other: ShardFile): void {
  for (const key of SAME) {
    const [one, two] = [valueText(first.report[key]), valueText(other.report[key])];
    if (one === two) continue;
    throw new MergeRefused(
      `${first.path} and ${other.path} are of different campaigns: ${key} ${one} and ${two}`,
    );
  }
}

const valueText = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));

/** Every shard must be there, and only once. */
function refuseGaps(shards: readonly ShardFile[]): void {
  const of = shards[0]?.report.shard?.of ?? 1;
  const seen = new Map<number, string>();
  for (const { path, report } of shards) {
    const shard = report.shard ?? { part: 1, of: 1 };
    if (shard.of !== of) throw new MergeRefused(`${path} is one of ${shard.of} shards, not of ${of}`);
    const before = seen.get(shard.part);
    if (before !== undefined)
      throw new MergeRefused(`${before} and ${path} are both shard ${shard.part}/${of}`);
    seen.set(shard.part, path);
  }
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter((part) => !seen.has(part));
  if (missing.length > 0)
    throw new MergeRefused(`missing: shard ${listed(missing.map((part) => `${part}/${of}`))}`);
}

const sum = (reports: readonly FuzzReport[], of: (report: FuzzReport) => number): number =>
  reports.reduce((total, report) => total + of(report), 0);

function addedUp(all: readonly FuzzReport['coverage'][]): FuzzReport['coverage'] {
  const total = new Map<string, number>();
  for (const coverage of all)
    for (const [name, times] of Object.entries(coverage)) total.set(name, (total.get(name) ?? 0) + times);
  return Object.fromEntries(total);
}

function grouped(failures: readonly FuzzFailure[]): readonly FuzzFailure[] {
  const groups = new Map<string, FuzzFailure>();
  for (const failure of failures) {
    const before = groups.get(groupKey(failure));
    groups.set(groupKey(failure), before === undefined ? failure : together(before, failure));
  }
  return [...groups.values()].sort((a, b) => a.index - b.index || (groupKey(a) < groupKey(b) ? -1 : 1));
}

/** Every shard has tried what is remembered. */
const onceEach = (remembered: FuzzReport['remembered']): FuzzReport['remembered'] => [
  ...new Map(remembered.map((one) => [one.file, one])).values(),
];
