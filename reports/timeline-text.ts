import type { ServerSpec } from '../protocol/config.ts';
import { notesToLines, wordsToLines } from './cell-text.ts';
import type { Palette } from './colours.ts';
import { displayWidth, pad, padStart, printable, wrap } from './display-width.ts';
import { LEFT_WIDTH, TIME_WIDTH, serverTitle, type Layout } from './layout.ts';
import { clockTime, counted } from './numbers.ts';
import type { BandRow, CellsRow, Lane, Timeline, TimelineRow } from './timeline-rows.ts';

/**
 * The timeline as lines of text. A mark runs down each server's column and shows its state at a glance; a server that is down or
 * paused is hatched; while a partition or a slow link or disk lasts there is a bar at the margin. Colour repeats it all.
 */
const MARKS: Readonly<Record<Lane, string>> = {
  LEADING: '┃',
  FOLLOWING: '│',
  OBSERVING: '┆',
  LOOKING: '?',
  DOWN: 'x',
  PAUSED: '=',
};
const HATCH = '░';
const FAULT_BAR = '▌';

/** What every row is drawn with. */
interface Drawing {
  readonly servers: readonly ServerSpec[];
  readonly layout: Layout;
  readonly palette: Palette;
}

export function timelineLines(
  timeline: Timeline,
  servers: readonly ServerSpec[],
  layout: Layout,
  palette: Palette,
): string[] {
  const drawing: Drawing = { servers, layout, palette };
  const rows = timeline.rows.flatMap((row) => {
    if (row.kind === 'gap')
      return [palette.faint(`${' '.repeat(LEFT_WIDTH)}… ${counted(row.leftOut, 'row')} left out …`)];
    return row.kind === 'band' ? bandLines(row, drawing) : cellsLines(row, drawing);
  });
  return [...headLines(drawing), ...rows.map((line) => line.trimEnd()), '', legend(timeline, palette)];
}

// ---------------------------------------------------------------------------------------------- head and legend

function headLines({ servers, layout, palette }: Drawing): string[] {
  const titles = servers.map((server) => columnTitle(server, layout)).join('');
  const clients = layout.clientsWidth > 0 ? 'clients' : '';
  const head = ` ${padStart('time', TIME_WIDTH)} ${titles}${clients}`;
  return [palette.strong(head.trimEnd()), palette.faint('─'.repeat(layout.width))];
}

function columnTitle(server: ServerSpec, { cellWidth, markWidth }: Layout): string {
  if (cellWidth > 0) return `${serverTitle(server, cellWidth + 2)} `;
  return pad(String(server.sid).slice(-markWidth), markWidth);
}

/** Explains the marks that occur, and no others. */
function legend(timeline: Timeline, palette: Palette): string {
  const rows = timeline.rows.filter((row): row is TimelineRow => row.kind !== 'gap');
  const seen = new Set<Lane>(rows.flatMap((row) => row.lanes));
  const lanes: readonly Lane[] = ['LEADING', 'FOLLOWING', 'OBSERVING', 'LOOKING', 'DOWN', 'PAUSED'];
  const marks = lanes
    .filter((lane) => seen.has(lane))
    .map((lane) => palette.lane[lane](`${MARKS[lane]} ${lane.toLowerCase()}`));
  const bar = rows.some((row) => row.faulty) ? [palette.fault(`${FAULT_BAR} fault lasts`)] : [];
  return [...marks, ...bar].join('  ');
}

// ---------------------------------------------------------------------------------------------- rows of cells

function cellsLines(row: CellsRow, drawing: Drawing): string[] {
  const { layout } = drawing;
  const cells = layout.cellWidth > 0 ? fullCells(row, drawing) : sharedNotes(row, drawing);
  const clients = layout.clientsWidth > 0 ? wordsToLines(row.clients, layout.clientsWidth) : [];
  const height = Math.max(1, cells.height, clients.length);
  const lines = Array.from({ length: height }, (_, index) => {
    const text = `${cells.line(index)}${clients[index] ?? ''}`;
    return marginLine(row, index === 0, text, drawing);
  });
  return layout.clientsWidth > 0 || row.clients.length === 0
    ? lines
    : [...lines, ...clientLines(row, drawing)];
}

/** The lines of the servers' columns in one row; `line(n)` is as wide for every n. */
interface Cells {
  readonly height: number;
  line(index: number): string;
}

function fullCells(row: CellsRow, { layout, palette }: Drawing): Cells {
  const cells = row.cells.map((notes) => notesToLines(notes, layout.cellWidth));
  return {
    height: Math.max(...cells.map((lines) => lines.length)),
    line: (index) =>
      row.lanes
        .map((lane, server) => {
          const text = `${MARKS[lane]} ${hatched(cells[server]?.[index] ?? '', lane, layout.cellWidth)} `;
          return palette.lane[lane](text);
        })
        .join(''),
  };
}

function hatched(text: string, lane: Lane, width: number): string {
  if (lane !== 'DOWN' && lane !== 'PAUSED') return pad(text, width);
  return pad(text === '' || displayWidth(text) >= width ? text : `${text} `, width, HATCH);
}

/** Too many servers: marks only, and what they did in a column that all share. */
function sharedNotes(row: CellsRow, { servers, layout, palette }: Drawing): Cells {
  const notes = row.cells.flatMap((cell, index) => {
    const texts = cell.map(({ text, shorter }) => shorter?.at(-1) ?? text).join(', ');
    return texts === '' ? [] : [`${String(servers[index]?.sid ?? '')}: ${texts}`];
  });
  const lines =
    notes.length === 0
      ? []
      : wrap(notes.join('; '), layout.width - LEFT_WIDTH - row.lanes.length * layout.markWidth - 1);
  const marks = row.lanes.map((lane) => palette.lane[lane](pad(MARKS[lane], layout.markWidth))).join('');
  return { height: lines.length, line: (index) => `${marks} ${lines[index] ?? ''}` };
}

function clientLines(row: CellsRow, drawing: Drawing): string[] {
  const text = `clients: ${row.clients.join(', ')}`;
  return wrap(text, drawing.layout.width - LEFT_WIDTH).map((line) => marginLine(row, false, line, drawing));
}

// ---------------------------------------------------------------------------------------------- bands

function bandLines(row: BandRow, drawing: Drawing): string[] {
  const { layout, palette } = drawing;
  const room = layout.width - LEFT_WIDTH;
  const [rule, label] = BANDS[row.mark];
  const [first = '', ...more] = wrap(label + printable(row.text), room - 6);
  const colour = row.mark === 'fault' ? palette.fault : palette.strong;
  const head = pad(`${rule}${rule} ${first} `, room, rule);
  return [head, ...more.map((line) => `   ${line}`)].map((line, index) =>
    marginLine(row, index === 0, colour(line), drawing),
  );
}

const BANDS: Readonly<Record<BandRow['mark'], readonly [rule: string, label: string]>> = {
  fault: ['━', 'fault: '],
  faultEnded: ['─', 'over: '],
  calm: ['─', ''],
};

// ---------------------------------------------------------------------------------------------- margin

function marginLine(row: TimelineRow, isFirst: boolean, text: string, { palette }: Drawing): string {
  const time = padStart(isFirst ? clockTime(row.at) : '', TIME_WIDTH);
  const line = `${row.kind === 'bulk' ? palette.faint(time) : time} ${text}`;
  return row.faulty ? palette.fault(FAULT_BAR) + palette.shaded(line) : ` ${line}`;
}
