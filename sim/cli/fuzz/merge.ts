import type { FuzzReport } from '../../../reports/fuzz/fuzz-report.ts';
import { mergedReport, MergeRefused } from '../../../reports/fuzz/merged-report.ts';
import type { CommandLineDeps } from '../deps.ts';
import { UsageError } from '../errors.ts';
import type { ExitStatus } from '../exit-status.ts';
import { openJunit, publish, statusOf, type PublishOptions } from './publish.ts';

export type MergeOptions = PublishOptions;

/** `zabsim merge FILE…`: the report of the whole campaign, with the exit status that it would have had. */
export function mergeReports(
  deps: CommandLineDeps,
  paths: readonly string[],
  options: MergeOptions,
): ExitStatus {
  const shards = paths.map((path) => ({ path, report: readReport(deps, path) }));
  try {
    const report = mergedReport(shards);
    publish(deps, report, options.json === true, openJunit(deps, options));
    return statusOf(report);
  } catch (error) {
    if (error instanceof MergeRefused) throw new UsageError(error.message);
    throw error;
  }
}

function readReport({ files }: CommandLineDeps, path: string): FuzzReport {
  const text = files.read(path);
  if (text === undefined) throw new UsageError(`there is no file ${path}`);
  const report = parsed(text);
  if (!isReport(report)) throw new UsageError(`${path} is not what \`zabsim fuzz --json\` prints`);
  return report;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const LISTS = ['failures', 'troubles', 'remembered'] as const;
const NUMBERS = ['runs', 'seconds', 'events', 'virtualMs'] as const;

/** All that merging counts on. */
function isReport(value: unknown): value is FuzzReport {
  if (typeof value !== 'object' || value === null) return false;
  const report = value as Partial<Record<string, unknown>>;
  return (
    typeof report.seed === 'string' &&
    typeof report.asked === 'object' &&
    report.asked !== null &&
    typeof report.coverage === 'object' &&
    report.coverage !== null &&
    LISTS.every((name) => Array.isArray(report[name])) &&
    NUMBERS.every((name) => typeof report[name] === 'number')
  );
}
