import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ephemeralsOrder } from '../../../protocol/processors/prep/hash-set-order.ts';

const MANY = Array.from({ length: 13 }, (_, i) => `/n${String(i)}`);

describe('the order in which a session’s ephemerals are deleted', () => {
  it.each([
    [[], ''],
    [['/e', '/e3', '/e2'], '/e2 /e3 /e'],
    [['/日本', '/é', '/x'], '/x /é /日本'],
    [
      ['/app/lock-0000000000', '/app/lock-0000000001', '/app/members/a', '/app/members/b', '/app'],
      '/app/lock-0000000000 /app/lock-0000000001 /app /app/members/a /app/members/b',
    ],
    [
      ['/diff/a', '/diff/b0000000004', '/diff/c/a', '/diff/a/b', '/diff/c0000000011', '/diff/b/c'],
      '/diff/c0000000011 /diff/a /diff/c/a /diff/b0000000004 /diff/b/c /diff/a/b',
    ],
    [MANY, '/n11 /n10 /n0 /n1 /n2 /n3 /n4 /n5 /n6 /n12 /n7 /n8 /n9'],
  ])('of %j is what Java 17 prints for the clone of a HashSet', (paths, printed) => {
    expect(ephemeralsOrder(paths).join(' ')).toBe(printed);
  });

  it('is that of their creation where hashes collide', () => {
    expect(ephemeralsOrder(['/Aa', '/BB', '/b'])).toEqual(['/b', '/Aa', '/BB']);
    expect(ephemeralsOrder(['/BB', '/Aa', '/b'])).toEqual(['/b', '/BB', '/Aa']);
  });

  it('loses and doubles nothing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ maxLength: 5 }), { maxLength: 30 }), (paths) => {
        expect([...ephemeralsOrder(paths)].sort()).toEqual([...paths].sort());
      }),
    );
  });
});
