import type { ExpectationResult, PromiseResult, RunResult } from '../sim/result.ts';
import { fromMs } from '../sim/time.ts';
import type { Palette } from './colours.ts';
import { displayWidth, pad, printable, wrap } from './display-width.ts';
import { evidenceLines, indented } from './evidence-text.ts';
import { clockTime, counted } from './numbers.ts';

/** Promises and expectations with their marks, and the evidence below whatever is red. */
export const KEPT = '✔';
export const BROKEN = '✘';
/** Neither: nothing in this run could have broken it. */
const NOT_TESTED = '-';
/** Nobody is to blame: a fault was more than ZooKeeper promises to survive, or a run could not be live. */
const EXCUSED = '~';
/** Neither kept nor broken: a limit was reached. */
const UNKNOWN = '?';
/** The promise that a run's liveness belongs to. */
export const LIVENESS = 'liveness';
const INDENT = 4;
const KNOWN_GAP = 'what many take for promised, and ZooKeeper does not promise, was missed:';

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
  return [...promiseHead(promise, nameWidth, width, palette), ...evidenceLines(promise, width, palette)];
}

function promiseHead(promise: PromiseResult, nameWidth: number, width: number, palette: Palette): string[] {
  const { name, kept, checked, voidedBy, unknown, knownGap } = promise;
  const title = pad(name, nameWidth);
  const times = checked === 0 ? 'nothing to check in this run' : `checked ${counted(checked, 'time')}`;
  const noted = (mark: string, text: string): string[] => notedLines(`${mark} ${title}`, text, width);
  if (unknown !== undefined) return noted(UNKNOWN, `UNKNOWN, ${times}: ${unknown}`).map(palette.bad);
  if (voidedBy !== undefined) return noted(EXCUSED, `VOID since ${voidedBy}`).map(palette.warning);
  if (!kept) return noted(BROKEN, `BROKEN, ${times}`).map(palette.bad);
  if (knownGap !== undefined) return noted(KEPT, `${times}; ${KNOWN_GAP}`).map(palette.warning);
  if (checked === 0) return noted(NOT_TESTED, times).map(palette.faint);
  return [`  ${palette.good(KEPT)} ${title}  ${palette.faint(times)}`];
}

function livenessLines(
  { atMs, excuse }: RunResult['liveness'],
  nameWidth: number,
  width: number,
  palette: Palette,
): string[] {
  const title = pad(LIVENESS, nameWidth);
  if (excuse !== undefined)
    return notedLines(`${EXCUSED} ${title}`, `EXCUSED: ${excuse}`, width).map(palette.warning);
  if (atMs === undefined) return [palette.faint(`  ${NOT_TESTED} ${title}  nothing to check in this run`)];
  const when = `a write was answered at ${clockTime(fromMs(atMs))}`;
  return [`  ${palette.good(KEPT)} ${title}  ${palette.faint(when)}`];
}

/** What is said of a promise beside its name, on as many lines as it takes. */
function notedLines(title: string, text: string, width: number): string[] {
  const indent = 2 + displayWidth(title) + 2;
  const [first = '', ...more] = wrap(printable(text), width - indent);
  return [`  ${title}  ${first}`, ...more.map((line) => ' '.repeat(indent) + line)];
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
