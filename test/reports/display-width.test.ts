import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, pad, padStart, printable, truncate, wrap } from '../../reports/display-width.ts';

describe('the width of a text', () => {
  it.each([
    ['', 0],
    ['master01', 8],
    ['集群', 4],
    ['한글', 4],
    ['ｆｕｌｌ', 8],
    ['e\u0301', 1],
    ['✔ │ ━', 5],
    ['🚀', 2],
  ])('of "%s" is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('texts in columns', () => {
  it('are cut with an ellipsis, never in the middle of a wide character', () => {
    expect(truncate('master01', 8)).toBe('master01');
    expect(truncate('master01', 5)).toBe('mast…');
    expect(truncate('集群集群', 6)).toBe('集群…');
  });

  it('are filled by columns, not by characters', () => {
    expect(pad('集群', 6)).toBe('集群  ');
    expect(padStart('集群', 6)).toBe('  集群');
    expect(pad('x', 3, '░')).toBe('x░░');
  });

  it('are wrapped at blanks, and inside a word only when it is too long', () => {
    expect(wrap('the leader closed the connection', 12)).toEqual(['the leader', 'closed the', 'connection']);
    expect(wrap('0x100000001', 6)).toEqual(['0x1000', '00001']);
    expect(wrap('集群中的领导者', 6)).toEqual(['集群中', '的领导', '者']);
    expect(wrap('', 6)).toEqual(['']);
  });

  it('lose control characters', () => {
    expect(printable('a\u001b[31mb\nc')).toBe('a [31mb c');
  });

  const text = fc.string({
    unit: fc.constantFrom('a', 'b', ' ', '集', '🚀', 'e\u0301', '\n'),
    maxLength: 60,
    size: 'max',
  });

  it('wrapped, are never wider than asked for and keep every character but blanks', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (words, width) => {
        const lines = wrap(words, width);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replace(/\s/g, '')).toBe(words.replace(/\s/g, ''));
      }),
    );
  });

  it('cut and filled, are exactly as wide as asked for', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (words, width) => {
        expect(displayWidth(pad(truncate(printable(words), width), width))).toBe(width);
      }),
    );
  });
});
