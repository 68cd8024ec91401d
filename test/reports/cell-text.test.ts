import { describe, expect, it } from 'vitest';
import { notesToLines, wordsToLines } from '../../reports/cell-text.ts';

describe('the text of a cell', () => {
  const commits = {
    text: '+124 txns to 0x10000007c',
    shorter: ['+124 to 0x10000007c', '+124→0x10000007c', '+124 txns', '+124'],
  };

  it.each([
    [30, '+124 txns to 0x10000007c'],
    [20, '+124 to 0x10000007c'],
    [16, '+124→0x10000007c'],
    [10, '+124 txns'],
    [5, '+124'],
  ])('is the longest form that fits into %i columns', (width, line) => {
    expect(notesToLines([commits], width)).toEqual([line]);
  });

  it('joins notes on a line as long as they fit', () => {
    const notes = [{ text: 'BROADCAST' }, { text: 'serving' }];
    expect(notesToLines(notes, 20)).toEqual(['BROADCAST, serving']);
    expect(notesToLines(notes, 16)).toEqual(['BROADCAST', 'serving']);
  });

  it('wraps a note without shorter forms, and cuts it after three lines', () => {
    const note = { text: 'LOOKING: not enough followers are synced with this leader any more' };
    expect(notesToLines([note], 16)).toEqual(['LOOKING: not', 'enough followers', 'are synced with…']);
  });

  it('is no line at all when there is nothing to say', () => {
    expect(notesToLines([], 16)).toEqual([]);
    expect(wordsToLines([], 16)).toEqual([]);
  });

  it('keeps counts whole', () => {
    expect(wordsToLines(['140 ok', '2 failed', '1 unknown'], 16)).toEqual(['140 ok, 2 failed', '1 unknown']);
  });
});
