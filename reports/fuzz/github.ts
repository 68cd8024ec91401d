import { counted, grouped } from '../numbers.ts';
import { replayCommand } from '../reproduce.ts';
import { stillFailing, troubled, type FuzzReport } from './fuzz-report.ts';
import { troubleText, verdict } from './fuzz-text.ts';

/** A campaign for GitHub: a line a failure that shows up at the top of the job, and a page in Markdown for its summary. */
export function annotations(report: FuzzReport): string[] {
  const { failures, troubles } = report;
  return [
    ...failures.map(({ promise, evidence, reproduce }) => error(promise, [...evidence, reproduce])),
    ...troubles.map((trouble) => error(`run ${trouble.seed}`, [troubleText(trouble), trouble.reproduce])),
    ...troubled(report).map((one) => error(one.file, [troubleText(one), replayCommand(one.file)])),
    ...stillFailing(report).map(({ file, promise, evidence }) =>
      error(promise, ['not fixed since it was found', ...evidence, replayCommand(file)]),
    ),
  ];
}

/** A workflow command is one line: what would end it, or a property of it, is written in percent. */
const error = (title: string, lines: readonly string[]): string =>
  `::error title=${escapedProperty(`zabsim: ${title}`)}::${escapedData(lines.join('\n'))}`;

const escapedData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapedProperty = (text: string): string =>
  escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

export function jobSummary(report: FuzzReport): string {
  const { runs, seed, failures, troubles, coverage } = report;
  const fixed = report.remembered.filter((one) => one.state === 'fixed');
  const reached = Object.values(coverage).filter((times) => times > 0).length;
  const lines = [
    `### zabsim fuzz: ${verdict(report)}`,
    '',
    `${counted(runs, 'run')} from the seed \`${seed}\`, ${grouped(Math.round(report.seconds))} s; ` +
      `${reached} of ${Object.keys(coverage).length} situations reached.`,
    ...failures.flatMap((failure) => [
      '',
      `**${failure.promise}** in ${counted(failure.runs, 'run')}`,
      ...fenced([...failure.evidence, failure.reproduce]),
    ]),
    ...troubles.flatMap((trouble) => [
      '',
      `**run ${trouble.seed}** gave no verdict`,
      ...fenced([troubleText(trouble), trouble.reproduce]),
    ]),
    ...troubled(report).flatMap((one) => [
      '',
      `**${one.file}** gave no verdict`,
      ...fenced([troubleText(one), replayCommand(one.file)]),
    ]),
    ...stillFailing(report).flatMap(({ promise, file, evidence }) => [
      '',
      `**${promise}** is not fixed since it was found`,
      ...fenced([...evidence, replayCommand(file)]),
    ]),
    ...(fixed.length === 0 ? [] : ['']),
    ...fixed.map(({ movedTo, promise }) => `- fixed: \`${movedTo}\` (${promise})`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Evidence may quote anything, so the fence is longer than any run of backticks in it. */
function fenced(lines: readonly string[]): string[] {
  const runs = lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return ['', `${fence}text`, ...lines, fence];
}
