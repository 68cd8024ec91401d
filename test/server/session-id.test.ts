import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionId, sid } from '../../protocol/ids.ts';
import { passwordOf, SessionIds } from '../../protocol/server/session-id.ts';

describe('session ids', () => {
  it.each([
    [1, 0, '0x100000000000000'],
    [1, 1, '0x100000000010000'],
    [3, 0x1234_5678, '0x300123456780000'],
    [255, 1, '0xff00000000010000'],
    [256, 1, '0x10000'],
  ])('of server %d at %d ms begin with %s', (server, elapsedMs, first) => {
    expect(new SessionIds(sid(server), elapsedMs).next()).toBe(first);
  });

  it('of one server count up', () => {
    const ids = new SessionIds(sid(1), 7);
    expect([ids.next(), ids.next(), ids.next()]).toEqual([
      '0x100000000070000',
      '0x100000000070001',
      '0x100000000070002',
    ]);
  });

  it('never begin with the owner of containers', () => {
    expect(new SessionIds(sid(0x80), 0).next()).toBe('0x8000000000000001');
  });

  it('of different servers differ, whenever they began', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.nat(2 ** 31), (one, two) => {
        expect(new SessionIds(sid(1), one).next()).not.toBe(new SessionIds(sid(2), two).next());
      }),
    );
  });

  it('of a server that began later are new', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.integer({ min: 1, max: 2 ** 20 }), (atMs, laterMs) => {
        const [earlier, later] = [atMs, atMs + laterMs].map((ms) =>
          BigInt(new SessionIds(sid(1), ms).next()),
        );
        expect(later).toBeGreaterThan(earlier ?? 0n);
      }),
    );
  });
});

describe('the password of a session', () => {
  it('is the one that ZooKeeper 3.8.0 gave', () => {
    expect(passwordOf(sessionId('0x100001b475e0bbc'))).toBe('30665f8d7359d793e985c378dc738f17');
  });

  it('is 16 bytes, and the same on every server', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), (id) => {
        const session = sessionId(`0x${id.toString(16)}`);
        expect(passwordOf(session)).toMatch(/^[0-9a-f]{32}$/);
        expect(passwordOf(session)).toBe(passwordOf(session));
      }),
    );
  });
});
