import { describe, expect, it } from 'vitest';
import { clockTime, counted, duration, grouped, listed } from '../../reports/numbers.ts';

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [12_345_678, '12,345,678'],
  ])('%i is grouped by thousands', (value, text) => {
    expect(grouped(value)).toBe(text);
  });

  it('take the plural except for one', () => {
    expect(counted(1, 'txn')).toBe('1 txn');
    expect(counted(0, 'txn')).toBe('0 txns');
  });

  it.each([
    [0.4, '0 ms'],
    [850, '850 ms'],
    [2412, '2.41 s'],
    [95_000, '95.0 s'],
    [3_600_000, '3,600 s'],
  ])('%f ms is a length of time with a unit that suits it', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('show an event time in seconds, cut to the millisecond', () => {
    expect(clockTime(12_345_999)).toBe('12.345s');
  });

  it('list words as a sentence does', () => {
    expect(listed([])).toBe('none');
    expect(listed(['a'])).toBe('a');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
  });
});
