/**
 * The tree's digest (DigestCalculator version 2, util/AdHash): the sum of a CRC-32 a node, so the order in which a tree came to its
 * content doesn't show in it. ZooKeeper's sum is a long; ours is taken modulo 2⁵², which a number holds exactly and which is the
 * same value for any tree of fewer than 2²⁰ nodes.
 */
import { CRC_START, crcBytes, crcInt, crcLong, crcString, crcValue } from './crc32.ts';
import type { StatPersisted } from './stat.ts';
import type { Data } from './txn.ts';

const MODULUS = 2 ** 52;

/** Nodes below /zookeeper differ from server to server, so they don't count; /zookeeper itself does. */
export const countsInDigest = (path: string): boolean => !path.startsWith('/zookeeper/');

export const addDigest = (sum: number, digest: number): number =>
  sum + digest < MODULUS ? sum + digest : sum + digest - MODULUS;
export const removeDigest = (sum: number, digest: number): number =>
  sum < digest ? sum - digest + MODULUS : sum - digest;

/** The checksum's state after the path; the root counts as `''` under both its names. */
export const pathState = (path: string): number => crcString(CRC_START, path === '/' ? '' : path);

/** The checksum's state after path and data. */
export const contentState = (path: number, data: Data): number =>
  data === null ? path : crcBytes(path, data);

/** A session id as the two halves of the long it is. */
export interface OwnerBits {
  readonly high: number;
  readonly low: number;
}

const NO_OWNER: OwnerBits = { high: 0, low: 0 };

export function ownerBits(ephemeralOwner: string): OwnerBits {
  if (ephemeralOwner === '0x0') return NO_OWNER;
  const digits = ephemeralOwner.slice(2).padStart(16, '0');
  return { high: Number.parseInt(digits.slice(0, 8), 16), low: Number.parseInt(digits.slice(8), 16) };
}

/** DigestCalculator.calculateDigest, from the state after path and data. */
export function statDigest(content: number, stat: StatPersisted, owner: OwnerBits): number {
  let crc = crcLong(content, stat.czxid);
  crc = crcLong(crc, stat.mzxid);
  crc = crcLong(crc, stat.pzxid);
  crc = crcLong(crc, stat.ctime);
  crc = crcLong(crc, stat.mtime);
  crc = crcInt(crc, stat.version);
  crc = crcInt(crc, stat.cversion);
  crc = crcInt(crc, stat.aversion);
  return crcValue(crcInt(crcInt(crc, owner.high), owner.low));
}
