import { describe, expect, it } from 'vitest';
import { driftText, rateText, shareText, sizeText, timeText } from '../../../sim/plan-text/quantities.ts';

describe('a quantity in words', () => {
  it.each([
    [0, '0s'],
    [0.05, '50us'],
    [1.5, '1500us'],
    [250, '250ms'],
    [1500, '1500ms'],
    [90_000, '90s'],
    [120_000, '2m'],
    [3_600_000, '1h'],
    [-3000, '-3s'],
    [100_000.001, '100000001us'],
  ])('of time: %d ms is %s', (ms, text) => {
    expect(timeText(ms)).toBe(text);
  });

  it.each([
    [0, '0%'],
    [0.001, '0.1%'],
    [0.07, '7%'],
    [0.1792, '17.92%'],
    [1 / 3, '33.33333333333333%'],
    [1, '100%'],
  ])('of chance: %d is %s', (share, text) => {
    expect(shareText(share)).toBe(text);
  });

  it('of bytes, bytes a second and drift has the largest unit that keeps it whole', () => {
    expect([0, 1023, 1024, 3 * 1024 * 1024].map(sizeText)).toEqual(['0B', '1023B', '1KiB', '3MiB']);
    expect([500, 64 * 1024].map(rateText)).toEqual(['500B/s', '64KiB/s']);
    expect([0, 200, -50, 10_000, -500_000].map(driftText)).toEqual([
      '0ppm',
      '200ppm',
      '-50ppm',
      '1%',
      '-50%',
    ]);
  });
});
