import { defined } from '../assert.ts';
import type { Complaints, Place } from './problem.ts';

/**
 * java.util.Properties.load, with the place of every character kept: `=`, `:` or a blank separates key and value,
 * `#` and `!` begin a comment, an odd number of backslashes at the end of a line joins it with the next, `\t`, `\n`,
 * `\r`, `\f` and `\uXXXX` are escapes and any other backslash is dropped.
 */
export interface Property {
  readonly key: string;
  /** Not trimmed at its end: Properties keeps trailing blanks. */
  readonly value: string;
  readonly keyAt: Place;
  /** Where each character of the value stands, and where the value ends. */
  readonly valueAt: readonly Place[];
}

/** The place of the value's character `offset`, or of its end. */
export const placeIn = (property: Property, offset: number): Place =>
  property.valueAt[offset] ?? defined(property.valueAt.at(-1), 'the end of a value');

interface Char {
  readonly char: string;
  readonly escaped: boolean;
  readonly place: Place;
}

const BLANKS = ' \t\f';
const isBlank = (char: Char | undefined): boolean =>
  char !== undefined && !char.escaped && BLANKS.includes(char.char);

export function parseProperties(text: string, complaints: Complaints): Property[] {
  const properties: Property[] = [];
  for (const line of logicalLines(text)) {
    const chars = unescape(line, complaints);
    if (chars.length > 0) properties.push(toProperty(chars, endOf(line)));
  }
  return properties;
}

/** Natural lines without comments and blank ones, continuation lines joined; each character with its place. */
function logicalLines(text: string): Char[][] {
  const lines: Char[][] = [];
  let open: Char[] | undefined;
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const chars = [...withPlaces(raw, index + 1)];
    const first = chars.findIndex((char) => !isBlank(char));
    const content = first < 0 ? [] : chars.slice(first);
    if (open === undefined && (content.length === 0 || isComment(content))) continue;
    const line: Char[] = open ?? [];
    const goesOn = endsInOddBackslashes(content);
    line.push(...(goesOn ? content.slice(0, -1) : content));
    if (open === undefined) lines.push(line);
    open = goesOn ? line : undefined;
  }
  return lines.filter((line) => line.length > 0);
}

function* withPlaces(raw: string, line: number): Generator<Char> {
  for (let i = 0; i < raw.length; i++) {
    yield { char: raw.charAt(i), escaped: false, place: { line, column: i + 1 } };
  }
}

const isComment = (content: readonly Char[]): boolean => '#!'.includes(content[0]?.char ?? ' ');

function endsInOddBackslashes(content: readonly Char[]): boolean {
  let backslashes = 0;
  while (content.at(-1 - backslashes)?.char === '\\') backslashes++;
  return backslashes % 2 === 1;
}

const ESCAPES = new Map([
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
  ['f', '\f'],
]);

function unescape(line: readonly Char[], complaints: Complaints): Char[] {
  const chars: Char[] = [];
  for (let i = 0; i < line.length; i++) {
    const at = defined(line[i], 'a character');
    const next = line[i + 1];
    if (at.char !== '\\' || next === undefined) {
      chars.push(at);
    } else if (next.char === 'u') {
      chars.push({ char: unicode(line, i, complaints), escaped: true, place: at.place });
      i += 5;
    } else {
      chars.push({ char: ESCAPES.get(next.char) ?? next.char, escaped: true, place: at.place });
      i++;
    }
  }
  return chars;
}

function unicode(line: readonly Char[], from: number, complaints: Complaints): string {
  const digits = line
    .slice(from + 2, from + 6)
    .map((char) => char.char)
    .join('');
  if (/^[0-9a-fA-F]{4}$/.test(digits)) return String.fromCharCode(Number.parseInt(digits, 16));
  const { place } = defined(line[from], 'a backslash');
  complaints.problem(place, `malformed escape \`\\u${digits}\``, 'four hexadecimal digits after `\\u`');
  return '';
}

function toProperty(chars: readonly Char[], end: Place): Property {
  const keyEnd = chars.findIndex((char) => isBlank(char) || isSeparator(char));
  const key = keyEnd < 0 ? chars : chars.slice(0, keyEnd);
  let from = keyEnd < 0 ? chars.length : keyEnd;
  while (isBlank(chars[from])) from++;
  if (isSeparator(chars[from])) from++;
  while (isBlank(chars[from])) from++;
  const value = chars.slice(from);
  return {
    key: textOf(key),
    value: textOf(value),
    keyAt: (chars[0] ?? { place: end }).place,
    valueAt: [...value.map((char) => char.place), end],
  };
}

const isSeparator = (char: Char | undefined): boolean =>
  char !== undefined && !char.escaped && (char.char === '=' || char.char === ':');
const textOf = (chars: readonly Char[]): string => chars.map((char) => char.char).join('');

function endOf(line: readonly Char[]): Place {
  const { place } = defined(line.at(-1), 'a last character');
  return { line: place.line, column: place.column + 1 };
}
