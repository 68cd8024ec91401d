import { displayWidth, printable, truncate, wrap } from './display-width.ts';
import type { Note } from './timeline-rows.ts';

/** The text of one cell: notes and counts, filled into lines of a given width. */
const MAX_LINES_A_NOTE = 3;

export function notesToLines(notes: readonly Note[], width: number): string[] {
  return fill(
    notes.map((note) => noteLines(note, width)),
    width,
  );
}

export function wordsToLines(words: readonly string[], width: number): string[] {
  return fill(
    words.map((word) => wrap(word, width)),
    width,
  );
}

/** Notes of one line share it, with a comma between them, as long as they fit. */
function fill(blocks: readonly (readonly string[])[], width: number): string[] {
  const lines: string[] = [];
  for (const [first = '', ...more] of blocks) {
    const last = lines.at(-1);
    const joined = `${last ?? ''}, ${first}`;
    if (last !== undefined && more.length === 0 && displayWidth(joined) <= width)
      lines[lines.length - 1] = joined;
    else lines.push(first, ...more);
  }
  return lines;
}

function noteLines({ text, shorter }: Note, width: number): string[] {
  const clean = printable(text);
  const fitting = [clean, ...(shorter ?? [])].find((form) => displayWidth(form) <= width);
  if (fitting !== undefined) return [fitting];
  const lines = wrap(shorter?.at(-1) ?? clean, width);
  if (lines.length <= MAX_LINES_A_NOTE) return lines;
  const cut = lines.slice(MAX_LINES_A_NOTE - 1).join(' ');
  return [...lines.slice(0, MAX_LINES_A_NOTE - 1), truncate(cut, width)];
}
