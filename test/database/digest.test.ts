import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CRC_START, crcBytes, crcString, crcValue } from '../../protocol/database/crc32.ts';
import { DataNode } from '../../protocol/database/data-node.ts';
import { addDigest, removeDigest } from '../../protocol/database/digest.ts';
import type { StatPersisted } from '../../protocol/database/stat.ts';
import type { Data } from '../../protocol/database/txn.ts';
import { sessionId } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';

/** Bit by bit, straight from the polynomial. */
function slowCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * 0xedb88320);
  }
  return ~crc >>> 0;
}

/** The bytes that DigestCalculator runs its CRC over. */
function digestedBytes(path: string, data: Data, stat: StatPersisted): Uint8Array {
  const view = new DataView(new ArrayBuffer(60));
  [stat.czxid, stat.mzxid, stat.pzxid, stat.ctime, stat.mtime].forEach((long, at) => {
    view.setBigInt64(8 * at, BigInt(long));
  });
  [stat.version, stat.cversion, stat.aversion].forEach((int, at) => view.setInt32(40 + 4 * at, int));
  view.setBigUint64(52, BigInt(stat.ephemeralOwner));
  const name = new TextEncoder().encode(path === '/' ? '' : path);
  return Uint8Array.from([...name, ...(data ?? []), ...new Uint8Array(view.buffer)]);
}

const zxids = fc.tuple(fc.nat(2 ** 20), fc.nat(2 ** 31)).map(([epoch, counter]) => makeZxid(epoch, counter));
const ints = fc.integer();
const times = fc.nat(2 ** 45);
const stats: fc.Arbitrary<StatPersisted> = fc.record({
  czxid: zxids,
  mzxid: zxids,
  ctime: times,
  mtime: times,
  version: ints,
  cversion: ints,
  aversion: ints,
  ephemeralOwner: fc.bigInt(0n, 2n ** 64n - 1n).map((id) => sessionId(`0x${id.toString(16)}`)),
  pzxid: zxids,
});
const datas = fc.option(fc.uint8Array({ maxLength: 40 }));

describe('CRC-32', () => {
  it('has the check value of the standard', () => {
    const bytes = new TextEncoder().encode('123456789');
    expect(crcValue(crcBytes(CRC_START, bytes))).toBe(0xcbf43926);
    expect(crcValue(crcString(CRC_START, '123456789'))).toBe(0xcbf43926);
  });

  it('runs over a string as over its UTF-8 bytes', () => {
    const text = '/a/é/中/\uffef';
    expect(crcString(CRC_START, text)).toBe(crcBytes(CRC_START, new TextEncoder().encode(text)));
  });
});

describe("a node's digest", () => {
  it('is the CRC of path, data and Stat', () => {
    fc.assert(
      fc.property(fc.constantFrom('/', '/a', '/é/中', '/zookeeper'), datas, stats, (path, data, stat) => {
        const node = new DataNode(path, data, [], stat);
        expect(node.digest).toBe(slowCrc32(digestedBytes(path, data, stat)));
      }),
    );
  });

  it('follows data and Stat when told to refresh', () => {
    fc.assert(
      fc.property(stats, stats, datas, (before, after, data) => {
        const node = new DataNode('/a', null, [], before);
        node.setData(data);
        node.mzxid = after.mzxid;
        node.version = after.version;
        node.cversion = after.cversion;
        node.pzxid = after.pzxid;
        node.refreshDigest();
        expect(node.digest).toBe(slowCrc32(digestedBytes('/a', data, node.persisted())));
      }),
    );
  });

  it('is 0 below /zookeeper', () => {
    fc.assert(
      fc.property(stats, (stat) => {
        expect(new DataNode('/zookeeper/config', new Uint8Array(3), [], stat).digest).toBe(0);
      }),
    );
  });

  it('adds up to the same sum in any order, also where the sum wraps', () => {
    const digests = [0xffffffff, 1, 0x80000000, 12345];
    const start = 2 ** 52 - 5;
    const there = digests.reduce(addDigest, start);
    expect(there).toBeLessThan(2 ** 52);
    expect(digests.toReversed().reduce(addDigest, start)).toBe(there);
    expect(digests.reduce(removeDigest, there)).toBe(start);
  });
});
