/**
 * CRC-32 (java.util.zip.CRC32) as a running state that is a 32-bit integer, so that a node can keep the state after its path
 * and data and only run over its Stat when that changes. Four tables take four bytes a turn.
 */
const TABLES = buildTables();

/** The state before the first byte. */
export const CRC_START = -1;

/** The checksum of all bytes run through so far, in [0, 2³²). */
export const crcValue = (state: number): number => ~state >>> 0;

const table = (index: number): number => TABLES[index] ?? 0;

export const crcByte = (state: number, byte: number): number => table((state ^ byte) & 0xff) ^ (state >>> 8);

/** Four bytes, most significant first: a big-endian int. */
export function crcInt(state: number, value: number): number {
  const bytes = (value >>> 24) | ((value >>> 8) & 0xff00) | ((value << 8) & 0xff0000) | (value << 24);
  return crcWord(state, bytes);
}

/** Eight bytes, most significant first: a big-endian long that fits a JavaScript number. */
export const crcLong = (state: number, value: number): number =>
  crcInt(crcInt(state, Math.floor(value / 2 ** 32)), value % 2 ** 32);

export function crcBytes(state: number, bytes: Uint8Array): number {
  const words = bytes.length & ~3;
  let crc = state;
  for (let i = 0; i < words; i += 4) crc = crcWord(crc, littleEndian(bytes, i));
  for (let i = words; i < bytes.length; i++) crc = crcByte(crc, bytes[i] ?? 0);
  return crc;
}

/** The string's UTF-8 bytes. Valid paths hold no surrogates, so a character has at most three. */
export function crcString(state: number, text: string): number {
  let crc = state;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) crc = crcByte(crc, unit);
    else if (unit < 0x800) crc = crcByte(crcByte(crc, 0xc0 | (unit >>> 6)), 0x80 | (unit & 0x3f));
    else crc = crcThreeBytes(crc, unit);
  }
  return crc;
}

const crcThreeBytes = (state: number, unit: number): number =>
  crcByte(crcByte(crcByte(state, 0xe0 | (unit >>> 12)), 0x80 | ((unit >>> 6) & 0x3f)), 0x80 | (unit & 0x3f));

function crcWord(state: number, bytes: number): number {
  const crc = state ^ bytes;
  return (
    table(768 + (crc & 0xff)) ^
    table(512 + ((crc >>> 8) & 0xff)) ^
    table(256 + ((crc >>> 16) & 0xff)) ^
    table(crc >>> 24)
  );
}

const littleEndian = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) |
  ((bytes[at + 1] ?? 0) << 8) |
  ((bytes[at + 2] ?? 0) << 16) |
  ((bytes[at + 3] ?? 0) << 24);

/** 4 × 256 entries: table k is for a byte that k more bytes follow. */
function buildTables(): Int32Array {
  const tables = new Int32Array(1024);
  for (let byte = 0; byte < 256; byte++) tables[byte] = shiftedByte(byte);
  for (let i = 256; i < 1024; i++) {
    const shorter = tables[i - 256] ?? 0;
    tables[i] = (tables[shorter & 0xff] ?? 0) ^ (shorter >>> 8);
  }
  return tables;
}

function shiftedByte(byte: number): number {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
}
