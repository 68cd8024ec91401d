import type { PromiseResult } from '../sim/result.ts';
import type { Palette } from './colours.ts';
import { displayWidth, printable, wrap } from './display-width.ts';

/** What stands below a promise that is not simply kept: why, and the events of the trace that lead there. */
const INDENT = 6;
/** How much further in an event goes on that does not fit on a line. */
const HANGING = 4;

export function evidenceLines(promise: PromiseResult, width: number, palette: Palette): string[] {
  const { evidence = [], slice = [], knownGap = [] } = promise;
  return [
    ...[...evidence, ...knownGap].flatMap((line) => indented(line, width)),
    ...(slice.length === 0 ? [] : indented('how it came:', width)).map(palette.faint),
    ...slice.flatMap((line) => eventLines(line, width, INDENT + 2)).map(palette.faint),
  ];
}

/** Keeps its own line breaks and indentation, which may line things up. */
export function indented(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const own = INDENT + Math.min(16, line.length - line.trimStart().length);
    return wrap(printable(line), width - own).map((piece) => ' '.repeat(own) + piece);
  });
}

/** An event as the trace prints it, with its columns of time and party. */
export function eventLines(event: string, width: number, indent: number): string[] {
  const text = printable(event);
  const room = width - indent;
  const cut = lastBlankWithin(text, room);
  const more = cut === undefined ? [] : wrap(text.slice(cut), room - HANGING);
  return [
    ' '.repeat(indent) + text.slice(0, cut),
    ...more.map((line) => ' '.repeat(indent + HANGING) + line),
  ];
}

/** Undefined: it all fits. */
function lastBlankWithin(text: string, columns: number): number | undefined {
  let at = text.length;
  while (at > 0 && displayWidth(text.slice(0, at)) > columns) at = text.lastIndexOf(' ', at - 1);
  return at === text.length ? undefined : Math.max(0, at);
}
