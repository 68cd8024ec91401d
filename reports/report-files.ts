import { PLAIN } from './colours.ts';
import { JsonReporter, JunitReporter, TextReporter, type Reporter, type Write } from './reporter.ts';

/** `--report FORMAT=FILE`: the formats, and the reporter behind each. The command line opens the files. */
export const REPORT_FORMATS = ['text', 'json', 'junit'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportFile {
  readonly format: ReportFormat;
  readonly file: string;
}

/** Width of a text report in a file, which has no terminal to ask. */
const FILE_COLUMNS = 120;

/** `junit=out.xml`; undefined when it is not of the form FORMAT=FILE with a known format. */
export function parseReportFile(text: string): ReportFile | undefined {
  const at = text.indexOf('=');
  const format = REPORT_FORMATS.find((known) => known === text.slice(0, Math.max(0, at)));
  const file = text.slice(at + 1);
  return format === undefined || file === '' ? undefined : { format, file };
}

export function reporterFor(format: ReportFormat, write: Write): Reporter {
  switch (format) {
    case 'text':
      return new TextReporter(write, { columns: FILE_COLUMNS, palette: PLAIN });
    case 'json':
      return new JsonReporter(write);
    case 'junit':
      return new JunitReporter(write);
  }
}
