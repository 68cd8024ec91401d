import type { ServerSpec } from '../protocol/config.ts';
import { displayWidth, pad, truncate } from './display-width.ts';

/**
 * Where the timeline's columns are: margin, time, one column a server, and the clients' where there is room for it. With too
 * many servers for the width their columns shrink to the state marks, and their notes share what is left.
 */
export interface Layout {
  readonly width: number;
  /** Columns of text in a server's cell; 0: only its mark is shown and its notes go to the shared column. */
  readonly cellWidth: number;
  /** 0: the clients have no column, they get lines of their own. */
  readonly clientsWidth: number;
  /** A server's column where only its mark is shown. */
  readonly markWidth: number;
}

const MIN_WIDTH = 80;
const MAX_WIDTH = 160;

export const TIME_WIDTH = 9;
/** Margin bar, time, gap. */
export const LEFT_WIDTH = 1 + TIME_WIDTH + 1;
/** A cell's state mark with the blank before its text, and the gap after it. */
const AROUND_CELL = 3;
/** Wide enough for every state and phase, and for a count of txns with its zxid. */
const COMFORTABLE = 16;
const NARROWEST = 8;
const CLIENTS = { narrowest: 12, widest: 24 } as const;
const NARROWEST_NOTES = 24;

export function layoutFor(servers: readonly ServerSpec[], columns: number): Layout {
  const width = usableWidth(columns);
  const room = width - LEFT_WIDTH;
  const cell = (space: number): number => Math.floor(space / servers.length) - AROUND_CELL;
  const clients = Math.min(CLIENTS.widest, room - servers.length * (COMFORTABLE + AROUND_CELL));
  if (clients >= CLIENTS.narrowest)
    return { width, cellWidth: cell(room - clients), clientsWidth: clients, markWidth: 0 };
  const cellWidth = cell(room);
  if (cellWidth >= NARROWEST) return { width, cellWidth, clientsWidth: 0, markWidth: 0 };
  return { width, cellWidth: 0, clientsWidth: 0, markWidth: markWidth(servers, room) };
}

/** The terminal's width, within what can still be read. */
export const usableWidth = (columns: number): number => Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns));

/** `slave02 (3)`; cut in the name if it must be. */
export function serverTitle({ host, sid, learnerType }: ServerSpec, width: number): string {
  const suffix = ` (${String(sid)}${learnerType === 'OBSERVER' ? ' obs' : ''})`;
  return pad(truncate(truncate(host, Math.max(1, width - displayWidth(suffix))) + suffix, width), width);
}

/** Room for the largest sid above each mark, unless that leaves too little for the notes. */
function markWidth(servers: readonly ServerSpec[], room: number): number {
  const wide = 1 + Math.max(...servers.map(({ sid }) => String(sid).length));
  return room - servers.length * wide >= NARROWEST_NOTES ? wide : 1;
}
