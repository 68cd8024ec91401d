import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../reports/display-width.ts';
import { tableLines } from '../../reports/table.ts';

const ROWS = [
  ['id', 'what', 'when'],
  ['A-1', 'something that takes a good many words to say', 'up to 3.3.4, 3.4.0–3.4.3'],
  ['A-22', '领导者崩溃', 'all'],
];

describe('a table', () => {
  it('without a width has one line a row, aligned by what is shown', () => {
    expect(tableLines(ROWS, undefined)).toEqual([
      'id    what                                           when',
      'A-1   something that takes a good many words to say  up to 3.3.4, 3.4.0–3.4.3',
      'A-22  领导者崩溃                                     all',
    ]);
  });

  it('breaks the cells of its widest columns where it does not fit', () => {
    const lines = tableLines(ROWS, 50);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(50);
    expect(lines).toEqual([
      'id    what                   when',
      'A-1   something that takes   up to 3.3.4,',
      '      a good many words to   3.4.0–3.4.3',
      '      say',
      'A-22  领导者崩溃             all',
    ]);
  });

  it('keeps every word whole, even where that is too wide', () => {
    expect(tableLines(ROWS, 10).slice(0, 4)).toEqual([
      'id    what        when',
      'A-1   something   up to',
      '      that takes  3.3.4,',
      '      a good      3.4.0–3.4.3',
    ]);
  });

  it('does not let a cell steer the terminal', () => {
    expect(tableLines([['a\u001b[2J', 'b']], undefined)).toEqual(['a [2J  b']);
  });

  it('of no rows has no lines', () => {
    expect(tableLines([], 80)).toEqual([]);
  });
});
