import type { ExpectationResult, PromiseResult, RunResult } from '../sim/result.ts';
import { fromMs } from '../sim/time.ts';
import type { Palette } from './colours.ts';
import { displayWidth, pad, printable, wrap } from './display-width.ts';
import { clockTime, counted } from './numbers.ts';

/** Promises and expectations with their marks, and the evidence below whatever is red. */
export const KEPT = '✔';
export const BROKEN = '✘';
/** Neither: nothing in this run could have broken it. */
const NOT_TESTED = '-';
/** Nobody is to blame: a fault was more than ZooKeeper promises to survive, or a run could not be live. */
const EXCUSED = '~';
/** The promise that a run's liveness belongs to. */
export const LIVENESS = 'liveness';
const INDENT = 4;

export function promisesText(result: RunResult, width: number, palette: Palette): string[] {
  const { promises, liveness } = result;
  const nameWidth = Math.max(0, ...promises.map(({ name }) => displayWidth(name)));
  const lines = promises.flatMap((promise) => {
    const { name, kept } = promise;
    if (name === LIVENESS && kept) return livenessLines(liveness, nameWidth, width, palette);
    return promiseLines(promise, nameWidth, width, palette);
  });
  return [palette.strong('Promises of ZooKeeper'), ...lines];
}

function promiseLines(promise: PromiseResult, nameWidth: number, width: number, palette: Palette): string[] {
  const { name, kept, checked, evidence, voidedBy } = promise;
  const times = checked === 0 ? 'nothing to check in this run' : `checked ${counted(checked, 'time')}`;
  if (kept && checked === 0) return [palette.faint(`  ${NOT_TESTED} ${pad(name, nameWidth)}  ${times}`)];
  if (kept) return [`  ${palette.good(KEPT)} ${pad(name, nameWidth)}  ${palette.faint(times)}`];
  const seen = (evidence ?? []).flatMap((line) => indented(line, width));
  if (voidedBy === undefined)
    return [palette.bad(`  ${BROKEN} ${pad(name, nameWidth)}  BROKEN, ${times}`), ...seen];
  return [...excusedLines(name, `VOID since ${voidedBy}`, nameWidth, width, palette), ...seen];
}

function livenessLines(
  { atMs, excuse }: RunResult['liveness'],
  nameWidth: number,
  width: number,
  palette: Palette,
): string[] {
  const title = pad(LIVENESS, nameWidth);
  if (excuse !== undefined) return excusedLines(LIVENESS, `EXCUSED: ${excuse}`, nameWidth, width, palette);
  if (atMs === undefined) return [palette.faint(`  ${NOT_TESTED} ${title}  nothing to check in this run`)];
  const when = `a write was answered at ${clockTime(fromMs(atMs))}`;
  return [`  ${palette.good(KEPT)} ${title}  ${palette.faint(when)}`];
}

function excusedLines(
  name: string,
  text: string,
  nameWidth: number,
  width: number,
  palette: Palette,
): string[] {
  const [first = '', ...more] = wrap(printable(text), width - INDENT - nameWidth - 2);
  const rest = more.map((line) => ' '.repeat(INDENT + nameWidth + 2) + line);
  return [`  ${EXCUSED} ${pad(name, nameWidth)}  ${first}`, ...rest].map(palette.warning);
}

export function expectationsText({ expectations }: RunResult, width: number, palette: Palette): string[] {
  if (expectations.length === 0) return [];
  const lines = expectations.flatMap((expectation) => expectationLines(expectation, width, palette));
  return ['', palette.strong('Expectations of the scenario'), ...lines];
}

function expectationLines(expectation: ExpectationResult, width: number, palette: Palette): string[] {
  const { text, met, atMs, seen } = expectation;
  const when = met && atMs !== undefined ? ` (${clockTime(fromMs(atMs))})` : '';
  const [first = '', ...more] = wrap(text + when, width - INDENT);
  const mark = met ? palette.good(KEPT) : palette.bad(BROKEN);
  const rest = more.map((line) => ' '.repeat(INDENT) + line);
  const instead = met || seen === undefined ? [] : indented(`seen instead: ${seen}`, width);
  return [`  ${mark} ${met ? first : palette.bad(first)}`, ...rest, ...instead];
}

/** Evidence keeps its own line breaks and indentation, which may line things up. */
function indented(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const own = INDENT + 2 + Math.min(16, line.length - line.trimStart().length);
    return wrap(printable(line), width - own).map((piece) => ' '.repeat(own) + piece);
  });
}
