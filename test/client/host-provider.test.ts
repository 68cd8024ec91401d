import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StaticHostProvider } from '../../protocol/client/host-provider.ts';
import { Random } from '../../sim/random.ts';
import { LARGEST_DRAWS } from '../support/client-driver.ts';

const orderBy = (seed: string, servers: readonly string[]): string[] => {
  const provider = new StaticHostProvider(servers, new Random(seed).stream('client/alice'));
  return servers.map(() => provider.next().address);
};

describe('StaticHostProvider', () => {
  it('goes round the servers and rests only when it is back at the first', () => {
    const provider = new StaticHostProvider(['a', 'b', 'c'], LARGEST_DRAWS);
    const attempts = Array.from({ length: 7 }, () => provider.next());
    expect(attempts.map(({ address }) => address)).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a']);
    expect(attempts.map(({ spinDelayMs }) => spinDelayMs)).toEqual([0, 0, 0, 1000, 0, 0, 1000]);
  });

  it('counts the round from the server that took the client in', () => {
    const provider = new StaticHostProvider(['a', 'b', 'c'], LARGEST_DRAWS);
    provider.next();
    provider.next();
    provider.onConnected();
    const attempts = Array.from({ length: 3 }, () => provider.next());
    expect(attempts).toEqual([
      { address: 'c', spinDelayMs: 0 },
      { address: 'a', spinDelayMs: 0 },
      { address: 'b', spinDelayMs: 1000 },
    ]);
  });

  it('rests before every attempt but the first when there is one server only', () => {
    const provider = new StaticHostProvider(['a'], LARGEST_DRAWS);
    expect([provider.next(), provider.next(), provider.next()].map((next) => next.spinDelayMs)).toEqual([
      0, 1000, 1000,
    ]);
  });

  it('visits every server once a round, in an order that the seed alone decides', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 9 }),
        (seed, servers) => {
          const order = orderBy(seed, servers);
          expect(new Set(order)).toEqual(new Set(servers));
          expect(orderBy(seed, servers)).toEqual(order);
        },
      ),
    );
  });

  it('puts every server first now and then', () => {
    const servers = ['a', 'b', 'c', 'd', 'e'];
    const first = Array.from({ length: 200 }, (_, seed) => orderBy(String(seed), servers)[0]);
    expect(new Set(first)).toEqual(new Set(servers));
  });
});
