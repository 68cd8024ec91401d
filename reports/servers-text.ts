import type { RunResult, ServerResult } from '../sim/result.ts';
import type { Palette } from './colours.ts';
import { displayWidth, pad, printable, truncate } from './display-width.ts';

/** The servers at the end of the run, one line each. Equal digests are equal trees. */
const LONGEST_NAME = 24;

export function serversText({ servers }: RunResult, palette: Palette): string[] {
  const rows = servers.map(cellsOf);
  const head = ['server', 'state', 'phase', 'last zxid', 'digest'];
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((cells) => displayWidth(cells[column] ?? title))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const body = servers.map(({ state }, index) => palette.lane[state](line(rows[index] ?? [])));
  return [palette.strong(line(head)), ...body];
}

function cellsOf({ sid, name, state, zabState, lastZxid, digest }: ServerResult): string[] {
  const title = `${truncate(printable(name), LONGEST_NAME)} (${String(sid)})`;
  return [title, state, zabState === state ? '' : zabState, lastZxid, digest];
}
