import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setWatchesBatches } from '../../protocol/client/set-watches.ts';
import { WatchRegistrations } from '../../protocol/client/watch-registrations.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { makeZxid } from '../../protocol/zxid.ts';

const LIMIT = 128 * 1024;

interface Watched {
  readonly data?: readonly string[];
  readonly exist?: readonly string[];
  readonly child?: readonly string[];
}

function watching({ data = [], exist = [], child = [] }: Watched): WatchRegistrations {
  const watches = new WatchRegistrations();
  for (const path of data) watches.register({ op: 'getData', path, watch: true }, ErrorCode.OK);
  for (const path of exist) watches.register({ op: 'exists', path, watch: true }, ErrorCode.NONODE);
  for (const path of child) watches.register({ op: 'getChildren', path, watch: true }, ErrorCode.OK);
  return watches;
}

const pathOf = (name: string, length: number): string => `/${name}`.padEnd(length, '.');

describe('setWatchesBatches', () => {
  it('asks for nothing without watches', () => {
    expect(setWatchesBatches(watching({}), makeZxid(1, 7))).toEqual([]);
  });

  it('names each path once a kind, however many watches wait on it', () => {
    const watches = watching({ data: ['/a', '/b', '/a'], exist: ['/c'], child: ['/a'] });
    expect(setWatchesBatches(watches, makeZxid(1, 7))).toEqual([
      {
        op: 'setWatches',
        relativeZxid: makeZxid(1, 7),
        dataWatches: ['/a', '/b'],
        existWatches: ['/c'],
        childWatches: ['/a'],
      },
    ]);
  });

  it('fills a request up to the path that reaches 128 KiB and goes on in the next', () => {
    const [a, b, c] = [pathOf('a', LIMIT - 1), pathOf('b', 2), pathOf('c', LIMIT)];
    const batches = setWatchesBatches(watching({ data: [a, b], exist: [c], child: ['/d'] }), makeZxid(1, 7));
    expect(
      batches.map(({ dataWatches, existWatches, childWatches }) => [dataWatches, existWatches, childWatches]),
    ).toEqual([
      [[a, b], [], []],
      [[], [c], []],
      [[], [], ['/d']],
    ]);
  });

  it('loses no path, repeats none and goes past the limit by less than one path', () => {
    const paths = fc
      .uniqueArray(fc.tuple(fc.nat(10_000), fc.constantFrom(10, 1000, LIMIT / 3, LIMIT)), {
        selector: ([name]) => name,
        maxLength: 12,
      })
      .map((drawn) => drawn.map(([name, length]) => pathOf(String(name), length)));
    fc.assert(
      fc.property(paths, paths, paths, (data, exist, child) => {
        const batches = setWatchesBatches(watching({ data, exist, child }), makeZxid(2, 1));
        expect(batches.flatMap(({ dataWatches }) => dataWatches)).toEqual(data);
        expect(batches.flatMap(({ existWatches }) => existWatches)).toEqual(exist);
        expect(batches.flatMap(({ childWatches }) => childWatches)).toEqual(child);
        for (const { dataWatches, existWatches, childWatches } of batches) {
          const lengths = [...dataWatches, ...existWatches, ...childWatches].map((path) => path.length);
          const length = lengths.reduce((sum, next) => sum + next, 0);
          expect(length - (lengths.at(-1) ?? 0)).toBeLessThan(LIMIT);
        }
      }),
      { numRuns: 50 },
    );
  });
});
