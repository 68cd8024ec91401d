import { fuzzJunit } from '../../../reports/fuzz/fuzz-junit.ts';
import type { FuzzReport } from '../../../reports/fuzz/fuzz-report.ts';
import { isClean, troubled } from '../../../reports/fuzz/fuzz-report.ts';
import { fuzzText } from '../../../reports/fuzz/fuzz-text.ts';
import { annotations, jobSummary } from '../../../reports/fuzz/github.ts';
import type { CommandLineDeps, OutputFile } from '../deps.ts';
import { ExitStatus } from '../exit-status.ts';
import { openReport, textStyle } from '../outputs.ts';

export interface PublishOptions {
  readonly json?: boolean;
  readonly junit?: string;
}

/** Opened before anything runs: a path that can't be written must not surface after an hour. */
export const openJunit = (deps: CommandLineDeps, { junit }: PublishOptions): OutputFile | undefined =>
  junit === undefined ? undefined : openReport(deps, junit);

/** The report, to all who want it: standard output, a JUnit file, and GitHub where it is there. */
export function publish(
  deps: CommandLineDeps,
  report: FuzzReport,
  isJson: boolean,
  junit: OutputFile | undefined,
): void {
  deps.stdout.write(isJson ? `${JSON.stringify(report)}\n` : fuzzText(report, textStyle(deps)));
  junit?.write(fuzzJunit(report));
  junit?.close();
  if (deps.env.GITHUB_ACTIONS !== undefined) tellGithub(deps, report);
}

/** On standard error, so that standard output stays what it is; GitHub reads both. */
function tellGithub(deps: CommandLineDeps, report: FuzzReport): void {
  for (const line of annotations(report)) deps.stderr.write(`${line}\n`);
  const summary = deps.env.GITHUB_STEP_SUMMARY ?? '';
  if (summary === '') return;
  try {
    // Other commands of the same step write to it too.
    deps.files.write(summary, `${deps.files.read(summary) ?? ''}${jobSummary(report)}`);
  } catch (error) {
    deps.stderr.write(
      `cannot write the job summary: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}

/** A run without a verdict goes before a failure: it is a defect of Zabsim's, and what it would have found nobody knows. */
export function statusOf(report: FuzzReport): ExitStatus {
  if (report.interrupted) return ExitStatus.INTERRUPTED;
  if (report.troubles.length > 0 || troubled(report).length > 0) return ExitStatus.OWN_BUG;
  return isClean(report) ? ExitStatus.GREEN : ExitStatus.RED;
}
