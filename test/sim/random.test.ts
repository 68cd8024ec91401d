import { describe, expect, it } from 'vitest';
import { AssertionFailure } from '../../protocol/assert.ts';
import { NthAtOnce } from '../../sim/nth.ts';
import { Random } from '../../sim/random.ts';

const words = (random: Random, name: string): number[] => {
  const stream = random.stream(name);
  return Array.from({ length: 8 }, () => stream.int(2 ** 32));
};

describe('a random stream', () => {
  it('is the same for the same seed and name, in every process', () => {
    expect(words(new Random('42'), 'server/3/election')).toEqual(
      words(new Random('42'), 'server/3/election'),
    );
    expect(words(new Random('42'), 'server/3/election')).toMatchInlineSnapshot(`
      [
        333829946,
        177766360,
        3444833134,
        3409026853,
        1087653775,
        2627417163,
        2157472505,
        3486970676,
      ]
    `);
  });

  it('differs with its seed and with its name, however the two are cut', () => {
    const random = [new Random('1'), new Random('1|a'), new Random('')];
    const streams = random.flatMap((one) => ['', 'a', 'a|b', '|a'].map((name) => words(one, name).join()));
    expect(new Set(streams).size).toBe(streams.length);
  });

  it('draws whole numbers below the bound, each about as often', () => {
    const stream = new Random('dice').stream('dice');
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) {
      const face = stream.int(6);
      counts[face] = (counts[face] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('takes bounds from 1 to 2³² and refuses others', () => {
    const stream = new Random('x').stream('x');
    expect(stream.int(1)).toBe(0);
    expect(stream.int(2 ** 32)).toBeLessThan(2 ** 32);
    for (const bound of [0, -1, 1.5, 2 ** 32 + 1, NaN])
      expect(() => stream.int(bound)).toThrow(AssertionFailure);
  });

  it('gives a chance as often as it says', () => {
    const stream = new Random('x').stream('coin');
    let hits = 0;
    for (let i = 0; i < 100_000; i++) if (stream.chance(0.3)) hits++;
    expect(Math.abs(hits - 30_000)).toBeLessThan(800);
    expect(stream.chance(0)).toBe(false);
    expect(stream.chance(1)).toBe(true);
  });
});

describe('keyed draws', () => {
  const draws = new Random('42').key('network');

  it('depend on the seed, the name and every part of the key', () => {
    const keys = [
      [0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0],
      [0, 1, 0, 0, 0],
      [0, 0, 1, 0, 0],
      [0, 0, 0, 1, 0],
      [0, 0, 0, 0, 1],
      [-1, 0, 0, 0, 0],
      [0, 0, 2 ** 32, 0, 0],
      [0, 0, 2 ** 33, 0, 0],
      [0, 0, 2 ** 53 - 1, 0, 0],
    ] as const;
    const all = [draws, new Random('43').key('network'), new Random('42').key('disk')].flatMap((one) =>
      keys.map(([a, b, c, d, salt]) => one.draw(a, b, c, d, salt)),
    );
    expect(new Set(all).size).toBe(all.length);
    expect(draws.draw(1, 2, 3, 4)).toBe(new Random('42').key('network').draw(1, 2, 3, 4));
  });

  it('change half of their bits when one bit of the key changes', () => {
    const key = [3, -7, 1_234_567_890_123, 17, 2];
    const before = draws.draw(3, -7, 1_234_567_890_123, 17, 2) * 2 ** 32;
    let flips = 0;
    let cases = 0;
    for (let part = 0; part < 5; part++) {
      for (let bit = 0; bit < 31; bit++) {
        const [a = 0, b = 0, c = 0, d = 0, salt = 0] = key.map((value, i) =>
          i === part ? value + 2 ** bit : value,
        );
        flips += ones((before ^ (draws.draw(a, b, c, d, salt) * 2 ** 32)) >>> 0);
        cases++;
      }
    }
    expect(flips / cases).toBeGreaterThan(15);
    expect(flips / cases).toBeLessThan(17);
  });

  it('are spread evenly over neighbouring keys, and so are pairs of them', () => {
    const CELLS = 16;
    const counts = new Array<number>(CELLS * CELLS).fill(0);
    const n = 100_000;
    for (let time = 0; time < n; time++) {
      const cell =
        Math.floor(draws.draw(1, 2, time, 0, 0) * CELLS) * CELLS +
        Math.floor(draws.draw(1, 2, time, 0, 1) * CELLS);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    const expected = n / counts.length;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 255 degrees of freedom: mean 255, standard deviation 22.6.
    expect(chiSquare).toBeGreaterThan(165);
    expect(chiSquare).toBeLessThan(345);
  });
});

describe('the count of things at one moment', () => {
  it('begins at 0 for each kind at each moment', () => {
    const nth = new NthAtOnce(2);
    expect([nth.next(0, 5), nth.next(0, 5), nth.next(1, 5), nth.next(0, 6), nth.next(0, 6)]).toEqual([
      0, 1, 0, 0, 1,
    ]);
  });
});

function ones(word: number): number {
  let count = 0;
  for (let rest = word; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
