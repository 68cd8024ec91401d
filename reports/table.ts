import type { Palette } from './colours.ts';
import { displayWidth, pad, printable, wrap } from './display-width.ts';

/** Rows of cells, aligned. */
export interface TableStyle {
  /** Of the terminal. Undefined: output is piped, nothing is broken, and a row is one line. */
  readonly columns: number | undefined;
  readonly palette: Palette;
}

const GAP = 2;

/** Lines of at most `width` columns, if words can be kept whole: where a row does not fit, its widest cells go on below. */
export function tableLines(rows: readonly (readonly string[])[], width: number | undefined): string[] {
  const widths = columnWidths(rows, width ?? Infinity);
  return rows.flatMap((row) => rowLines(row, widths));
}

function columnWidths(rows: readonly (readonly string[])[], width: number): readonly number[] {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => printable(row[column] ?? '')));
  const widths = columns.map((cells) => widest(cells));
  const least = columns.map((cells) => widest(cells.flatMap((cell) => cell.split(' '))));
  const excess = (): number => widths.reduce((sum, each) => sum + each + GAP, -GAP) - width;
  while (excess() > 0) {
    const room = widths.map((each, column) => (each > (least[column] ?? 0) ? each : 0));
    const roomiest = room.indexOf(Math.max(...room));
    if (room[roomiest] === 0) break;
    widths[roomiest] = (widths[roomiest] ?? 0) - 1;
  }
  return widths;
}

const widest = (texts: readonly string[]): number => Math.max(...texts.map(displayWidth));

function rowLines(row: readonly string[], widths: readonly number[]): string[] {
  const cells = row.map((cell, column) => wrap(cell, Math.max(1, widths[column] ?? 1)));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) =>
    cells
      .map((lines, column) => pad(lines[index] ?? '', widths[column] ?? 0))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}
