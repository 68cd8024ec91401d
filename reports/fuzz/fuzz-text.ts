import { wrap } from '../display-width.ts';
import { usableWidth } from '../layout.ts';
import { counted, duration, grouped } from '../numbers.ts';
import { replayCommand } from '../reproduce.ts';
import type { Palette } from '../colours.ts';
import type { TextStyle } from '../terminal.ts';
import { BROKEN, KEPT } from '../verdict-text.ts';
import {
  isClean,
  stillFailing,
  troubled,
  type FuzzFailure,
  type FuzzReport,
  type FuzzTrouble,
  type Remembered,
} from './fuzz-report.ts';

/** A campaign for people: how much ran, what it came across, what broke, and the lines that show it again. */
export function fuzzText(report: FuzzReport, { columns, palette }: TextStyle): string {
  const width = usableWidth(columns);
  const parts = [
    coverageLines(report, palette),
    ...report.failures.map((failure) => failureLines(failure, report, width, palette)),
    ...report.troubles.map((trouble) => troubleLines(trouble, palette)),
    ...stillFailing(report).map((failure) => stillFailingLines(failure, width, palette)),
    report.remembered.flatMap((one) => rememberedLine(one, palette)),
    conclusion(report, width, palette),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function coverageLines({ coverage }: FuzzReport, palette: Palette): string[] {
  const rows = Object.entries(coverage).map(([name, times]) => ({ name, text: grouped(times), times }));
  const widest = Math.max(...rows.map(({ text }) => text.length));
  const lines = rows.map(({ name, text, times }) => {
    const line = `${text.padStart(widest)}  ${name}`;
    return times === 0 ? palette.warning(line) : line;
  });
  return [palette.strong('How often, all runs together'), ...lines];
}

function failureLines(failure: FuzzFailure, report: FuzzReport, width: number, palette: Palette): string[] {
  const { promise, evidence, runs, seed, file, reproduce } = failure;
  return [
    palette.bad(`${BROKEN} ${promise}: ${counted(runs, 'run')} of ${grouped(report.runs)}, first ${seed}`),
    ...indented(evidence, width),
    ...(file === undefined ? [] : [`    ${palette.faint(`written to ${file}`)}`]),
    palette.strong(reproduce),
  ];
}

function troubleLines(trouble: FuzzTrouble, palette: Palette): string[] {
  const { seed, file, reproduce } = trouble;
  return [
    palette.bad(`${BROKEN} the run ${seed} ${troubleText(trouble)}`),
    ...(file === undefined ? [] : [`    ${palette.faint(`written to ${file}`)}`]),
    palette.strong(reproduce),
  ];
}

/** What happened to a run that gave no verdict: Zabsim's own fault. */
export function troubleText({ kind, error = '' }: Pick<FuzzTrouble, 'kind' | 'error'>): string {
  if (kind === 'threw') return `failed an assertion of Zabsim's own: ${error}`;
  return kind === 'hung' ? `did not end: ${error}` : `took too much memory: ${error}`;
}

function stillFailingLines(
  { promise, file, evidence }: Extract<Remembered, { state: 'failing' }>,
  width: number,
  palette: Palette,
): string[] {
  return [
    palette.bad(`${BROKEN} ${promise}: not fixed since it was found`),
    ...indented(evidence, width),
    palette.strong(replayCommand(file)),
  ];
}

function rememberedLine(one: Remembered, palette: Palette): string[] {
  if (one.state === 'fixed')
    return [palette.good(`${KEPT} fixed: ${one.movedTo} no longer breaks ${one.promise}`)];
  if (one.state === 'troubled')
    return [
      palette.bad(`${BROKEN} ${one.file}, tried again, ${troubleText(one)}`),
      palette.strong(replayCommand(one.file)),
    ];
  return one.state === 'unusable' ? [palette.warning(`? ${one.file} was not tried again: ${one.why}`)] : [];
}

const indented = (lines: readonly string[], width: number): string[] =>
  lines.flatMap((line) => wrap(line, width - 4).map((part) => `    ${part}`));

function conclusion(report: FuzzReport, width: number, palette: Palette): string[] {
  const isGreen = isClean(report);
  const sentence = `${isGreen ? KEPT : BROKEN} ${amount(report)}: ${verdict(report)} ${cost(report)}`;
  return wrap(sentence, width).map(isGreen ? palette.good : palette.bad);
}

function amount({ runs, seed, shard, asked, interrupted }: FuzzReport): string {
  const part = shard === undefined ? '' : `, shard ${shard.part}/${shard.of}`;
  const planned = 'runs' in asked ? ` of ${grouped(asked.runs)}` : '';
  const stopped = interrupted ? `${planned}, then stopped` : '';
  return `${counted(runs, 'run')}${stopped} from the seed ${seed}${part}`;
}

/** `2 promises broken`, said of a whole campaign. */
export function verdict(report: FuzzReport): string {
  const { runs, failures, troubles } = report;
  const failing = stillFailing(report).length;
  const unknown = troubles.length + troubled(report).length;
  const bad = [
    ...(failures.length === 0 ? [] : [counted(failures.length, 'failure')]),
    ...(unknown === 0 ? [] : [`${counted(unknown, 'run')} without a verdict`]),
    ...(failing === 0 ? [] : [`${counted(failing, 'remembered failure')} not fixed`]),
  ];
  if (bad.length > 0) return `${bad.join(', ')}.`;
  return runs === 0 ? 'nothing is proven.' : 'every promise was kept in each of them.';
}

const MS_PER_HOUR = 3_600_000;

const cost = ({ events, virtualMs, seconds, runsPerSecond }: FuzzReport): string =>
  `${counted(events, 'event')}, ${(virtualMs / MS_PER_HOUR).toFixed(1)} virtual hours in ` +
  `${duration(seconds * 1000)} (${runsPerSecond} runs/s).`;
