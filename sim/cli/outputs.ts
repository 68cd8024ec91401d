import { colourLevel, createPalette, detectedLevels } from '../../reports/colours.ts';
import { reporterFor, type ReportFile } from '../../reports/report-files.ts';
import { JsonReporter, TextReporter, type Reporter, type Write } from '../../reports/reporter.ts';
import type { RunRecord, UnfinishedRun } from '../../reports/run-record.ts';
import type { TableStyle } from '../../reports/table.ts';
import type { TextStyle } from '../../reports/terminal.ts';
import type { CommandLineDeps, OutputFile } from './deps.ts';
import { UsageError } from './errors.ts';

/** Where the results go: standard output, in text or JSON, and every file of `--report`. */
const DEFAULT_COLUMNS = 100;

export interface OutputOptions {
  readonly json?: boolean;
  readonly report?: readonly ReportFile[];
}

export class Outputs implements Required<Reporter> {
  readonly #reporters: readonly Reporter[];
  readonly #files: readonly OutputFile[];

  /** Opens the files at once: a path that can't be written must not surface after an hour of runs. */
  constructor(deps: CommandLineDeps, options: OutputOptions, write: Write) {
    const opened = (options.report ?? []).map(({ format, file }) => ({
      format,
      file: openReport(deps, file),
    }));
    this.#files = opened.map(({ file }) => file);
    this.#reporters = [
      options.json === true ? new JsonReporter(write) : terminalReporter(deps, write),
      ...opened.map(({ format, file }) => reporterFor(format, (text) => file.write(text))),
    ];
  }

  beginScenario(scenario: string, seeds: string, runs: number): void {
    for (const reporter of this.#reporters) reporter.beginScenario?.(scenario, seeds, runs);
  }

  onRun(record: RunRecord): void {
    for (const reporter of this.#reporters) reporter.onRun(record);
  }

  onInterrupted(run: UnfinishedRun): void {
    for (const reporter of this.#reporters) reporter.onInterrupted?.(run);
  }

  endScenario(): void {
    for (const reporter of this.#reporters) reporter.endScenario?.();
  }

  end(): void {
    for (const reporter of this.#reporters) reporter.end?.();
    for (const file of this.#files) file.close();
  }
}

const terminalReporter = (deps: CommandLineDeps, write: Write): Reporter =>
  new TextReporter(write, textStyle(deps));

/** For text that people read on standard output. */
export const textStyle = ({ stdout, env }: CommandLineDeps): TextStyle => ({
  columns: stdout.columns ?? DEFAULT_COLUMNS,
  palette: createPalette(colourLevel(env, stdout.isTty, detectedLevels.stdout)),
});

/** For tables, of which nothing is broken where output is piped. */
export const tableStyle = (deps: CommandLineDeps): TableStyle => ({
  ...textStyle(deps),
  columns: deps.stdout.columns,
});

/** UsageError where it can't be written. */
export function openReport(deps: CommandLineDeps, path: string): OutputFile {
  try {
    return deps.openFile(path);
  } catch (error) {
    throw new UsageError(
      `cannot write the report: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
