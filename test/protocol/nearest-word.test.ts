import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestWord } from '../../protocol/nearest-word.ts';

describe('the nearest word', () => {
  it.each([
    ['tickTme', ['tickTime', 'initLimit'], 'tickTime'],
    ['CRASH', ['heal', 'crash'], 'crash'],
    ['crahs', ['heal', 'crash'], 'crash'],
    ['zk', ['any', 'all'], undefined],
    ['crsh', ['heal', 'crash'], 'crash'],
    ['banana', ['heal', 'crash'], undefined],
    ['zk2', ['zk1', 'zk3'], 'zk1'],
  ])('%s among %j is %s', (word, candidates, nearest) => {
    expect(nearestWord(word, candidates)).toBe(nearest);
  });

  it('measures a distance: nothing to itself, the same both ways, never longer by a detour', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});
